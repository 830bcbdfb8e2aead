//! Amazon at a glance: how each account stands, when it was and will be read, what came today, and what is late.
//!
//! Each number counts exactly the list to which it leads.

use super::badges::{self, Badge};
use super::extract::CurrentUser;
use super::list::State;
use super::orders::{SPEC, filter};
use super::page::{self, Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::db::accounts::{self, AccountRow};
use crate::db::jobs::{self, JobKind};
use crate::db::links::{self, LinkRow};
use crate::db::paging::{Choice, MOST_COUNTED};
use crate::db::quotas::{self, StoredBucket};
use crate::db::runs::{self, RunRow};
use crate::db::{Conn, DbError, issues, orders};
use crate::domain::access::Action;
use crate::domain::account::{AccountState, late_by, standing};
use crate::domain::ids::{AccountId, CompanyId};
use crate::domain::run::RunKind;
use crate::error::AppError;
use crate::i18n::format;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

/// Registers the page.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon", web::get().to(show));
}

/// A run that ended or is under way.
struct Run {
    href: String,
    state: Badge,
    at: When,
}

/// A count, and the list of what is counted.
struct Counted {
    count: String,
    href: String,
}

/// What Amazon still grants of one operation.
struct Quota {
    operation: String,
    left: String,
}

struct Row {
    id: AccountId,
    name: String,
    seller: String,
    state: Badge,
    is_simulated: bool,
    orders_run: Option<Run>,
    /// When it is read again; none when it is not synchronized.
    next: Option<When>,
    late: String,
    pickings_run: Option<Run>,
    orders: Counted,
    issues: Counted,
    quotas: Vec<Quota>,
    may_sync: bool,
}

#[derive(Template)]
#[template(path = "amazon/overview.html")]
struct OverviewPage {
    chrome: Chrome,
    rows: Vec<Row>,
    may_edit: bool,
}

/// Who asks, and when.
#[derive(Clone, Copy)]
struct Asker {
    company: CompanyId,
    now: DateTime<Utc>,
    zone: Tz,
}

/// What the database knows around an account.
struct Around {
    orders_run: Option<RunRow>,
    pickings_run: Option<RunRow>,
    next: Option<NaiveDateTime>,
    orders: (String, i64),
    issues: i64,
    quotas: Vec<(String, StoredBucket)>,
}

fn around(conn: &mut Conn, user: &Asker, account: AccountId) -> Result<Around, DbError> {
    let state = State::read(&SPEC, &format!("account={account}&date=today"));
    let open = Choice { any: vec!["open".to_owned()], none: Vec::new() };
    let of_account = Choice { any: vec![account], none: Vec::new() };
    let of_issues = issues::Filter { state: open, account: of_account, ..issues::Filter::default() };
    Ok(Around {
        orders_run: runs::last(conn, account, RunKind::Orders)?,
        pickings_run: runs::last(conn, account, RunKind::Pickings)?,
        next: jobs::due_at(conn, JobKind::SyncOrders, account)?,
        orders: (state.url(), orders::count(conn, user.company, &filter(&state, user.now, user.zone))?),
        issues: issues::count(conn, user.company, &of_issues)?,
        quotas: quotas::of_account(conn, account)?,
    })
}

async fn show(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let asker = Asker { company: user.company, now: user.now, zone: user.zone };
    let (all, links) = app
        .read(move |conn| {
            let mut all = Vec::new();
            for (row, ..) in accounts::all(conn, asker.company, false)? {
                let around = around(conn, &asker, row.id)?;
                all.push((row, around));
            }
            Ok::<_, AppError>((all, links::of_company(conn, asker.company)?))
        })
        .await?;
    let chrome = user.chrome("amazon-overview-title", Place::AmazonOverview);
    let rows = all.into_iter().map(|(row, around)| {
        let link = links.get(&row.id);
        shown(&user, &chrome, row, link, around)
    });
    page::html(&OverviewPage { rows: rows.collect(), may_edit: user.may(Action::EditAccounts), chrome })
}

fn shown(user: &CurrentUser, chrome: &Chrome, row: AccountRow, link: Option<&LinkRow>, around: Around) -> Row {
    let now = user.now.naive_utc();
    let ends_at = link.and_then(|link| link.authorization().ends_at());
    let is_read = row.state == AccountState::Linked;
    let run = |run: RunRow| Run {
        href: format!("/amazon/runs/{}", run.id),
        state: badges::run(chrome.lang, run.state),
        at: When::of(chrome, run.finished_at.unwrap_or(run.queued_at)),
    };
    let counted = |count: i64, href: String| Counted {
        count: if count > MOST_COUNTED { format!("{}+", chrome.number(MOST_COUNTED)) } else { chrome.number(count) },
        href,
    };
    let quota = |(operation, bucket): (String, StoredBucket)| {
        let values = [("left", chrome.number(bucket.left_at(now))), ("most", chrome.number(bucket.burst))];
        Quota { operation, left: chrome.with("amazon-overview-left", values).into_owned() }
    };
    let late = late_by(row.state, row.last_order_sync, row.interval_secs, now);
    let (href, orders) = around.orders;
    Row {
        state: badges::account(chrome.lang, standing(row.state, row.usage(), ends_at, now)),
        is_simulated: row.is_simulated,
        orders_run: around.orders_run.map(run),
        next: around.next.filter(|_| is_read).map(|at| When::of(chrome, at)),
        late: late.map(|late| format::span(chrome.lang, late)).unwrap_or_default(),
        pickings_run: around.pickings_run.map(run),
        orders: counted(orders, href),
        issues: counted(around.issues, format!("/amazon/issues?state=open&account={}", row.id)),
        quotas: around.quotas.into_iter().map(quota).collect(),
        may_sync: is_read && user.may(Action::Synchronize),
        id: row.id,
        seller: row.seller_id.to_string(),
        name: row.name,
    }
}
