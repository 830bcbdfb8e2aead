//! The warehouse of a test: what lies on its shelves, and whether the books agree with it.

use super::browser::Browser;
use super::shop::Shop;
use comptoir::db::schema::{locations, moves, orders, pickings, products, quants, shipments};
use comptoir::db::{Conn, DbError};
use comptoir::domain::access::{Rights, Role};
use comptoir::domain::ids::{PickingId, ProductId};
use comptoir::ops::{Actor, adjust_stock};
use comptoir::sandbox::CATALOGUE;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// Runs the same statement on either database.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            Conn::Sqlite($c) => $body,
            Conn::Pg($c) => $body,
        }
    };
}

/// The product that [`super::shop::fbm`] sells.
pub(crate) const SOLD: &str = CATALOGUE[2].0;

impl Shop {
    /// The product with this reference.
    pub(crate) fn product(&self, reference: &str) -> ProductId {
        let wanted = products::table.filter(products::reference.eq(reference)).select(products::id);
        self.read(|conn| on!(conn, |c| wanted.first(c)))
    }

    /// The warehouse is found to hold so many units.
    pub(crate) fn stock(&self, reference: &str, units: i64) {
        let (product, now) = (self.product(reference), self.site.app.clock.now().naive_utc());
        self.site.app.db.write(|conn| adjust_stock::set(conn, self.company, product, units, now)).unwrap();
    }

    /// What lies on the shelf of a product, and what of it is reserved.
    pub(crate) fn shelf(&self, reference: &str) -> (i64, i64) {
        let product = self.product(reference);
        let held = quants::table
            .inner_join(locations::table)
            .filter(quants::product_id.eq(product))
            .filter(locations::code.eq("WH/Stock"))
            .select((quants::quantity, quants::reserved));
        self.read(|conn| on!(conn, |c| held.first(c).optional())).unwrap_or_default()
    }

    /// The transfers of an order: key and state, in their order.
    pub(crate) fn transfers(&self, order: &str) -> Vec<(PickingId, String)> {
        let of = pickings::table
            .inner_join(orders::table)
            .filter(orders::amazon_order_id.eq(order))
            .order(pickings::id)
            .select((pickings::id, pickings::state));
        self.read(|conn| on!(conn, |c| of.load::<(PickingId, String)>(c)))
    }

    /// The address of the only open transfer of an order.
    pub(crate) fn open_transfer(&self, order: &str) -> String {
        let open: Vec<_> =
            self.transfers(order).into_iter().filter(|(_, state)| state != "done" && state != "cancelled").collect();
        assert_eq!(open.len(), 1, "{open:?}");
        format!("/inventory/pickings/{}", open[0].0)
    }

    /// What Amazon is to be told of an order: package, carrier code and name, tracking, units.
    pub(crate) fn outbox(&self, order: &str) -> Vec<(i64, String, Option<String>, String, i64)> {
        let rows = shipments::table
            .inner_join(orders::table)
            .filter(orders::amazon_order_id.eq(order))
            .order(shipments::package_reference)
            .select((
                shipments::package_reference,
                shipments::carrier_code,
                shipments::carrier_name,
                shipments::tracking,
                shipments::picking_id,
            ));
        let rows: Vec<(i64, String, Option<String>, String, PickingId)> = self.read(|conn| on!(conn, |c| rows.load(c)));
        let units = |picking: PickingId| -> i64 {
            let told = moves::table
                .filter(moves::picking_id.eq(picking))
                .filter(moves::state.eq("done"))
                .filter(moves::order_line_id.is_not_null())
                .select(diesel::dsl::sql::<BigInt>("CAST(COALESCE(SUM(moves.quantity), 0) AS BIGINT)"));
            self.read(|conn| on!(conn, |c| told.first(c)))
        };
        rows.into_iter().map(|(n, code, name, tracking, picking)| (n, code, name, tracking, units(picking))).collect()
    }

    /// Makes a product a kit of these references and quantities.
    pub(crate) async fn make_kit(&self, browser: &mut Browser, reference: &str, parts: &[(&str, &str)]) {
        let path = format!("/sales/products/{}", self.product(reference));
        let page = browser.get(&path).await;
        assert_eq!(browser.submit(&page, &path, &[("type", "kit")]).await.status, 303);
        let page = browser.get(&path).await;
        let mut fields = page.fields(&format!("{path}/components"));
        fields.retain(|(name, _)| name != "component" && name != "quantity");
        for (part, units) in parts {
            fields.push(("component".to_owned(), (*part).to_owned()));
            fields.push(("quantity".to_owned(), (*units).to_owned()));
        }
        assert_eq!(browser.post(&format!("{path}/components"), &fields).await.status, 303);
    }

