//! How an account is linked with Amazon, as its page shows it: authorization, application, and what Amazon grants.

use super::account_marketplaces::Around;
use super::badges;
use super::page::Chrome;
use super::when::When;
use crate::app::App;
use crate::db::accounts::AccountRow;
use crate::domain::account::is_due;
use crate::domain::dataset::Dataset;
use crate::ops::{ask_consent, edit_account};
use std::borrow::Cow;

/// A part of orders that Amazon refuses.
pub(super) struct Refused {
    pub(super) name: Cow<'static, str>,
    pub(super) lost: Cow<'static, str>,
    pub(super) role: Cow<'static, str>,
}

/// Something that ends on a day.
pub(super) struct End {
    pub(super) text: Cow<'static, str>,
    /// Whether it ends so soon that somebody must act.
    pub(super) is_due: bool,
}

/// How an account is linked with Amazon.
pub(super) struct LinkView {
    pub(super) seller: String,
    pub(super) is_linked: bool,
    pub(super) region: Cow<'static, str>,
    pub(super) signup: String,
    pub(super) application_id: String,
    pub(super) has_client: bool,
    /// The label of each secret, whether it is held, and its last characters.
    pub(super) secrets: [(&'static str, bool, String); 3],
    pub(super) authorized: Cow<'static, str>,
    pub(super) renewal: Option<End>,
    pub(super) secret_end: Option<End>,
    pub(super) callback: String,
    pub(super) tested: Option<When>,
    pub(super) granted: String,
    pub(super) refused: Vec<Refused>,
    /// Whether orders cannot be imported at all without what is refused.
    pub(super) is_essential_refused: bool,
}

impl LinkView {
    /// What the page of an account shows of its link.
    pub(super) fn of(chrome: &Chrome, app: &App, row: &AccountRow, around: &Around) -> Self {
        let (lang, link, now) = (chrome.lang, &around.link, chrome.now.naive_utc());
        let held = edit_account::shown(app, row);
        let [client_id, client_secret, refresh_token] = held.endings;
        let authorization = link.authorization();
        let end = |key: &str, at: Option<chrono::NaiveDateTime>| {
            at.map(|at| End {
                text: chrome.with(key, [("day", chrome.date(at.date()))]),
                is_due: is_due(Some(at), now),
            })
        };
        let refused = link.refused();
        let name = |dataset: Dataset| lang.t(&badges::key("dataset", dataset.as_str()));
        let granted = Dataset::ALL.iter().filter(|dataset| !refused.contains(dataset));
        Self {
            seller: row.seller_id.to_string(),
            is_linked: row.is_linked(),
            region: row.region().map(|region| lang.t(&badges::key("region", region.as_str()))).unwrap_or_default(),
            signup: match link.signup_marketplace.as_str() {
                "" => String::new(),
                id => around.directory.name(id).to_owned(),
            },
            application_id: held.application_id,
            has_client: held.has_client,
            secrets: [
                ("account-client-id", held.has_client, client_id),
                ("account-client-secret", held.has_client, client_secret),
                ("account-refresh-token", held.has_token, refresh_token),
            ],
            authorized: match authorization.at {
                Some(at) => {
                    let key = badges::key("link-authorized", authorization.by.as_str());
                    chrome.with(&key, [("day", chrome.date(at.date()))])
                }
                None => lang.t("link-authorized-never"),
            },
            renewal: end("link-renew-by", authorization.ends_at()),
            secret_end: end("link-secret-until", authorization.secret_ends_at()),
            callback: ask_consent::redirect_uri(app),
            tested: link.tested_at.map(|at| When::of(chrome, at)),
            granted: granted.map(|dataset| name(*dataset)).collect::<Vec<_>>().join(", "),
            is_essential_refused: refused.iter().any(|dataset| dataset.is_essential()),
            refused: refused
                .into_iter()
                .map(|dataset| Refused {
                    name: name(dataset),
                    lost: lang.t(&badges::key("dataset-lost", dataset.as_str())),
                    role: lang.t(&badges::key("dataset-role", dataset.as_str())),
                })
                .collect(),
        }
    }
}
