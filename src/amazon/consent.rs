//! The page on which a merchant allows the application to see their orders: only its address, for the browser goes there.
//!
//! It is Seller Central's, or the simulated Amazon's when that is called.

use super::Amazon;
use reqwest::Url;

/// What the consent page is told.
#[derive(Clone, Copy, Debug)]
pub struct Consent<'a> {
    /// Base address of Seller Central for the account's marketplace.
    pub seller_central: &'a str,
    /// The application's identifier in the developer console.
    pub application_id: &'a str,
    /// What comes back unchanged, and proves that we asked.
    pub state: &'a str,
    /// Where the merchant is sent back to.
    pub redirect_uri: &'a str,
    /// Whether the application is a draft, not yet published.
    pub is_draft: bool,
}

impl Amazon {
    /// The address of the consent page (Selling Partner API documentation, Website authorization workflow).
    ///
    /// Nothing when the address of Seller Central is none.
    pub fn consent_url(&self, consent: &Consent<'_>) -> Option<Url> {
        let endpoints = self.http.endpoints();
        let mut url = if endpoints.is_simulated() {
            // One address stands for all regions.
            endpoints.api(crate::domain::marketplace::Region::Eu).clone()
        } else {
            Url::parse(consent.seller_central).ok().filter(|url| url.scheme() == "https")?
        };
        url.path_segments_mut().ok()?.pop_if_empty().extend(["apps", "authorize", "consent"]);
        let mut query = url.query_pairs_mut();
        query.append_pair("application_id", consent.application_id).append_pair("state", consent.state);
        query.append_pair("redirect_uri", consent.redirect_uri);
        if consent.is_draft {
            query.append_pair("version", "beta");
        }
        drop(query);
        Some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Endpoints, Http, MemoryQuotas, Timeouts};
    use super::*;
    use std::sync::Arc;

    fn amazon(simulated: Option<&str>) -> Amazon {
        rustls::crypto::ring::default_provider().install_default().ok();
        let url = simulated.map(|text| Url::parse(text).unwrap());
        let http = Http::new(Endpoints::new(url.clone(), url).unwrap(), Timeouts::default()).unwrap();
        let clock: super::super::TimeSource = Arc::new(|| chrono::DateTime::UNIX_EPOCH);
        Amazon::new(http, Arc::new(MemoryQuotas::new(Arc::clone(&clock))), clock)
    }

    #[test]
    fn the_consent_page_is_that_of_the_marketplace_or_of_the_simulation() {
        let consent = Consent {
            seller_central: "https://sellercentral-europe.amazon.com",
            application_id: "amzn1.sellerapps.app.1",
            state: "1.a&b",
            redirect_uri: "https://comptoir.example/amazon/link",
            is_draft: true,
        };
        let query = "/apps/authorize/consent?application_id=amzn1.sellerapps.app.1&state=1.a%26b\
             &redirect_uri=https%3A%2F%2Fcomptoir.example%2Famazon%2Flink";
        let url = amazon(None).consent_url(&consent).unwrap();
        assert_eq!(url.as_str(), format!("https://sellercentral-europe.amazon.com{query}&version=beta"));
        let published = Consent { is_draft: false, ..consent };
        let url = amazon(Some("http://127.0.0.1:8081")).consent_url(&published).unwrap();
        assert_eq!(url.as_str(), format!("http://127.0.0.1:8081{query}"));
        assert_eq!(amazon(None).consent_url(&Consent { seller_central: "javascript:alert(1)", ..consent }), None);
    }
}
