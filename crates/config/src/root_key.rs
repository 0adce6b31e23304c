//! The root key: an API key that the operator fixes instead of letting the node make one.

use crate::Secret;

/// An API key of the form `app.key:secret`, as the realtime SDKs write it. Only the secret is secret;
/// `app.key` is the key's name and may be printed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd)]
pub struct RootKey {
    app_id: String,
    key_id: String,
    secret: Secret,
}

impl RootKey {
    /// The application that the key belongs to.
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// The key's id within its application.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The key's name, `app.key`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.app_id, self.key_id)
    }

    /// The key's secret.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Reads `app.key:secret`; the names are letters, digits, `_` and `-`, the secret at least 6
    /// printable characters without `:`, so that the whole survives a URL and a Basic header.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (name, secret) = text.split_once(':')?;
        let (app_id, key_id) = name.split_once('.')?;
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        let secret_ok = secret.len() >= 6 && secret.bytes().all(|b| b.is_ascii_graphic() && b != b':');
        (word(app_id) && word(key_id) && secret_ok).then(|| Self {
            app_id: app_id.to_owned(),
            key_id: key_id.to_owned(),
            secret: Secret::new(secret),
        })
    }

    pub(crate) fn show(&self) -> String {
        format!("{}:{}", self.name(), self.secret)
    }
}
