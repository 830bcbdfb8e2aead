//! What Amazon's orders say about parcels that it was told of: those that they show as shipped are confirmed.

use crate::db::{Conn, shipment_changes, shipments};
use crate::domain::announcement::{self, Told};
use crate::domain::ids::{AmazonItemId, OrderId, PickingId};
use crate::domain::remote::RemoteOrder;
use crate::domain::sync;
use crate::error::AppError;
use chrono::NaiveDateTime;
use std::collections::{BTreeMap, HashMap};

/// Confirms the parcels of orders that Amazon returned; also of orders that are otherwise as we know them.
///
/// Runs inside the caller's transaction.
pub fn run<'a>(
    conn: &mut Conn,
    orders: impl Iterator<Item = (OrderId, &'a RemoteOrder)>,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let orders: HashMap<OrderId, &RemoteOrder> = orders.collect();
    let keys: Vec<OrderId> = orders.keys().copied().collect();
    let rows = shipments::of_undecided(conn, &keys)?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut concerned: Vec<OrderId> = rows.iter().map(|row| row.order_id).collect();
    concerned.dedup();
    let untold = shipments::untold(conn, &concerned)?;
    let pickings: Vec<PickingId> =
        rows.iter().map(|row| row.picking_id).chain(untold.iter().map(|(_, picking)| *picking)).collect();
    let contents = shipments::contents(conn, &pickings)?;
    let units = |picking: PickingId| contents.get(&picking).map(|left| announcement::units(left)).unwrap_or_default();
    let mut outside: HashMap<OrderId, BTreeMap<AmazonItemId, i64>> = HashMap::new();
    for (order, picking) in untold {
        for (item, quantity) in units(picking) {
            *outside.entry(order).or_default().entry(item).or_default() += quantity;
        }
    }
    let mut told: BTreeMap<OrderId, Vec<Told>> = BTreeMap::new();
    for row in &rows {
        told.entry(row.order_id).or_default().push(Told {
            id: row.id,
            reference: row.package_reference,
            sync: row.amazon_sync,
            is_correction: row.is_correction,
            was_tried: row.attempts > 0,
            items: units(row.picking_id),
        });
    }
    for (order, parcels) in told {
        let Some(remote) = orders.get(&order) else { continue };
        let items = remote.items.iter();
        let fulfilled = items.map(|item| (item.item_id.clone(), sync::shipped_of(remote, item))).collect();
        let none = BTreeMap::new();
        for id in announcement::confirmed(&fulfilled, outside.get(&order).unwrap_or(&none), &parcels) {
            if let Some(row) = rows.iter().find(|row| row.id == id) {
                shipment_changes::confirmed(conn, row.id, row.picking_id, now)?;
            }
        }
    }
    Ok(())
}
