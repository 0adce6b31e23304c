//! Apps and keys in memory.

use std::collections::BTreeSet;

use loquat_protocol::{AppId, KeyName};

use super::MemoryStore;
use crate::{AppRecord, Directory, KeyRecord, StoreError, StoreErrorKind};

fn conflict(message: String) -> StoreError {
    StoreError::new(StoreErrorKind::Conflict, message)
}

impl Directory for MemoryStore {
    fn apps(&self) -> Result<Vec<AppRecord>, StoreError> {
        Ok(self.state.lock().apps.values().cloned().collect())
    }

    fn create_app(&self, app: &AppRecord, keys: &[KeyRecord]) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        if state.apps.contains_key(&app.id) {
            return Err(conflict(format!("the app {} exists already", app.id)));
        }
        let mut names = BTreeSet::new();
        for key in keys {
            if key.name.app() != app.id || !names.insert(&key.name) || state.keys.contains_key(&key.name) {
                return Err(conflict(format!("the key {} cannot be added to the app {}", key.name, app.id)));
            }
        }
        state.apps.insert(app.id.clone(), app.clone());
        state.keys.extend(keys.iter().map(|key| (key.name.clone(), key.clone())));
        Ok(())
    }

    fn delete_app(&self, app: &AppId) -> Result<bool, StoreError> {
        let mut state = self.state.lock();
        state.keys.retain(|name, _| name.app() != *app);
        Ok(state.apps.remove(app).is_some())
    }

    fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        Ok(self.state.lock().keys.values().cloned().collect())
    }

    fn create_key(&self, key: &KeyRecord) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        if !state.apps.contains_key(&key.name.app()) {
            return Err(conflict(format!("the key {} belongs to no app that exists", key.name)));
        }
        if state.keys.contains_key(&key.name) {
            return Err(conflict(format!("the key {} exists already", key.name)));
        }
        state.keys.insert(key.name.clone(), key.clone());
        Ok(())
    }

    fn revoke_key(&self, name: &KeyName, at_ms: u64) -> Result<bool, StoreError> {
        let mut state = self.state.lock();
        match state.keys.get_mut(name) {
            Some(key) if key.revoked_ms.is_none() => {
                key.revoked_ms = Some(at_ms);
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
