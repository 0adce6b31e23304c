//! Properties over random input.

use loquat_auth::{
    ClientIdentity, ConnectionKeyClaims, ConnectionKeySigner, TokenRequest, WireNumber,
    fuzz::fuzz_credentials, sign_token_request,
};
use loquat_protocol::{AppId, ClientId, ConnectionId};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{NOW, SECRET, authenticator, basic, jwt, server_secret, token};

fn client() -> impl Strategy<Value = ClientIdentity> {
    prop_oneof![
        Just(ClientIdentity::Any),
        Just(ClientIdentity::Anonymous),
        "[^*].{0,40}".prop_map(|name| ClientIdentity::Named(ClientId::parse(&name).unwrap())),
    ]
}

fn token_request() -> impl Strategy<Value = TokenRequest> {
    let capability = prop_oneof![
        Just(None),
        Just(Some(json!(r#"{"*":["*"]}"#))),
        "[a-z:]{1,20}".prop_map(|channel| Some(json!(json!({channel: ["publish", "history"]}).to_string()))),
    ];
    let ttl = prop_oneof![Just(None), (1_i64..86_400_000).prop_map(|ms| Some(WireNumber::Whole(ms)))];
    let client_id = proptest::option::of("[^*].{0,40}");
    (ttl, capability, client_id, -899_000_i64..899_000, "[ -~]{16,40}").prop_map(
        |(ttl, capability, client_id, offset, nonce)| TokenRequest {
            key_name: Some("app.full".into()),
            ttl,
            capability,
            client_id,
            timestamp: Some(WireNumber::Whole(NOW as i64 + offset)),
            nonce: Some(nonce),
            mac: None,
        },
    )
}

/// The text with one character exchanged for another of the same alphabet.
fn tampered(text: &str, place: prop::sample::Index, with: u8) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    let mut bytes = text.as_bytes().to_vec();
    let place = place.index(bytes.len());
    let other: Vec<u8> = ALPHABET.iter().copied().filter(|byte| *byte != bytes[place]).collect();
    bytes[place] = other[usize::from(with) % other.len()];
    String::from_utf8(bytes).unwrap()
}

proptest! {
    #[test]
    fn a_signed_request_is_answered_and_its_token_says_the_same(request in token_request()) {
        let auth = authenticator();
        let request = TokenRequest { mac: Some(sign_token_request(&request, SECRET)), ..request };
        let sent: TokenRequest = serde_json::from_slice(&serde_json::to_vec(&request).unwrap()).unwrap();
        let details = auth.request_token("app.full", &sent, None, NOW).unwrap();
        let principal = auth.authenticate_token(&details.token, None, NOW).unwrap();
        prop_assert_eq!(principal.client().wire_text(), request.client_id.as_deref());
        prop_assert_eq!(principal.capability().map(ToString::to_string), details.capability);
        prop_assert_eq!(principal.expires_ms(), Some(details.expires));
    }

    #[test]
    fn a_changed_request_is_refused(
        request in token_request(), other in token_request(), secret in "[a-z]{1,20}",
    ) {
        let auth = authenticator();
        prop_assume!(request != other);
        let mixed = TokenRequest { mac: Some(sign_token_request(&request, SECRET)), ..other };
        prop_assert_eq!(auth.request_token("app.full", &mixed, None, NOW).unwrap_err().code, 40101);
        let forged = TokenRequest { mac: Some(sign_token_request(&request, &secret)), ..request };
        prop_assert_eq!(auth.request_token("app.full", &forged, None, NOW).unwrap_err().code, 40101);
    }

    #[test]
    fn a_tampered_token_is_refused(place: prop::sample::Index, with: u8, of_jwt: bool) {
        let auth = authenticator();
        let genuine = if of_jwt { jwt(json!({"x-ably-clientId": "ada"})) } else { token(&auth, "app.full", Some("ada")) };
        let changed = tampered(&genuine, place, with);
        let error = auth.authenticate_token(&changed, None, NOW).unwrap_err();
        prop_assert!(matches!(error.code, 40143 | 40144 | 40400), "{:?}", error);
    }

    #[test]
    fn connection_keys_round_trip_and_do_not_bear_tampering(
        id in "[A-Za-z0-9_-]{1,32}", app in "[a-z0-9]{1,64}", client in client(), issued_ms in 0_u64..(1 << 48),
        place: prop::sample::Index, with: u8,
    ) {
        let signer = ConnectionKeySigner::new(&server_secret());
        let claims = ConnectionKeyClaims {
            connection_id: ConnectionId::from_trusted(&id), app: AppId::from_trusted(&app), client, issued_ms,
        };
        let key = signer.sign(&claims);
        prop_assert_eq!(signer.verify(&key), Ok(claims));
        prop_assert_eq!(signer.verify(&tampered(&key, place, with)).unwrap_err().code, 80018);
    }

    #[test]
    fn no_token_is_wider_than_its_key(channel in "(chat:)?[a-z]{1,3}", asked in "(chat:)?([a-z]{1,2}|\\*)") {
        let auth = authenticator();
        let request = TokenRequest {
            capability: Some(json!({asked: ["publish", "history"]})), ..TokenRequest::default()
        };
        let key = basic(&auth, "app.chat");
        if let Ok(details) = auth.request_token("app.chat", &request, Some(&key), NOW) {
            let token = auth.authenticate_token(&details.token, None, NOW).unwrap();
            let both = token.operations(&channel) & key.operations(&channel);
            prop_assert_eq!(token.operations(&channel), both);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        fuzz_credentials(&data);
    }

    #[test]
    fn arbitrary_text_never_panics(text in "(Basic |Bearer |app\\.|\\{\"capability\":|eyJ)?\\PC{0,80}") {
        fuzz_credentials(text.as_bytes());
    }
}
