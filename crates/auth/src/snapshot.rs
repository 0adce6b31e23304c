//! Apps and keys as they stood at one moment, for answering without asking the store.

use std::collections::{HashMap, HashSet};

use loquat_protocol::{AppId, Capability, ErrorCode, ErrorInfo, KeyName};
use loquat_store::{AppRecord, KeyRecord};

use crate::{RootKey, mac::fingerprint};

/// A key, ready to be authenticated against.
#[derive(PartialEq)]
pub(crate) struct Key {
    pub name: KeyName,
    pub secret: String,
    pub capability: Capability,
    pub revoked: bool,
    /// Name and secret, shortened: a key made anew under an old name is another key.
    pub id: [u8; 16],
}

impl Key {
    fn new(name: KeyName, secret: String, capability: Capability, revoked: bool) -> Self {
        let id = fingerprint(&[name.as_str().as_bytes(), secret.as_bytes()]);
        Self { name, secret, capability, revoked, id }
    }
}

/// Why a key cannot be used.
pub(crate) enum KeyFault<'a> {
    UnknownApp(&'a str),
    UnknownKey,
    Revoked,
}

impl KeyFault<'_> {
    /// The answer to credentials that are the key itself.
    pub fn for_key(self) -> ErrorInfo {
        match self {
            Self::UnknownApp(app) => unknown_app(app),
            Self::UnknownKey => {
                ErrorInfo::new(ErrorCode::InvalidCredentials, "invalid credentials: there is no such key")
            }
            Self::Revoked => ErrorCode::KeyRevoked.into(),
        }
    }

    /// The answer to a token that stands on the key: one that makes clients ask for another token.
    pub fn for_token(self) -> ErrorInfo {
        match self {
            Self::UnknownApp(app) => unknown_app(app),
            Self::UnknownKey => {
                ErrorInfo::new(ErrorCode::TokenUnrecognised, "the token's key is not one of this server's")
            }
            Self::Revoked => {
                ErrorInfo::new(ErrorCode::TokenRevoked, "the key that issued the token is revoked")
            }
        }
    }
}

fn unknown_app(app: &str) -> ErrorInfo {
    // The name comes from outside: no more of it is repeated than an app id can be long.
    let shown: String = app.chars().filter(|c| !c.is_control()).take(64).collect();
    ErrorInfo::new(ErrorCode::NotFound, format!("there is no app '{shown}' on this server"))
}

/// Every app and key.
#[derive(PartialEq, Default)]
pub(crate) struct Snapshot {
    apps: HashSet<Box<str>>,
    keys: HashMap<Box<str>, Key>,
}

impl Snapshot {
    /// Builds one from the directory's records; the root key, if any, wins over a record of its name.
    pub fn new(apps: Vec<AppRecord>, keys: Vec<KeyRecord>, root: Option<&RootKey>) -> Self {
        let root = root.map(|root| {
            Key::new(root.name().clone(), root.secret().to_owned(), Capability::everything(), false)
        });
        let keys = keys
            .into_iter()
            .map(|key| Key::new(key.name, key.secret, key.capability, key.revoked_ms.is_some()))
            .chain(root)
            .map(|key| (Box::from(key.name.as_str()), key))
            .collect();
        Self { apps: apps.into_iter().map(|app| Box::from(app.id.as_str())).collect(), keys }
    }

    pub fn has_app(&self, app: &AppId) -> bool {
        self.apps.contains(app.as_str())
    }

    /// The key of that name, if it can be used.
    pub fn key<'a>(&self, name: &'a str) -> Result<&Key, KeyFault<'a>> {
        let (app, _) = name.split_once('.').ok_or(KeyFault::UnknownKey)?;
        if !self.apps.contains(app) {
            return Err(KeyFault::UnknownApp(app));
        }
        // A key without a secret would let everybody in.
        let key = self.keys.get(name).filter(|key| !key.secret.is_empty()).ok_or(KeyFault::UnknownKey)?;
        if key.revoked { Err(KeyFault::Revoked) } else { Ok(key) }
    }
}
