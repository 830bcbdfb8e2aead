//! What a person may decide about an order on which Amazon and we disagree, on the order's page and on its issue's.

use super::extract::{CurrentUser, Form};
use super::flash::Flash;
use super::order;
use super::page;
use crate::app::App;
use crate::db::Conn;
use crate::db::orders::OrderRow;
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, OrderId};
use crate::domain::picking::reference;
use crate::domain::remote::AmazonStatus;
use crate::error::AppError;
use crate::ops::decide_order::{self, LONGEST_REASON, Mistake};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

/// Registers the forms.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/orders/{id}/expect-return", web::post().to(expect_return))
        .route("/sales/orders/{id}/dismiss", web::post().to(dismiss));
}

/// The block `orders/decide.html`, which includes itself where a page has `decision`.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The order.
    pub order: OrderId,
    /// Amazon cancelled it, in contrast to other disagreements.
    pub is_cancelled: bool,
    /// The reason as it was typed.
    pub reason: String,
    may_decide: bool,
    may_expect: bool,
    /// The page on which goods are taken back.
    back: Option<String>,
}

impl Decision {
    /// Whether the reader may settle the question.
    pub const fn may_decide(&self) -> bool {
        self.may_decide
    }

    /// Whether a return may be expected.
    pub const fn may_expect(&self) -> bool {
        self.may_expect
    }

    /// Where goods are taken back now.
    pub const fn back(&self) -> Option<&String> {
        self.back.as_ref()
    }
}

/// Who asks, as far as it changes what may be decided.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    company: CompanyId,
    may_decide: bool,
    may_receive: bool,
}

impl Asking {
    /// Whoever reads the page.
    pub fn of(user: &CurrentUser) -> Self {
        Self {
            company: user.company,
            may_decide: user.may(Action::SettleIssues),
            may_receive: user.may(Action::WorkOnTransfers),
        }
    }
}

/// What is to be decided about an order; nothing when nobody need decide.
pub fn load(conn: &mut Conn, asking: Asking, order: &OrderRow) -> Result<Option<Decision>, AppError> {
    if !order.head.needs_decision {
        return Ok(None);
    }
    let delivery = decide_order::returnable(conn, asking.company, order)?;
    Ok(Some(Decision {
        order: order.head.id,
        is_cancelled: order.head.amazon_status == AmazonStatus::Cancelled,
        reason: String::new(),
        may_decide: asking.may_decide,
        may_expect: asking.may_decide && delivery.is_some(),
        back: delivery.filter(|_| asking.may_receive).map(|id| format!("/inventory/pickings/{id}/return")),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn expect_return(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let id = OrderId(*path);
    let expected = decide_order::expect_return(&app, &user.actor(), id).await?;
    let names: Vec<String> = expected.into_iter().map(reference).collect();
    let said = user.lang.with("decide-expected", &[("references", &names.join(", "))]).into_owned();
    user.flash(&app, Flash::success(said)).await?;
    Ok(page::see_other(format!("/sales/orders/{id}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DismissForm {
    #[serde(default)]
    reason: String,
}

async fn dismiss(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<DismissForm>,
) -> Result<HttpResponse, AppError> {
    let (id, reason) = (OrderId(*path), form.into_inner().reason);
    let text = match decide_order::dismiss(&app, &user.actor(), id, &reason).await? {
        Ok(()) => {
            user.flash(&app, Flash::success(user.lang.t("decide-dismissed"))).await?;
            return Ok(page::see_other(format!("/sales/orders/{id}")));
        }
        Err(Mistake::Missing) => user.lang.t("decide-reason-missing"),
        Err(Mistake::TooLong) => user.lang.with("decide-reason-long", &[("most", LONGEST_REASON)]),
    };
    let mut shown = order::load(&user, &app, &id.to_string()).await?.map_err(|_elsewhere| AppError::NotFound)?;
    shown.errors.add("reason", text);
    if let Some(decision) = shown.decision.as_mut() {
        decision.reason = reason;
    }
    shown.chrome = shown.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}
