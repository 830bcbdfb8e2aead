//! The application and a self-authorized refresh token: tried at Amazon before anything is replaced.

use super::{FRANCE, SPAIN, followed, link, open, row, stranger};
use crate::support::shop::Shop;
use chrono::TimeDelta;
use comptoir::sandbox::{DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN};

#[actix_web::test]
async fn a_self_authorized_application_is_linked_with_its_refresh_token() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let (seller, token) = stranger(&shop);
    let account = open(&mut browser, &shop, "Second shop", FRANCE).await;
    let path = format!("/amazon/accounts/{account}");
    let action = format!("{path}/authorization");
    let page = browser.get(&path).await;
    let cases = [
        (seller.as_str(), "", "Enter the refresh token"),
        ("not a seller", token.as_str(), "Seller ID must be capital letters and digits"),
        (seller.as_str(), "Atzr|nobody", "Amazon does not accept this authorization"),
    ];
    for (typed, token, said) in cases {
        let answer = browser.submit(&page, &action, &[("seller", typed), ("refresh_token", token)]).await;
        assert_eq!(answer.status, 422, "{said}");
        assert!(answer.text(".emsg").contains(said), "{}", answer.text(".emsg"));
        assert_eq!(answer.attribute("#seller", "value").as_deref(), Some(typed));
    }
    assert_eq!(row(&shop, account).seller_id.as_str(), "");
    let answer = browser.submit(&page, &action, &[("seller", &seller), ("refresh_token", &token)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(browser.follow(answer).await.text(".flash").starts_with("Linked with Amazon."));
    assert_eq!(row(&shop, account).seller_id.as_str(), seller);
    assert_eq!(link(&shop, account).authorization().ends_at(), None, "such a token has no day on which it ends");
    assert!(followed(&shop, account).contains(&FRANCE.to_owned()), "another seller's France is another France");
}

#[actix_web::test]
async fn the_application_is_tried_at_amazon_before_it_replaces_the_old_one() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}", shop.account);
    let action = format!("{path}/application");
    let page = browser.get(&path).await;
    for secret in [DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN] {
        assert!(!page.body.contains(secret));
    }
    let answer = browser.submit(&page, &action, &[]).await;
    assert_eq!((answer.status, answer.text(".emsg").as_str()), (422, "Enter at least one new value"));
    let answer = browser.submit(&page, &action, &[("client_secret", "amzn1.oa2-cs.v1.wrong")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".emsg").contains("its client ID or client secret is wrong"), "{}", answer.text(".emsg"));
    assert!(!answer.body.contains("oa2-cs.v1.wrong"));
    shop.site.wait(TimeDelta::minutes(10));
    let answer = browser.submit(&page, &action, &[("client_secret", DEMO_CLIENT_SECRET)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let entered = link(&shop, shop.account).secret_entered_at.unwrap();
    assert_eq!(entered, shop.site.app.clock.now().naive_utc());
    let stale = browser.submit(&page, &action, &[("client_id", "amzn1.application-oa2-client.other")]).await;
    assert_eq!(stale.status, 409, "the page was made before the last change");
}

#[actix_web::test]
async fn overtaken_secrets_are_neither_lost_nor_shown() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}", shop.account);
    let action = format!("{path}/application");
    let page = browser.get(&path).await;
    shop.site.wait(TimeDelta::minutes(10));
    assert_eq!(browser.submit(&page, &action, &[("application_id", "amzn1.sp.solution.theirs")]).await.status, 303);
    let answer = browser.submit(&page, &action, &[("client_secret", "amzn1.oa2-cs.v1.of-mine-stuv")]).await;
    assert_eq!(answer.status, 409);
    let ending = &DEMO_CLIENT_SECRET[DEMO_CLIENT_SECRET.len() - 4..];
    assert_eq!(answer.texts("#problem tbody tr"), [format!("Client secretSet, ends …{ending}Set, ends …stuv")]);
    assert!(!answer.body.contains("of-mine"), "a secret is never shown");
    let kept = answer.attribute("#problem input[name=kept]", "value").unwrap();
    let spain = open(&mut browser, &shop, "Spain", SPAIN).await;
    let stolen = format!("/amazon/accounts/{spain}/application");
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", csrf.as_str()), ("version", "1"), ("kept", kept.as_str())];
    assert_eq!(browser.post(&stolen, &fields).await.status, 400, "it opens for its account only");
    let again = browser.submit(&answer, &action, &[]).await;
    assert_eq!(again.status, 422, "what was typed is carried on, and Amazon refuses it");
}
