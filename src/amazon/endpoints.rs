//! Where Amazon answers: one address per region, and one for access tokens.
//!
//! Other addresses are refused, except this machine's own for the simulated Amazon, so that no setting can send
//! a merchant's tokens elsewhere.

use crate::domain::marketplace::Region;
use reqwest::Url;
use std::net::IpAddr;

/// Where access tokens come from (Login with Amazon), for all regions.
const LWA: &str = "https://api.amazon.com/auth/o2/token";

/// The production address of a region.
///
/// Selling Partner API documentation, SP-API endpoints.
const fn production(region: Region) -> &'static str {
    match region {
        Region::Na => "https://sellingpartnerapi-na.amazon.com",
        Region::Eu => "https://sellingpartnerapi-eu.amazon.com",
        Region::Fe => "https://sellingpartnerapi-fe.amazon.com",
    }
}

/// Where Amazon keeps documents: object storage, and the network in front of it.
///
/// Feeds API use cases, the examples of createFeedDocument and getFeedDocument.
const DOCUMENT_HOSTS: [&str; 3] = [".amazonaws.com", ".cloudfront.net", ".amazon.com"];

/// Why an address is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The address is not on this machine.
    #[error("an address in place of Amazon's must be on this machine (127.0.0.1, [::1] or localhost)")]
    NotLoopback,
    /// The address is not `http` or `https`.
    #[error("an address in place of Amazon's must start with http:// or https://")]
    Scheme,
    /// The address contains a user name, a password, a query or a fragment.
    #[error("an address in place of Amazon's must have no user name, password, query or fragment")]
    Decorated,
    /// Only one of the two addresses was replaced.
    #[error("the address of the API and the address for tokens must be replaced together")]
    OnlyOne,
    /// The address of a document is not at Amazon.
    #[error("the address of a document is not one of Amazon's")]
    NotAmazon,
    /// An address of this program is malformed.
    #[error("an address is malformed")]
    Malformed,
}

/// The addresses that are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    na: Url,
    eu: Url,
    fe: Url,
    lwa: Url,
    simulated: bool,
}

impl Endpoints {
    /// Amazon's addresses, or those of a simulated Amazon on this machine.
    ///
    /// `override_api` stands for all three regions; `override_lwa` is the complete address of the token endpoint.
    /// Both or none: a real secret never goes to a simulation, nor an invented one to Amazon.
    pub fn new(override_api: Option<Url>, override_lwa: Option<Url>) -> Result<Self, EndpointError> {
        match (override_api, override_lwa) {
            (Some(api), Some(lwa)) => {
                let (api, lwa) = (on_this_machine(api)?, on_this_machine(lwa)?);
                Ok(Self { na: api.clone(), eu: api.clone(), fe: api, lwa, simulated: true })
            }
            (None, None) => {
                // The texts are constants of this file; a test reads them all.
                let read = |text: &str| Url::parse(text).map_err(|_constant| EndpointError::Malformed);
                let region = |region| read(production(region));
                let (na, eu, fe) = (region(Region::Na)?, region(Region::Eu)?, region(Region::Fe)?);
                Ok(Self { na, eu, fe, lwa: read(LWA)?, simulated: false })
            }
            _ => Err(EndpointError::OnlyOne),
        }
    }

    /// The address of a region.
    pub const fn api(&self, region: Region) -> &Url {
        match region {
            Region::Na => &self.na,
            Region::Eu => &self.eu,
            Region::Fe => &self.fe,
        }
    }

    /// Accepts an address that Amazon gave for a document: its own storage, or this machine when Amazon is simulated.
    pub fn document(&self, text: &str) -> Result<Url, EndpointError> {
        let url = Url::parse(text).map_err(|_told| EndpointError::Malformed)?;
        if self.simulated {
            let mut plain = url.clone();
            plain.set_query(None);
            return on_this_machine(plain).map(|_checked| url);
        }
        if url.scheme() != "https" || !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::Scheme);
        }
        let host = url.host_str().unwrap_or_default();
        let is_amazons = DOCUMENT_HOSTS.iter().any(|ending| host.ends_with(ending));
        if is_amazons && url.port().is_none() { Ok(url) } else { Err(EndpointError::NotAmazon) }
    }

    /// The address for access tokens.
    pub const fn lwa(&self) -> &Url {
        &self.lwa
    }

    /// Whether a simulated Amazon is called.
    pub const fn is_simulated(&self) -> bool {
        self.simulated
    }
}

