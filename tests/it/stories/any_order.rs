//! Whatever people and Amazon do, in whatever order: the shelves say what the moves say, and no unit is lost or told twice.

use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::db::picking_changes::Seen;
use comptoir::db::picking_lines::{self, NamedLine};
use comptoir::db::pickings::{self, PickingRow};
use comptoir::db::settings;
use comptoir::domain::ids::{MoveId, PickingId};
use comptoir::domain::picking::returning::ReturnTo;
use comptoir::domain::picking::{PickingKind, PickingState};
use comptoir::error::AppError;
use comptoir::ops::return_goods::{self, Wish as Back};
use comptoir::ops::ship_parcels::Rest;
use comptoir::ops::validate_picking::{self, Quantities, Wish};
use comptoir::ops::{
    announce_grace, decide_order, edit_picking, pack_parcel, reserve_stock, undo_validation, validate_pickings,
};
use comptoir::sandbox::{CATALOGUE, LineSpec, OrderSpec};
use std::collections::BTreeMap;

/// A kit of two of the product that the shop sells and one of another.
const KIT: &str = CATALOGUE[3].0;

/// What the kit holds besides.
const PART: &str = CATALOGUE[4].0;

/// How many things happen in one story.
const STEPS: u32 = 60;

/// Chance that can be repeated (a linear congruential generator; Knuth, MMIX).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let most = u64::try_from(all.len()).unwrap();
        if most == 0 { None } else { all.get(usize::try_from(self.below(most)).unwrap()) }
    }
}

/// A refusal is an answer: what matters is what the books say afterwards.
fn refused<T>(done: Result<T, AppError>) {
    match done {
        Ok(_) | Err(AppError::Conflict | AppError::NotFound | AppError::Rule(_)) => {}
        Err(error) => panic!("{error:?}"),
    }
}

struct Story {
    shop: Shop,
    orders: Vec<String>,
    chance: Chance,
    told: u32,
}

impl Story {
    fn transfers(&self) -> Vec<PickingRow> {
        let ids: Vec<PickingId> =
            self.orders.iter().flat_map(|order| self.shop.transfers(order)).map(|(id, _)| id).collect();
        let company = self.shop.company;
        self.shop.site.app.db.read(|conn| pickings::some(conn, company, &ids)).unwrap()
    }

    fn some(&mut self, is_wanted: impl Fn(&PickingRow) -> bool) -> Option<PickingRow> {
        let all: Vec<PickingRow> = self.transfers().into_iter().filter(|row| is_wanted(row)).collect();
        self.chance.of(&all).cloned()
    }

    fn open_lines(&self, picking: PickingId) -> Vec<NamedLine> {
        self.shop.site.app.db.read(|conn| picking_lines::open(conn, &[picking])).unwrap()
    }

    fn buy(&mut self) {
        let line = |sku: &str, quantity: u64| LineSpec {
            sku: sku.to_owned(),
            quantity: u32::try_from(quantity).unwrap(),
            unit_price_minor: Some(1990),
        };
        let mut lines = vec![line(SOLD, 1 + self.chance.below(4))];
        if self.chance.below(2) == 0 {
            lines.push(line(KIT, 1 + self.chance.below(3)));
        }
        self.orders.push(self.shop.buy(OrderSpec { lines, ..fbm(1) }));
    }

    /// A person ships some or all units of a transfer.
    async fn ship(&mut self) {
        let Some(row) = self.some(|row| row.kind == PickingKind::Delivery && row.state.is_open()) else { return };
        self.told += 1;
        let quantities = if self.chance.below(2) == 0 {
            Quantities::Whole
        } else {
            let lines = self.open_lines(row.id);
            let most = |line: &NamedLine| u64::try_from(line.row.quantity).unwrap() + 1;
            Quantities::Typed(
                lines.iter().map(|line| (line.row.id, self.chance.below(most(line)).to_string())).collect(),
            )
        };
        let wish = Wish {
            seen: Seen { picking: row.id, version: row.version },
            carrier: "Colissimo".to_owned(),
            tracking: format!("6A{:011}", self.told),
            quantities,
            rest: Some(if self.chance.below(3) == 0 { Rest::Cancelled } else { Rest::Backorder }),
            is_agreed: true,
        };
        let done = validate_picking::run(&self.shop.site.app, &self.shop.actor(), wish.clone()).await;
        refused(done);
        // The same form once more never ships a second time.
        refused(validate_picking::run(&self.shop.site.app, &self.shop.actor(), wish).await);
    }

