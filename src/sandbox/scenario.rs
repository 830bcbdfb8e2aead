//! The month of orders that the simulated Amazon starts with, and every order placed later.
//!
//! It must never look at the wall clock: all dates hang off the `now` it is given, all chance off the seed.

use chrono::{DateTime, Duration, Utc};

use super::catalogue::{CATALOGUE, UNKNOWN_SKU, euro_cents, position};
use super::market::{self, HOME, Market};
use super::order::{Channel, Charges, Item, LineSpec, Order, OrderKind, Status, TaxLine};
use super::packages::{Package, Parcel};
use super::people;
use super::rng::Rng;

use Channel::{Amazon, Merchant};
use OrderKind as Kind;
use Status::{Cancelled, PartiallyShipped, Pending, Shipped, Unshipped};

/// The orders that every scenario holds first: each shows one thing that Comptoir must cope with.
const CERTAIN: &[(&str, Channel, Kind, Status)] = &[
    ("FR", Merchant, Kind::Business, Unshipped),
    ("DE", Amazon, Kind::Business, Shipped),
    ("FR", Merchant, Kind::Gift, Unshipped),
    ("IT", Amazon, Kind::Gift, Shipped),
    ("FR", Merchant, Kind::Discounted, Unshipped),
    ("DE", Amazon, Kind::Discounted, Shipped),
    ("GB", Merchant, Kind::FreeShipping, Unshipped),
    ("FR", Merchant, Kind::SeveralLines, PartiallyShipped),
    ("SE", Merchant, Kind::SeveralLines, Unshipped),
    ("FR", Merchant, Kind::Replacement, Unshipped),
    ("FR", Merchant, Kind::Plain, Shipped),
    ("FR", Amazon, Kind::Plain, Shipped),
    ("FR", Merchant, Kind::Unicode, Unshipped),
    ("DE", Merchant, Kind::Unicode, Unshipped),
    ("GB", Merchant, Kind::Unicode, Shipped),
    ("FR", Merchant, Kind::Unicode, Unshipped),
    ("IT", Merchant, Kind::Unicode, Unshipped),
    ("US", Merchant, Kind::Unicode, Unshipped),
    ("FR", Amazon, Kind::Prime, Pending),
    ("DE", Merchant, Kind::Prime, Unshipped),
    ("US", Merchant, Kind::Facilitated, Unshipped),
    ("GB", Merchant, Kind::Facilitated, Shipped),
    ("FR", Merchant, Kind::NoSku, Unshipped),
    ("DE", Merchant, Kind::UnknownSku, Unshipped),
    ("FR", Merchant, Kind::RepeatBuyer, Shipped),
    ("FR", Merchant, Kind::RepeatBuyer, Unshipped),
    ("FR", Merchant, Kind::SecondAddress, Unshipped),
    ("JP", Merchant, Kind::SeveralLines, Unshipped),
    ("JP", Amazon, Kind::Discounted, Shipped),
    ("BR", Merchant, Kind::Plain, Unshipped),
    ("US", Amazon, Kind::Plain, Shipped),
    ("US", Merchant, Kind::Tip, Shipped),
    ("FR", Merchant, Kind::Plain, Cancelled),
    ("FR", Amazon, Kind::Plain, Cancelled),
    ("DE", Amazon, Kind::Plain, Unshipped),
    ("FR", Merchant, Kind::Plain, Pending),
    ("FR", Merchant, Kind::CancellationRequested, Unshipped),
    ("DE", Merchant, Kind::Business, Unshipped),
    ("FR", Merchant, Kind::Abroad, Unshipped),
    ("FR", Merchant, Kind::Imported, Unshipped),
];

/// Countries by weight: one entry is about five percent of the orders.
const COUNTRIES: &[&str] = &[
    "FR", "FR", "FR", "FR", "FR", "FR", "FR", "DE", "DE", "DE", "DE", "IT", "IT", "GB", "GB", "SE", "US", "US", "JP",
    "BR",
];

/// Kinds by weight, for the orders after the certain ones.
const KINDS: &[Kind] = &[
    Kind::Plain,
    Kind::Plain,
    Kind::Plain,
    Kind::Plain,
    Kind::Plain,
    Kind::Plain,
    Kind::Plain,
    Kind::Plain,
    Kind::SeveralLines,
    Kind::SeveralLines,
    Kind::SeveralLines,
    Kind::Business,
    Kind::Business,
    Kind::Gift,
    Kind::Discounted,
    Kind::Discounted,
    Kind::FreeShipping,
    Kind::Prime,
    Kind::RepeatBuyer,
    Kind::Unicode,
];

