//! Amazon misbehaves: nothing is lost, nothing is doubled, and one bad order never stops the others.

use crate::support::shop::{Shop, fbm};
use chrono::TimeDelta;
use comptoir::amazon::{Amazon, Endpoints, Http, RetryPolicy, Timeouts};
use comptoir::app::App;
use comptoir::domain::access::{Rights, Role};
use comptoir::domain::ids::AmazonOrderId;
use comptoir::domain::run::Recovery;
use comptoir::ops::share_quotas::SharedQuotas;
use comptoir::ops::{Actor, recover_orders, stop_run};
use comptoir::sandbox::{FaultKind, FaultSettings, Operation, SandboxClock, SandboxConfig};
use comptoir::worker;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A shop with three pages of orders.
async fn busy() -> Shop {
    Shop::with_orders(400).await
}

async fn undisturbed() -> String {
    let shop = busy().await;
    shop.sync().await;
    shop.dump()
}

fn searching(times: u32) -> FaultSettings {
    FaultSettings { operation: Some(Operation::SearchOrders), ..FaultSettings::times(times) }
}

/// F06: Amazon says "too many calls", with and without its rate header.
#[tokio::test]
async fn when_amazon_asks_to_slow_down_the_run_waits_and_finishes_without_a_storm_of_calls() {
    let expected = undisturbed().await;
    for fault in [FaultKind::Throttled, FaultKind::ThrottledWithHeaders] {
        let shop = busy().await;
        shop.amazon().set_fault(fault, searching(2));
        let mut run = shop.sync().await;
        let mut rounds = 0;
        while run.state.is_active() {
            assert_eq!(run.state.as_str(), "waiting");
            rounds += 1;
            assert!(rounds < 10, "the run never ends");
            run = shop.sync().await;
        }
        assert_eq!(run.state.as_str(), "succeeded");
        assert!(run.calls <= run.pages + 8, "{} calls for {} pages", run.calls, run.pages);
        assert!(shop.dump() == expected, "{fault:?}");
    }
}

/// F07: bursts of server errors.
#[tokio::test]
async fn server_errors_are_retried_and_everything_arrives() {
    let expected = undisturbed().await;
    for fault in [FaultKind::InternalFailure, FaultKind::BadGateway, FaultKind::ServiceUnavailable] {
        let shop = busy().await;
        shop.amazon().set_fault(fault, searching(1));
        let run = shop.sync().await;
        assert_eq!((run.state.as_str(), run.orders_failed), ("succeeded", 0));
        assert!(shop.dump() == expected, "{fault:?}");
    }
}

/// F08: nothing answers.
#[tokio::test]
async fn when_amazon_cannot_be_reached_the_run_fails_with_its_reason_and_the_date_stays() {
    let shop = busy().await;
    let account = shop.account;
    let before = date(&shop);
    let clock = shop.later(5);
    shop.ask(account);
    let site = shop.amazon_is_down().await;
    let performed = comptoir::worker::perform_due(&site.app).await.unwrap();
    assert_eq!(performed, 1);
    let after = site.app.db.read(|conn| comptoir::db::registrations::by_id(conn, account)).unwrap();
    assert_eq!(after.last_order_sync, before);
    let due =
        site.app.db.read(|conn| comptoir::db::jobs::due_at(conn, comptoir::db::jobs::JobKind::SyncOrders, account));
    assert_eq!(due.unwrap(), Some((clock + TimeDelta::seconds(30)).naive_utc()), "the next attempt is near");
}

fn date(shop: &Shop) -> chrono::NaiveDateTime {
    let account = shop.account;
    shop.site.app.db.read(|conn| comptoir::db::registrations::by_id(conn, account)).unwrap().last_order_sync
}

/// The same application with little patience for Amazon: an answer is given up after two seconds instead of thirty.
fn impatient(shop: &Shop) -> App {
    let mut app = shop.site.app.clone();
    let address = |text: &Option<String>| text.as_deref().map(|text| text.parse().unwrap());
    let endpoints = Endpoints::new(address(&app.config.amazon_endpoint), address(&app.config.lwa_endpoint)).unwrap();
    let timeouts = Timeouts { total: Duration::from_secs(2), ..Timeouts::default() };
    let quotas = Arc::new(SharedQuotas::new(app.db.clone(), app.clock.clone()));
    let clock = app.clock.clone();
    let policy = RetryPolicy { attempts: 3, base: Duration::from_millis(1), ..RetryPolicy::default() };
    let http = Http::new(endpoints, timeouts).unwrap();
    app.amazon = Amazon::new(http, quotas, Arc::new(move || clock.now())).with_policy(policy);
    app
}

