//! Finding transfers by whatever code somebody reads or scans.

use super::import::stock::OPEN;
use super::paging::MOST_FOUND;
use super::schema::{moves, orders, pickings, products};
use super::{Conn, DbError};
use crate::domain::ids::{AmazonOrderId, CompanyId, PickingId};
use crate::domain::order::parse_number;
use crate::domain::picking::{PickingState, read_reference};
use crate::domain::tracking;
use chrono::NaiveDateTime;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
};

/// The transfers that a reference means: their own, their order's number or Amazon's reference.
pub fn referenced(conn: &mut Conn, company: CompanyId, code: &str) -> Result<Vec<PickingId>, DbError> {
    let code = code.trim();
    let own = || pickings::table.filter(pickings::company_id.eq(company));
    let mut ids: Vec<PickingId> = Vec::new();
    if let Some(id) = read_reference(code) {
        ids.extend(each!(&mut *conn, |c| own().filter(pickings::id.eq(id)).select(pickings::id).load::<PickingId>(c))?);
    }
    if let Some(order) = parse_number(code) {
        let of_order = || own().filter(pickings::order_id.eq(order)).select(pickings::id);
        ids.extend(each!(&mut *conn, |c| of_order().load::<PickingId>(c))?);
    }
    let amazons = AmazonOrderId::from(code);
    ids.extend(each!(&mut *conn, |c| own()
        .inner_join(orders::table)
        .filter(orders::company_id.eq(company))
        .filter(orders::amazon_order_id.eq(amazons))
        .select(pickings::id)
        .load::<PickingId>(c))?);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The transfers that a code means: what [`referenced`] finds, their tracking reference, or the reference or barcode of
/// a product that is still to leave.
pub fn found(conn: &mut Conn, company: CompanyId, code: &str) -> Result<Vec<PickingId>, DbError> {
    let code = code.trim();
    let mut ids = referenced(conn, company, code)?;
    ids.extend(tracked(conn, company, code)?);
    ids.extend(each!(&mut *conn, |c| moves::table
        .inner_join(products::table)
        .filter(products::company_id.eq(company))
        .filter(products::reference.nullable().eq(code).or(products::barcode.eq(code)))
        .filter(moves::state.eq_any(OPEN))
        .filter(moves::picking_id.is_not_null())
        .limit(MOST_FOUND)
        .select(moves::picking_id.assume_not_null())
        .load::<PickingId>(c))?);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The transfers whose tracking reference this is.
pub fn tracked(conn: &mut Conn, company: CompanyId, code: &str) -> Result<Vec<PickingId>, DbError> {
    Ok(each!(conn, |c| pickings::table
        .filter(pickings::company_id.eq(company))
        .filter(pickings::tracking.eq(tracking::tidy(code)))
        .order(pickings::id)
        .limit(MOST_FOUND)
        .select(pickings::id)
        .load(c))?)
}

/// Whether the company has a product with this reference or barcode.
pub fn is_product(conn: &mut Conn, company: CompanyId, code: &str) -> Result<bool, DbError> {
    let spelled = [code.to_owned(), code.to_uppercase(), code.to_lowercase()];
    let known = products::table
        .filter(products::company_id.eq(company))
        .filter(products::reference.nullable().eq_any(spelled.clone()).or(products::barcode.eq_any(spelled)));
    Ok(each!(conn, |c| diesel::select(diesel::dsl::exists(known)).get_result(c))?)
}

/// The transfer to pack after one: the next that is ready and not held by its deadline, from the first again at the end.
pub fn next_ready(
    conn: &mut Conn,
    company: CompanyId,
    after: (Option<NaiveDateTime>, PickingId),
) -> Result<Option<PickingId>, DbError> {
    let (by, id) = after;
    let ready = || {
        pickings::table
            .filter(pickings::company_id.eq(company))
            .filter(pickings::state.eq(PickingState::Assigned))
            .filter(pickings::is_held.eq(false))
            .filter(pickings::id.ne(id))
            .filter(pickings::ship_by.is_not_null())
            .order((pickings::ship_by, pickings::id))
            .select(pickings::id)
    };
    if let Some(by) = by {
        let later = pickings::ship_by.gt(by).or(pickings::ship_by.eq(by).and(pickings::id.gt(id)));
        let later = ready().filter(later.assume_not_null());
        let found = each!(&mut *conn, |c| later.first(c).optional())?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(each!(conn, |c| ready().first(c).optional())?)
}
