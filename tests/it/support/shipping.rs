//! Deliveries that leave as a person lets them leave: validated whole, with a carrier and a reference.

use super::shop::Shop;
use chrono::{NaiveDateTime, TimeDelta};
use comptoir::app::App;
use comptoir::db::jobs::{self, JobKind};
use comptoir::db::picking_changes::Seen;
use comptoir::db::schema::{feeds, moves, orders, pickings, users};
use comptoir::db::{Conn, settings, shipments as held};
use comptoir::domain::access::{Rights, Role};
use comptoir::domain::ids::{CompanyId, PickingId, ProductId, UserId};
use comptoir::error::AppError;
use comptoir::ops::validate_picking::{self, Answer, Quantities, Wish};
use comptoir::ops::{Actor, adjust_stock, announce_grace};
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

/// How many units of each product lie in the warehouse, so that nothing is ever missing.
const PLENTY: i64 = 1_000_000;

/// The open delivery of an order leaves with all its units; Amazon is to be told after `grace`.
pub(crate) async fn ship(app: &App, amazon_id: &str, tracking: &str, grace: TimeDelta) -> PickingId {
    let now = app.clock.now().naive_utc();
    let (actor, seen) = app
        .db
        .write(|conn| {
            settings::put(conn, announce_grace::SETTING, &grace.num_seconds().to_string())?;
            let (company, picking): (CompanyId, PickingId) = on!(&mut *conn, |c| pickings::table
                .inner_join(orders::table)
                .filter(orders::amazon_order_id.eq(amazon_id))
                .filter(pickings::state.eq_any(["confirmed", "assigned"]))
                .select((pickings::company_id, pickings::id))
                .first(c))?;
            let wanted = moves::table.filter(moves::picking_id.eq(picking)).select(moves::product_id);
            let wanted: Vec<ProductId> = on!(&mut *conn, |c| wanted.load(c))?;
            for product in wanted {
                if adjust_stock::on_hand(conn, company, product)? < PLENTY / 2 {
                    adjust_stock::set(conn, company, product, PLENTY, now)?;
                }
            }
            let version: i64 = on!(&mut *conn, |c| pickings::table.find(picking).select(pickings::version).first(c))?;
            let user: UserId = on!(&mut *conn, |c| users::table.order(users::id).select(users::id).first(c))?;
            let rights = Rights { role: Role::Administrator, may_force_sync: false };
            let actor = Actor { user, company, rights, developer_mode: false, ip: "127.0.0.1".to_owned() };
            Ok::<_, AppError>((actor, Seen { picking, version }))
        })
        .unwrap();
    let wish = Wish {
        seen,
        carrier: "Colissimo".to_owned(),
        tracking: tracking.to_owned(),
        quantities: Quantities::Whole,
        rest: None,
        is_agreed: false,
    };
    match validate_picking::run(app, &actor, wish).await.unwrap() {
        Answer::Gone(gone) => gone.picking,
        other => panic!("{amazon_id} did not leave: {other:?}"),
    }
}

impl Shop {
    /// The open delivery of an order leaves; Amazon is to be told at once.
    pub(crate) async fn leaves(&self, amazon_id: &str, tracking: &str) -> PickingId {
        ship(&self.site.app, amazon_id, tracking, TimeDelta::zero()).await
    }

    /// The open deliveries of these orders leave one after the other.
    pub(crate) async fn all_leave(&self, amazon_ids: &[String]) -> Vec<PickingId> {
        let mut left = Vec::with_capacity(amazon_ids.len());
        for id in amazon_ids {
            left.push(self.leaves(id, "6A12345678901").await);
        }
        left
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

    /// Whether an order counts as shipped, in whole or in part, without Comptoir.
    pub(crate) fn is_shipped_outside(&self, order: &str) -> bool {
        let said = orders::table.filter(orders::amazon_order_id.eq(order)).select(orders::is_shipped_outside);
        self.read(|conn| on!(conn, |c| said.first(c)))
    }

    /// The states of the feeds, the oldest first.
    pub(crate) fn feeds(&self) -> Vec<String> {
        let states = feeds::table.order(feeds::id).select(feeds::state);
        self.read(|conn| on!(conn, |c| states.load(c)))
    }
}