/// F09: an answer begins and never ends. The call is given up and made again.
#[tokio::test]
async fn an_answer_that_hangs_is_given_up_and_asked_again() {
    let shop = busy().await;
    let app = impatient(&shop);
    shop.amazon().set_fault(FaultKind::Hang, FaultSettings { after: 1, ..searching(1) });
    shop.later(5);
    shop.ask(shop.account);
    worker::perform_due(&app).await.unwrap();
    let run = shop.last_run(shop.account);
    assert_eq!((run.state.as_str(), run.orders_failed), ("succeeded", 0));
    assert!(shop.dump() == undisturbed().await);
}

/// F09: every answer hangs. The worker is free again, the merchant reads why, and nothing is half written.
#[tokio::test]
async fn when_every_answer_hangs_the_run_fails_the_worker_is_free_and_the_next_run_completes_it() {
    let shop = busy().await;
    let (app, before) = (impatient(&shop), date(&shop));
    shop.amazon().set_fault(FaultKind::Hang, FaultSettings { after: 1, ..searching(1000) });
    shop.later(5);
    shop.ask(shop.account);
    worker::perform_due(&app).await.unwrap();
    let run = shop.last_run(shop.account);
    assert_eq!((run.state.as_str(), run.pages), ("failed", 1), "the page before it is kept");
    assert_eq!(date(&shop), before, "the date does not move past what was not read");
    let page = shop.site.admin().await.get(&format!("/amazon/runs/{}", run.id)).await;
    assert!(page.text("main").contains("Amazon did not answer."), "{}", page.text("main"));
    shop.amazon().clear_faults();
    assert_eq!(shop.sync().await.state.as_str(), "succeeded");
    assert!(shop.dump() == undisturbed().await);
}

/// F10: half an answer, a web page instead of one, another alphabet, a byte order mark.
#[tokio::test]
async fn unreadable_answers_are_asked_again_and_never_half_written() {
    let expected = undisturbed().await;
    let faults = [
        FaultKind::TruncatedJson,
        FaultKind::HtmlBody,
        FaultKind::WrongCharset,
        FaultKind::ByteOrderMark,
        FaultKind::Cut,
    ];
    for fault in faults {
        let shop = busy().await;
        shop.amazon().set_fault(fault, FaultSettings { after: 1, ..searching(1) });
        let run = shop.sync().await;
        assert_eq!(run.state.as_str(), "succeeded", "{fault:?}");
        assert!(shop.dump() == expected, "{fault:?}");
    }
}

/// F10: an answer that stays unreadable ends the run; what was written before it stays, and the date does not move.
#[tokio::test]
async fn an_answer_that_stays_unreadable_fails_the_run_and_the_next_one_completes_it() {
    let shop = busy().await;
    let before = date(&shop);
    shop.amazon().set_fault(FaultKind::HtmlBody, FaultSettings { after: 1, ..searching(1000) });
    let run = shop.sync().await;
    assert_eq!((run.state.as_str(), run.pages), ("failed", 1));
    assert_eq!(date(&shop), before);
    shop.amazon().clear_faults();
    assert_eq!(shop.sync().await.state.as_str(), "succeeded");
    assert!(shop.dump() == undisturbed().await);
}