const CARRIERS: &[&str] = &["Colissimo", "DHL", "UPS", "Chronopost", "GLS", "Royal Mail"];

/// Everything that decides what an order looks like.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) seed: u64,
    pub(crate) index: u64,
    pub(crate) seller: usize,
    pub(crate) market: &'static Market,
    pub(crate) channel: Channel,
    pub(crate) kind: Kind,
    pub(crate) status: Status,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) lines: &'a [LineSpec],
    pub(crate) replaces: Option<String>,
}

/// The `index`-th order of a scenario that ends at `now`.
pub(crate) fn generate(seed: u64, index: u64, seller: usize, now: DateTime<Utc>) -> Order {
    let mut rng = Rng::for_item(seed ^ 0x05CE_4A10, index);
    let certain = usize::try_from(index).ok().and_then(|at| CERTAIN.get(at)).copied();
    let (country, channel, kind, status) = certain.unwrap_or_else(|| draw(&mut rng));
    let oldest = match status {
        Shipped | Cancelled => 30 * 24 * 60,
        _ if rng.percent(10) => 9 * 24 * 60,
        _ => 4 * 24 * 60,
    };
    let youngest = if matches!(status, Shipped | Cancelled) { 26 * 60 } else { 20 };
    let age = Duration::minutes(rng.between(youngest, oldest)) + Duration::milliseconds(rng.between(0, 59_999));
    let created = now - age;
    let delay = match status {
        Shipped | PartiallyShipped => rng.between(4 * 60, 48 * 60),
        Cancelled => rng.between(30, 20 * 60),
        _ => rng.between(0, 30),
    };
    let last = now - Duration::minutes(5);
    Order::from_plan(&Plan {
        seed,
        index,
        seller,
        market: market::find(country).unwrap_or(HOME),
        channel,
        kind,
        status,
        created,
        updated: (created + Duration::minutes(delay) + Duration::milliseconds(rng.between(0, 999))).min(last),
        lines: &[],
        replaces: (kind == Kind::Replacement).then(|| order_id(seed, index + 1)),
    })
}

/// Draws an ordinary order: 45 % are shipped by Amazon, 55 % by the merchant.
fn draw(rng: &mut Rng) -> (&'static str, Channel, Kind, Status) {
    let country = COUNTRIES.get(usize::try_from(rng.below(20)).unwrap_or(0)).copied().unwrap_or("FR");
    let kind = rng.pick(KINDS);
    let roll = rng.below(100);
    if rng.percent(45) {
        let status = match roll {
            0..80 => Shipped,
            80..87 => Pending,
            87..93 => Unshipped,
            _ => Cancelled,
        };
        (country, Amazon, kind, status)
    } else {
        let status = match roll {
            0..42 => Unshipped,
            42..86 => Shipped,
            86..91 => PartiallyShipped,
            91..94 => Pending,
            _ => Cancelled,
        };
        (country, Merchant, kind, status)
    }
}

/// The identifier of the `index`-th order made from `seed`: three groups of digits, 3-7-7.
pub(crate) fn order_id(seed: u64, index: u64) -> String {
    let mut rng = Rng::for_item(seed ^ 0x001D, index);
    let first = rng.between(28, 999);
    format!("{first:03}-{}-{}", rng.digits(7), rng.digits(7))
}

