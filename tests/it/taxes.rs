//! Taxes: what becomes of each kind of order, what the settings change, and what is refused.

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::factory::Sample;
use crate::support::shop::{Shop, fbm};
use comptoir::db::order_taxes::{self, OrderTax};
use comptoir::db::schema::products;
use comptoir::db::{audit, orders, run_progress, taxes};
use comptoir::domain::access::Role;
use comptoir::domain::ids::{AmazonOrderId, OrderId};
use comptoir::domain::marketplace::Region;
use comptoir::domain::tax::decision::{Category, Row};
use comptoir::domain::tax::place::Country;
use comptoir::domain::tax::profile::{Registration, TaxProfile};
use comptoir::sandbox::{Channel, OrderKind, OrderSpec, Status};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Describes the shop's company: French, with its VAT number, and as `change` says.
fn describe(app: &TestApp, change: impl Fn(TaxProfile) -> TaxProfile) {
    let company = app.company.unwrap();
    app.rows(|conn| {
        let number = Registration { country: Country::FR, vat_number: "FR12345678901".to_owned() };
        taxes::set_registration(conn, company, &number)?;
        let (profile, version) = taxes::profile(conn, company)?;
        taxes::set_profile(conn, company, version, &change(profile))
    });
}

fn in_one_stop_shop(profile: TaxProfile) -> TaxProfile {
    TaxProfile { uses_oss: true, ..profile }
}

fn id_of(shop: &Shop, reference: &str) -> OrderId {
    let (company, reference) = (shop.company, AmazonOrderId::from(reference));
    shop.site.app.db.read(|conn| orders::by_amazon_id(conn, company, &reference)).unwrap().unwrap()
}

fn tax_of(shop: &Shop, reference: &str) -> OrderTax {
    let id = id_of(shop, reference);
    shop.site.app.db.read(|conn| order_taxes::of(conn, id)).unwrap().unwrap()
}

fn row_of(shop: &Shop, reference: &str) -> &'static str {
    tax_of(shop, reference).fiscal_row.map_or("-", Row::as_str)
}

fn spec(marketplace: &str, kind: OrderKind) -> OrderSpec {
    OrderSpec { marketplace: marketplace.to_owned(), kind, lines: Vec::new(), ..fbm(1) }
}

