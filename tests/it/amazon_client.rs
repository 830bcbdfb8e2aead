//! The client of Amazon's API against a server that throttles, fails, lies, hangs and redirects.
//!
//! The server shares no code with the client.

mod log;
mod server;

use chrono::{DateTime, Utc};
use comptoir::amazon::{
    Amazon, AmazonError, AuthorizationCode, CallMeter, Credentials, Http, Malformed, MemoryQuotas, Operation,
    OrderPage, RateLimit, RetryClass, RetryPolicy, SearchOrders, Since, TimeSource, Timeouts,
};
use comptoir::domain::ids::AccountId;
use comptoir::domain::marketplace::{Directory, Region};
use log::Log;
use secrecy::{ExposeSecret, SecretString};
use server::{Reply, Server, reply, token};
use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

type Outcome = Result<(), Box<dyn Error>>;

const EMPTY_PAGE: &str = r#"{"orders":[],"lastUpdatedBefore":"2026-11-24T08:00:00Z"}"#;
const EXPIRED: &str = r#"{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":"The access token you provided has expired."}]}"#;
const THROTTLED: &str = r#"{"errors":[{"code":"QuotaExceeded","message":"You exceeded your quota for the requested resource.","details":""}]}"#;

fn clock() -> TimeSource {
    Arc::new(|| DateTime::<Utc>::from(SystemTime::now()))
}

/// An allowance that never matters.
fn plenty(_operation: Operation) -> RateLimit {
    RateLimit { micro_per_sec: 1_000_000_000, burst: 1_000 }
}

fn credentials(account: i64) -> Credentials {
    Credentials {
        account: AccountId(account),
        region: Region::Eu,
        client_id: "client".to_owned(),
        client_secret: SecretString::from("canary-secret"),
        refresh_token: SecretString::from("Atzr|canary-refresh"),
    }
}

fn search(token: Option<&str>) -> SearchOrders {
    SearchOrders {
        marketplaces: vec!["A13V1IB3VIYZZH".into()],
        since: Since::LastUpdated(DateTime::UNIX_EPOCH),
        until: None,
        statuses: Vec::new(),
        token: token.map(str::to_owned),
        page_size: 100,
        without: Vec::new(),
        directory: Directory::default(),
    }
}

/// Searches once at a server that gives these answers, with one good token first.
async fn searched(api: Vec<Reply>) -> Result<(Result<OrderPage, AmazonError>, CallMeter, Server), Box<dyn Error>> {
    let server = Server::start(api, vec![token("Atza|1"), token("Atza|2")])?;
    let (amazon, _) = server.amazon(plenty)?;
    let mut meter = CallMeter::default();
    let page = amazon.search_orders(&credentials(1), &search(None), None, &mut meter).await;
    Ok((page, meter, server))
}

#[tokio::test]
async fn a_call_carries_the_token_and_the_name_of_the_program_and_no_body() -> Outcome {
    let (page, meter, server) = searched(vec![reply(200, EMPTY_PAGE)]).await?;
    assert_eq!(page?.raw_bytes, EMPTY_PAGE.len());
    assert_eq!(meter, CallMeter { calls: 2, throttled: 0 });
    let got = server.requests("GET /orders/2026-01-01/orders?lastUpdatedAfter=1970-01-01T00%3A00%3A00Z&");
    let headers = got.first().ok_or("no request")?.text.to_ascii_lowercase();
    assert!(headers.contains("x-amz-access-token: atza|1\r\n"));
    assert!(headers.contains(concat!(
        "user-agent: comptoir/",
        env!("CARGO_PKG_VERSION"),
        " (language=rust/1.95; platform=linux)"
    )));
    assert!(headers.contains("accept-encoding: gzip"));
    assert!(!headers.contains("content-length"));
    let grant = server.requests("POST /auth/o2/token");
    let grant = &grant.first().ok_or("no grant")?.text;
    assert!(grant.contains("grant_type=refresh_token&refresh_token=Atzr%7Ccanary-refresh&client_id=client&"));
    Ok(())
}

