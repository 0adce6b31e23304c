//! Who stands in front: proxies whose word about the client is taken, and what they say.
//!
//! `X-Forwarded-For` grows from left to right, a hop each: what stands furthest to the right was written by the proxy
//! that is connected here, what stands further left may have been written by anybody. So the list is read from the right,
//! as long as the hops are trusted ones; the first that is none is the client. `X-Forwarded-Proto` counts by its last
//! value, which the nearest proxy wrote.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The list of hops.
const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// How the client reached the proxy: `http` or `https`.
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Most hops that are looked at: nobody stands behind more proxies of their own, and a longer list is somebody's game.
const HOPS_MAX: usize = 32;

/// Addresses that share their first bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    address: IpAddr,
    prefix_bits: u8,
}

/// Proxies whose word is taken. The default trusts none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TrustedProxies(Vec<Network>);

/// The client of a request, as far as it can be known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Forwarded {
    /// Its address; the port is 0 where no proxy told it.
    pub address: SocketAddr,
    /// Whether it came by TLS.
    pub tls: bool,
}

impl Network {
    /// The addresses whose first `prefix_bits` are those of `address`; more bits than it has count as all.
    pub fn new(address: IpAddr, prefix_bits: u8) -> Self {
        Self { address, prefix_bits }
    }

    fn contains(self, address: IpAddr) -> bool {
        let differing_bits = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => return false,
        };
        let width = if address.is_ipv4() { 32 } else { 128 };
        differing_bits >= u32::from(self.prefix_bits).min(width)
    }
}

impl TrustedProxies {
    /// Proxies in any of these networks.
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Whether the word of who has this address is taken.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(address))
    }

    /// The client of a request that came from `peer`. What is no address ends the list: the hop that passed it on is
    /// then all that is known.
    pub fn client(&self, peer: SocketAddr, tls: bool, headers: &HeaderMap) -> Forwarded {
        if !self.trusts(peer.ip()) {
            return Forwarded { address: peer, tls };
        }
        let mut address = peer;
        for hop in from_the_right(headers, &FOR).take(HOPS_MAX) {
            let Some(hop) = hop_address(hop) else { break };
            address = hop;
            if !self.trusts(hop.ip()) {
                break;
            }
        }
        let tls = match from_the_right(headers, &PROTO).next() {
            Some(proto) if proto.eq_ignore_ascii_case("https") => true,
            Some(proto) if proto.eq_ignore_ascii_case("http") => false,
            _ => tls,
        };
        Forwarded { address, tls }
    }
}

