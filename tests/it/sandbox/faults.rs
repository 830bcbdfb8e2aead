//! Everything that goes wrong on demand.

use super::{ALL_DATA, Amazon, ORDERS, Reply};
use comptoir::sandbox::{DEMO_REFRESH_TOKEN, DEMO_SELLER_ID, FaultKind, FaultSettings, Operation, Status};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn errors_come_on_demand_and_as_often_as_asked() {
    let amazon = Amazon::start(3).await;
    for (kind, status) in [
        (FaultKind::Throttled, 429),
        (FaultKind::ThrottledWithHeaders, 429),
        (FaultKind::InternalFailure, 500),
        (FaultKind::BadGateway, 502),
        (FaultKind::ServiceUnavailable, 503),
    ] {
        amazon.state().set_fault(kind, FaultSettings { after: 1, ..FaultSettings::times(2) });
        let mut seen = Vec::new();
        for _ in 0..4 {
            let reply = amazon.search(&[]).await;
            let has_headers = reply.header("retry-after").is_some();
            assert_eq!(has_headers, reply.status == 429 && kind == FaultKind::ThrottledWithHeaders);
            seen.push(reply.status);
        }
        assert_eq!(seen, [200, status, status, 200], "{kind:?}");
    }
}

#[tokio::test]
async fn a_fault_strikes_its_operation_and_its_seller_only() {
    let mut amazon = Amazon::start(3).await;
    let id = amazon.state().orders()[0].order_id.clone();
    let other = amazon.state().add_seller(1);
    let settings = FaultSettings {
        operation: Some(Operation::SearchOrders),
        seller_id: Some(DEMO_SELLER_ID.to_owned()),
        ..FaultSettings::default()
    };
    amazon.state().set_fault(FaultKind::InternalFailure, settings);
    assert_eq!(amazon.search(&[]).await.status, 500);
    assert_eq!(amazon.get(&format!("{ORDERS}/{id}"), &[]).await.status, 200);
    amazon.token = amazon.sign_in(&other.refresh_token).await;
    assert_eq!(amazon.search(&[]).await.status, 200);
}

#[tokio::test]
async fn a_percentage_strikes_about_that_many_calls() {
    let amazon = Amazon::start(1).await;
    amazon.state().set_fault(FaultKind::InternalFailure, FaultSettings { percent: 30, ..FaultSettings::default() });
    for _ in 0..200 {
        amazon.search(&[]).await;
    }
    let failed = amazon.state().request_log().iter().filter(|(_, _, status)| *status == 500).count();
    assert!((40..80).contains(&failed), "{failed} of 200");
}

#[tokio::test]
async fn connections_break_on_demand() {
    let amazon = Amazon::start(40).await;
    let query = [("lastUpdatedAfter", "2026-01-01T00:00:00Z"), ("includedData", ALL_DATA)];
    amazon.state().set_fault(FaultKind::Refuse, FaultSettings::times(1));
    assert!(amazon.request(ORDERS, &query).send().await.is_err(), "no answer at all");
    amazon.state().set_fault(FaultKind::Cut, FaultSettings::times(1));
    let response = amazon.request(ORDERS, &query).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "the body breaks off");
    amazon.state().set_fault(FaultKind::Hang, FaultSettings::times(1));
    let mut response = amazon.request(ORDERS, &query).send().await.unwrap();
    assert!(response.chunk().await.unwrap().is_some(), "the answer starts");
    let patience = Duration::from_millis(200);
    let rest = async { while response.chunk().await.unwrap().is_some() {} };
    assert!(tokio::time::timeout(patience, rest).await.is_err(), "and never ends");
    assert_eq!(amazon.search(&[]).await.status, 200);
}

#[tokio::test]
async fn bodies_are_spoilt_on_demand() {
    let amazon = Amazon::start(40).await;
    let query = [("lastUpdatedAfter", "2026-01-01T00:00:00Z"), ("includedData", ALL_DATA)];
    let body = async |kind| {
        amazon.state().set_fault(kind, FaultSettings::times(1));
        let response = amazon.request(ORDERS, &query).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.bytes().await.unwrap()
    };
    assert!(body(FaultKind::HtmlBody).await.starts_with(b"<html>"));
    assert!(serde_json::from_slice::<Value>(&body(FaultKind::TruncatedJson).await).is_err());
    assert!(std::str::from_utf8(&body(FaultKind::WrongCharset).await).is_err());
    assert!(body(FaultKind::ByteOrderMark).await.starts_with("\u{feff}{".as_bytes()));
}

