//! What becomes of shipments: taken, refused, put off, confirmed, asked again, taken back.
//!
//! Where a shipment stands is its transfer's `amazon_sync`; both change together.

use super::schema::{pickings, shipments};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{AccountId, CarrierId, PickingId, ShipmentId};
use crate::domain::picking::{AmazonSync, PickingState};
use chrono::NaiveDateTime;
use diesel::{AsChangeset, ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::BTreeMap;

/// A shipment as it was when Amazon was told of it.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// The shipment.
    pub id: ShipmentId,
    /// Its transfer.
    pub picking: PickingId,
    /// Its version.
    pub version: i64,
}

/// Keys per statement.
const PART: usize = 500;

/// Sets where the transfer of a shipment stands with Amazon.
pub fn set_standing(conn: &mut Conn, picking: PickingId, sync: AmazonSync) -> Result<(), DbError> {
    set_standings(conn, &[picking], sync)
}

/// Sets where the transfers of some shipments stand with Amazon; at most [`PART`] of them.
fn set_standings(conn: &mut Conn, of: &[PickingId], sync: AmazonSync) -> Result<(), DbError> {
    let target = pickings::table.filter(pickings::id.eq_any(of)).filter(pickings::state.eq(PickingState::Done));
    let changed = each!(conn, |c| diesel::update(target).set(pickings::amazon_sync.eq(sync)).execute(c))?;
    if changed == of.len() { Ok(()) } else { Err(DbError::Query(diesel::result::Error::NotFound)) }
}

#[derive(Debug, AsChangeset)]
#[diesel(table_name = shipments, treat_none_as_null = true)]
struct Verdict<'a> {
    send_after: Option<NaiveDateTime>,
    refusal_code: Option<&'a str>,
    refusal: Option<&'a str>,
    refused_at: Option<NaiveDateTime>,
}

impl Verdict<'static> {
    /// Nothing is refused; it is told at `send_after`, or not any more.
    const fn open(send_after: Option<NaiveDateTime>) -> Self {
        Self { send_after, refusal_code: None, refusal: None, refused_at: None }
    }
}

/// Amazon is about to be told of these: it counts as an attempt, and none of them is taken back any more.
pub fn begin(conn: &mut Conn, ids: &[ShipmentId]) -> Result<(), DbError> {
    for part in ids.chunks(PART) {
        let target = shipments::table.filter(shipments::id.eq_any(part));
        let attempts = shipments::attempts.eq(shipments::attempts + 1);
        each!(&mut *conn, |c| diesel::update(target).set(attempts).execute(c))?;
    }
    Ok(())
}

/// Keeps a verdict on what Amazon was told; says whether that is still what there is to tell.
fn judge(conn: &mut Conn, read: Read, verdict: &Verdict<'_>) -> Result<bool, DbError> {
    // What was changed meanwhile is still to be told; what Amazon's order confirmed meanwhile needs no verdict.
    let same = shipments::table
        .find(read.id)
        .filter(shipments::version.eq(read.version))
        .filter(shipments::settled_at.is_null());
    Ok(each!(conn, |c| diesel::update(same).set(verdict).execute(c))? == 1)
}

/// Amazon took them.
pub fn accepted(conn: &mut Conn, reads: &[Read], now: NaiveDateTime) -> Result<(), DbError> {
    let mut alike: BTreeMap<i64, Vec<ShipmentId>> = BTreeMap::new();
    for read in reads {
        alike.entry(read.version).or_default().push(read.id);
    }
    for (version, ids) in alike {
        for part in ids.chunks(PART) {
            let all = || shipments::table.filter(shipments::id.eq_any(part));
            each!(&mut *conn, |c| diesel::update(all()).set(shipments::sent_at.eq(now)).execute(c))?;
            let same = all().filter(shipments::version.eq(version)).filter(shipments::settled_at.is_null());
            let taken = Verdict::open(None);
            let of: Vec<PickingId> = each!(&mut *conn, |c| diesel::update(same)
                .set(&taken)
                .returning(shipments::picking_id)
                .get_results(c))?;
            set_standings(conn, &of, AmazonSync::Sent)?;
        }
    }
    Ok(())
}

/// Amazon took a correction: from here on the units that it shows confirm the parcel.
pub fn corrected(conn: &mut Conn, read: Read) -> Result<(), DbError> {
    // What was changed meanwhile is a correction of its own.
    let same = shipments::table.find(read.id).filter(shipments::version.eq(read.version));
    each!(conn, |c| diesel::update(same).set(shipments::is_correction.eq(false)).execute(c))?;
    Ok(())
}

/// Amazon refused it, with its code and its words; the moment at which Amazon took it before stays.
pub fn refused(conn: &mut Conn, read: Read, (code, words): (&str, &str), now: NaiveDateTime) -> Result<(), DbError> {
    let verdict = Verdict { send_after: None, refusal_code: Some(code), refusal: Some(words), refused_at: Some(now) };
    if judge(conn, read, &verdict)? {
        set_standing(conn, read.picking, AmazonSync::Failed)?;
    }
    Ok(())
}

