//! Connection keys and ids.

use loquat_auth::{
    ClientIdentity, ConnectionKeyClaims, ConnectionKeySigner, OsEntropy, ServerSecret, new_connection_id,
};
use loquat_protocol::{AppId, ClientId, ConnectionId};

use crate::support::{NOW, refusal, server_secret};

fn claims(client: ClientIdentity) -> ConnectionKeyClaims {
    ConnectionKeyClaims {
        connection_id: ConnectionId::from_trusted("Abc_123-xyz9"),
        app: AppId::from_trusted("k3v9x2m7qa"),
        client,
        issued_ms: NOW,
    }
}

fn named(name: &str) -> ClientIdentity {
    ClientIdentity::Named(ClientId::parse(name).unwrap())
}

#[test]
fn a_key_proves_what_it_was_made_for() {
    let signer = ConnectionKeySigner::new(&server_secret());
    let identities =
        [ClientIdentity::Any, ClientIdentity::Anonymous, named("ada@example.org"), named("日本語")];
    for client in identities {
        let key = signer.sign(&claims(client.clone()));
        assert_eq!(signer.verify(&key), Ok(claims(client)));
        assert!(key.len() < 120, "{} characters", key.len());
        assert!(key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{key}");
    }
    let longest = claims(named(&"x".repeat(512)));
    assert_eq!(signer.verify(&signer.sign(&longest)), Ok(longest));
}

#[test]
fn another_secret_refuses_it() {
    let key = ConnectionKeySigner::new(&server_secret()).sign(&claims(ClientIdentity::Any));
    let other = ConnectionKeySigner::new(&ServerSecret::from_bytes([9; 32]));
    assert_eq!(refusal(other.verify(&key)), (80018, 400));
}

#[test]
fn other_texts_are_refused() {
    let signer = ConnectionKeySigner::new(&server_secret());
    let key = signer.sign(&claims(ClientIdentity::Any));
    for text in ["", "x", "AQ", "***", &format!("{key}="), &key[1..], &"A".repeat(5000), "日本語"] {
        assert_eq!(refusal(signer.verify(text)), (80018, 400), "{text}");
    }
}

#[test]
fn connection_ids_are_short_and_differ() {
    let ids: std::collections::HashSet<_> =
        (0..1000).map(|_| new_connection_id(&OsEntropy).unwrap().as_str().to_owned()).collect();
    assert_eq!(ids.len(), 1000);
    assert!(
        ids.iter()
            .all(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)))
    );
}
