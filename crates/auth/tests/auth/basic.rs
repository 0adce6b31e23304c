//! API keys.

use loquat_auth::{ClientIdentity, Credentials};
use loquat_protocol::{Operation, Operations};

use crate::support::{NOW, SECRET, authenticator, refusal};

#[test]
fn a_key_is_its_app_its_capability_and_any_client() {
    let principal = authenticator().authenticate_basic(&format!("app.chat:{SECRET}"), None, NOW).unwrap();
    assert_eq!(principal.app().as_str(), "app");
    assert_eq!(principal.key_name().unwrap().as_str(), "app.chat");
    assert_eq!(principal.client(), &ClientIdentity::Any);
    assert_eq!((principal.is_token(), principal.expires_ms(), principal.issued_ms()), (false, None, NOW));
    assert!(principal.permits("chat:lobby", Operation::Publish));
    assert!(!principal.permits("lobby", Operation::Publish));
    assert_eq!(principal.operations("lobby"), Operations::NONE);
    assert_eq!(principal.require("lobby", Operation::Publish).unwrap_err().code, 40160);
    assert_eq!(principal.require("chat:lobby", Operation::Subscribe), Ok(()));
}

#[test]
fn a_key_with_a_client_id_is_that_client() {
    let auth = authenticator();
    let principal = auth.authenticate_basic(&format!("app.full:{SECRET}"), Some("ada"), NOW).unwrap();
    assert_eq!(principal.client().wire_text(), Some("ada"));
    assert!(principal.client().admits("ada") && !principal.client().admits("bob"));
    let any = auth.authenticate_basic(&format!("app.full:{SECRET}"), Some("*"), NOW).unwrap();
    assert_eq!(any.client().wire_text(), Some("*"));
    assert!(any.client().admits("bob") && !any.client().admits("*") && !any.client().admits(""));
}

#[test]
fn every_mistake_has_its_error() {
    let auth = authenticator();
    let table = [
        ("", 40101, 401),
        ("app", 40101, 401),
        ("app.full", 40101, 401),
        ("app.full:", 40101, 401),
        (":secret", 40101, 401),
        ("app:secret", 40101, 401),
        ("a pp.full:secret", 40101, 401),
        ("app.full:wrong", 40101, 401),
        ("app.full:a-secret-of-the-ke", 40101, 401),
        ("app.unknown:secret", 40101, 401),
        ("app.empty:", 40101, 401),
        ("app.empty:x", 40101, 401),
        ("nowhere.full:secret", 40400, 404),
        ("app.old:a-secret-of-the-key", 40131, 401),
        ("other.chat:a-secret-of-the-key", 40101, 401),
    ];
    for (key, code, status) in table {
        assert_eq!(refusal(auth.authenticate_basic(key, None, NOW)), (code, status), "{key}");
    }
    let key = format!("app.full:{SECRET}");
    assert_eq!(refusal(auth.authenticate_basic(&key, Some(""), NOW)), (40012, 400));
    assert_eq!(refusal(auth.authenticate_basic(&key, Some(&"x".repeat(513)), NOW)), (40012, 400));
    assert_eq!(refusal(auth.authenticate(None, NOW)), (40100, 401));
}

#[test]
fn the_root_key_has_every_right() {
    let auth = authenticator();
    let credentials = Credentials::Basic { key: "root.key:root-secret".into(), client_id: None };
    let principal = auth.authenticate(Some(&credentials), NOW).unwrap();
    for channel in ["a", "chat:a", "[meta]log"] {
        assert_eq!(principal.operations(channel), Operations::ALL, "{channel}");
    }
    assert_eq!(refusal(auth.authenticate_basic("root.key:other", None, NOW)), (40101, 401));
}