#[tokio::test]
async fn a_throttled_call_waits_for_the_allowance_and_never_storms() -> Outcome {
    // 50 calls per second: one call every 20 ms once the allowance is used up.
    let limits = |_| RateLimit { micro_per_sec: 50_000_000, burst: 20 };
    let with_header = Reply::Full(429, "Retry-After: 0\r\n", THROTTLED.into());
    let server = Server::start(
        vec![reply(429, THROTTLED), with_header, reply(429, THROTTLED), reply(200, EMPTY_PAGE)],
        vec![token("Atza|1")],
    )?;
    let (amazon, quotas) = server.amazon(limits)?;
    let mut meter = CallMeter::default();
    amazon.search_orders(&credentials(1), &search(None), None, &mut meter).await?;
    assert_eq!(meter, CallMeter { calls: 5, throttled: 3 });
    let times: Vec<Instant> = server.requests("GET").iter().map(|got| got.at).collect();
    for pair in times.windows(2) {
        let gap = pair.iter().next_back().zip(pair.first()).map(|(later, earlier)| later.duration_since(*earlier));
        assert!(gap >= Some(Duration::from_millis(19)), "{gap:?}");
    }
    assert!(quotas.bucket(AccountId(1), Operation::SearchOrders).tokens_micro < 1_000_000);
    Ok(())
}

#[tokio::test]
async fn a_long_wait_is_handed_back_after_one_call() -> Outcome {
    let server = Server::start(vec![reply(429, THROTTLED)], vec![token("Atza|1")])?;
    let (amazon, _) = server.amazon(Operation::default_rate)?;
    let mut meter = CallMeter::default();
    for _ in 0..3 {
        let error =
            amazon.search_orders(&credentials(1), &search(None), None, &mut meter).await.err().ok_or("no error")?;
        assert!(matches!(error, AmazonError::Wait(wait) if wait > Duration::from_secs(170)), "{error}");
    }
    assert_eq!((server.reads(), meter.throttled), (1, 1));

    let asks = Reply::Full(503, "Retry-After: 40\r\n", Vec::new());
    let (page, _, server) = searched(vec![asks]).await?;
    assert!(matches!(page, Err(AmazonError::Wait(wait)) if wait == Duration::from_secs(40)));
    assert_eq!(server.reads(), 1);
    Ok(())
}

#[tokio::test]
async fn the_rate_that_amazon_tells_is_learned() -> Outcome {
    let told = Reply::Full(200, "x-amzn-RateLimit-Limit: 0.0167\r\n", EMPTY_PAGE.into());
    let server = Server::start(vec![told], vec![token("Atza|1")])?;
    let (amazon, quotas) = server.amazon(Operation::default_rate)?;
    amazon.search_orders(&credentials(1), &search(None), None, &mut CallMeter::default()).await?;
    let bucket = quotas.bucket(AccountId(1), Operation::SearchOrders);
    assert_eq!((bucket.rate_micro_per_sec, bucket.burst), (16_700, 20));
    Ok(())
}

