//! Networks: addresses that share their first bits.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address, or a network as `10.0.0.0/8` or `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    prefix_bits: u8,
}

impl Network {
    /// The address, of which the bits behind the prefix are zero.
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// How many bits its addresses share.
    pub fn prefix_bits(self) -> u8 {
        self.prefix_bits
    }

    /// Whether it is every address there is.
    pub fn is_everything(self) -> bool {
        self.prefix_bits == 0
    }

    /// An address with bits behind the prefix is refused: it is a slip more often than it is meant.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = width(address);
        let digits = |prefix: &str| prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix_bits = match prefix {
            Some(prefix) if digits(prefix) => prefix.parse().ok().filter(|bits| *bits <= width)?,
            Some(_) => return None,
            None => width,
        };
        (masked(address, prefix_bits) == address).then_some(Self { address, prefix_bits }.canonical())
    }

    pub(crate) fn show(self) -> String {
        if self.prefix_bits == width(self.address) {
            return self.address.to_string();
        }
        format!("{}/{}", self.address, self.prefix_bits)
    }

    /// `::ffff:10.0.0.0/104` is `10.0.0.0/8`: a client's address is looked at in that form.
    fn canonical(self) -> Self {
        match (self.address.to_canonical(), self.prefix_bits.checked_sub(96)) {
            (address @ IpAddr::V4(_), Some(prefix_bits)) if self.address.is_ipv6() => {
                Self { address, prefix_bits }
            }
            _ => self,
        }
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn masked(address: IpAddr, prefix_bits: u8) -> IpAddr {
    let prefix_bits = u32::from(prefix_bits);
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - prefix_bits).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - prefix_bits).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_shown_the_shortest_way() {
        for (text, shown) in [
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.1/32", "127.0.0.1"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::1", "::1"),
            ("FD00:0::/8", "fd00::/8"),
            ("::/0", "::/0"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:10.1.2.3", "10.1.2.3"),
        ] {
            assert_eq!(Network::parse(text).map(Network::show).as_deref(), Some(shown), "{text}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "proxy",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/ 8",
            "10.0.0/8",
            "fd00::1/8",
            "::/129",
            "::1/",
            "10.0.0.0/8/8",
            "[::1]",
            "127.0.0.1:80",
            "010.0.0.0/8",
            "fe80::1%eth0",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
