//! The log: however much is logged, it holds no name, no street and no secret.

use crate::support::app::{ADMIN, PASSWORD};
use crate::support::browser::Browser;
use crate::support::node::Node;
use crate::support::shop::fbm;
use crate::support::smtp::{Mood, SmtpServer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use comptoir::clock::Clock;
use comptoir::export::writer::Format;
use comptoir::ops::export_records::{self, Subject};
use comptoir::sandbox::{
    DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, OrderKind, OrderSpec, Sandbox, SandboxClock, SandboxConfig,
};
use serde_json::json;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

/// What no log line may hold: personal data of one buyer.
const CANARIES: [(&str, &str); 7] = [
    ("/buyer/buyerName", "Zdenka Kanarek"),
    ("/buyer/buyerEmail", "kanarek-7q@marketplace.example"),
    ("/recipient/deliveryAddress/name", "Zdenka Kanarek-Lieferung"),
    ("/recipient/deliveryAddress/addressLine1", "17 impasse du Serin"),
    ("/recipient/deliveryAddress/phone", "+33 6 70 71 72 73"),
    ("/recipient/deliveryAddress/postalCode", "QX9 7ZZ"),
    ("/orderItems/0/fulfillment/packing/giftOption/giftMessage", "Joyeux Noel, petit serin"),
];

/// Somebody types a password into the wrong field, or a wrong one.
const MISTYPED: &str = "Kanarek-99-mistyped";

/// The password for the mail server, which repeats it in its refusal.
const SMTP_PASSWORD: &str = "Kanarek-smtp-77";

/// An Amazon that has held one order with all the canaries for a quarter of an hour, and one that cannot be read.
async fn amazon() -> Sandbox {
    let now = Clock::System.now();
    let config = SandboxConfig {
        now: SandboxClock::Fixed(now - TimeDelta::minutes(15)),
        orders: 0,
        quota_factor: 1000,
        ..SandboxConfig::default()
    };
    let amazon = Sandbox::start(config).await.unwrap();
    for is_readable in [true, false] {
        let id = amazon.state().place_order(OrderSpec { kind: OrderKind::Gift, ..fbm(1) }).unwrap();
        let told = amazon.state().order_json(&id).unwrap();
        for (pointer, _) in CANARIES {
            assert!(told.pointer(pointer).is_some(), "Amazon tells {pointer}");
        }
        amazon
            .state()
            .patch_order(&id, move |order| {
                for (pointer, canary) in CANARIES {
                    *order.pointer_mut(pointer).unwrap() = json!(canary);
                }
                if !is_readable {
                    order["createdTime"] = json!("yesterday");
                }
            })
            .unwrap();
    }
    amazon.state().set_now(now);
    amazon
}

/// How many orders there are.
fn orders(node: &Node) -> usize {
    let mut out = Vec::new();
    export_records::run(&node.app.db, &node.app.vault, Subject::Orders, Format::Json, &mut out).unwrap();
    serde_json::from_slice::<serde_json::Value>(&out).unwrap().as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_logged_holds_no_personal_data_and_no_secret() {
    let amazon = amazon().await;
    let node = Node::new(&amazon).await;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mail = SmtpServer::start().await;
    mail.set_mood(Mood::NoPassword);
    let mut process = node
        .command(&["serve"])
        .env("COMPTOIR_LISTEN", address.to_string())
        .env("COMPTOIR_LOG", "trace")
        .env("COMPTOIR_SMTP_URL", mail.url(&format!("comptoir:{SMTP_PASSWORD}@")))
        .env("COMPTOIR_MAIL_FROM", "comptoir@shop.example")
        .stderr(Stdio::from(std::fs::File::create(&log).unwrap()))
        .spawn()
        .unwrap();
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    while orders(&node) == 0 {
        ticks.tick().await;
        assert!(process.try_wait().unwrap().is_none(), "it serves: {}", std::fs::read_to_string(&log).unwrap());
    }
    let mut browser = Browser::new(&format!("http://{address}"));
    let page = browser.get("/login").await;
    browser.submit(&page, "/login", &[("email", MISTYPED), ("password", MISTYPED)]).await;
    let answer = browser.submit(&page, "/login", &[("email", ADMIN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 303);
    let list = browser.get("/sales/orders?q=Zdenka+Kanarek").await;
    let order = list.attribute("tbody th a", "href").unwrap();
    assert!(
        browser.get(&order).await.body.contains("17 impasse du Serin"),
        "the page shows what the log must not hold"
    );
    for path in ["/sales/customers", "/inventory/pickings", "/amazon/issues", "/amazon/runs", "/me"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    let page = browser.get("/settings/announcing").await;
    let answer = browser.submit(&page, "/settings/announcing/test-mail", &[]).await;
    let page = browser.follow(answer).await;
    assert!(page.text(".flash").contains("does not take the user name and the password. (Answer 535)"));
    assert!(!page.body.contains(SMTP_PASSWORD), "what the mail server says is not shown either");
    process.kill().await.unwrap();
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("TRACE"), "everything is logged, also by what we are built upon");
    assert!(text.contains("POST /login answered 303"), "our own lines are there");
    let coded = STANDARD.encode(format!("\0comptoir\0{SMTP_PASSWORD}"));
    assert!(mail.heard().iter().any(|line| line.contains(&coded)), "the mail server was told: {:?}", mail.heard());
    let secrets = [PASSWORD, MISTYPED, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, "Kanarek", "serin", "Serin", &coded];
    for canary in CANARIES.iter().map(|(_, text)| *text).chain(secrets) {
        let told: Vec<&str> = text.lines().filter(|line| line.contains(canary)).take(3).collect();
        assert!(told.is_empty(), "“{canary}” is in the log: {told:#?}");
    }
}
