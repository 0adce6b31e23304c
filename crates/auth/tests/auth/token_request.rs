//! `POST /keys/:keyName/requestToken`.

use loquat_auth::{
    Authenticator, Options, Principal, TokenDetails, TokenRequest, WireNumber, sign_token_request,
};
use loquat_protocol::ErrorInfo;
use serde_json::json;

use crate::support::{
    MINUTE, NOW, authenticator, authenticator_with, basic, refusal, request, signed, token,
};

fn ask(auth: &Authenticator, request: &TokenRequest) -> Result<TokenDetails, ErrorInfo> {
    auth.request_token("app.full", request, None, NOW)
}

fn whole(number: i64) -> Option<WireNumber> {
    Some(WireNumber::Whole(number))
}

/// The expected MACs were worked out with another implementation of HMAC.
#[test]
fn the_mac_covers_the_six_fields_in_order() {
    let full = TokenRequest {
        key_name: Some("app.full".into()),
        ttl: whole(3_600_000),
        capability: Some(json!(r#"{"*":["*"]}"#)),
        client_id: Some("ada".into()),
        timestamp: whole(1_800_000_000_000),
        nonce: Some("0123456789abcdef".into()),
        mac: None,
    };
    assert_eq!(sign_token_request(&full, "secret"), MAC_FULL);
    let sparse = TokenRequest { ttl: None, capability: None, client_id: None, ..full };
    assert_eq!(sign_token_request(&sparse, "secret"), MAC_SPARSE);
}

const MAC_FULL: &str = "GQ1A5NQsdtjrxJ4SiCo1SpP6L/qcE9BQASBa5/kzMDA=";
const MAC_SPARSE: &str = "9NpKvf3prWBZ9pt22VImJEWiCBppvgzn2GlBRy3PtG8=";

#[test]
fn a_signed_request_is_answered_once() {
    let auth = authenticator();
    let request = signed(request("app.full", "one"));
    let details = ask(&auth, &request).unwrap();
    assert_eq!((details.issued, details.expires), (NOW, NOW + 60 * MINUTE));
    assert_eq!((details.capability.as_deref(), details.client_id), (Some(r#"{"*":["*"]}"#), None));
    assert!(auth.authenticate_token(&details.token, None, NOW).is_ok());
    assert_eq!(refusal(ask(&auth, &request)), (40105, 401));
    let much_later = NOW + 31 * MINUTE;
    assert_eq!(refusal(auth.request_token("app.full", &request, None, much_later)), (40104, 401));
}

#[test]
fn every_changed_field_breaks_the_mac() {
    let auth = authenticator();
    let genuine = signed(request("app.full", "two"));
    let table = [
        TokenRequest { ttl: whole(1), ..genuine.clone() },
        TokenRequest { capability: Some(json!("{}")), ..genuine.clone() },
        TokenRequest { client_id: Some("eve".into()), ..genuine.clone() },
        TokenRequest { timestamp: whole(NOW as i64 + 1), ..genuine.clone() },
        TokenRequest { nonce: Some("another-nonce-of-some-length".into()), ..genuine.clone() },
        TokenRequest { key_name: Some("app.chat".into()), ..genuine.clone() },
        TokenRequest { mac: Some("AAAA".into()), ..genuine.clone() },
        TokenRequest { mac: Some(sign_token_request(&genuine, "other")), ..genuine.clone() },
    ];
    for request in &table {
        assert_eq!(refusal(ask(&auth, request)), (40101, 401));
    }
    assert!(ask(&auth, &genuine).is_ok(), "refused requests must not use up the nonce");
}

#[test]
fn every_wrong_field_has_its_error() {
    let auth = authenticator();
    let base = || request("app.full", "three");
    let minutes = |minutes: i64| whole(NOW as i64 + minutes * MINUTE as i64);
    let text = |text: &str| Some(WireNumber::Text(text.into()));
    let table = [
        ("ttl 0", TokenRequest { ttl: whole(0), ..base() }, 40003),
        ("ttl negative", TokenRequest { ttl: whole(-1), ..base() }, 40003),
        ("ttl over a day", TokenRequest { ttl: whole(86_400_001), ..base() }, 40003),
        ("ttl no number", TokenRequest { ttl: text("soon"), ..base() }, 40003),
        ("ttl fraction", TokenRequest { ttl: Some(WireNumber::Real(1.5)), ..base() }, 40003),
        ("timestamp missing", TokenRequest { timestamp: None, ..base() }, 40104),
        ("timestamp zero", TokenRequest { timestamp: whole(0), ..base() }, 40104),
        ("timestamp negative", TokenRequest { timestamp: whole(-5), ..base() }, 40104),
        ("timestamp early", TokenRequest { timestamp: minutes(-16), ..base() }, 40104),
        ("timestamp late", TokenRequest { timestamp: minutes(16), ..base() }, 40104),
        ("timestamp no number", TokenRequest { timestamp: text("now"), ..base() }, 40003),
        ("nonce missing", TokenRequest { nonce: None, ..base() }, 40003),
        ("nonce short", TokenRequest { nonce: Some("fifteen-chars--".into()), ..base() }, 40003),
        ("clientId empty", TokenRequest { client_id: Some(String::new()), ..base() }, 40012),
        ("capability no JSON", TokenRequest { capability: Some(json!("{")), ..base() }, 40000),
        ("capability unknown", TokenRequest { capability: Some(json!(r#"{"a":["fly"]}"#)), ..base() }, 40000),
        ("capability empty", TokenRequest { capability: Some(json!("{}")), ..base() }, 40160),
        ("capability long", TokenRequest { capability: Some(json!("x".repeat(40_000))), ..base() }, 40003),
    ];
    for (name, request, code) in table {
        assert_eq!(refusal(ask(&auth, &signed(request))).0, code, "{name}");
    }
    let accepted = [
        TokenRequest { ttl: whole(86_400_000), ..request("app.full", "a") },
        TokenRequest { ttl: text("60000"), ..request("app.full", "b") },
        TokenRequest { ttl: text(""), ..request("app.full", "c") },
        TokenRequest { timestamp: minutes(-15), ..request("app.full", "d") },
        TokenRequest { timestamp: minutes(15), ..request("app.full", "e") },
        TokenRequest { client_id: Some("*".into()), ..request("app.full", "f") },
        TokenRequest { capability: Some(json!("")), ..request("app.full", "g") },
    ];
    for request in accepted {
        assert_eq!(ask(&auth, &signed(request)).map(|_| ()), Ok(()));
    }
}

#[test]
fn the_key_must_be_there() {
    let auth = authenticator();
    let of = |key: &str| auth.request_token(key, &signed(request(key, "four")), None, NOW);
    assert_eq!(refusal(of("app.unknown")), (40101, 401));
    assert_eq!(refusal(of("nowhere.full")), (40400, 404));
    assert_eq!(refusal(of("app.old")), (40131, 401));
    assert_eq!(refusal(of("app.empty")), (40101, 401));
    assert_eq!(refusal(of("no-dot")), (40101, 401));
    assert_eq!(refusal(of("")), (40101, 401));
}

#[test]
fn an_unsigned_request_needs_basic_authentication_of_that_key() {
    let auth = authenticator();
    let request = TokenRequest { capability: Some(json!({"a": ["publish"]})), ..TokenRequest::default() };
    let send = |sender: Option<Principal>| auth.request_token("app.full", &request, sender.as_ref(), NOW);
    assert_eq!(
        send(Some(basic(&auth, "app.full"))).unwrap().capability.as_deref(),
        Some(r#"{"a":["publish"]}"#)
    );
    assert_eq!(refusal(send(None)), (40100, 401));
    assert_eq!(refusal(send(Some(basic(&auth, "app.chat")))), (40101, 401));
    assert_eq!(refusal(send(Some(basic(&auth, "other.full")))), (40101, 401));
    let token = auth.authenticate_token(&token(&auth, "app.full", None), None, NOW).unwrap();
    assert_eq!(refusal(send(Some(token))), (40101, 401), "a token must not beget tokens");
}

#[test]
fn remembered_nonces_are_bounded() {
    let auth = authenticator_with(Options { nonces_max: 3, nonces_per_app_max: 2, ..Options::default() });
    assert!(ask(&auth, &signed(request("app.full", "1"))).is_ok());
    assert!(ask(&auth, &signed(request("app.full", "2"))).is_ok());
    assert_eq!(refusal(ask(&auth, &signed(request("app.full", "3")))), (42910, 429));
    let other = signed(request("other.full", "3"));
    assert!(auth.request_token("other.full", &other, None, NOW).is_ok());
    let later = NOW + 15 * MINUTE + 1;
    let fresh = TokenRequest { timestamp: whole(later as i64), ..request("app.full", "3") };
    assert!(auth.request_token("app.full", &signed(fresh), None, later).is_ok());
}

#[test]
fn bodies_read_as_clients_write_them() {
    let body = r#"{"keyName":"app.full","ttl":"","capability":"{\"*\":[\"*\"]}","clientId":null,
        "timestamp":1800000000000,"nonce":"0123456789abcdef","mac":"x","unknown":1}"#;
    let request: TokenRequest = serde_json::from_str(body).unwrap();
    assert_eq!(request.timestamp, whole(1_800_000_000_000));
    assert_eq!((request.client_id, request.ttl), (None, Some(WireNumber::Text(String::new()))));
    let details = TokenDetails {
        token: "t".into(),
        key_name: Some("app.full".into()),
        issued: 1,
        expires: 2,
        capability: Some("{}".into()),
        client_id: None,
    };
    let expected = r#"{"token":"t","keyName":"app.full","issued":1,"expires":2,"capability":"{}"}"#;
    assert_eq!(serde_json::to_string(&details).unwrap(), expected);
}