#[tokio::test]
async fn each_kind_of_sale_falls_under_its_row() {
    let shop = Shop::open().await;
    describe(&shop.site, in_one_stop_shop);
    let america = shop.register("America", Region::Na, &["US"]).await;
    let cases = [
        ("FP1", spec("US", OrderKind::Plain)),
        ("FP2", spec("FR", OrderKind::Imported)),
        ("FP2", spec("GB", OrderKind::Facilitated)),
        ("FP4", spec("DE", OrderKind::Business)),
        ("FP5", spec("DE", OrderKind::RepeatBuyer)),
        ("FP5", OrderSpec { channel: Channel::Amazon, status: Status::Shipped, ..spec("IT", OrderKind::Plain) }),
        ("FP7", spec("FR", OrderKind::Abroad)),
    ];
    let placed: Vec<(&str, String)> = cases.into_iter().map(|(row, spec)| (row, shop.buy(spec))).collect();
    shop.sync().await;
    shop.sync_now(america).await;
    for (row, reference) in &placed {
        let tax = tax_of(&shop, reference);
        assert_eq!(tax.fiscal_row.map(Row::as_str), Some(*row), "{tax:?}");
    }
    assert_eq!(tax_of(&shop, &placed[3].1).category.map(Category::as_str), Some("K"));
    assert_eq!(tax_of(&shop, &placed[4].1).rates, r#"[["standard",1900]]"#);
}

#[tokio::test]
async fn a_month_of_orders_shows_the_rows_and_reading_it_again_changes_none() {
    let shop = Shop::with_orders(240).await;
    describe(&shop.site, in_one_stop_shop);
    shop.sync().await;
    let before = all(&shop);
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for tax in &before {
        *rows.entry(tax.fiscal_row.map_or("-", Row::as_str)).or_default() += 1;
    }
    for row in ["FP2", "FP3", "FP4", "FP5", "FP7", "FP8"] {
        assert!(rows.contains_key(row), "{row} in {rows:?}");
    }
    assert_eq!(before.len(), count_orders(&shop), "each order has its tax");
    assert!(before.iter().all(|tax| !tax.facts.contains("PO-") && !tax.facts.contains('@')));
    let (account, now) = (shop.account, shop.site.app.clock.now());
    let held = shop.site.app.db.read(|conn| comptoir::db::registrations::by_id(conn, account)).unwrap().last_order_sync;
    let from = (now - chrono::TimeDelta::days(40)).naive_utc();
    shop.site.app.db.write(|conn| run_progress::move_last_order_sync(conn, account, held, from)).unwrap();
    assert!(shop.sync().await.orders_unchanged > 100, "the whole month was read again");
    assert_eq!(all(&shop), before);
}

fn all(shop: &Shop) -> Vec<OrderTax> {
    use comptoir::db::schema::order_taxes as t;
    use diesel::prelude::*;
    let query = t::table.order(t::order_id);
    shop.read(|conn| match conn {
        comptoir::db::Conn::Sqlite(c) => query.select(OrderTax::as_select()).load(c),
        comptoir::db::Conn::Pg(c) => query.select(OrderTax::as_select()).load(c),
    })
}

fn count_orders(shop: &Shop) -> usize {
    shop.export(comptoir::ops::export_records::Subject::Orders).as_array().unwrap().len()
}

#[tokio::test]
async fn an_order_says_which_row_fits_and_shows_the_buyers_numbers_to_those_who_may_see_them() {
    let shop = Shop::open().await;
    describe(&shop.site, in_one_stop_shop);
    let reference = shop.buy(spec("DE", OrderKind::Business));
    shop.amazon()
        .patch_order(&reference, |order| {
            order["tax"]["taxRegistrations"][0]["taxRegistrationNumber"] = "DE123456789".into();
            order["buyer"]["buyerPurchaseOrderNumber"] = "PO-4711".into();
        })
        .unwrap();
    shop.sync().await;
    let path = format!("/sales/orders/{}", id_of(&shop, &reference));
    let mut browser = shop.site.admin().await;
    let section = browser.get(&path).await.text("#tax");
    for part in ["FP4", "Exempt", "K, supply within the Community", "Germany", "DE123456789", "PO-4711"] {
        assert!(section.contains(part), "{part} in {section}");
    }
    shop.site.add_user(Role::WarehouseUser).await;
    let page = shop.site.signed_in("warehouse_user@example.com").await.get(&path).await;
    assert!(page.text("#tax").contains("FP4"));
    assert!(!page.body.contains("DE123456789") && !page.body.contains("PO-4711") && !page.body.contains("decide-tax"));
    let page = french(&mut browser, &path).await;
    assert!(page.contains("livraison intracommunautaire exonérée") && page.contains("Allemagne"), "{page}");
}

async fn french(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await;
    browser.submit(&page, "/language", &[("lang", "fr")]).await;
    browser.get(path).await.text("#tax")
}

#[tokio::test]
async fn what_no_row_covers_waits_for_a_person_until_the_settings_say_more() {
    let shop = Shop::open().await;
    let (reference, at_home) = (shop.buy(spec("IT", OrderKind::Plain)), shop.buy(spec("FR", OrderKind::Plain)));
    let to_paris = |order: &mut serde_json::Value| {
        order["recipient"]["deliveryAddress"]["postalCode"] = "75011".into();
    };
    shop.amazon().patch_order(&at_home, to_paris).unwrap();
    shop.sync().await;
    assert_eq!((row_of(&shop, &reference), row_of(&shop, &at_home)), ("-", "FP3"));
    let mut browser = shop.site.admin().await;
    let page = browser.get("/sales/orders?is=tax_to_decide").await;
    assert_eq!(page.text("p.count"), "1 order");
    assert!(page.text("tbody tr").contains("Tax to decide"));
    let path = format!("/sales/orders/{}", id_of(&shop, &reference));
    let page = browser.get(&path).await;
    assert!(page.text("#tax").contains("not said to stay below the threshold"), "{}", page.text("#tax"));
    // Below the threshold the origin's rate applies; in the One-Stop Shop that of the destination.
    describe(&shop.site, |profile| TaxProfile { is_below_threshold: true, ..profile });
    let answer = browser.submit(&page, &format!("{path}/decide-tax"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(row_of(&shop, &reference), "FP6");
    assert_eq!(tax_of(&shop, &reference).rates, r#"[["standard",2000]]"#);
    assert_eq!(browser.get("/sales/orders?is=tax_to_decide").await.text("p.count"), "0 orders");
    let subject = format!("order {}", id_of(&shop, &reference));
    let trail = shop.site.app.db.read(|conn| audit::about(conn, &subject, 5)).unwrap();
    assert_eq!((trail[0].old_value.as_deref(), trail[0].new_value.as_deref()), (Some("-"), Some("FP6")));
}

#[tokio::test]
async fn all_waiting_orders_are_decided_again_at_once() {
    let shop = Shop::open().await;
    let waiting = [shop.buy(spec("IT", OrderKind::Plain)), shop.buy(spec("DE", OrderKind::Plain))];
    shop.sync().await;
    describe(&shop.site, in_one_stop_shop);
    let mut browser = shop.site.admin().await;
    let page = browser.get("/settings/taxes").await;
    assert!(page.body.contains("2 orders wait for a decision about their tax."));
    let answer = browser.submit(&page, "/settings/taxes/decide-again", &[]).await;
    let page = browser.follow(answer).await;
    assert!(
        page.text(".flash").contains("2 orders were looked at again, 0 still to decide."),
        "{}",
        page.text(".flash")
    );
    for reference in &waiting {
        assert_eq!(row_of(&shop, reference), "FP5");
    }
}

#[tokio::test]
async fn a_tax_that_differs_from_ours_is_flagged_and_a_rounding_is_not() {
    let shop = Shop::open().await;
    describe(&shop.site, in_one_stop_shop);
    // 12.00 with a fifth on top of 10.00: 2.00 is right, 2.01 is a rounding, 1.00 is neither.
    let placed = [("2.01", shop.buy(fbm(1))), ("1.00", shop.buy(fbm(1)))];
    for (told, reference) in &placed {
        let told = *told;
        let patch = move |order: &mut serde_json::Value| {
            let money = |amount: &str| serde_json::json!({ "amount": amount, "currencyCode": "EUR" });
            let breakdowns = serde_json::json!([
                { "type": "ITEM", "subtotal": money("12.00") },
                { "type": "TAX", "subtotal": money(told) },
            ]);
            order["recipient"]["deliveryAddress"]["postalCode"] = "75011".into();
            order["proceeds"]["grandTotal"] = money("12.00");
            order["orderItems"][0]["proceeds"] =
                serde_json::json!({ "proceedsTotal": money("12.00"), "breakdowns": breakdowns });
        };
        shop.amazon().patch_order(reference, patch).unwrap();
    }
    let [(_, right), (_, wrong)] = placed;
    shop.sync().await;
    assert_eq!(tax_of(&shop, &right).agreement.as_str(), "agrees", "{:?}", tax_of(&shop, &right));
    assert_eq!(tax_of(&shop, &wrong).agreement.as_str(), "differs", "{:?}", tax_of(&shop, &wrong));
    let mut browser = shop.site.admin().await;
    let page = browser.get("/sales/orders?is=tax_mismatch").await;
    assert_eq!(page.text("p.count"), "1 order");
    let page = browser.get(&format!("/sales/orders/{}", id_of(&shop, &wrong))).await;
    assert!(page.text("#tax").contains("Amazon told a tax of €1.00, our rates give €2.00"), "{}", page.text("#tax"));
}

#[actix_web::test]
async fn the_settings_of_taxes_are_kept_and_leave_a_trace() {
    let app = TestApp::with_company().await;
    let company = app.company.unwrap();
    let mut browser = app.admin().await;
    let page = browser.get("/settings/taxes").await;
    assert_eq!(page.attribute("#country option[selected]", "value").as_deref(), Some("FR"), "the company's country");
    let answer = browser.submit(&page, "/settings/taxes/profile", &[("uses_oss", "yes"), ("country", "DE")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let (profile, version) = app.rows(|conn| taxes::profile(conn, company));
    assert!(profile.uses_oss && profile.is_established_in_eu && profile.trusts_amazon && version == 1);
    let stale = browser.submit(&page, "/settings/taxes/profile", &[("country", "IT")]).await;
    assert_eq!(stale.status, 409, "the page was made before the last change");
    assert_eq!(stale.texts("#problem tbody td"), ["Germany", "Italy", "yes", "no"], "the seat, and the One-Stop Shop");
    assert_eq!(stale.attribute("#country option[selected]", "value").as_deref(), Some("IT"), "what was chosen stays");
    let settled = browser.submit(&stale, "/settings/taxes/profile", &[]).await;
    assert_eq!(settled.status, 303, "{}", settled.body);
    assert!(!app.rows(|conn| taxes::profile(conn, company)).0.uses_oss, "one's own answers are saved over the others");
    let answer = browser.submit(&page, "/settings/taxes/registrations", &[("vat_number", "de 123 456 789")]).await;
    assert_eq!(answer.status, 303);
    let page = browser.get("/settings/taxes").await;
    assert!(page.body.contains("DE123456789"));
    let removed = browser.submit(&page, "/settings/taxes/registrations/remove", &[]).await;
    assert_eq!(removed.status, 303);
    let again = browser.submit(&page, "/settings/taxes/registrations/remove", &[]).await;
    assert_eq!(again.status, 404);
    let trail = app.rows(|conn| audit::about(conn, &format!("taxes of company {company}"), 9));
    let actions: Vec<&str> = trail.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(
        actions,
        ["tax_registration_removed", "tax_registration_set", "tax_profile_changed", "tax_profile_changed"]
    );
}

#[actix_web::test]
async fn a_new_rate_ends_the_one_before_it_on_the_day_before() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get("/settings/taxes").await;
    let typed = [("rate_country", "FR"), ("rate_class", "standard"), ("rate", "21,5"), ("rate_from", "2027-01-01")];
    assert_eq!(browser.submit(&page, "/settings/taxes/rates", &typed).await.status, 303);
    let rates = app.rows(taxes::rates);
    let of_france: Vec<(i64, String, Option<String>)> = rates
        .into_iter()
        .filter(|rate| rate.country == Country::FR && rate.class.as_str() == "standard")
        .map(|rate| (rate.rate_bp, rate.valid_from.to_string(), rate.valid_to.map(|day| day.to_string())))
        .collect();
    let expected =
        [(2_150, "2027-01-01".to_owned(), None), (2_000, "2021-07-01".to_owned(), Some("2026-12-31".to_owned()))];
    assert_eq!(of_france, expected);
}

#[actix_web::test]
async fn the_rates_of_a_country_are_folded_behind_those_in_force() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get("/settings/taxes").await;
    let shown = page.texts("details.rates summary");
    assert_eq!(shown.iter().filter(|text| text.starts_with("France ")).count(), 1, "each country once");
    assert!(shown.contains(&"France 20% · 10% · 5.5% · 2.1%".to_owned()), "{shown:?}");
    assert!(!page.has("details.rates[open]"), "a phone shows a country a line");
    let typed = [("rate_country", "FR"), ("rate_class", "standard"), ("rate", "21,5"), ("rate_from", "2027-01-01")];
    browser.submit(&page, "/settings/taxes/rates", &typed).await;
    let page = browser.get("/settings/taxes").await;
    let shown = page.texts("details.rates summary");
    assert!(shown.contains(&"France 20% · 10% · 5.5% · 2.1%".to_owned()), "what is to come is not in force: {shown:?}");
    assert!(page.texts("details.rates td").contains(&"21.5%".to_owned()), "but it is told inside");
}

#[actix_web::test]
async fn wrong_tax_settings_are_refused_beside_their_fields_and_nothing_typed_is_lost() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get("/settings/taxes").await;
    let answer = browser.submit(&page, "/settings/taxes/registrations", &[("vat_number", "FR12")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text("title").starts_with("Error: "));
    assert_eq!(answer.attribute("#vat_number", "value").as_deref(), Some("FR12"));
    assert!(answer.text("#vat_number-error").contains("“FR12” is not"));
    let typed = [("rate_country", "XX"), ("rate_class", "luxury"), ("rate", "120"), ("rate_from", "soon")];
    let answer = browser.submit(&page, "/settings/taxes/rates", &typed).await;
    assert_eq!((answer.status, answer.texts(".emsg").len()), (422, 4));
    assert_eq!(answer.attribute("#rate", "value").as_deref(), Some("120"));
    let answer = browser.submit(&page, "/settings/taxes/profile", &[("country", "ZZ"), ("uses_oss", "yes")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.has("input[name=uses_oss][checked]"), "what was ticked stays ticked");
    let (profile, version) = app.rows(|conn| taxes::profile(conn, app.company.unwrap()));
    assert!(!profile.uses_oss && version == 0);
}

#[actix_web::test]
async fn only_administrators_and_accountants_change_taxes() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let order = app.order(shop, &Sample::new(&app, 1));
    for (role, may_read, may_edit) in [
        (Role::Accountant, true, true),
        (Role::Auditor, true, false),
        (Role::SalesManager, true, false),
        (Role::SalesUser, false, false),
        (Role::WarehouseUser, false, false),
    ] {
        app.add_user(role).await;
        let mut browser = app.signed_in(&format!("{}@example.com", role.as_str())).await;
        let page = browser.get("/settings/taxes").await;
        assert_eq!(page.status, if may_read { 200 } else { 403 }, "{role:?}");
        assert_eq!(may_read && page.has("form[action='/settings/taxes/rates']"), may_edit, "{role:?}");
        let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
        let fields = [("csrf", csrf.as_str()), ("vat_number", "FR12345678901")];
        let answer = browser.post("/settings/taxes/registrations", &fields).await;
        assert_eq!(answer.status, if may_edit { 303 } else { 403 }, "{role:?}");
        let fields = [("csrf", csrf.as_str())];
        let answer = browser.post(&format!("/sales/orders/{order}/decide-tax"), &fields).await;
        // The order of this test was never judged: there is nothing to decide again.
        assert_eq!(answer.status, if may_edit { 404 } else { 403 }, "{role:?}");
    }
}

#[tokio::test]
async fn an_order_is_taxed_in_the_class_of_its_products() {
    let shop = Shop::open().await;
    let sku = comptoir::sandbox::CATALOGUE[2].0;
    shop.site
        .app
        .db
        .write(|conn| {
            let changed = diesel::update(products::table.filter(products::reference.eq(sku)))
                .set(products::tax_class.eq("second_reduced"));
            match conn {
                comptoir::db::Conn::Sqlite(c) => changed.execute(c),
                comptoir::db::Conn::Pg(c) => changed.execute(c),
            }
            .map_err(comptoir::db::DbError::from)
        })
        .unwrap();
    let id = shop.buy(fbm(1));
    shop.sync().await;
    let facts = tax_of(&shop, &id).facts;
    assert!(facts.contains("second_reduced"), "{facts}");
}
