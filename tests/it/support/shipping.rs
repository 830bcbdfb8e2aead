//! Deliveries that left, written as a validation writes them.

use super::shop::Shop;
use chrono::{NaiveDateTime, TimeDelta};
use comptoir::app::App;
use comptoir::db::jobs::{self, JobKind};
use comptoir::db::quants::{self, Quant};
use comptoir::db::schema::{feeds, moves, order_lines, orders, pickings};
use comptoir::db::shipments::{NewShipment, insert, next_reference};
use comptoir::db::{Conn, DbError, shipments as held};
use comptoir::domain::ids::{AccountId, AmazonOrderId, CompanyId, LocationId, OrderId, PickingId, ProductId};
use comptoir::worker;
use diesel::prelude::*;

/// Runs the same statement on either database.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            Conn::Sqlite($c) => $body,
            Conn::Pg($c) => $body,
        }
    };
}

/// The open delivery of an order leaves with all its units; Amazon is to be told after `grace`.
pub(crate) fn ship(app: &App, amazon_id: &str, tracking: &str, grace: TimeDelta) -> PickingId {
    let now = app.clock.now().naive_utc();
    let id = AmazonOrderId::from(amazon_id);
    app.db
        .write(|conn| {
            let (order, company, account): (OrderId, CompanyId, AccountId) = on!(&mut *conn, |c| orders::table
                .filter(orders::amazon_order_id.eq(&id))
                .select((orders::id, orders::company_id, orders::account_id))
                .first(c))?;
            let picking: PickingId = on!(&mut *conn, |c| pickings::table
                .filter(pickings::order_id.eq(order))
                .filter(pickings::state.eq("confirmed"))
                .select(pickings::id)
                .first(c))?;
            let gone = (
                pickings::state.eq("done"),
                pickings::done_at.eq(now),
                pickings::carrier.eq("Colissimo"),
                pickings::tracking.eq(tracking),
                pickings::amazon_sync.eq("to_send"),
            );
            on!(&mut *conn, |c| diesel::update(pickings::table.find(picking)).set(gone).execute(c))?;
            let moved = moves::table.filter(moves::picking_id.eq(picking));
            let taken: Vec<(ProductId, LocationId, i64)> =
                on!(&mut *conn, |c| moved.select((moves::product_id, moves::source_id, moves::quantity)).load(c))?;
            let parts = quants::parts(conn, company, taken.iter().map(|(product, ..)| *product))?;
            for (product, place, units) in taken {
                let less = parts
                    .taken((product, place), units)
                    .map(|(shelf, units)| (shelf, Quant { quantity: -units, reserved: 0 }));
                quants::change(conn, &less.collect())?;
            }
            on!(&mut *conn, |c| diesel::update(moved).set(moves::state.eq("done")).execute(c))?;
            let lines = order_lines::table.filter(order_lines::order_id.eq(order)).filter(order_lines::kind.eq("item"));
            let all = order_lines::delivered.eq(order_lines::quantity);
            on!(&mut *conn, |c| diesel::update(lines).set(all).execute(c))?;
            let new = NewShipment {
                company_id: company,
                account_id: account,
                order_id: order,
                picking_id: picking,
                package_reference: next_reference(conn, order)?,
                carrier_code: "Colissimo",
                carrier_name: None,
                tracking,
                shipped_at: now,
                send_after: Some(now + grace),
                attempts: 0,
                created_at: now,
                version: 1,
            };
            insert(conn, &new)?;
            jobs::request(conn, JobKind::SyncPickings, account, now + grace)?;
            Ok::<_, DbError>(picking)
        })
        .unwrap()
}

impl Shop {
    /// The open delivery of an order leaves; Amazon is to be told at once.
    pub(crate) fn leaves(&self, amazon_id: &str, tracking: &str) -> PickingId {
        ship(&self.site.app, amazon_id, tracking, TimeDelta::zero())
    }

    /// The background worker does all that is due.
    pub(crate) async fn work(&self) {
        worker::perform_due(&self.site.app).await.unwrap();
    }

    /// What is told of a delivery.
    pub(crate) fn shipment(&self, picking: PickingId) -> held::ShipmentRow {
        self.site.app.db.read(|conn| held::of_picking(conn, picking)).unwrap().unwrap()
    }

    /// Where a delivery stands with Amazon.
    pub(crate) fn standing(&self, picking: PickingId) -> &'static str {
        self.shipment(picking).amazon_sync.as_str()
    }

    /// When the worker tells Amazon next.
    pub(crate) fn tells_next(&self) -> Option<NaiveDateTime> {
        self.site.app.db.read(|conn| jobs::due_at(conn, JobKind::SyncPickings, self.account)).unwrap()
    }

    /// The states of the feeds, the oldest first.
    pub(crate) fn feeds(&self) -> Vec<String> {
        let states = feeds::table.order(feeds::id).select(feeds::state);
        self.read(|conn| on!(conn, |c| states.load(c)))
    }
}
