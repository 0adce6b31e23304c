//! What an authenticator is told at its start.

use std::fmt;

use loquat_protocol::KeyName;

/// An API key fixed by the operator, with every right in its app. It is not in the directory: it is gone when
/// the configuration no longer has it.
#[derive(Clone, PartialEq, Eq)]
pub struct RootKey {
    name: KeyName,
    secret: String,
}

impl RootKey {
    /// Parses `app.key:secret`; `None` when it has another form or no secret.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, secret) = text.split_once(':')?;
        let name = KeyName::parse(name)?;
        (!secret.is_empty()).then(|| Self { name, secret: secret.to_owned() })
    }

    /// `app.key`.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootKey").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How an [`crate::Authenticator`] behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// A key fixed by configuration; its app is made when it is absent.
    pub root_key: Option<RootKey>,
    /// Most nonces of token requests that are remembered, about 150 bytes each.
    pub nonces_max: usize,
    /// Most of them that one app may hold.
    pub nonces_per_app_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { root_key: None, nonces_max: 1 << 18, nonces_per_app_max: 3 << 16 }
    }
}
