//! This server's own tokens.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_auth::{
    Authenticator, ClientIdentity, Credentials, Options, ServerSecret, TokenRequest, WireNumber,
};
use loquat_protocol::{KeyName, Operation};
use serde_json::json;

use crate::support::{Counting, MINUTE, NOW, authenticator, basic, directory, refusal, server_secret, token};

#[test]
fn a_token_says_what_was_asked_for_within_the_key() {
    let auth = authenticator();
    let request = TokenRequest {
        capability: Some(json!(r#"{"chat:a":["publish","history"],"news":["subscribe"]}"#)),
        client_id: Some("ada".into()),
        ttl: Some(WireNumber::Whole(5 * MINUTE as i64)),
        ..TokenRequest::default()
    };
    let details = auth.request_token("app.chat", &request, Some(&basic(&auth, "app.chat")), NOW).unwrap();
    assert_eq!(details.capability.as_deref(), Some(r#"{"chat:a":["publish"]}"#));
    assert_eq!((details.issued, details.expires), (NOW, NOW + 5 * MINUTE));
    assert_eq!((details.key_name.as_deref(), details.client_id.as_deref()), (Some("app.chat"), Some("ada")));

    let principal = auth.authenticate_token(&details.token, None, NOW + MINUTE).unwrap();
    assert_eq!(principal.client().wire_text(), Some("ada"));
    assert_eq!((principal.issued_ms(), principal.expires_ms()), (NOW, Some(NOW + 5 * MINUTE)));
    assert!(principal.is_token() && principal.token_id().is_some());
    assert!(
        principal.permits("chat:a", Operation::Publish) && !principal.permits("chat:b", Operation::Publish)
    );
}

#[test]
fn a_token_cannot_be_mistaken_for_a_jwt_and_suits_urls() {
    let token = token(&authenticator(), "app.full", Some("ada"));
    assert!(token.starts_with("app.") && token.matches('.').count() == 1);
    assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{token}");
}

#[test]
fn client_identity_follows_the_token() {
    let auth = authenticator();
    let identity = |client_id, asked: Option<&str>| {
        let credentials = Credentials::Token {
            token: token(&auth, "app.full", client_id),
            key_name: None,
            client_id: asked.map(str::to_owned),
        };
        auth.authenticate(Some(&credentials), NOW).map(|p| p.client().wire_text().map(str::to_owned))
    };
    assert_eq!(identity(None, None), Ok(None));
    assert_eq!(identity(Some("*"), None), Ok(Some("*".into())));
    assert_eq!(identity(Some("*"), Some("ada")), Ok(Some("ada".into())));
    assert_eq!(identity(Some("ada"), Some("ada")), Ok(Some("ada".into())));
    assert_eq!(identity(Some("ada"), None), Ok(Some("ada".into())));
    assert_eq!(refusal(identity(Some("ada"), Some("bob"))), (40102, 401));
    assert_eq!(refusal(identity(None, Some("bob"))), (40102, 401));
    assert_eq!(refusal(identity(Some("ada"), Some("*"))), (40012, 400));
    assert!(!ClientIdentity::Anonymous.admits("ada"));
}

#[test]
fn a_token_ends_on_the_millisecond() {
    let auth = authenticator();
    let token = token(&auth, "app.full", None);
    let principal = auth.authenticate_token(&token, None, NOW + 60 * MINUTE - 1).unwrap();
    assert_eq!(auth.check(&principal, NOW + 60 * MINUTE - 1), Ok(()));
    assert_eq!(refusal(auth.authenticate_token(&token, None, NOW + 60 * MINUTE)), (40142, 401));
    assert_eq!(refusal(auth.check(&principal, NOW + 60 * MINUTE)), (40142, 401));
}

#[test]
fn what_is_no_token_is_unrecognised() {
    let auth = authenticator();
    let genuine = token(&auth, "app.full", None);
    let body = genuine.strip_prefix("app.").unwrap();
    let mut version = URL_SAFE_NO_PAD.decode(body).unwrap();
    version[0] = 2;
    let table = [
        String::new(),
        "token".into(),
        ".".into(),
        "app.".into(),
        "app.x".into(),
        "app.AQ".into(),
        format!("app.{}", URL_SAFE_NO_PAD.encode(version)),
        format!("other.{body}"),
        format!("{genuine}="),
        "a.b.c.d.e".into(),
        format!("app.{}", "A".repeat(70_000)),
    ];
    for token in table {
        assert_eq!(refusal(auth.authenticate_token(&token, None, NOW)), (40143, 401), "{token}");
    }
    assert_eq!(refusal(auth.authenticate_token(&format!("nowhere.{body}"), None, NOW)), (40400, 404));
}

#[test]
fn a_token_dies_with_its_key_its_app_and_the_servers_secret() {
    let auth = authenticator();
    let (full, chat) = (token(&auth, "app.full", None), token(&auth, "app.chat", None));
    let principal = auth.authenticate_token(&full, None, NOW).unwrap();
    assert!(auth.revoke_key(&KeyName::parse("app.full").unwrap(), NOW).unwrap());
    assert_eq!(refusal(auth.authenticate_token(&full, None, NOW)), (40141, 401));
    assert_eq!(refusal(auth.check(&principal, NOW)), (40141, 401));
    assert!(auth.authenticate_token(&chat, None, NOW).is_ok());
    assert!(auth.delete_app(principal.app()).unwrap());
    assert_eq!(refusal(auth.authenticate_token(&chat, None, NOW)), (40400, 404));

    let build = |secret: &ServerSecret| {
        Authenticator::new(directory(), Arc::new(Counting::default()), secret, Options::default(), NOW)
            .unwrap()
    };
    assert!(
        build(&server_secret()).authenticate_token(&chat, None, NOW).is_ok(),
        "another node, the same secret"
    );
    let changed = build(&ServerSecret::from_bytes([4; 32]));
    assert_eq!(refusal(changed.authenticate_token(&chat, None, NOW)), (40143, 401));
}