/// Accepts an address of this machine only.
///
/// Numbers in any spelling were already read by [`Url`].
fn on_this_machine(url: Url) -> Result<Url, EndpointError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(EndpointError::Scheme);
    }
    let named = !url.username().is_empty() || url.password().is_some();
    if named || url.query().is_some() || url.fragment().is_some() {
        return Err(EndpointError::Decorated);
    }
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    // `localhost` is resolved by the HTTP client to 127.0.0.1 without asking anybody.
    if address.map_or(host == "localhost", |address| address.is_loopback()) {
        Ok(url)
    } else {
        Err(EndpointError::NotLoopback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overridden(text: &str) -> Result<Endpoints, EndpointError> {
        let url = Url::parse(text).unwrap();
        Endpoints::new(Some(url.clone()), Some(url))
    }

    #[test]
    fn without_override_only_amazons_own_hosts_are_called() {
        let endpoints = Endpoints::new(None, None).unwrap();
        let hosts = Region::ALL.map(|region| endpoints.api(region).host_str().unwrap().to_owned());
        assert_eq!(hosts, ["na", "eu", "fe"].map(|name| format!("sellingpartnerapi-{name}.amazon.com")));
        assert_eq!(endpoints.lwa().as_str(), "https://api.amazon.com/auth/o2/token");
        assert!(Region::ALL.iter().all(|region| endpoints.api(*region).scheme() == "https"));
        assert!(!endpoints.is_simulated());
    }

    #[test]
    fn an_override_is_accepted_on_this_machine_only() {
        let accepted = [
            "http://127.0.0.1:8080",
            "http://127.0.0.1/base",
            "https://127.0.0.1:8443",
            "http://127.8.8.8:1",
            "http://[::1]:8080",
            "http://localhost:8080",
            "http://LOCALHOST:8080",
            "http://2130706433/", // 127.0.0.1 as one number is still this machine
        ];
        for text in accepted {
            assert!(overridden(text).is_ok_and(|endpoints| endpoints.is_simulated()), "{text}");
        }
        let elsewhere = [
            "http://10.0.0.1/",
            "http://192.168.1.1/",
            "http://172.16.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://2852039166/", // 169.254.169.254 as one number
            "http://0xA9FEA9FE/",
            "http://0xa9.0xfe.0xa9.0xfe/",
            "http://0251.0376.0251.0376/",
            "http://0.0.0.0:8080/",
            "http://0/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://localhost./",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.1.nip.io/",
            "https://sellingpartnerapi-eu.amazon.com/",
            "https://api.amazon.com/auth/o2/token",
            "http://metadata.google.internal/",
        ];
        for text in elsewhere {
            assert_eq!(overridden(text), Err(EndpointError::NotLoopback), "{text}");
        }
        let decorated = [
            "http://user@127.0.0.1/",
            "http://user:secret@127.0.0.1/",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1/?to=example.com",
            "http://127.0.0.1/#there",
        ];
        for text in decorated {
            assert_eq!(overridden(text), Err(EndpointError::Decorated), "{text}");
        }
        for text in ["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "data:text/plain,x"] {
            assert_eq!(overridden(text), Err(EndpointError::Scheme), "{text}");
        }
    }

    #[test]
    fn documents_are_exchanged_with_amazon_only() {
        let real = Endpoints::new(None, None).unwrap();
        let good = [
            "https://tortuga-prod-eu.s3-eu-west-1.amazonaws.com/a/b.xml?X-Amz-Signature=1",
            "https://d34o8swod1owfl.cloudfront.net/Feed",
        ];
        assert!(good.iter().all(|text| real.document(text).is_ok()));
        let bad = [
            "http://tortuga-prod-eu.s3-eu-west-1.amazonaws.com/a",
            "https://amazonaws.com.example.com/a",
            "https://evilamazonaws.com/a",
            "https://user@s3.amazonaws.com/a",
            "https://s3.amazonaws.com:8443/a",
            "https://127.0.0.1/a",
            "file:///etc/passwd",
            "nonsense",
        ];
        assert!(bad.iter().all(|text| real.document(text).is_err()));
        let simulated = overridden("http://127.0.0.1:8080").unwrap();
        assert!(simulated.document("http://127.0.0.1:8080/documents/1?signature=x").is_ok());
        assert_eq!(simulated.document(good[0]), Err(EndpointError::NotLoopback));
    }

    #[test]
    fn a_simulation_never_stands_next_to_the_real_amazon() {
        let local = || Url::parse("http://127.0.0.1:1").ok();
        assert_eq!(Endpoints::new(local(), None), Err(EndpointError::OnlyOne));
        assert_eq!(Endpoints::new(None, local()), Err(EndpointError::OnlyOne));
    }
}
