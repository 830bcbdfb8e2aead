//! Finding transfers by whatever code somebody reads or scans.

use super::import::stock::OPEN;
use super::paging::MOST_FOUND;
use super::schema::{moves, orders, pickings, products};
use super::{Conn, DbError};
use crate::domain::ids::{AmazonOrderId, CompanyId, PickingId};
use crate::domain::order::parse_number;
use crate::domain::picking::read_reference;
use crate::domain::tracking;
use diesel::{BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl};

/// The transfers that a code means: their own reference, their order's number, Amazon's reference, their tracking
/// reference, or the reference or barcode of a product that is still to leave.
pub fn found(conn: &mut Conn, company: CompanyId, code: &str) -> Result<Vec<PickingId>, DbError> {
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
