//! Networks by their addresses, and who a request really comes from when proxies of ours passed it on.
//!
//! An address that only the request itself tells is believed no further than the proxies that we trust.

use std::net::{IpAddr, SocketAddr};

/// A network: one address, or all that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    prefix: u32,
}

/// A text that names no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address or a network")]
pub struct NetworkError;

impl Network {
    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or a single address.
    pub fn parse(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let base: IpAddr = address.parse().map_err(|_not_an_address| NetworkError)?;
        let longest = if base.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().map_err(|_empty| NetworkError)?
            }
            Some(_) => return Err(NetworkError),
            None => longest,
        };
        if prefix > longest { Err(NetworkError) } else { Ok(Self { base, prefix }) }
    }

    /// Whether an address belongs to it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let differing = base.to_bits() ^ address.to_bits();
                differing.checked_shr(32 - self.prefix).unwrap_or(0) == 0
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let differing = base.to_bits() ^ address.to_bits();
                differing.checked_shr(128 - self.prefix).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// Whether a host is this machine, as it is spelled in an address: by name, or as an address in brackets if need be.
pub fn is_this_machine(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The address that a request comes from: the last one that no trusted proxy vouches for.
///
/// `forwarded` are the entries of `X-Forwarded-For` in their order: each proxy adds, on the right, whom it was asked by.
/// So they are read from the right while the teller is trusted; whatever stands further left may be invented.
pub fn client(peer: IpAddr, forwarded: &[&str], trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    for entry in forwarded.iter().rev() {
        if !is_trusted(client) {
            break;
        }
        let Some(told) = address(entry) else { break };
        client = told;
    }
    client
}

/// One entry of the header; some proxies add the port.
fn address(entry: &str) -> Option<IpAddr> {
    let text = entry.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let read = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|found| found.ip()));
    read.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| Network::parse(text).unwrap()).collect()
    }

    #[test]
    fn a_network_holds_the_addresses_that_begin_like_it() {
        let holds = |network: &str, address: &str| Network::parse(network).unwrap().contains(address.parse().unwrap());
        assert!(holds("10.0.0.0/8", "10.255.3.4") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.8"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("::/0", "2001:db8::1"));
        assert!(holds("127.0.0.1", "::ffff:127.0.0.1"), "the same machine, spelled longer");
        for wrong in
            ["", "proxy", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0", "1.2.3.4/8/8"]
        {
            assert_eq!(Network::parse(wrong), Err(NetworkError), "{wrong}");
        }
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_only_about_who_asked_them() {
        let trusted = networks(&["127.0.0.1", "10.0.0.0/8"]);
        let client = |peer: &str, header: &str| {
            let entries: Vec<&str> = header.split(',').filter(|entry| !entry.is_empty()).collect();
            super::client(peer.parse().unwrap(), &entries, &trusted).to_string()
        };
        assert_eq!(client("127.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(client("198.51.100.1", "203.0.113.9"), "198.51.100.1", "a stranger says what he likes");
        assert_eq!(
            client("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.1.2.3"),
            "203.0.113.9",
            "what is further left is invented"
        );
        assert_eq!(client("127.0.0.1", "10.0.0.5, 10.1.2.3"), "10.0.0.5", "somebody inside our own network");
        assert_eq!(client("127.0.0.1", ""), "127.0.0.1");
        assert_eq!(client("127.0.0.1", "unknown"), "127.0.0.1");
        assert_eq!(client("127.0.0.1", "203.0.113.9, unknown, 10.1.2.3"), "10.1.2.3");
        assert_eq!(client("127.0.0.1", "203.0.113.9:4711"), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(client("127.0.0.1", "[2001:db8::1]"), "2001:db8::1");
        assert_eq!(super::client("127.0.0.1".parse().unwrap(), &["203.0.113.9"], &[]).to_string(), "127.0.0.1");
    }
}
