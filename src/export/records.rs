//! The shapes of exported records: the same in JSON and, flattened, in CSV.

use super::csv::text;
use serde::Serialize;

/// A record that can also be written as rows of cells.
pub trait Flat {
    /// The heads of the columns.
    const HEADS: &'static [&'static str];
    /// The rows of this record.
    fn rows(&self) -> Vec<Vec<String>>;
}

/// An order with its lines; amounts are decimal texts with tax included, as the buyer paid them.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub struct Order {
    pub amazon_order_id: String,
    pub marketplace_id: String,
    pub fulfilled_by: &'static str,
    pub amazon_status: String,
    pub state: &'static str,
    pub delivery: &'static str,
    pub needs_decision: bool,
    pub currency: &'static str,
    pub total: String,
    pub customer: Option<String>,
    pub team: String,
    pub lines: Vec<Line>,
}

/// One line of an exported order.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub struct Line {
    pub amazon_item_id: Option<String>,
    pub sku: Option<String>,
    pub product: Option<String>,
    pub kind: &'static str,
    pub quantity: i64,
    pub delivered: i64,
    pub total: String,
}

impl Flat for Order {
    const HEADS: &'static [&'static str] = &[
        "amazon_order_id",
        "marketplace_id",
        "fulfilled_by",
        "amazon_status",
        "state",
        "delivery",
        "needs_decision",
        "currency",
        "order_total",
        "customer",
        "team",
        "amazon_item_id",
        "sku",
        "product",
        "kind",
        "quantity",
        "delivered",
        "total",
    ];

    fn rows(&self) -> Vec<Vec<String>> {
        let order = [
            text(&self.amazon_order_id),
            text(&self.marketplace_id),
            self.fulfilled_by.to_owned(),
            text(&self.amazon_status),
            self.state.to_owned(),
            self.delivery.to_owned(),
            self.needs_decision.to_string(),
            self.currency.to_owned(),
            self.total.clone(),
            text(self.customer.as_deref().unwrap_or_default()),
            text(&self.team),
        ];
        let row = |line: &Line| {
            let mut row = order.to_vec();
            row.extend([
                text(line.amazon_item_id.as_deref().unwrap_or_default()),
                text(line.sku.as_deref().unwrap_or_default()),
                text(line.product.as_deref().unwrap_or_default()),
                line.kind.to_owned(),
                line.quantity.to_string(),
                line.delivered.to_string(),
                line.total.clone(),
            ]);
            row
        };
        self.lines.iter().map(row).collect()
    }
}

/// A customer; contact data only by name.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub struct Customer {
    pub name: Option<String>,
    pub company: Option<String>,
    pub is_business: bool,
    pub is_anonymous: bool,
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
    pub addresses: i64,
    pub orders: Vec<String>,
}

impl Flat for Customer {
    const HEADS: &'static [&'static str] =
        &["name", "company", "is_business", "is_anonymous", "country", "region", "city", "addresses", "orders"];

    fn rows(&self) -> Vec<Vec<String>> {
        let optional = |value: &Option<String>| text(value.as_deref().unwrap_or_default());
        vec![vec![
            optional(&self.name),
            optional(&self.company),
            self.is_business.to_string(),
            self.is_anonymous.to_string(),
            optional(&self.country),
            optional(&self.region),
            optional(&self.city),
            self.addresses.to_string(),
            text(&self.orders.join(" ")),
        ]]
    }
}

/// A transfer.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub struct Picking {
    pub amazon_order_id: String,
    pub state: &'static str,
    pub ship_by: Option<String>,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub amazon_sync: &'static str,
    pub is_held: bool,
    pub has_gift: bool,
}

impl Flat for Picking {
    const HEADS: &'static [&'static str] =
        &["amazon_order_id", "state", "ship_by", "carrier", "tracking", "amazon_sync", "is_held", "has_gift"];

    fn rows(&self) -> Vec<Vec<String>> {
        let optional = |value: &Option<String>| text(value.as_deref().unwrap_or_default());
        vec![vec![
            text(&self.amazon_order_id),
            self.state.to_owned(),
            optional(&self.ship_by),
            optional(&self.carrier),
            optional(&self.tracking),
            self.amazon_sync.to_owned(),
            self.is_held.to_string(),
            self.has_gift.to_string(),
        ]]
    }
}

/// A stock move.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub struct Move {
    pub amazon_order_id: String,
    pub amazon_item_id: Option<String>,
    pub product: String,
    pub quantity: i64,
    pub from: String,
    pub to: String,
    pub origin: &'static str,
    pub state: &'static str,
    /// When it was done; open moves have no date.
    pub moved_at: Option<String>,
}

impl Flat for Move {
    const HEADS: &'static [&'static str] =
        &["amazon_order_id", "amazon_item_id", "product", "quantity", "from", "to", "origin", "state", "moved_at"];

    fn rows(&self) -> Vec<Vec<String>> {
        vec![vec![
            text(&self.amazon_order_id),
            text(self.amazon_item_id.as_deref().unwrap_or_default()),
            text(&self.product),
            self.quantity.to_string(),
            text(&self.from),
            text(&self.to),
            self.origin.to_owned(),
            self.state.to_owned(),
            self.moved_at.clone().unwrap_or_default(),
        ]]
    }
}

/// A product; its columns are those that an import reads.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub struct Product {
    pub reference: String,
    pub name: String,
    pub barcode: Option<String>,
    pub r#type: &'static str,
    pub sales_price: String,
    pub cost: String,
    pub currency: &'static str,
    pub tax_class: String,
    pub active: bool,
    /// What a kit is made of; empty for all else.
    pub components: String,
}

impl Flat for Product {
    const HEADS: &'static [&'static str] =
        &["reference", "name", "barcode", "type", "sales_price", "cost", "tax_class", "active", "components"];

    fn rows(&self) -> Vec<Vec<String>> {
        vec![vec![
            text(&self.reference),
            text(&self.name),
            text(self.barcode.as_deref().unwrap_or_default()),
            self.r#type.to_owned(),
            self.sales_price.clone(),
            self.cost.clone(),
            text(&self.tax_class),
            self.active.to_string(),
            text(&self.components),
        ]]
    }
}

/// An offer; an import reads its SKU, its reference and its marketplace.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are named after what they hold")]
pub struct Offer {
    pub sku: String,
    pub reference: Option<String>,
    pub marketplace: String,
    pub account: String,
    pub product: Option<String>,
    pub asin: Option<String>,
    pub matched_by: &'static str,
}

impl Flat for Offer {
    const HEADS: &'static [&'static str] =
        &["sku", "reference", "marketplace", "account", "product", "asin", "matched_by"];

    fn rows(&self) -> Vec<Vec<String>> {
        let optional = |value: &Option<String>| text(value.as_deref().unwrap_or_default());
        vec![vec![
            text(&self.sku),
            optional(&self.reference),
            text(&self.marketplace),
            text(&self.account),
            optional(&self.product),
            optional(&self.asin),
            self.matched_by.to_owned(),
        ]]
    }
}
