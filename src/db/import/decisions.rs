//! The record of what was decided, and the issues that a decision raises or settles.

use crate::crypto::Sealed;
use crate::db::bulk::ROWS_PER_STATEMENT;
use crate::db::schema::{decisions, issues, run_results};
use crate::db::{Conn, DbError};
use crate::domain::ids::{AccountId, AmazonOrderId, CompanyId, IssueId, OrderId, RunId};
use crate::domain::sync::{Outcome, Rule};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, QueryDsl, RunQueryDsl};
use std::collections::{HashMap, HashSet};

/// One decision to record.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = decisions, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct DecisionRow {
    pub run_id: RunId,
    pub account_id: AccountId,
    pub order_id: Option<OrderId>,
    pub amazon_order_id: AmazonOrderId,
    pub rule: Rule,
    pub outcome: Outcome,
    pub reasons: String,
    pub channel: String,
    pub amazon_status: String,
    pub amazon_updated_at: NaiveDateTime,
    pub decided_at: NaiveDateTime,
}

/// One result of a run that is not a decision of record: a preview, or the answer for a recovered order.
#[derive(Debug, Insertable)]
#[diesel(table_name = run_results)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct ResultRow {
    pub run_id: RunId,
    pub amazon_order_id: AmazonOrderId,
    pub rule: Rule,
    pub outcome: Outcome,
    pub reasons: String,
    pub channel: String,
    pub amazon_status: String,
    pub amazon_updated_at: NaiveDateTime,
}

impl From<DecisionRow> for ResultRow {
    fn from(row: DecisionRow) -> Self {
        Self {
            run_id: row.run_id,
            amazon_order_id: row.amazon_order_id,
            rule: row.rule,
            outcome: row.outcome,
            reasons: row.reasons,
            channel: row.channel,
            amazon_status: row.amazon_status,
            amazon_updated_at: row.amazon_updated_at,
        }
    }
}

/// Records decisions; answers the orders whose decision is new.
///
/// The same decision about the same state of an order is recorded once, however often it is taken.
pub fn record(conn: &mut Conn, rows: &[DecisionRow]) -> Result<HashSet<AmazonOrderId>, DbError> {
    let mut new = HashSet::with_capacity(rows.len());
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let recorded: Vec<AmazonOrderId> = each!(&mut *conn, |c| diesel::insert_into(decisions::table)
            .values(chunk)
            .on_conflict_do_nothing()
            .returning(decisions::amazon_order_id)
            .get_results(c))?;
        new.extend(recorded);
    }
    Ok(new)
}

/// Keeps the results of a preview or of a recovery.
pub fn keep_results(conn: &mut Conn, rows: &[ResultRow]) -> Result<(), DbError> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        each!(&mut *conn, |c| diesel::insert_into(run_results::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// One issue to raise.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What kind of issue it is.
    pub kind: &'static str,
    /// What it is about; the same kind and subject are one issue.
    pub subject: String,
    /// Whether work stops until it is settled.
    pub is_blocking: bool,
    /// The order that it concerns.
    pub order: Option<OrderId>,
    /// Amazon's reference of that order.
    pub amazon_id: Option<AmazonOrderId>,
    /// The explanation, as a list of reasons in JSON.
    pub detail: String,
    /// The public identity, for which the payload is sealed.
    pub public_id: String,
    /// Amazon's payload, sealed.
    pub payload: Option<Sealed>,
}

#[derive(Insertable)]
#[diesel(table_name = issues, treat_none_as_default_value = false)]
struct IssueRow<'a> {
    company_id: CompanyId,
    account_id: AccountId,
    kind: &'a str,
    subject: &'a str,
    severity: &'a str,
    state: &'a str,
    order_id: Option<OrderId>,
    amazon_order_id: Option<&'a AmazonOrderId>,
    detail: &'a str,
    public_id: &'a str,
    wrapped_key: Option<&'a [u8]>,
    sealed: Option<&'a [u8]>,
    times: i64,
    first_seen_at: NaiveDateTime,
    last_seen_at: NaiveDateTime,
}

/// Raises issues: a new one is opened, one already known is seen again; an ignored one stays ignored.
pub fn raise(
    conn: &mut Conn,
    company: CompanyId,
    account: AccountId,
    problems: &[Problem],
    now: NaiveDateTime,
) -> Result<(), DbError> {
    if problems.is_empty() {
        return Ok(());
    }
    let mut distinct: HashMap<(&str, &str), &Problem> = HashMap::new();
    for problem in problems {
        distinct.entry((problem.kind, &problem.subject)).or_insert(problem);
    }
    let held: Vec<(IssueId, String, String, String)> = each!(&mut *conn, |c| issues::table
        .filter(issues::account_id.eq(account))
        .filter(issues::subject.eq_any(distinct.keys().map(|(_, subject)| *subject)))
        .select((issues::id, issues::kind, issues::subject, issues::state))
        .load(c))?;
    for (id, kind, subject, state) in &held {
        if let Some(problem) = distinct.remove(&(kind.as_str(), subject.as_str())) {
            let state = if state == "ignored" { "ignored" } else { "open" };
            each!(&mut *conn, |c| diesel::update(issues::table.find(*id))
                .set((
                    issues::times.eq(issues::times + 1),
                    issues::last_seen_at.eq(now),
                    issues::state.eq(state),
                    issues::detail.eq(&problem.detail),
                ))
                .execute(c))?;
        }
    }
    let mut rows: Vec<IssueRow<'_>> =
        distinct.into_values().map(|problem| issue_row(company, account, problem, now)).collect();
    rows.sort_by_key(|row| (row.kind, row.subject));
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        each!(&mut *conn, |c| diesel::insert_into(issues::table).values(chunk).execute(c))?;
    }
    Ok(())
}

fn issue_row(company_id: CompanyId, account_id: AccountId, problem: &Problem, now: NaiveDateTime) -> IssueRow<'_> {
    IssueRow {
        company_id,
        account_id,
        kind: problem.kind,
        subject: &problem.subject,
        severity: if problem.is_blocking { "blocking" } else { "warning" },
        state: "open",
        order_id: problem.order,
        amazon_order_id: problem.amazon_id.as_ref(),
        detail: &problem.detail,
        public_id: &problem.public_id,
        wrapped_key: problem.payload.as_ref().map(|sealed| sealed.wrapped_key.as_slice()),
        sealed: problem.payload.as_ref().map(|sealed| sealed.body.as_slice()),
        times: 1,
        first_seen_at: now,
        last_seen_at: now,
    }
}

/// Settles the open issues of these accounts, kinds and subjects: their cause has gone.
pub fn settle(
    conn: &mut Conn,
    accounts: &[AccountId],
    kinds: &[&str],
    subjects: &[&str],
    now: NaiveDateTime,
) -> Result<(), DbError> {
    if subjects.is_empty() {
        return Ok(());
    }
    let gone = issues::table
        .filter(issues::account_id.eq_any(accounts.iter().copied()))
        .filter(issues::kind.eq_any(kinds.iter().copied()))
        .filter(issues::subject.eq_any(subjects.iter().copied()))
        .filter(issues::state.eq("open"));
    each!(conn, |c| diesel::update(gone).set((issues::state.eq("resolved"), issues::last_seen_at.eq(now))).execute(c))?;
    Ok(())
}