    /// An administrator who acts without a browser.
    pub(crate) fn actor(&self) -> Actor {
        Actor {
            user: self.site.admin.unwrap(),
            company: self.company,
            rights: Rights { role: Role::Administrator, may_force_sync: false },
            developer_mode: false,
            ip: String::new(),
        }
    }

    /// What disagrees between moves and shelves; nothing when all is well.
    ///
    /// S02: a shelf is what entered it less what left it. S03: nothing is reserved that is not there. S04: what is
    /// reserved on a shelf is reserved for moves. S08: what an order counts as delivered is what left for it less what was
    /// undone. S10: what Amazon ships has no transfer. S11: nothing waits in a transfer that is closed, and nothing is
    /// reserved for what does not wait. S16: what Amazon is told of has a carrier and a reference. S07 and the states
    /// of transfers are judged by the stories.
    pub(crate) fn disagreements(&self) -> Vec<String> {
        self.site.app.db.read(disagreements).unwrap()
    }
}

#[derive(Debug, QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    product: i64,
    #[diesel(sql_type = BigInt)]
    booked: i64,
    #[diesel(sql_type = BigInt)]
    kept: i64,
}

/// What each rule compares: the sum over the moves, and what the shelf says.
const RULES: [(&str, &str); 8] = [
    (
        "S02",
        "SELECT q.product_id AS product, q.quantity AS kept, CAST(COALESCE((SELECT SUM(CASE WHEN m.destination_id = q.location_id \
         THEN m.quantity ELSE -m.quantity END) FROM moves m WHERE m.product_id = q.product_id AND m.state = 'done' AND m.origin <> \
         'fba_order' AND (m.destination_id = q.location_id OR m.source_id = q.location_id)), 0) AS BIGINT) AS booked FROM quants q",
    ),
    (
        "S03",
        "SELECT q.product_id AS product, CASE WHEN q.reserved > CASE WHEN q.quantity > 0 THEN q.quantity ELSE 0 END OR \
         q.reserved < 0 THEN q.reserved ELSE q.quantity END AS kept, q.quantity AS booked FROM quants q",
    ),
    (
        "S04",
        "SELECT q.product_id AS product, q.reserved AS kept, CAST(COALESCE((SELECT SUM(m.reserved) FROM moves m WHERE \
         m.product_id = q.product_id AND m.source_id = q.location_id), 0) + COALESCE((SELECT SUM(m.reserved * c.quantity) FROM \
         moves m JOIN product_components c ON c.kit_id = m.product_id WHERE c.component_id = q.product_id AND m.source_id = \
         q.location_id), 0) AS BIGINT) AS booked FROM quants q",
    ),
    (
        "S08",
        "SELECT l.id AS product, l.delivered AS kept, CAST(COALESCE((SELECT SUM(CASE WHEN d.kind = 'customer' THEN m.quantity ELSE \
         -m.quantity END) FROM moves m JOIN locations d ON d.id = m.destination_id WHERE m.order_line_id = l.id AND \
         m.state = 'done' AND m.origin <> 'return'), 0) AS BIGINT) AS booked FROM order_lines l WHERE l.kind = 'item'",
    ),
    (
        "S10",
        "SELECT m.product_id AS product, CAST(0 AS BIGINT) AS kept, m.quantity AS booked FROM moves m JOIN orders o ON \
         o.id = m.order_id WHERE o.channel = 'fba' AND m.picking_id IS NOT NULL",
    ),
    (
        "S11",
        "SELECT m.product_id AS product, CAST(0 AS BIGINT) AS kept, m.quantity AS booked FROM moves m JOIN pickings p ON \
         p.id = m.picking_id WHERE m.state NOT IN ('done', 'cancelled') AND p.state IN ('done', 'cancelled')",
    ),
    (
        "S11",
        "SELECT m.product_id AS product, CAST(0 AS BIGINT) AS kept, m.reserved AS booked FROM moves m WHERE m.reserved <> 0 \
         AND (m.state IN ('done', 'cancelled') OR m.reserved < 0 OR m.reserved > m.quantity)",
    ),
    (
        "S16",
        "SELECT p.id AS product, CAST(0 AS BIGINT) AS kept, CAST(1 AS BIGINT) AS booked FROM pickings p JOIN shipments s ON \
         s.picking_id = p.id WHERE p.state <> 'done' OR p.carrier IS NULL OR p.tracking IS NULL OR s.tracking = ''",
    ),
];

fn disagreements(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let mut found = Vec::new();
    for (rule, statement) in RULES {
        let rows: Vec<Counted> = on!(&mut *conn, |c| diesel::sql_query(statement).load(c))?;
        let wrong = rows.into_iter().filter(|row| row.booked != row.kept);
        found.extend(wrong.map(|row| format!("{rule}: product {} {} {}", row.product, row.booked, row.kept)));
    }
    Ok(found)
}