/// There was no answer: it is told again at `send_after`.
pub fn put_off(conn: &mut Conn, read: Read, send_after: NaiveDateTime) -> Result<(), DbError> {
    judge(conn, read, &Verdict::open(Some(send_after)))?;
    Ok(())
}

/// Amazon's order shows what it holds.
pub fn confirmed(conn: &mut Conn, id: ShipmentId, picking: PickingId, now: NaiveDateTime) -> Result<(), DbError> {
    let verdict = Verdict::open(None);
    let target = shipments::table.find(id);
    let settled = (&verdict, shipments::settled_at.eq(now));
    exactly_one(each!(&mut *conn, |c| diesel::update(target).set(settled).execute(c))?)?;
    set_standing(conn, picking, AmazonSync::Ok)
}

/// All that an account still waits to tell is told now; answers how many.
pub fn hurry(conn: &mut Conn, account: AccountId, now: NaiveDateTime) -> Result<usize, DbError> {
    let waiting = shipments::table.filter(shipments::account_id.eq(account)).filter(shipments::send_after.gt(now));
    Ok(each!(conn, |c| diesel::update(waiting).set(shipments::send_after.eq(now)).execute(c))?)
}

/// It is told at `send_after`, once more or earlier than it would have been; what was refused is forgotten.
pub fn tell_again(conn: &mut Conn, read: Read, send_after: NaiveDateTime) -> Result<(), DbError> {
    let verdict = Verdict::open(Some(send_after));
    let target = shipments::table.find(read.id).filter(shipments::version.eq(read.version));
    let changed = (&verdict, shipments::settled_at.eq(None::<NaiveDateTime>), shipments::version.eq(read.version + 1));
    exactly_one(each!(&mut *conn, |c| diesel::update(target).set(changed).execute(c))?)?;
    set_standing(conn, read.picking, AmazonSync::ToSend)
}

/// Who carries a parcel, and under which reference.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = shipments, treat_none_as_null = true)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct Carried<'a> {
    pub carrier_code: &'a str,
    pub carrier_name: Option<&'a str>,
    pub tracking: &'a str,
    pub is_correction: bool,
}

/// Corrects who carries a parcel that left; the transfer shows the same.
pub fn correct(
    conn: &mut Conn,
    read: Read,
    told: &Carried<'_>,
    (carrier, carrier_id): (&str, Option<CarrierId>),
) -> Result<(), DbError> {
    let target = shipments::table.find(read.id).filter(shipments::version.eq(read.version));
    exactly_one(each!(&mut *conn, |c| diesel::update(target).set(told).execute(c))?)?;
    let shown =
        (pickings::carrier.eq(carrier), pickings::carrier_id.eq(carrier_id), pickings::tracking.eq(told.tracking));
    let target = pickings::table.find(read.picking).filter(pickings::state.eq(PickingState::Done));
    exactly_one(each!(conn, |c| diesel::update(target).set(shown).execute(c))?)
}

/// These shipments travel with a feed: they are not told one by one.
pub fn board(conn: &mut Conn, ids: &[ShipmentId]) -> Result<(), DbError> {
    for part in ids.chunks(PART) {
        let target = shipments::table.filter(shipments::id.eq_any(part));
        let aboard = shipments::send_after.eq(None::<NaiveDateTime>);
        each!(&mut *conn, |c| diesel::update(target).set(aboard).execute(c))?;
    }
    begin(conn, ids)
}

/// The feed with these shipments was not worked through: those without a verdict are told one by one.
pub fn leave_feed(conn: &mut Conn, ids: &[ShipmentId], now: NaiveDateTime) -> Result<(), DbError> {
    for part in ids.chunks(PART) {
        let target = shipments::table.filter(shipments::id.eq_any(part)).filter(shipments::settled_at.is_null());
        let again = (shipments::send_after.eq(now), shipments::sent_at.eq(None::<NaiveDateTime>));
        let of: Vec<PickingId> =
            each!(&mut *conn, |c| diesel::update(target).set(again).returning(shipments::picking_id).get_results(c))?;
        set_standings(conn, &of, AmazonSync::ToSend)?;
    }
    Ok(())
}

/// Takes back a shipment of which Amazon was never told.
pub fn take_back(conn: &mut Conn, read: Read, now: NaiveDateTime) -> Result<(), DbError> {
    let untold = shipments::table
        .find(read.id)
        .filter(shipments::version.eq(read.version))
        .filter(shipments::attempts.eq(0))
        .filter(shipments::send_after.gt(now));
    exactly_one(each!(conn, |c| diesel::delete(untold).execute(c))?)
}
