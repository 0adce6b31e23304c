//! Where links lead that the server prints.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use loquat_config::Config;

/// Where people reach the server, if it was told, without a slash at the end.
pub fn public_url(config: &Config) -> Option<String> {
    config.chat.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned())
}

/// The link by which the first administrator's account is made. What follows the `#` is never sent to a server, so it
/// stands in no access log.
pub fn set_up_link(config: &Config, bound: SocketAddr, code: &str) -> String {
    let base = public_url(config).unwrap_or_else(|| {
        let scheme = if config.tls.files().is_some() { "https" } else { "http" };
        format!("{scheme}://{}", reachable(bound))
    });
    format!("{base}/setup#{code}")
}

/// "Every address" is none that a browser could open; this machine's is one of them.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_where_people_reach_the_server() {
        let mut config = Config::defaults();
        let link = |config: &Config, bound: &str| set_up_link(config, bound.parse().unwrap(), "code");
        assert_eq!(link(&config, "127.0.0.1:8080"), "http://127.0.0.1:8080/setup#code");
        assert_eq!(link(&config, "0.0.0.0:80"), "http://127.0.0.1:80/setup#code");
        assert_eq!(link(&config, "[::]:80"), "http://[::1]:80/setup#code");
        config.chat.public_url = Some("https://chat.example.org/".to_owned());
        assert_eq!(link(&config, "0.0.0.0:80"), "https://chat.example.org/setup#code");
    }
}
