//! Amazon's marketplaces: the known ones, and one that the company adds in developer mode.

use crate::support::browser::Browser;
use crate::support::imports::{self, OFFERS};
use crate::support::shop::{Shop, fbm};
use comptoir::domain::access::Role;
use comptoir::sandbox::OrderSpec;

const FRANCE: &str = "A13V1IB3VIYZZH";
/// The store that the simulated Amazon names and that is no marketplace of the product.
const NEW: &str = "A0NONAMAZON0FR";

async fn developer(shop: &Shop) -> Browser {
    let mut browser = shop.site.admin().await;
    let page = browser.get("/me").await;
    browser.submit(&page, "/me/developer-mode", &[("on", "yes")]).await;
    browser
}

const SWISS: [(&str, &str); 6] = [
    ("id", NEW),
    ("name", "Amazon.ch"),
    ("country", "CH"),
    ("currency", "EUR"),
    ("region", "eu"),
    ("seller_central_url", "https://sellercentral.amazon.ch"),
];

#[actix_web::test]
async fn the_marketplaces_of_the_product_are_listed_with_the_accounts_that_use_them() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let page = browser.get("/amazon/marketplaces").await;
    assert_eq!(page.texts("tbody tr").len(), 23);
    let france = page.texts("tbody tr").into_iter().find(|row| row.starts_with("Amazon.fr ")).unwrap();
    assert!(france.contains(FRANCE) && france.contains("EUR") && france.contains("Europe"), "{france}");
    assert!(!page.has("a[href='/amazon/marketplaces/new']"), "adding one needs developer mode");
    let page = browser.get(&format!("/amazon/marketplaces/{FRANCE}")).await;
    assert!(page.body.contains("Comes with Comptoir") && !page.has("main form[action^='/amazon/marketplaces']"));
    assert_eq!(browser.get("/amazon/marketplaces/ANOBODYKNOWS00").await.status, 404);
}

#[actix_web::test]
async fn a_marketplace_that_amazon_opened_since_is_added_followed_and_shown_by_its_name() {
    let shop = Shop::open().await;
    let mut browser = developer(&shop).await;
    let path = format!("/amazon/accounts/{}?tab=marketplaces", shop.account);
    let page = browser.get(&path).await;
    let update = format!("/amazon/accounts/{}/available-marketplaces", shop.account);
    let answer = browser.submit(&page, &update, &[]).await;
    let page = browser.follow(answer).await;
    let adding = page.attribute("a[href^='/amazon/marketplaces/new']", "href").unwrap();
    let page = browser.get(&adding).await;
    assert_eq!(page.attribute("#id", "value").as_deref(), Some(NEW), "what Amazon told is filled in");
    let answer = browser.submit(&page, "/amazon/marketplaces", &SWISS).await;
    assert_eq!(answer.status, 303, "{}", answer.body);

    let page = browser.get(&path).await;
    assert!(page.texts("#marketplaces label").contains(&"Amazon.ch".to_owned()));
    let action = format!("/amazon/accounts/{}/marketplaces", shop.account);
    let mut fields = page.fields(&action);
    fields.push(("marketplace".to_owned(), NEW.to_owned()));
    assert_eq!(browser.post(&action, &fields).await.status, 303);

    let order = shop.buy(fbm(1));
    shop.amazon()
        .patch_order(&order, |order| order["salesChannel"]["marketplaceId"] = serde_json::Value::from(NEW))
        .unwrap();
    let run = shop.sync().await;
    assert_eq!(run.counts().created, 1);
    for list in ["/sales/orders", "/inventory/pickings"] {
        let page = browser.get(&format!("{list}?marketplace={NEW}")).await;
        assert!(page.text("tbody").contains("Amazon.ch"), "{list}: {}", page.text("tbody"));
    }
    let page = browser.get(&format!("/amazon/marketplaces/{NEW}")).await;
    assert!(page.body.contains("cannot be changed any more: there are orders of it"));
    let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
    let mut fields: Vec<(&str, &str)> = SWISS[1..].to_vec();
    fields.extend([("csrf", csrf.as_str()), ("version", "1")]);
    let answer = browser.post(&format!("/amazon/marketplaces/{NEW}"), &fields).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".esum").contains("there are orders of it"));
}

