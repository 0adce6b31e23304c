//! Secrets don't reach log lines by way of addresses.

use loquat_telemetry::redact::query;

#[test]
fn secret_parameters_become_dots_whatever_their_case() {
    assert_eq!(query("/?key=a.b:hunter2&v=6"), "/?key=••••&v=6");
    assert_eq!(
        query("/?access_token=x&accessToken=y&resume=z"),
        "/?access_token=••••&accessToken=••••&resume=••••"
    );
}

#[test]
fn a_name_that_is_escaped_can_not_hide() {
    assert_eq!(query("/?%6bey=hunter2"), "/?%6bey=••••");
}

#[test]
fn everything_else_stays_as_it_is() {
    for address in ["/", "/time", "/channels/a%3Ab/messages?limit=10&direction=forwards", "/?", "/?v"] {
        assert_eq!(query(address), address);
    }
}