/// F11: values, fields and gaps that nobody foresaw.
#[tokio::test]
async fn new_fields_and_missing_ones_are_tolerated() {
    let expected = undisturbed().await;
    let shop = busy().await;
    shop.amazon().set_fault(FaultKind::NewFields, FaultSettings::default());
    shop.sync().await;
    assert!(shop.dump() == expected);
    let shop = Shop::open().await;
    let id = shop.buy(fbm(1));
    let unknown = |order: &mut Value| order["fulfillment"]["fulfillmentStatus"] = json!("TELEPORTED");
    shop.amazon().patch_order(&id, unknown).unwrap();
    let fine = shop.buy(fbm(1));
    let run = shop.sync().await;
    assert_eq!((run.orders_created, run.orders_failed, run.state.as_str()), (1, 1, "warned"));
    assert_eq!(shop.open_issues(), [format!("unknown_status {id}")]);
    assert_eq!(shop.order(&fine)["state"], "sale");
    shop.amazon().clear_patches(&id).unwrap();
    shop.amazon().touch(&id).unwrap();
    shop.sync().await;
    assert_eq!(shop.order(&id)["state"], "sale");
    assert!(shop.open_issues().is_empty(), "the issue settled itself");
}

/// F12: one order among many cannot be read.
#[tokio::test]
async fn one_bad_order_is_set_aside_with_its_reason_and_the_others_arrive() {
    let broken: [fn(&mut Value); 4] = [
        |order| order["proceeds"]["grandTotal"]["currencyCode"] = json!("XXX"),
        |order| order["orderItems"][0]["quantityOrdered"] = json!(-1),
        |order| order["createdTime"] = json!("yesterday"),
        |order| order["orderItems"][0]["proceeds"]["proceedsTotal"]["amount"] = json!("12,50"),
    ];
    for patch in broken {
        let shop = Shop::open().await;
        let ids: Vec<String> = (0..5).map(|_| shop.buy(fbm(1))).collect();
        shop.amazon().patch_order(&ids[2], patch).unwrap();
        let run = shop.sync().await;
        assert_eq!((run.orders_created, run.orders_failed), (4, 1));
        assert_eq!(shop.open_issues(), [format!("unreadable_order {}", ids[2])]);
        shop.amazon().clear_patches(&ids[2]).unwrap();
        shop.amazon().touch(&ids[2]).unwrap();
        assert_eq!(shop.sync().await.orders_created, 1);
        assert!(shop.open_issues().is_empty());
    }
}

/// F13: the access token expires in the middle of a run.
#[tokio::test]
async fn an_expired_access_token_is_renewed_once_and_nothing_is_doubled() {
    let shop = busy().await;
    shop.amazon().set_fault(FaultKind::ExpireTokens, FaultSettings { after: 1, ..searching(1) });
    let run = shop.sync().await;
    assert_eq!(run.state.as_str(), "succeeded");
    assert_eq!(shop.amazon().call_counts()["token"], 2);
    assert!(shop.dump() == undisturbed().await);
}

/// F14: the merchant withdrew the authorization.
#[tokio::test]
async fn a_lost_authorization_pauses_that_account_and_tells_somebody() {
    let shop = busy().await;
    shop.amazon().set_fault(FaultKind::RevokedSeller, FaultSettings::default());
    assert_eq!(shop.sync().await.state.as_str(), "failed");
    assert_eq!(shop.open_issues(), [format!("authorization_lost {}", shop.account)]);
    let calls = shop.amazon().call_counts();
    shop.sync().await;
    assert_eq!(shop.amazon().call_counts(), calls, "Amazon is left alone until somebody links the account again");
}

/// F16: Amazon's clock is three minutes behind ours.
#[tokio::test]
async fn a_difference_between_the_clocks_loses_no_order() {
    let shop = Shop::open().await;
    shop.amazon().set_fault(FaultKind::ClockSkew, FaultSettings { seconds: -180, ..FaultSettings::default() });
    let mut expected = 0;
    for _ in 0..4 {
        shop.buy(fbm(1));
        expected += 1;
        shop.sync().await;
    }
    shop.sync().await;
    let orders = shop.export(comptoir::ops::export_records::Subject::Orders);
    assert_eq!(orders.as_array().unwrap().len(), expected);
}

/// F19: the page token is no longer good.
#[tokio::test]
async fn an_expired_page_token_starts_the_window_again_without_loss() {
    let shop = busy().await;
    shop.amazon().set_fault(FaultKind::PageTokenExpired, FaultSettings { after: 1, ..searching(1) });
    let run = shop.sync().await;
    assert_eq!(run.state.as_str(), "succeeded");
    assert!(shop.dump() == undisturbed().await);
}