/// The values of a header's lines, the last first: several lines are one list. A value that is no text is empty, and
/// spoils no other one: the client may have written it.
fn from_the_right<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines: Vec<&[u8]> = headers.get_all(name).into_iter().map(HeaderValue::as_bytes).collect();
    let values = lines.into_iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
    values.map(|value| str::from_utf8(value).unwrap_or_default().trim())
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]` and `[2001:db8::1]:443`: proxies write all of them.
fn hop_address(text: &str) -> Option<SocketAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let known = match bare.unwrap_or(text).parse::<IpAddr>() {
        Ok(address) => Some(SocketAddr::new(address, 0)),
        Err(_) => text.parse().ok(),
    };
    known
        .map(|known: SocketAddr| SocketAddr::new(known.ip().to_canonical(), known.port()))
        .filter(|known| known.ip() != Ipv4Addr::UNSPECIFIED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies() -> TrustedProxies {
        let network = |address: &str, prefix_bits| Network::new(address.parse().unwrap(), prefix_bits);
        TrustedProxies::new(vec![
            network("127.0.0.1", 32),
            network("10.0.0.0", 8),
            network("fd00::", 8),
            network("192.0.2.128", 25),
        ])
    }

    fn headers(name: &HeaderName, lines: &[&str]) -> HeaderMap {
        let line = |line: &&str| (name.clone(), HeaderValue::from_bytes(line.as_bytes()).unwrap());
        lines.iter().map(line).collect()
    }

    /// The client's address for these lines of the list.
    fn seen(peer: &str, lines: &[&str]) -> String {
        let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
        proxies().client(peer, false, &headers(&FOR, lines)).address.ip().to_string()
    }

    #[test]
    fn the_client_is_the_rightmost_hop_that_is_no_proxy() {
        assert_eq!(seen("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["198.51.100.7, 10.1.2.3"]), "198.51.100.7");
        assert_eq!(seen("fd00::9", &["2001:db8::7, fd12::1, 192.0.2.200"]), "2001:db8::7");
        // Several lines are one list.
        assert_eq!(seen("127.0.0.1", &["203.0.113.1", "198.51.100.7", "10.1.2.3"]), "198.51.100.7");
        // A person inside of the proxies' network.
        assert_eq!(seen("127.0.0.1", &["10.9.9.9, 10.1.2.3"]), "10.9.9.9");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_a_client_writes_itself_is_not_believed() {
        assert_eq!(seen("198.51.100.7", &["127.0.0.1"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["8.8.8.8, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["8.8.8.8", "198.51.100.7, 10.0.0.1"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["\u{fffd}, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["10.0.0.5, 198.51.100.7"]), "198.51.100.7");
        // One bit beside a network is outside of it.
        assert_eq!(seen("192.0.2.127", &["8.8.8.8"]), "192.0.2.127");
        assert_eq!(seen("11.0.0.1", &["8.8.8.8"]), "11.0.0.1");
        assert_eq!(seen("fe00::1", &["8.8.8.8"]), "fe00::1");
        assert!(!TrustedProxies::default().trusts(Ipv4Addr::LOCALHOST.into()));
    }

    #[test]
    fn every_way_of_writing_an_address_is_understood() {
        for (text, address) in [
            ("198.51.100.7:4711", "198.51.100.7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("  2001:DB8::7\t", "2001:db8::7"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
            // As an IPv6 listener sees the IPv4 proxy in front of it.
            ("8.8.8.8, ::ffff:10.0.0.1", "8.8.8.8"),
        ] {
            assert_eq!(seen("127.0.0.1", &[text]), address, "{text}");
            assert_eq!(seen("::ffff:127.0.0.1", &[text]), address, "{text}");
        }
    }

    #[test]
    fn garbage_ends_the_list_at_the_hop_that_passed_it_on() {
        for garbage in [
            "",
            ",",
            "unknown",
            "_hidden",
            "198.51.100",
            "198.51.100.256",
            "0.0.0.0",
            "1.1.1.1:99999",
            "fe80::1%eth0",
            "[2001:db8::7",
            "host.example",
            "\u{fffd}",
            "127.0.0.1 127.0.0.2",
        ] {
            assert_eq!(seen("127.0.0.1", &[garbage]), "127.0.0.1", "{garbage:?}");
            let behind = format!("8.8.8.8, {garbage}, 10.0.0.1");
            assert_eq!(seen("127.0.0.1", &[&behind]), "10.0.0.1", "{behind:?}");
        }
    }

    #[test]
    fn a_list_without_end_is_not_read_to_its_end() {
        let long = format!("8.8.8.8{}", ", 10.0.0.1".repeat(HOPS_MAX));
        assert_eq!(seen("127.0.0.1", &[&long]), "10.0.0.1");
        let short = format!("8.8.8.8{}", ", 10.0.0.1".repeat(HOPS_MAX - 1));
        assert_eq!(seen("127.0.0.1", &[&short]), "8.8.8.8");
    }

    #[test]
    fn whether_the_client_came_by_tls_is_the_nearest_proxys_word() {
        let tls = |peer: &str, tls: bool, lines: &[&str]| {
            let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
            proxies().client(peer, tls, &headers(&PROTO, lines)).tls
        };
        assert!(tls("127.0.0.1", false, &["https"]));
        assert!(tls("127.0.0.1", false, &["http, HTTPS"]));
        assert!(tls("127.0.0.1", false, &["http", "https"]));
        assert!(!tls("127.0.0.1", false, &["https, http"]));
        assert!(!tls("127.0.0.1", true, &["http"]));
        for garbage in ["", "ftp", "https://", "on"] {
            assert!(!tls("127.0.0.1", false, &[garbage]), "{garbage:?}");
            assert!(tls("127.0.0.1", true, &[garbage]), "{garbage:?}");
        }
        assert!(!tls("198.51.100.7", false, &["https"]));
        assert!(tls("198.51.100.7", true, &["http"]));
    }
}
