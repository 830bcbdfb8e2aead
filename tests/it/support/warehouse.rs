//! The warehouse of a test: what lies on its shelves, and whether the books agree with it.

use super::shop::Shop;
use comptoir::db::schema::{locations, moves, orders, pickings, products, quants, shipments};
use comptoir::db::{Conn, DbError};
use comptoir::domain::ids::{PickingId, ProductId};
use comptoir::ops::adjust_stock;
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

    /// What disagrees between moves and shelves; nothing when all is well.
    ///
    /// S02: a shelf is what entered it less what left it. S03: nothing is reserved that is not there. S04: what is
    /// reserved on a shelf is reserved for moves. S08 is judged by the stories.
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
const RULES: [(&str, &str); 3] = [
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