    async fn take_back(&mut self) {
        let Some(row) = self.some(return_goods::is_open_to) else { return };
        let candidates = self.shop.site.app.db.read(|conn| return_goods::candidates(conn, &row)).unwrap();
        let typed: Vec<(MoveId, String)> = candidates
            .iter()
            .map(|one| (one.line.row.id, self.chance.below(u64::try_from(one.most).unwrap() + 1).to_string()))
            .collect();
        let to = *self.chance.of(ReturnTo::ALL).unwrap();
        let back = Back { seen: Seen { picking: row.id, version: row.version }, typed, to };
        refused(return_goods::run(&self.shop.site.app, &self.shop.actor(), back).await);
    }

    async fn amazon_does_something(&mut self) {
        let Some(order) = self.chance.of(&self.orders).cloned() else { return };
        match self.chance.below(5) {
            0 => drop(self.shop.amazon().cancel(&order)),
            1 => drop(self.shop.amazon().request_cancellation(&order)),
            2 => drop(self.shop.amazon().ship(&order, None)),
            _ => {}
        }
        self.shop.sync().await;
    }

    async fn step(&mut self) {
        let (app, actor) = (self.shop.site.app.clone(), self.shop.actor());
        let what = self.chance.below(14);
        match what {
            0 | 1 => {
                self.buy();
                self.shop.sync().await;
            }
            2..=5 => self.ship().await,
            6 => {
                if let Some(row) = self.some(|row| row.state == PickingState::Done) {
                    refused(undo_validation::run(&app, &actor, row.id).await);
                }
            }
            7 => self.take_back().await,
            8 => {
                if let Some(row) = self.some(|row| row.state.is_open()) {
                    let seen = Seen { picking: row.id, version: row.version };
                    refused(edit_picking::cancel(&app, &actor, seen).await);
                }
            }
            9 => {
                let (sku, units) = (*self.chance.of(&[SOLD, PART]).unwrap(), self.chance.below(30));
                self.shop.stock(sku, i64::try_from(units).unwrap());
            }
            10 => {
                let open: Vec<PickingId> =
                    self.transfers().into_iter().filter(|row| row.state.is_open()).map(|row| row.id).collect();
                if self.chance.below(2) == 0 {
                    refused(reserve_stock::unreserve(&app, &actor, open).await);
                } else {
                    refused(validate_pickings::run(&app, &actor, open).await);
                }
            }
            11 => {
                let Some(row) = self.some(|row| row.state.is_open()) else { return };
                let lines = self.open_lines(row.id);
                let Some(line) = self.chance.of(&lines) else { return };
                refused(pack_parcel::run(&app, &actor, row.id, pack_parcel::Step::Count(line.row.id, 1)).await);
            }
            12 => {
                self.shop.later(10);
                self.shop.work().await;
            }
            _ => self.amazon_does_something().await,
        }
        assert_eq!(self.shop.disagreements(), Vec::<String>::new(), "after step {what}");
    }

    /// Questions that are open are answered, everything is told, and Amazon's books agree with ours.
    async fn end(mut self) {
        let (app, actor) = (self.shop.site.app.clone(), self.shop.actor());
        for _ in 0..3 {
            self.shop.later(40);
            self.shop.work().await;
            self.shop.sync().await;
        }
        let waiting: Vec<PickingRow> = self.transfers();
        for row in waiting {
            refused(decide_order::dismiss(&app, &actor, row.order_id, "nothing to do").await);
        }
        assert_eq!(self.shop.disagreements(), Vec::<String>::new());
        for order in std::mem::take(&mut self.orders) {
            let packages = self.shop.amazon().packages(&order);
            let ours = self.shop.outbox(&order);
            let mut sums: BTreeMap<&str, usize> = BTreeMap::new();
            for package in packages.iter().filter(|package| package.confirmations > 0) {
                *sums.entry(package.reference.as_str()).or_default() += 1;
                let (number, tracking) = (package.reference.parse::<i64>().unwrap(), package.tracking.as_str());
                let same = ours.iter().find(|one| one.0 == number);
                let units: i64 = package.items.iter().map(|item| item.quantity).sum();
                assert_eq!(same.map(|one| (one.3.as_str(), one.4)), Some((tracking, units)), "{order} {package:?}");
            }
            assert!(sums.values().all(|count| *count == 1), "{order}: {packages:?}");
        }
    }
}

async fn story(seed: u64) {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    shop.make_kit(&mut browser, KIT, &[(SOLD, "2"), (PART, "1")]).await;
    shop.site.rows(|conn| settings::put(conn, announce_grace::SETTING, "1200"));
    shop.stock(SOLD, 20);
    shop.stock(PART, 10);
    let mut story = Story { shop, orders: Vec::new(), chance: Chance(seed), told: 0 };
    for _ in 0..STEPS {
        story.step().await;
    }
    story.end().await;
}

#[tokio::test]
async fn shelves_follow_moves_whatever_happens_first() {
    for seed in 0..3 {
        story(seed).await;
    }
}
