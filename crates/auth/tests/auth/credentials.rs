//! Reading credentials from headers and queries.

use base64::{Engine, engine::general_purpose::STANDARD};
use loquat_auth::Credentials;

use crate::support::{NOW, SECRET, authenticator, jwt, refusal, token};

fn basic(key: &str, client_id: Option<&str>) -> Credentials {
    Credentials::Basic { key: key.into(), client_id: client_id.map(Into::into) }
}

fn bearer(token: &str, key_name: Option<&str>, client_id: Option<&str>) -> Credentials {
    Credentials::Token {
        token: token.into(),
        key_name: key_name.map(Into::into),
        client_id: client_id.map(Into::into),
    }
}

#[test]
fn the_authorization_header_is_basic_or_bearer() {
    let b64 = |text: &str| STANDARD.encode(text);
    let table = [
        (format!("Basic {}", b64("app.key:secret")), basic("app.key:secret", None)),
        (format!("  basic   {} ", b64("app.key:secret")), basic("app.key:secret", None)),
        (format!("Basic {}", b64("app.key:secret").trim_end_matches('=')), basic("app.key:secret", None)),
        (format!("Bearer {}", b64("app.token")), bearer("app.token", None, None)),
        ("Bearer app.token".into(), bearer("app.token", None, None)),
        ("BEARER a.b.c".into(), bearer("a.b.c", None, None)),
        (format!("Bearer {}", b64("a.b.c")), bearer("a.b.c", None, None)),
        ("Bearer abcd".into(), bearer("abcd", None, None)),
        (format!("Bearer {}", b64("without a dot")), bearer(&b64("without a dot"), None, None)),
    ];
    for (header, expected) in table {
        assert!(Credentials::from_authorization(&header) == Ok(expected), "{header}");
    }
    for header in
        ["", "Basic", "Basic ***", "Basic /w==", "Bearer", "Bearer ", "Digest abc", "app.key:secret"]
    {
        assert_eq!(refusal(Credentials::from_authorization(header)), (40101, 401), "{header}");
    }
}

#[test]
fn the_header_wins_over_the_query_and_a_token_over_a_key() {
    let read = |header, client, query: &[(&'static str, &'static str)]| {
        Credentials::from_request(header, client, query.iter().copied())
    };
    let both =
        [("key", "app.key:secret"), ("access_token", "a.t"), ("keyName", "app.k"), ("clientId", "ada")];
    assert!(read(None, None, &[]) == Ok(None));
    assert!(read(None, None, &[("v", "6"), ("clientId", "ada")]) == Ok(None));
    assert!(read(None, None, &both[..1]) == Ok(Some(basic("app.key:secret", None))));
    assert!(read(None, None, &both) == Ok(Some(bearer("a.t", Some("app.k"), Some("ada")))));
    assert!(read(Some("Bearer x.y"), None, &both) == Ok(Some(bearer("x.y", Some("app.k"), Some("ada")))));
    assert!(read(None, Some("Ym9i"), &both[..1]) == Ok(Some(basic("app.key:secret", Some("bob")))));
    assert!(read(None, None, &[("key", "a.b:c"), ("key", "d.e:f")]) == Ok(Some(basic("a.b:c", None))));
    assert_eq!(refusal(read(None, Some("***"), &both)), (40012, 400));
    assert_eq!(refusal(read(Some("Digest x"), None, &both)), (40101, 401));
}

#[test]
fn credentials_of_every_kind_authenticate() {
    let auth = authenticator();
    for token in [token(&auth, "app.full", None), jwt(serde_json::json!({}))] {
        for header in [format!("Bearer {token}"), format!("Bearer {}", STANDARD.encode(&token))] {
            let credentials = Credentials::from_request(Some(&header), None, []).unwrap();
            assert!(auth.authenticate(credentials.as_ref(), NOW).unwrap().is_token());
        }
    }
    let header = format!("Basic {}", STANDARD.encode(format!("app.full:{SECRET}")));
    let credentials = Credentials::from_request(Some(&header), Some("YWRh"), []).unwrap();
    assert_eq!(auth.authenticate(credentials.as_ref(), NOW).unwrap().client().wire_text(), Some("ada"));
}

#[test]
fn secrets_are_not_printed() {
    let auth = authenticator();
    let token = token(&auth, "app.full", Some("ada"));
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?}",
        basic(&format!("app.full:{SECRET}"), None),
        bearer(&token, None, None),
        auth.authenticate_token(&token, None, NOW).unwrap(),
        loquat_auth::RootKey::parse(&format!("app.full:{SECRET}")),
        crate::support::server_secret(),
    );
    assert!(!shown.contains(SECRET) && !shown.contains(&token[8..]) && !shown.contains("3, 3"), "{shown}");
}
