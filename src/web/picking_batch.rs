//! What is done with the ticked transfers of the list.

use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::page;
use super::picking_work::{about, mistake_text, short_text, short_texts};
use crate::app::App;
use crate::domain::access::Action;
use crate::domain::ids::{PickingId, UserId};
use crate::domain::picking::reference;
use crate::error::AppError;
use crate::i18n::{Arg, Lang};
use crate::ops::edit_picking;
use crate::ops::validate_pickings::{self, MOST, Report, Stays};
use crate::ops::{announce, print_slips, reserve_stock};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use serde::Deserialize;

/// Registers the form.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/batch", web::post().to(batch));
}

/// The list to which the forms of its rows lead back.
const LIST: &str = "/inventory/pickings";

/// How many transfers that stay are named in one message.
const MOST_NAMED: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    action: String,
    next: String,
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    id: Vec<i64>,
}

/// Back to the list as it was shown.
pub(super) fn back(next: &str) -> HttpResponse {
    let next = page::local_path(next);
    page::see_other(if next.starts_with(LIST) { next } else { LIST })
}

async fn batch(user: CurrentUser, app: Data<App>, form: Form<Batch>) -> Result<HttpResponse, AppError> {
    user.must(Action::WorkOnTransfers)?;
    let Batch { action, next, carrier, person, id } = form.into_inner();
    if id.len() > MOST {
        return Err(AppError::BadRequest("more transfers than one action takes"));
    }
    let mut ids: Vec<PickingId> = id.into_iter().map(PickingId).collect();
    ids.sort_unstable();
    ids.dedup();
    let (lang, actor) = (user.lang, user.actor());
    if ids.is_empty() {
        user.flash(&app, Flash::new(Tone::Warning, lang.t("transfers-none-ticked"))).await?;
        return Ok(back(&next));
    }
    match action.as_str() {
        "availability" => {
            let count = reserve_stock::check_availability(&app, &actor, ids).await?;
            counted(&user, &app, "transfers-batch-checked", count).await?;
        }
        "unreserve" => {
            let count = reserve_stock::unreserve(&app, &actor, ids).await?;
            counted(&user, &app, "transfers-batch-unreserved", count).await?;
        }
        "ship" => {
            let report = validate_pickings::run(&app, &actor, ids).await?;
            tell(&user, &app, report).await?;
        }
        "carrier" => set_carrier(&user, &app, ids, carrier).await?,
        "assign" => {
            let changed = edit_picking::assign(&app, &actor, ids, Some(UserId(user.id.0))).await?;
            counted(&user, &app, "transfers-batch-assigned", changed).await?;
        }
        "assign-other" => {
            let to = match person.as_str() {
                "" => None,
                text => Some(UserId(text.parse().map_err(|_word| AppError::BadRequest("a person's key is a number"))?)),
            };
            let changed = edit_picking::assign(&app, &actor, ids, to).await?;
            counted(&user, &app, "transfers-batch-changed", changed).await?;
        }
        "retry" => {
            let told = announce::retry_many(&app, &actor, ids).await?;
            counted(&user, &app, "announce-retried-many", told).await?;
        }
        "labels" => return Ok(document("/inventory/pickings/tracking", &ids)),
        "slips" => {
            let slips = document("/inventory/pickings/slips.pdf", &ids);
            print_slips::note(&app, &actor, ids).await?;
            return Ok(slips);
        }
        "pick-list" => return Ok(document("/inventory/pick-list.pdf", &ids)),
        "star" | "unstar" => {
            let changed = edit_picking::star(&app, &actor, ids, action == "star").await?;
            counted(&user, &app, "transfers-batch-changed", changed).await?;
        }
        _ => return Err(AppError::BadRequest("an unknown action")),
    }
    Ok(back(&next))
}

/// Leads to a page or a document about these transfers.
fn document(path: &str, ids: &[PickingId]) -> HttpResponse {
    let ids: Vec<String> = ids.iter().map(|id| format!("id={id}")).collect();
    page::see_other(format!("{path}?{}", ids.join("&")))
}

async fn counted(user: &CurrentUser, app: &App, key: &str, count: usize) -> Result<(), AppError> {
    let count = Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
    user.flash(app, Flash::success(user.lang.with(key, &[("count", count)]))).await
}

/// Gives all of them one carrier; what is closed meanwhile is left alone.
async fn set_carrier(user: &CurrentUser, app: &App, ids: Vec<PickingId>, carrier: String) -> Result<(), AppError> {
    match edit_picking::set_carrier(app, &user.actor(), ids, carrier).await? {
        Ok(changed) => counted(user, app, "transfers-batch-changed", changed).await,
        Err(mistakes) => {
            let text = mistakes.first().map(|mistake| mistake_text(user.lang, *mistake).1).unwrap_or_default();
            user.flash(app, Flash::new(Tone::Problem, text)).await
        }
    }
}

/// How many left, and why each of the others stays.
async fn tell(user: &CurrentUser, app: &App, report: Report) -> Result<(), AppError> {
    if report.stays.is_empty() {
        return counted(user, app, "transfers-batch-shipped", report.gone.len()).await;
    }
    let (company, lang, gone) = (user.company, user.lang, report.gone.len());
    let more = report.stays.len().saturating_sub(MOST_NAMED);
    let named: Vec<(PickingId, Stays)> = report.stays.into_iter().take(MOST_NAMED).collect();
    let reasons = app
        .read(move |conn| {
            let mut reasons = Vec::with_capacity(named.len());
            for (id, why) in named {
                let text = match &why {
                    Stays::Short(short) => {
                        let texts = short_texts(conn, company, short)?;
                        let said = texts.iter().map(|(name, one)| short_text(lang, name, one));
                        said.collect::<Vec<_>>().join(" ")
                    }
                    other => plain(lang, other),
                };
                reasons.push(about(lang, &reference(id), &text));
            }
            Ok::<_, AppError>(reasons)
        })
        .await?;
    let mut text = reasons.join(" · ");
    if more > 0 {
        text = format!("{text} · {}", lang.with("transfers-batch-more", &[("count", more)]));
    }
    text = format!("{} {text}", lang.t("transfers-batch-stay"));
    // A page says one thing about the last action: what left and what stayed are told together.
    if gone > 0 {
        let gone = Arg::Number(i64::try_from(gone).unwrap_or(i64::MAX));
        text = format!("{} {text}", lang.with("transfers-batch-shipped", &[("count", gone)]));
    }
    user.flash(app, Flash::new(Tone::Problem, text)).await
}

fn plain(lang: Lang, why: &Stays) -> String {
    match why {
        Stays::Closed => lang.t("transfers-stays-closed").into_owned(),
        Stays::Return => lang.t("returns-stays").into_owned(),
        Stays::Held => lang.t("transfers-stays-held").into_owned(),
        Stays::Empty => lang.t("transfers-no-lines").into_owned(),
        Stays::Label(mistakes) => {
            let texts = mistakes.iter().map(|mistake| mistake_text(lang, *mistake).1);
            texts.collect::<Vec<_>>().join(", ")
        }
        Stays::Short(_) => String::new(),
    }
}
