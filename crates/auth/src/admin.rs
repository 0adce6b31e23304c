//! Apps and keys come and go: what operators and tools do through the [`Authenticator`].

use loquat_protocol::{AppId, Capability, KeyName};
use loquat_store::{AppRecord, KeyRecord, StoreError};

use crate::Authenticator;

impl Authenticator {
    /// A number that rises whenever apps or keys change, here or (seen at a refresh) elsewhere.
    pub fn generation(&self) -> u64 {
        self.registry.generation()
    }

    /// Whether an app exists.
    pub fn has_app(&self, app: &AppId) -> bool {
        self.registry.snapshot().has_app(app)
    }

    /// Reads the directory anew, for changes that other processes made; whether there were any. Blocks.
    ///
    /// # Errors
    /// The directory's; what was known stays in force.
    pub fn refresh(&self) -> Result<bool, StoreError> {
        self.registry.refresh()
    }

    /// Makes an app, of a random id if none is given, with a key per capability. Blocks.
    ///
    /// # Errors
    /// `Conflict` when the app exists; the directory's.
    pub fn create_app(
        &self,
        id: Option<AppId>,
        capabilities: &[Capability],
        now_ms: u64,
    ) -> Result<(AppRecord, Vec<KeyRecord>), StoreError> {
        self.registry.create_app(id, capabilities, now_ms)
    }

    /// Removes an app and its keys; `false` when there was none. Blocks.
    ///
    /// # Errors
    /// `Conflict` for the root key's app; the directory's.
    pub fn delete_app(&self, app: &AppId) -> Result<bool, StoreError> {
        self.registry.delete_app(app)
    }

    /// Makes a key of an app. Blocks.
    ///
    /// # Errors
    /// `Conflict` when there is no such app; the directory's.
    pub fn create_key(
        &self,
        app: &AppId,
        capability: &Capability,
        now_ms: u64,
    ) -> Result<KeyRecord, StoreError> {
        self.registry.create_key(app, capability, now_ms)
    }

    /// Revokes a key, and with it every token that stands on it, at once; `false` when there is no such key or
    /// it was revoked before. The root key is revoked by taking it out of the configuration. Blocks.
    ///
    /// # Errors
    /// The directory's.
    pub fn revoke_key(&self, name: &KeyName, now_ms: u64) -> Result<bool, StoreError> {
        self.registry.revoke_key(name, now_ms)
    }

    /// Every key of the directory, by name. Blocks.
    ///
    /// # Errors
    /// The directory's.
    pub fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.registry.keys()
    }
}