#[tokio::test]
async fn a_failing_amazon_is_asked_again_but_not_for_ever() -> Outcome {
    let (page, meter, _) = searched(vec![reply(500, "{}"), reply(503, "<html>"), reply(200, EMPTY_PAGE)]).await?;
    assert!(page.is_ok());
    assert_eq!(meter.calls, 4);

    let (page, _, server) = searched((0..9).map(|_| reply(502, "")).collect()).await?;
    let error = page.err().ok_or("no error")?;
    assert_eq!((error.class(), error.status(), server.reads()), (RetryClass::Retryable, Some(502), 5));
    assert_eq!(error.to_string(), "searchOrders: Amazon answered 502 (request req-1)");
    Ok(())
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_asked_for_three_more_times() -> Outcome {
    type Make = fn() -> Reply;
    let table: [(Make, Malformed); 5] = [
        (|| reply(200, "<html>Nadia Petit</html>"), Malformed::NotJson),
        (|| reply(200, r#"{"orders":[{"orderId":"#), Malformed::CutShort),
        (|| Reply::CutShort(r#"{"orders":["#), Malformed::CutShort),
        (|| Reply::Full(200, "", b"{\"orders\":[\"caf\xe9\"]}".to_vec()), Malformed::NotUtf8),
        (|| reply(200, r#"{"payload":{}}"#), Malformed::Incomplete),
    ];
    for (make, expected) in table {
        let (page, _, server) = searched((0..9).map(|_| make()).collect()).await?;
        let error = page.err().ok_or("no error")?;
        assert!(matches!(&error, AmazonError::Malformed { what, .. } if *what == expected), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("Nadia"));
        assert_eq!((server.reads(), error.class()), (4, RetryClass::Retryable));
    }
    let (page, _, _) = searched(vec![reply(200, "<html>"), reply(200, EMPTY_PAGE)]).await?;
    assert!(page.is_ok(), "a good answer after a bad one is taken");
    let (page, _, _) = searched(vec![reply(200, &format!("\u{feff}{EMPTY_PAGE}"))]).await?;
    assert!(page.is_ok(), "a byte order mark is no error");
    Ok(())
}

#[tokio::test]
async fn an_answer_that_never_ends_is_given_up() -> Outcome {
    let attempts = 20;
    let tokens = (0..attempts).map(|_| token("Atza|1")).collect();
    let server = Server::start(vec![Reply::Hang], tokens)?;
    let timeouts = Timeouts { connect: Duration::from_millis(90), total: Duration::from_millis(90) };
    let quotas = Arc::new(MemoryQuotas::with_limits(clock(), plenty));
    let policy = RetryPolicy { attempts: 1, ..RetryPolicy::default() };
    let amazon = Amazon::new(Http::new(server.endpoints()?, timeouts)?, quotas, clock()).with_policy(policy);
    let (credentials, mut meter) = (credentials(1), CallMeter::default());
    // A busy machine may need more than one attempt to get the token in such a short time.
    let mut given_up = 0;
    while amazon.check_authorization(&credentials, &mut meter).await.is_err() {
        given_up += 1;
        assert!(given_up < attempts, "no token came within {timeouts:?}");
    }
    let began = Instant::now();
    let page = amazon.search_orders(&credentials, &search(None), None, &mut meter).await;
    assert!(matches!(page, Err(AmazonError::TimedOut { operation: "searchOrders" })), "{page:?}");
    assert!(began.elapsed() < Duration::from_secs(2));
    Ok(())
}

#[tokio::test]
async fn an_answer_larger_than_ten_mebibytes_is_refused_announced_or_not() -> Outcome {
    let body = vec![b' '; 10 * 1024 * 1024 + 1];
    for answer in [Reply::Full(200, "", body.clone()), Reply::Unannounced(body)] {
        let (page, _, server) = searched(vec![answer]).await?;
        let error = page.err().ok_or("no error")?;
        assert!(matches!(error, AmazonError::Malformed { what: Malformed::TooLarge, .. }), "{error:?}");
        assert_eq!((error.class(), server.reads()), (RetryClass::Permanent, 1));
    }
    Ok(())
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() -> Outcome {
    let (page, meter, server) = searched(vec![reply(403, EXPIRED), reply(200, EMPTY_PAGE)]).await?;
    assert!(page.is_ok());
    assert_eq!((meter.calls, server.reads(), server.grants()), (4, 2, 2));
    assert!(server.requests("GET").last().is_some_and(|got| got.text.contains("Atza|2")));

    let (page, _, server) = searched((0..5).map(|_| reply(403, EXPIRED)).collect()).await?;
    let error = page.err().ok_or("no error")?;
    assert_eq!(
        (error.class(), error.code(), error.request_id()),
        (RetryClass::Auth, Some("Unauthorized"), Some("req-1"))
    );
    assert_eq!((server.reads(), server.grants()), (2, 2));
    Ok(())
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_renewal() -> Outcome {
    let server =
        Server::start((0..8).map(|_| reply(200, EMPTY_PAGE)).collect(), vec![token("Atza|1"), token("Atza|2")])?;
    let (amazon, _) = server.amazon(plenty)?;
    let mut calls = tokio::task::JoinSet::new();
    for account in [1, 1, 1, 1, 2, 2, 2, 2] {
        let amazon = amazon.clone();
        calls.spawn(async move {
            amazon.search_orders(&credentials(account), &search(None), None, &mut CallMeter::default()).await
        });
    }
    assert!(calls.join_all().await.into_iter().all(|page| page.is_ok()));
    assert_eq!((server.reads(), server.grants()), (8, 2));
    Ok(())
}

#[tokio::test]
async fn the_token_service_says_who_must_act() -> Outcome {
    let table = [
        (400, "invalid_grant", RetryClass::AuthorizationLost, 1),
        (401, "invalid_client", RetryClass::ClientRefused, 1),
        (400, "unauthorized_client", RetryClass::ClientRefused, 1),
        (400, "invalid_request", RetryClass::Permanent, 1),
        (400, "temporarily_unavailable", RetryClass::Retryable, 5),
        (500, "server_error", RetryClass::Retryable, 5),
    ];
    for (status, word, class, grants) in table {
        let body = format!(r#"{{"error":"{word}","error_description":"about Nadia"}}"#);
        let server = Server::start(Vec::new(), (0..9).map(|_| reply(status, &body)).collect())?;
        let (amazon, _) = server.amazon(plenty)?;
        let page = amazon.search_orders(&credentials(1), &search(None), None, &mut CallMeter::default()).await;
        let error = page.err().ok_or("no error")?;
        assert_eq!((error.class(), server.grants(), server.reads()), (class, grants, 0), "{word}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("Nadia") && !shown.contains("canary"), "{shown}");
    }
    Ok(())
}

#[tokio::test]
async fn a_code_is_exchanged_for_the_lasting_authorization() -> Outcome {
    let server = Server::start(Vec::new(), vec![token("Atza|1"), reply(200, r#"{"access_token":"Atza|2"}"#)])?;
    let (amazon, _) = server.amazon(plenty)?;
    let code = AuthorizationCode {
        client_id: "client".to_owned(),
        client_secret: SecretString::from("canary-secret"),
        code: SecretString::from("the code"),
        redirect_uri: Some("https://shop.example/amazon/return".to_owned()),
    };
    let mut meter = CallMeter::default();
    let refresh = amazon.exchange_code(&code, &mut meter).await?;
    assert_eq!((refresh.expose_secret(), meter.calls), ("Atzr|r", 1));
    let grants = server.requests("POST");
    let form = &grants.first().ok_or("no grant")?.text;
    assert!(form.contains("grant_type=authorization_code&code=the+code&"), "{form}");
    assert!(form.ends_with("&redirect_uri=https%3A%2F%2Fshop.example%2Famazon%2Freturn"), "{form}");
    let without = amazon.exchange_code(&code, &mut meter).await.err().ok_or("no error")?;
    assert!(matches!(without, AmazonError::Malformed { what: Malformed::Incomplete, .. }));
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_not_followed() -> Outcome {
    let elsewhere = Server::start(vec![reply(200, EMPTY_PAGE)], Vec::new())?;
    let location: &'static str = format!("location: {}/stolen\r\n", elsewhere.base).leak();
    let (page, _, server) = searched(vec![Reply::Full(302, location, Vec::new())]).await?;
    let error = page.err().ok_or("no error")?;
    assert_eq!((error.class(), error.status(), server.reads()), (RetryClass::Permanent, Some(302), 1));
    assert_eq!(elsewhere.reads(), 0);
    Ok(())
}

#[tokio::test]
async fn one_bad_order_is_set_aside_and_new_fields_are_ignored() -> Outcome {
    let order = |id: &str, quantity: i64| {
        format!(
            r#"{{"orderId":"{id}","createdTime":"2026-11-20T08:00:00Z","lastUpdatedTime":"2026-11-20T08:00:00.5Z","new":{{}},
            "salesChannel":{{"channelName":"AMAZON","marketplaceId":"A13V1IB3VIYZZH"}},"buyer":null,"programs":["NEW"],
            "fulfillment":{{"fulfillmentStatus":"BRAND_NEW","fulfilledBy":"AMAZON"}},
            "orderItems":[{{"orderItemId":"1","quantityOrdered":{quantity},"product":{{"title":"T"}}}}]}}"#
        )
    };
    let (good, bad) = (order("902-1106328-1059050", 1), order("902-1106328-1059051", -1));
    let body = format!(r#"{{"orders":[{good},{bad},{good}],"pagination":{{"nextToken":"next"}},"more":1}}"#);
    let (page, _, _) = searched(vec![reply(200, &body)]).await?;
    let page = page?;
    assert_eq!(page.orders.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(page.next_token.as_deref(), Some("next"));

    let server = Server::start(vec![reply(200, &body)], vec![token("Atza|1")])?;
    let (amazon, _) = server.amazon(plenty)?;
    let (_, kept) = amazon.search_orders_kept(&credentials(1), &search(None), None, &mut CallMeter::default()).await?;
    assert_eq!(
        OrderPage::decode(kept.reveal(), &Directory::default())?,
        page,
        "a page that was kept reads the same later"
    );

    let answers = vec![reply(200, &format!(r#"{{"order":{good}}}"#)), reply(404, "{}")];
    let server = Server::start(answers, vec![token("Atza|1")])?;
    let (amazon, _) = server.amazon(plenty)?;
    let id = "902-1106328-1059050".into();
    let found = amazon.get_order(&credentials(1), &id, (&[], &Directory::default()), &mut CallMeter::default()).await?;
    assert!(found.is_some_and(|order| order.is_ok_and(|order| order.amazon_id == id)));
    assert_eq!(
        amazon.get_order(&credentials(1), &id, (&[], &Directory::default()), &mut CallMeter::default()).await?,
        None
    );
    assert_eq!(server.requests("GET /orders/2026-01-01/orders/902-1106328-1059050?includedData=BUYER%2C").len(), 2);
    Ok(())
}

#[tokio::test]
async fn an_old_page_token_is_told_apart_from_a_bad_request() -> Outcome {
    let body = r#"{"errors":[{"code":"InvalidInput","message":"Nadia","details":""}]}"#;
    let server = Server::start(vec![reply(400, body), reply(400, body)], vec![token("Atza|1")])?;
    let (amazon, _) = server.amazon(plenty)?;
    for (continued, class) in [(Some("old"), RetryClass::PageTokenRefused), (None, RetryClass::BadRequest)] {
        let page = amazon.search_orders(&credentials(1), &search(continued), None, &mut CallMeter::default()).await;
        let error = page.err().ok_or("no error")?;
        assert_eq!(error.class(), class);
        assert!(!format!("{error} {error:?}").contains("Nadia"));
    }
    Ok(())
}

#[tokio::test]
async fn an_amazon_that_is_out_of_reach_is_retryable_and_its_address_is_not_shown() -> Outcome {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let server = Server { base: format!("http://127.0.0.1:{port}"), got: Arc::default() };
    let (amazon, _) = server.amazon(plenty)?;
    let mut meter = CallMeter::default();
    let page = amazon.search_orders(&credentials(1), &search(None), None, &mut meter).await;
    let error = page.err().ok_or("no error")?;
    assert_eq!((error.class(), meter.calls), (RetryClass::Retryable, 5));
    assert!(!format!("{error} {error:?}").contains("auth/o2"), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn an_authorization_is_checked_once_until_it_is_forgotten_or_replaced() -> Outcome {
    let server = Server::start(Vec::new(), vec![token("Atza|1"), token("Atza|2"), token("Atza|3")])?;
    let (amazon, _) = server.amazon(plenty)?;
    let mut meter = CallMeter::default();
    let mut credentials = credentials(1);
    amazon.check_authorization(&credentials, &mut meter).await?;
    amazon.check_authorization(&credentials, &mut meter).await?;
    assert_eq!(meter.calls, 1);
    amazon.forget(credentials.account);
    amazon.check_authorization(&credentials, &mut meter).await?;
    assert_eq!(meter.calls, 2);
    credentials.refresh_token = SecretString::from("Atzr|another");
    amazon.check_authorization(&credentials, &mut meter).await?;
    assert_eq!((meter.calls, server.grants()), (3, 3));
    Ok(())
}

#[tokio::test]
async fn the_most_talkative_log_holds_no_secret_and_no_body() -> Outcome {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let page = EMPTY_PAGE.replace('{', r#"{"buyerName":"canary-name","#);
    let answers = || [reply(500, "canary-failure"), reply(403, EXPIRED), reply(200, &page)];
    let tokens = (1..5).map(|number| token(&format!("Atza|canary-{number}"))).collect();
    let server = Server::start(answers().into_iter().chain(answers()).collect(), tokens)?;
    let (amazon, _) = server.amazon(plenty)?;
    // Whoever logs a line first decides whether it is of interest, and that may be a test beside this one where nobody
    // listens: the lines are logged once, asked about anew, and logged again.
    for _ in 0..2 {
        amazon.search_orders(&credentials(1), &search(Some("canary-page")), None, &mut CallMeter::default()).await?;
        tracing::callsite::rebuild_interest_cache();
    }
    drop(guard);
    let log = String::from_utf8(log.bytes())?;
    assert!(log.contains("will be made again") && log.contains("req-1"), "{log}");
    let telling: Vec<&str> = log.lines().filter(|line| line.contains("canary")).collect();
    assert!(telling.is_empty(), "{telling:#?}");
    Ok(())
}
