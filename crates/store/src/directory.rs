//! The truth about apps and keys.

use loquat_protocol::{AppId, Capability, KeyName};

use crate::StoreError;

/// An app.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppRecord {
    /// Its id.
    pub id: AppId,
    /// When it was made, milliseconds since 1970.
    pub created_ms: u64,
}

/// An API key. Its secret is needed in clear: it signs token requests and JWTs on both sides.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// `appId.keyId`.
    pub name: KeyName,
    /// The secret half.
    pub secret: String,
    /// What it permits.
    pub capability: Capability,
    /// When it was made, milliseconds since 1970.
    pub created_ms: u64,
    /// When it was revoked, milliseconds since 1970.
    pub revoked_ms: Option<u64>,
}

impl std::fmt::Debug for KeyRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRecord")
            .field("name", &self.name)
            .field("revoked_ms", &self.revoked_ms)
            .finish_non_exhaustive()
    }
}

/// Apps and keys. Changes are durable when a call returns.
pub trait Directory: Send + Sync + 'static {
    /// Every app, by id.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn apps(&self) -> Result<Vec<AppRecord>, StoreError>;

    /// Adds an app with its keys, all or nothing.
    ///
    /// # Errors
    /// `Conflict` when the app exists, or a key exists, is given twice or belongs to another app.
    fn create_app(&self, app: &AppRecord, keys: &[KeyRecord]) -> Result<(), StoreError>;

    /// Removes an app and its keys; `false` when there was none.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn delete_app(&self, app: &AppId) -> Result<bool, StoreError>;

    /// Every key, revoked ones too, by name.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn keys(&self) -> Result<Vec<KeyRecord>, StoreError>;

    /// Adds a key to an app.
    ///
    /// # Errors
    /// `Conflict` when the key exists or the app does not.
    fn create_key(&self, key: &KeyRecord) -> Result<(), StoreError>;

    /// Marks a key as revoked; `false` when there is none or it was revoked before.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn revoke_key(&self, name: &KeyName, at_ms: u64) -> Result<bool, StoreError>;
}