#[actix_web::test]
async fn an_added_marketplace_counts_in_files_of_offers_in_taxes_and_for_orders_without_an_amount() {
    let shop = Shop::open().await;
    let mut browser = developer(&shop).await;
    let page = browser.get("/amazon/marketplaces/new").await;
    // A currency of its own, so that an order without an amount can have it from nowhere else.
    let mut polish = SWISS.to_vec();
    polish.retain(|(name, _)| *name != "currency");
    polish.push(("currency", "SEK"));
    assert_eq!(browser.submit(&page, "/amazon/marketplaces", &polish).await.status, 303);
    let tab = format!("/amazon/accounts/{}?tab=marketplaces", shop.account);
    let page = browser.get(&tab).await;
    let action = format!("/amazon/accounts/{}/marketplaces", shop.account);
    let mut fields = page.fields(&action);
    fields.push(("marketplace".to_owned(), NEW.to_owned()));
    assert_eq!(browser.post(&action, &fields).await.status, 303);

    let order = shop.buy(fbm(1));
    shop.amazon()
        .patch_order(&order, |order| {
            order["salesChannel"]["marketplaceId"] = serde_json::Value::from(NEW);
            order["proceeds"] = serde_json::Value::Null;
            for item in order["orderItems"].as_array_mut().unwrap() {
                item["proceeds"] = serde_json::Value::Null;
            }
        })
        .unwrap();
    let run = shop.sync().await;
    assert_eq!((run.counts().created, run.counts().failed), (1, 0));
    let page = browser.get(&format!("/sales/orders?marketplace={NEW}")).await;
    assert!(page.text("tbody").contains("SEK"), "{}", page.text("tbody"));

    let page = browser.get("/sales/products/new").await;
    let product = browser.submit(&page, "/sales/products", &[("reference", "MUG-CH"), ("name", "Mug")]).await;
    assert_eq!(product.status, 303, "{}", product.text(".emsg"));
    let rows = format!("sku,reference,marketplace\nA,MUG-CH,CH\nB,MUG-CH,{NEW}\n");
    let page = imports::upload(&mut browser, OFFERS, rows.as_bytes()).await;
    let page = imports::check(&shop.site, &mut browser, &page, OFFERS).await;
    imports::apply(&shop.site, &mut browser, &page, OFFERS).await;
    let file = browser.get("/amazon/offers.csv").await.body;
    assert!(file.contains("A,MUG-CH,CH,") && file.contains("B,MUG-CH,CH,"), "{file}");

    let page = browser.get("/settings/taxes").await;
    let mut fields = page.fields("/settings/taxes/marketplaces");
    assert!(page.texts("fieldset label").contains(&"Amazon.ch".to_owned()));
    fields.push(("included".to_owned(), NEW.to_owned()));
    assert_eq!(browser.post("/settings/taxes/marketplaces", &fields).await.status, 303);
    let page = browser.get("/settings/taxes").await;
    assert!(page.has(&format!("input[name=included][value={NEW}][checked]")));
}

#[actix_web::test]
async fn a_wrong_marketplace_is_refused_beside_its_field_and_nothing_typed_is_lost() {
    let shop = Shop::open().await;
    let mut browser = developer(&shop).await;
    let page = browser.get("/amazon/marketplaces/new").await;
    let cases = [
        ("id", "a13v1", "API identifier must be 10 to 20 capital letters and digits"),
        ("id", FRANCE, "This marketplace is already known here"),
        ("name", " ", "Name must have between 1 and 60 characters"),
        ("seller_central_url", "http://sellercentral.amazon.ch", "Seller Central must be an https address"),
        ("seller_central_url", "https://evil.example", "Seller Central must be an https address"),
        ("country", "ZZ", "Choose the country"),
        ("currency", "XXX", "Choose the currency"),
        ("region", "mars", "Choose the region"),
    ];
    for (field, typed, said) in cases {
        let mut fields = SWISS.to_vec();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, typed));
        let answer = browser.submit(&page, "/amazon/marketplaces", &fields).await;
        assert_eq!(answer.status, 422, "{field} {typed}");
        assert!(answer.text(".emsg").contains(said), "{field}: {}", answer.text(".emsg"));
        if field != "name" {
            assert_eq!(answer.attribute("#name", "value").as_deref(), Some("Amazon.ch"));
        }
    }
    assert_eq!(browser.get("/amazon/marketplaces").await.texts("tbody tr").len(), 23);
}

#[actix_web::test]
async fn an_added_marketplace_is_changed_and_removed_while_nothing_uses_it() {
    let shop = Shop::open().await;
    let mut browser = developer(&shop).await;
    let page = browser.get("/amazon/marketplaces/new").await;
    assert_eq!(browser.submit(&page, "/amazon/marketplaces", &SWISS).await.status, 303);
    let record = format!("/amazon/marketplaces/{NEW}");
    let page = browser.get(&record).await;
    assert_eq!(browser.submit(&page, &record, &[("name", "Amazon Suisse")]).await.status, 303);
    assert_eq!(
        browser.submit(&page, &record, &[("name", "Amazon Schweiz")]).await.status,
        409,
        "shown before the change"
    );
    let page = browser.get(&record).await;
    assert_eq!(page.text("h1"), "Amazon Suisse");
    assert_eq!(browser.submit(&page, &format!("{record}/removal"), &[]).await.status, 303);
    assert_eq!(browser.get(&record).await.status, 404);
}

#[actix_web::test]
async fn only_developers_who_may_edit_accounts_add_marketplaces() {
    let shop = Shop::open().await;
    shop.site.add_user(Role::SalesManager).await;
    for email in [crate::support::app::ADMIN, "sales_manager@example.com"] {
        let mut browser = shop.site.signed_in(email).await;
        let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
        assert_eq!(browser.get("/amazon/marketplaces/new").await.status, 403, "{email}");
        let mut fields = SWISS.to_vec();
        fields.push(("csrf", &csrf));
        assert_eq!(browser.post("/amazon/marketplaces", &fields).await.status, 403, "{email}");
        let removal = format!("/amazon/marketplaces/{NEW}/removal");
        assert_eq!(browser.post(&removal, &[("csrf", &csrf)]).await.status, 403, "{email}");
    }
}

#[actix_web::test]
async fn a_filter_takes_a_marketplace_by_country_or_by_identifier() {
    let shop = Shop::open().await;
    shop.buy(OrderSpec { marketplace: FRANCE.to_owned(), ..fbm(1) });
    shop.sync().await;
    let mut browser = shop.site.admin().await;
    for value in ["FR", FRANCE] {
        let page = browser.get(&format!("/sales/orders?marketplace={value}")).await;
        assert_eq!(page.texts("tbody tr").len(), 1, "{value}");
    }
    let page = browser.get(&format!("/sales/orders?marketplace={NEW}")).await;
    assert!(!page.has("tbody tr"), "one that nobody knows has no orders");
}
