//! Why an order is, or is not, in Comptoir: the rules as a checklist, with what was seen when they were applied.

use super::extract::CurrentUser;
use super::order::{self, Event};
use super::page::{self, Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::db::decisions::{self, DecisionRow};
use crate::db::jobs::{self, JobKind};
use crate::db::orders;
use crate::domain::access::Action;
use crate::domain::ids::AmazonOrderId;
use crate::domain::order::number;
use crate::domain::sync::{Outcome, Reason, Rule};
use crate::error::AppError;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/orders/why", web::get().to(ask)).route("/sales/orders/{id}/why", web::get().to(of_order));
}

/// How many decisions the page shows.
const MOST_DECISIONS: i64 = 50;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    reference: String,
}

/// A rule, and whether it was the one.
struct Check {
    rule: &'static str,
    text: Cow<'static, str>,
    is_applied: bool,
}

#[derive(Template)]
#[template(path = "orders/why.html")]
struct WhyPage {
    chrome: Chrome,
    reference: String,
    is_asked: bool,
    is_wrong: bool,
    held: Option<(String, String)>,
    checks: Vec<Check>,
    events: Vec<Event>,
    next: Option<When>,
}

async fn ask(user: CurrentUser, app: Data<App>, asked: Query<Asked>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadOrders)?;
    let reference = asked.reference.trim().to_owned();
    let title = user.lang.t("orders-why-title").into_owned();
    answer(&user, &app, reference, title).await
}

async fn of_order(user: CurrentUser, app: Data<App>, path: Path<String>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadOrders)?;
    let row = match order::named(&app, &user, &path).await? {
        Ok(row) => row,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let title = user.lang.with("orders-why-of", &[("number", number(row.head.id))]).into_owned();
    answer(&user, &app, row.head.amazon_order_id.0, title).await
}

async fn answer(user: &CurrentUser, app: &App, reference: String, title: String) -> Result<HttpResponse, AppError> {
    let chrome = user.chrome_titled(title, Place::Orders);
    let is_right = AmazonOrderId::looks_right(&reference);
    let (company, asked) = (user.company, AmazonOrderId::from(reference.as_str()));
    let (held, rows, next) = app
        .read(move |conn| {
            if !is_right {
                return Ok((None, Vec::new(), None));
            }
            let held = orders::by_amazon_id(conn, company, &asked)?;
            let rows = decisions::about(conn, company, &asked, MOST_DECISIONS)?;
            let waits = rows.first().filter(|(row, _)| row.outcome == Outcome::Wait).map(|(row, _)| row.account_id);
            let next = match waits {
                Some(account) => jobs::due_at(conn, JobKind::SyncOrders, account)?,
                None => None,
            };
            Ok::<_, AppError>((held, rows, next))
        })
        .await?;
    let page = WhyPage {
        is_asked: !reference.is_empty(),
        is_wrong: !reference.is_empty() && !is_right,
        held: held.map(|id| (format!("/sales/orders/{id}"), number(id))),
        checks: checks(user, rows.first().map(|(row, _)| row)),
        events: order::events(user, &chrome, &rows),
        next: next.map(|at| When::of(&chrome, at)),
        reference,
        chrome,
    };
    page::html(&page)
}

/// Every rule, with a mark at those that the newest decision applied.
fn checks(user: &CurrentUser, newest: Option<&DecisionRow>) -> Vec<Check> {
    let Some(newest) = newest else { return Vec::new() };
    let reasons: Vec<Reason> = serde_json::from_str(&newest.reasons).unwrap_or_default();
    let has_default = reasons.iter().any(|reason| reason.code == "sku-without-product");
    Rule::ALL
        .iter()
        .map(|rule| Check {
            rule: rule.as_str(),
            text: user.lang.t(&format!("rule-{}", rule.as_str())),
            is_applied: *rule == newest.rule || (*rule == Rule::R11 && has_default),
        })
        .collect()
}

/// The words of a mark, for who does not see it.
impl Check {
    fn mark(&self) -> (&'static str, &'static str) {
        if self.is_applied { ("✓", "orders-why-applied") } else { ("–", "orders-why-not-applied") }
    }

    fn class(&self) -> &'static str {
        if self.is_applied { "applied" } else { "muted" }
    }
}