impl Order {
    /// Makes the order that `plan` describes.
    pub(crate) fn from_plan(plan: &Plan<'_>) -> Self {
        let mut rng = Rng::for_item(plan.seed ^ 0x000F_ACE5, plan.index);
        let (number, home) = match plan.kind {
            Kind::RepeatBuyer => (0, 0),
            Kind::SecondAddress => (0, 1),
            _ if rng.percent(20) => (rng.below(10), u64::from(rng.percent(15))),
            _ => (10 + rng.below(50_000), 0),
        };
        let (mut buyer, mut address) = people::person(plan.seed, plan.market, number, home);
        if plan.kind == Kind::Unicode {
            let name = people::difficult_name(plan.index);
            name.clone_into(&mut buyer.name);
            name.clone_into(&mut address.name);
            buyer.email = format!("{}@marketplace.{}", rng.token(14).to_lowercase(), plan.market.name.to_lowercase());
        }
        if plan.kind == Kind::Business {
            people::make_business(&mut rng, plan.market, &mut buyer, &mut address);
        }
        if plan.kind == Kind::Abroad {
            people::move_abroad(&mut address);
        }
        if plan.channel == Amazon {
            buyer.email.clear();
            address.phone.clear();
            if rng.percent(70) {
                buyer.name.clear();
                address.name.clear();
                address.lines.clear();
            }
        }
        let whole_days = rng.between(1, 2);
        let ship_by = plan.created + Duration::days(whole_days);
        let mut order = Self {
            id: order_id(plan.seed, plan.index),
            seller: plan.seller,
            created: plan.created,
            updated: plan.updated,
            market: plan.market,
            channel: plan.channel,
            status: Unshipped,
            programs: programs(plan.kind, plan.channel),
            replaces: plan.replaces.clone(),
            alias: rng.percent(10).then(|| format!("SHOP-{}", rng.digits(5))),
            buyer,
            address,
            service: if plan.kind == Kind::Prime {
                "NEXT_DAY"
            } else {
                rng.pick(&["STANDARD", "STANDARD", "EXPEDITED"])
            },
            ship_by,
            deliver_by: ship_by + Duration::days(rng.between(2, 5)),
            tip: if plan.kind == Kind::Tip { market::local_price(plan.market, 300) } else { 0 },
            payment_method: if plan.market.country == "BR" { "Pix" } else { "CreditCard" },
            amounts_hidden: matches!(plan.status, Pending | Cancelled) && rng.percent(50),
            items: items(plan, &mut rng),
            packages: Vec::new(),
        };
        order.settle(plan, &mut rng);
        order
    }

    /// Brings a fresh order to the status of its plan.
    fn settle(&mut self, plan: &Plan<'_>, rng: &mut Rng) {
        match plan.status {
            Shipped => {
                let all = self.rest();
                self.send(&all, plan.updated, rng);
            }
            PartiallyShipped => {
                if let Some(first) = self.items.first_mut()
                    && plan.lines.is_empty()
                {
                    first.quantity = first.quantity.max(2);
                    first.charges.goods = first.unit_price * first.quantity;
                }
                let one: Vec<_> = self.rest().into_iter().take(1).map(|(id, _)| (id, 1)).collect();
                self.send(&one, plan.updated, rng);
            }
            Cancelled => self.cancel("BUYER"),
            other => self.status = other,
        }
        if plan.kind == Kind::CancellationRequested {
            self.request_cancellation();
        }
    }

    /// Ships `quantities` at `when`; a merchant's order gets a parcel.
    pub(crate) fn send(&mut self, quantities: &[(String, i64)], when: DateTime<Utc>, rng: &mut Rng) {
        let contents = self.ship(quantities);
        if self.channel == Merchant && !contents.is_empty() {
            let parcel = Parcel {
                shipped: when,
                carrier: rng.pick(CARRIERS).to_owned(),
                tracking: format!("{}{}", rng.pick(&["6A", "1Z", "JD", "CX"]), rng.digits(11)),
                contents,
                ..Parcel::default()
            };
            // A parcel that was not told by call has a reference of Amazon's own, far from the small ones that sellers choose.
            let reference = rng.digits(9);
            let shown = Some(parcel.clone());
            self.packages.push(Package { reference, status: "SHIPPED", said: parcel, shown, confirmations: 0 });
        }
    }

    /// Cancels what is left of the order, on behalf of `by`: `BUYER`, `MERCHANT` or `AMAZON`.
    pub(crate) fn cancel(&mut self, by: &'static str) {
        let reason = match by {
            "BUYER" => "BUYER_CANCELLED",
            "MERCHANT" => "NO_INVENTORY",
            _ => "PAYMENT_DECLINED",
        };
        self.status = Cancelled;
        for item in &mut self.items {
            item.cancelled = Some((by, reason));
        }
        for package in &mut self.packages {
            package.status = "CANCELLED";
        }
    }

    /// Notes that the buyer would like to cancel.
    pub(crate) fn request_cancellation(&mut self) {
        for item in &mut self.items {
            item.cancel_request = Some("ORDERED_BY_MISTAKE");
        }
    }
}

fn programs(kind: Kind, channel: Channel) -> Vec<&'static str> {
    match (kind, channel) {
        (Kind::Business, _) => vec!["AMAZON_BUSINESS"],
        (Kind::ShipPlus, Merchant) => vec!["FBM_SHIP_PLUS"],
        (Kind::Prime, Amazon) => vec!["PRIME"],
        (Kind::Prime, Merchant) => vec!["PRIME", "PREMIUM"],
        _ => Vec::new(),
    }
}

