//! Apps and keys come and go.

use std::sync::Arc;

use loquat_auth::{Authenticator, Options, RootKey};
use loquat_protocol::{AppId, Capability, KeyName};
use loquat_store::{Directory, StoreErrorKind};

use crate::support::{
    Counting, NOW, SECRET, authenticator, basic, capability, directory, record, refusal, server_secret,
};

#[test]
fn a_new_app_and_its_keys_work_at_once() {
    let auth = authenticator();
    let generation = auth.generation();
    let permits = [Capability::everything(), capability(r#"{"a":["publish"]}"#)];
    let (app, keys) = auth.create_app(None, &permits, NOW).unwrap();
    assert!(auth.has_app(&app.id) && AppId::parse(app.id.as_str()).is_some());
    assert_eq!(keys.len(), 2);
    assert!(auth.generation() > generation);
    for key in &keys {
        assert!(KeyName::parse(key.name.as_str()).is_some() && key.secret.len() == 43);
        let text = format!("{}:{}", key.name, key.secret);
        let principal = auth.authenticate_basic(&text, None, NOW).unwrap();
        assert_eq!((principal.app(), principal.capability()), (&app.id, Some(&key.capability)));
    }
    let third = auth.create_key(&app.id, &permits[0], NOW).unwrap();
    assert!(auth.authenticate_basic(&format!("{}:{}", third.name, third.secret), None, NOW).is_ok());
    assert!(auth.keys().unwrap().contains(&third));
    assert!(auth.delete_app(&app.id).unwrap() && !auth.delete_app(&app.id).unwrap());
    assert!(!auth.has_app(&app.id));
}

#[test]
fn conflicts_are_said() {
    let auth = authenticator();
    let id = AppId::parse("app").unwrap();
    assert_eq!(auth.create_app(Some(id), &[], NOW).unwrap_err().kind, StoreErrorKind::Conflict);
    let nowhere = AppId::parse("nowhere").unwrap();
    let error = auth.create_key(&nowhere, &Capability::everything(), NOW).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Conflict);
    let root = AppId::parse("root").unwrap();
    assert_eq!(auth.delete_app(&root).unwrap_err().kind, StoreErrorKind::Conflict);
}

#[test]
fn a_revoked_key_ends_at_once() {
    let auth = authenticator();
    let (principal, name) = (basic(&auth, "app.full"), KeyName::parse("app.full").unwrap());
    assert_eq!(auth.check(&principal, NOW), Ok(()));
    assert!(auth.revoke_key(&name, NOW).unwrap() && !auth.revoke_key(&name, NOW).unwrap());
    assert_eq!(refusal(auth.check(&principal, NOW)), (40131, 401));
    assert_eq!(refusal(auth.authenticate_basic(&format!("app.full:{SECRET}"), None, NOW)), (40131, 401));
    assert!(!auth.revoke_key(&KeyName::parse("root.key").unwrap(), NOW).unwrap());
}

#[test]
fn changes_of_other_processes_are_seen_at_a_refresh() {
    let directory = directory();
    let auth = Authenticator::new(
        directory.clone(),
        Arc::new(Counting::default()),
        &server_secret(),
        Options::default(),
        NOW,
    )
    .unwrap();
    let (principal, generation) = (basic(&auth, "app.full"), auth.generation());
    assert!(!auth.refresh().unwrap());
    assert_eq!(auth.generation(), generation);
    directory.revoke_key(&KeyName::parse("app.full").unwrap(), NOW).unwrap();
    assert_eq!(auth.check(&principal, NOW), Ok(()));
    assert!(auth.refresh().unwrap());
    assert!(auth.generation() > generation);
    assert_eq!(refusal(auth.check(&principal, NOW)), (40131, 401));
}

#[test]
fn a_key_made_anew_under_an_old_name_is_another_key() {
    let directory = directory();
    let entropy = Arc::new(Counting::default());
    let auth =
        Authenticator::new(directory.clone(), entropy, &server_secret(), Options::default(), NOW).unwrap();
    let principal = basic(&auth, "other.full");
    let token = crate::support::token(&auth, "other.full", None);
    auth.delete_app(principal.app()).unwrap();
    let app = loquat_store::AppRecord { id: principal.app().clone(), created_ms: NOW };
    let mut key = record("other.full", r#"{"*":["*"]}"#);
    key.secret = "another secret".into();
    directory.create_app(&app, &[key]).unwrap();
    auth.refresh().unwrap();
    assert_eq!(refusal(auth.check(&principal, NOW)), (40131, 401));
    assert_eq!(refusal(auth.authenticate_token(&token, None, NOW)), (40143, 401));
}

#[test]
fn the_root_key_makes_its_app_and_is_not_stored() {
    let directory = directory();
    let build = |root: Option<&str>| {
        let options = Options { root_key: root.and_then(RootKey::parse), ..Options::default() };
        Authenticator::new(directory.clone(), Arc::new(Counting::default()), &server_secret(), options, NOW)
            .unwrap()
    };
    let auth = build(Some("mine.key:a"));
    assert!(auth.authenticate_basic("mine.key:a", None, NOW).is_ok());
    assert!(build(Some("mine.key:b")).authenticate_basic("mine.key:b", None, NOW).is_ok());
    let without = build(None);
    assert!(without.has_app(&AppId::parse("mine").unwrap()));
    assert_eq!(refusal(without.authenticate_basic("mine.key:b", None, NOW)), (40101, 401));
    for text in ["", "mine.key", "mine.key:", "mine:secret", ".key:secret", "mi ne.key:secret"] {
        assert_eq!(RootKey::parse(text), None, "{text}");
    }
}