/// A failed run, or one that was stopped, is not lost work: the next one goes on with the page that it did not get.
#[tokio::test]
async fn a_run_that_failed_or_was_stopped_goes_on_where_it_stood() {
    let whole = busy().await;
    let pages = whole.sync().await.pages;
    let shop = busy().await;
    let before = date(&shop);
    shop.amazon().set_fault(FaultKind::InternalFailure, FaultSettings { after: 2, ..searching(1000) });
    let failed = shop.sync().await;
    assert_eq!((failed.state.as_str(), failed.pages), ("failed", 2));
    assert_eq!(date(&shop), before, "the date stays");
    shop.amazon().clear_faults();
    let rest = shop.sync().await;
    assert_eq!((rest.state.as_str(), rest.pages), ("succeeded", pages - 2));
    assert!(shop.dump() == whole.dump());

    let again = shop.sync().await;
    assert_eq!(again.state.as_str(), "succeeded");
    assert!(again.window_from > rest.window_from, "after a run that ended well a window of its own is read");
}

/// A recovery that gets no answer asks again, but not for ever: those behind it have their turn.
#[tokio::test]
async fn a_recovery_without_an_answer_asks_again_and_then_says_so() {
    for is_mended in [true, false] {
        let shop = Shop::open().await;
        let references = [shop.buy(fbm(1)), shop.buy(fbm(1))].map(|id| AmazonOrderId::from(id.as_str())).to_vec();
        let actor = Actor { developer_mode: true, ..shop.actor() };
        recover_orders::run(&shop.site.app, &actor, shop.account, &Recovery { references }).await.unwrap();
        let settings = FaultSettings { operation: Some(Operation::GetOrder), ..FaultSettings::times(1000) };
        shop.amazon().set_fault(FaultKind::InternalFailure, settings);
        worker::perform_due(&shop.site.app).await.unwrap();
        let mut run = shop.last_run(shop.account);
        assert_eq!((run.state.as_str(), run.orders_failed), ("waiting", 0));
        assert!(run.calls > 0);
        if is_mended {
            shop.amazon().clear_faults();
        }
        for _ in 0..10 {
            shop.later(6);
            worker::perform_due(&shop.site.app).await.unwrap();
        }
        run = shop.last_run(shop.account);
        let found = if is_mended { (2, 0) } else { (0, 2) };
        assert_eq!((run.orders_created, run.orders_failed), found, "{:?}", run.state);
        assert!(!run.state.is_active());
    }
}

/// Promise P6: the allowance of a search (20 calls, then one in three minutes) is never overdrawn.
#[tokio::test]
async fn the_quota_of_twenty_calls_is_respected_and_the_run_goes_on_later() {
    let now = "2026-11-24T13:05:00Z".parse().unwrap();
    let config = SandboxConfig { orders: 3000, now: SandboxClock::Fixed(now), ..SandboxConfig::default() };
    let shop = Shop::with(config).await;
    let mut run = shop.sync().await;
    assert_eq!(run.state.as_str(), "waiting");
    let mut rounds = 0;
    while run.state.is_active() {
        rounds += 1;
        assert!(rounds < 40, "the run never ends");
        run = shop.sync().await;
    }
    assert_eq!((run.state.as_str(), run.throttled), ("succeeded", 0));
    let turned_away = shop.amazon().request_log().iter().filter(|(_, _, status)| *status == 429).count();
    assert_eq!(turned_away, 0, "Amazon never had to say no");
}

#[tokio::test]
async fn a_run_that_waits_for_amazon_stops_at_once_and_the_date_stays() {
    let shop = busy().await;
    let before = date(&shop);
    shop.amazon().set_fault(FaultKind::Throttled, searching(1000));
    let waiting = shop.sync().await;
    assert_eq!(waiting.state.as_str(), "waiting");
    let actor = Actor {
        user: shop.site.admin.unwrap(),
        company: shop.company,
        rights: Rights { role: Role::Administrator, may_force_sync: false },
        developer_mode: false,
        ip: "127.0.0.1".to_owned(),
    };
    assert!(stop_run::run(&shop.site.app, &actor, waiting.id).await.unwrap());
    assert_eq!(shop.last_run(shop.account).state.as_str(), "stopped");
    assert_eq!(date(&shop), before);
}