#[tokio::test]
async fn tokens_expire_and_authorizations_are_revoked_on_demand() {
    let mut amazon = Amazon::start(3).await;
    amazon.state().set_fault(FaultKind::ExpireTokens, FaultSettings::times(1));
    let expired = amazon.search(&[]).await;
    assert_eq!(expired.body["errors"][0]["details"], "The access token you provided has expired.");
    assert_eq!(amazon.search(&[]).await.status, 403, "it stays expired");
    amazon.token = amazon.sign_in(DEMO_REFRESH_TOKEN).await;
    assert_eq!(amazon.search(&[]).await.status, 200);
    amazon.state().set_fault(FaultKind::RevokedSeller, FaultSettings::default());
    assert_eq!(amazon.search(&[]).await.status, 403);
    let reply = amazon.token(&[("grant_type", "refresh_token"), ("refresh_token", DEMO_REFRESH_TOKEN)]).await;
    assert_eq!((reply.status, reply.body["error"].as_str()), (400, Some("invalid_grant")));
}

#[tokio::test]
async fn pages_lie_on_demand_but_lose_nothing() {
    let amazon = Amazon::start(60).await;
    let query = [("maxResultsPerPage", "25")];
    let ids = |pages: &[Reply]| pages.iter().flat_map(Reply::ids).collect::<Vec<_>>();
    let truth = ids(&amazon.pages(&query).await);

    amazon.state().set_fault(FaultKind::EmptyPage, FaultSettings::default());
    let pages = amazon.pages(&query).await;
    assert_eq!(pages.iter().map(|page| page.ids().len()).collect::<Vec<_>>(), [0, 25, 0, 25, 0, 10]);
    assert_eq!(ids(&pages), truth);
    amazon.state().clear_faults();

    amazon.state().set_fault(FaultKind::DuplicateOrder, FaultSettings::times(1));
    let pages = amazon.pages(&query).await;
    assert_eq!(pages[0].ids().last(), pages[1].ids().first());
    assert_eq!(BTreeSet::from_iter(ids(&pages)), truth.iter().cloned().collect());

    amazon.state().set_fault(FaultKind::ReversePages, FaultSettings::times(1));
    let mut reversed = ids(&amazon.pages(&query).await);
    assert_ne!(reversed, truth);
    reversed.reverse();
    assert_eq!(reversed, truth);

    amazon.state().set_fault(FaultKind::PageTokenExpired, FaultSettings::times(1));
    let first = amazon.search(&query).await;
    let token = ("paginationToken", first.next_token().unwrap());
    assert_eq!(amazon.search(&[query[0], token]).await.status, 400);
    assert_eq!(amazon.search(&[query[0], token]).await.status, 200);
}

#[tokio::test]
async fn words_fields_and_nulls_of_tomorrow_come_on_demand() {
    let amazon = Amazon::start(40).await;
    let first = async |kind| {
        amazon.state().set_fault(kind, FaultSettings::times(1));
        let id = amazon.state().orders()[0].order_id.clone();
        amazon.get(&format!("{ORDERS}/{id}"), &[("includedData", ALL_DATA)]).await.body["order"].clone()
    };
    assert_eq!(first(FaultKind::UnknownValues).await["fulfillment"]["fulfillmentStatus"], "HELD_FOR_INSPECTION");
    assert!(first(FaultKind::NewFields).await.get("fieldOfTomorrow").is_some());
    assert_eq!(first(FaultKind::Nulls).await.get("programs"), Some(&Value::Null));
    assert_eq!(first(FaultKind::FalselyCancelled).await["fulfillment"]["fulfillmentStatus"], "CANCELLED");
    assert_eq!(amazon.state().orders()[0].status, Status::Unshipped, "the truth has not changed");
}

#[tokio::test]
async fn amazons_clock_can_be_wrong() {
    let amazon = Amazon::start(3).await;
    amazon.state().set_fault(FaultKind::ClockSkew, FaultSettings { seconds: -180, ..FaultSettings::default() });
    assert_eq!(amazon.search(&[]).await.body["lastUpdatedBefore"], "2026-03-10T11:55:00.000Z");
    assert_eq!(amazon.search(&[("lastUpdatedBefore", "2026-03-10T11:57:00Z")]).await.status, 400);
    amazon.state().clear_fault(FaultKind::ClockSkew);
    assert_eq!(amazon.search(&[("lastUpdatedBefore", "2026-03-10T11:57:00Z")]).await.status, 200);
}