/// The lines of an order.
fn items(plan: &Plan<'_>, rng: &mut Rng) -> Vec<Item> {
    let shown = rng.percent(50);
    // Sales across a border to a business, or out of the European Union, bear no tax that a shop could show.
    let is_untaxed = plan.kind == Kind::Abroad || (plan.kind == Kind::Business && plan.market != HOME);
    let tax_line = if shown && !is_untaxed { TaxLine::Shown } else { TaxLine::Hidden };
    let paid_shipping = plan.channel == Merchant && rng.percent(60);
    let drawn = if plan.lines.is_empty() { draw_lines(plan.kind, rng) } else { plan.lines.to_vec() };
    let lines = drawn.into_iter().enumerate();
    lines.map(|(at, line)| item(plan, rng, &line, at == 0, paid_shipping, tax_line)).collect()
}

fn draw_lines(kind: Kind, rng: &mut Rng) -> Vec<LineSpec> {
    let count = if kind == Kind::SeveralLines { rng.between(2, 4) } else { 1 };
    let start = rng.below(24);
    (0..count)
        .map(|step| {
            // Five apart, so that the lines of one order never name the same product twice.
            let at = usize::try_from((start + u64::try_from(step).unwrap_or(0) * 5) % 24).unwrap_or(0);
            let sku = CATALOGUE.get(at).map_or(UNKNOWN_SKU.0, |entry| entry.0);
            let quantity = match kind {
                Kind::SeveralLines | Kind::Business => rng.between(1, 4),
                Kind::Replacement => 1,
                _ => rng.pick(&[1, 1, 1, 1, 2]),
            };
            let sku = if kind == Kind::UnknownSku { UNKNOWN_SKU.0 } else { sku };
            LineSpec { sku: sku.to_owned(), quantity: u32::try_from(quantity).unwrap_or(1), unit_price_minor: None }
        })
        .collect()
}

fn item(
    plan: &Plan<'_>,
    rng: &mut Rng,
    line: &LineSpec,
    is_first: bool,
    paid_shipping: bool,
    tax_line: TaxLine,
) -> Item {
    let known = position(&line.sku);
    let (_, asin, title) = known.and_then(|at| CATALOGUE.get(at)).copied().unwrap_or(UNKNOWN_SKU);
    let listed = market::local_price(plan.market, known.map_or(1_990, euro_cents));
    let unit_price = match plan.kind {
        Kind::Replacement => 0,
        Kind::Business => line.unit_price_minor.unwrap_or(listed - listed / 20),
        _ => line.unit_price_minor.unwrap_or(listed),
    };
    let quantity = i64::from(line.quantity);
    let goods = unit_price * quantity;
    let mut charges = Charges { goods, ..Charges::default() };
    let postage = market::local_price(plan.market, if is_first { 399 } else { 150 });
    if (paid_shipping || plan.kind == Kind::SeveralLines) && plan.kind != Kind::Replacement {
        charges.shipping = postage;
    }
    let mut promotions = Vec::new();
    match plan.kind {
        Kind::Gift => charges.gift_wrap = market::local_price(plan.market, 350),
        Kind::Discounted => {
            charges.shipping = postage;
            charges.goods_discount = goods / 10;
            charges.shipping_discount = postage / 2;
            promotions.push(format!("PAWS-V2-{}", rng.digits(8)));
        }
        Kind::FreeShipping => {
            charges.shipping = postage;
            charges.shipping_discount = postage;
            promotions.push(format!("{} Core Free Shipping", plan.market.country));
        }
        _ => {}
    }
    let id_length = if rng.percent(40) { 18 } else { 14 };
    Item {
        id: rng.digits(id_length),
        sku: (plan.kind != Kind::NoSku).then(|| line.sku.clone()),
        asin: asin.to_owned(),
        title: title.to_owned(),
        quantity,
        fulfilled: 0,
        unit_price,
        charges,
        tax_line,
        facilitated: plan.market.facilitated || matches!(plan.kind, Kind::Facilitated | Kind::Imported),
        imported: plan.kind == Kind::Imported,
        business_price: plan.kind == Kind::Business,
        promotions,
        gift_message: (plan.kind == Kind::Gift).then(|| "Joyeux anniversaire !\nBises, Mamie 🎂".to_owned()),
        points: if plan.market.country == "JP" { goods / 100 } else { 0 },
        cancel_request: None,
        cancelled: None,
    }
}
