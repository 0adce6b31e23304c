//! Laws of apps and keys.

use loquat_protocol::{AppId, Capability, KeyName};

use super::Fixture;
use crate::{AppRecord, Directory, KeyRecord, StoreErrorKind};

fn app(id: &str) -> AppRecord {
    AppRecord { id: AppId::from_trusted(id), created_ms: 1_700_000_000_000 }
}

fn key(name: &str) -> KeyRecord {
    KeyRecord {
        name: KeyName::from_trusted(name),
        secret: format!("secret of {name}"),
        capability: Capability::parse(r#"{"rooms:*":["publish","subscribe"]}"#).expect("a capability"),
        created_ms: 1_700_000_000_001,
        revoked_ms: None,
    }
}

fn conflicts(outcome: Result<(), crate::StoreError>) {
    assert_eq!(outcome.expect_err("a conflict is refused").kind, StoreErrorKind::Conflict);
}

/// An app and its keys appear together, sorted, every field as given.
pub fn an_app_comes_with_its_keys<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    assert!(store.apps().unwrap().is_empty() && store.keys().unwrap().is_empty());
    store.create_app(&app("b"), &[key("b.2"), key("b.1")]).unwrap();
    store.create_app(&app("a"), &[]).unwrap();
    assert_eq!(store.apps().unwrap(), [app("a"), app("b")]);
    assert_eq!(store.keys().unwrap(), [key("b.1"), key("b.2")]);
}

/// An app or a key that exists, twice the same key, somebody else's key: refused, nothing changes.
pub fn a_conflict_changes_nothing<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    store.create_app(&app("a"), &[key("a.1")]).unwrap();
    conflicts(store.create_app(&app("a"), &[key("a.2")]));
    conflicts(store.create_app(&app("b"), &[key("b.1"), key("b.1")]));
    conflicts(store.create_app(&app("b"), &[key("b.1"), key("a.9")]));
    conflicts(store.create_key(&KeyRecord { secret: "another".into(), ..key("a.1") }));
    assert_eq!(store.apps().unwrap(), [app("a")]);
    assert_eq!(store.keys().unwrap(), [key("a.1")]);
}

/// A key can be added to an app that exists, and to no other.
pub fn a_key_needs_its_app<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    conflicts(store.create_key(&key("a.1")));
    store.create_app(&app("a"), &[]).unwrap();
    store.create_key(&key("a.1")).unwrap();
    assert_eq!(store.keys().unwrap(), [key("a.1")]);
}

/// The first revocation counts, and the key stays listed.
pub fn a_key_is_revoked_once<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    store.create_app(&app("a"), &[key("a.1"), key("a.2")]).unwrap();
    let name = KeyName::from_trusted("a.1");
    assert!(store.revoke_key(&name, 5_000).unwrap());
    assert!(!store.revoke_key(&name, 6_000).unwrap());
    assert!(!store.revoke_key(&KeyName::from_trusted("a.3"), 6_000).unwrap());
    assert_eq!(store.keys().unwrap(), [KeyRecord { revoked_ms: Some(5_000), ..key("a.1") }, key("a.2")]);
    conflicts(store.create_key(&key("a.1")));
}

/// With an app go its keys and nobody else's.
pub fn a_deleted_app_takes_its_keys_along<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    store.create_app(&app("a"), &[key("a.1")]).unwrap();
    store.create_app(&app("ab"), &[key("ab.1")]).unwrap();
    assert!(store.delete_app(&AppId::from_trusted("a")).unwrap());
    assert!(!store.delete_app(&AppId::from_trusted("a")).unwrap());
    assert_eq!(store.apps().unwrap(), [app("ab")]);
    assert_eq!(store.keys().unwrap(), [key("ab.1")]);
}

/// Apps, keys and revocations are there after closing and opening.
pub fn the_directory_survives_a_reopen<F: Fixture>() {
    let mut fixture = F::empty();
    fixture.store().create_app(&app("a"), &[key("a.1"), key("a.2")]).unwrap();
    fixture.store().revoke_key(&KeyName::from_trusted("a.2"), 7_000).unwrap();
    let before = (fixture.store().apps().unwrap(), fixture.store().keys().unwrap());
    fixture.reopen();
    assert_eq!((fixture.store().apps().unwrap(), fixture.store().keys().unwrap()), before);
}
