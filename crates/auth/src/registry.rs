//! Apps and keys: the directory behind, a snapshot of it in front, changes through both.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::{ArcSwap, Guard};
use loquat_protocol::{AppId, Capability, KeyName};
use loquat_store::{AppRecord, Directory, KeyRecord, StoreError, StoreErrorKind};
use parking_lot::Mutex;

use crate::{
    Entropy, RootKey,
    entropy::{random_id, random_text},
    snapshot::Snapshot,
};

/// How often a random id that turns out to be taken is drawn again.
const DRAWS_MAX: usize = 4;

/// Owns the snapshot; the truth stays in the directory.
pub(crate) struct Registry {
    directory: Arc<dyn Directory>,
    entropy: Arc<dyn Entropy>,
    root: Option<RootKey>,
    snapshot: ArcSwap<Snapshot>,
    /// Rises with each change of the snapshot.
    generation: AtomicU64,
    /// Held from a change of the directory until the snapshot shows it, so that no older one overwrites it.
    changing: Mutex<()>,
}

impl Registry {
    pub fn new(
        directory: Arc<dyn Directory>,
        entropy: Arc<dyn Entropy>,
        root: Option<RootKey>,
        now_ms: u64,
    ) -> Result<Self, StoreError> {
        if let Some(root) = &root {
            let app = AppRecord { id: root.name().app(), created_ms: now_ms };
            match directory.create_app(&app, &[]) {
                Err(error) if error.kind != StoreErrorKind::Conflict => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        let registry = Self {
            directory,
            entropy,
            root,
            snapshot: ArcSwap::default(),
            generation: AtomicU64::new(0),
            changing: Mutex::new(()),
        };
        registry.refresh()?;
        Ok(registry)
    }

    pub fn snapshot(&self) -> Guard<Arc<Snapshot>> {
        self.snapshot.load()
    }

    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Reads the directory anew; whether anything had changed.
    pub fn refresh(&self) -> Result<bool, StoreError> {
        let _changing = self.changing.lock();
        self.reload()
    }

    fn reload(&self) -> Result<bool, StoreError> {
        let fresh = Snapshot::new(self.directory.apps()?, self.directory.keys()?, self.root.as_ref());
        if fresh == **self.snapshot.load() {
            return Ok(false);
        }
        self.snapshot.store(Arc::new(fresh));
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(true)
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&dyn Directory) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _changing = self.changing.lock();
        let changed = change(&*self.directory)?;
        self.reload()?;
        Ok(changed)
    }

    pub fn create_app(
        &self,
        id: Option<AppId>,
        capabilities: &[Capability],
        now_ms: u64,
    ) -> Result<(AppRecord, Vec<KeyRecord>), StoreError> {
        let draws = if id.is_some() { 1 } else { DRAWS_MAX };
        draw_again(draws, || {
            let id = match &id {
                Some(id) => id.clone(),
                None => AppId::from_trusted(&random_id::<10>(&*self.entropy)?),
            };
            let keys: Result<Vec<_>, _> =
                capabilities.iter().map(|capability| self.new_key(&id, capability, now_ms)).collect();
            let (app, keys) = (AppRecord { id, created_ms: now_ms }, keys?);
            self.change(|directory| directory.create_app(&app, &keys))?;
            Ok((app, keys))
        })
    }

    pub fn delete_app(&self, app: &AppId) -> Result<bool, StoreError> {
        if self.root.as_ref().is_some_and(|root| root.name().app() == *app) {
            let text =
                format!("the app '{app}' belongs to the configured root key; change the configuration first");
            return Err(StoreError::new(StoreErrorKind::Conflict, text));
        }
        self.change(|directory| directory.delete_app(app))
    }

    pub fn create_key(
        &self,
        app: &AppId,
        capability: &Capability,
        now_ms: u64,
    ) -> Result<KeyRecord, StoreError> {
        draw_again(DRAWS_MAX, || {
            let key = self.new_key(app, capability, now_ms)?;
            self.change(|directory| directory.create_key(&key))?;
            Ok(key)
        })
    }

    pub fn revoke_key(&self, name: &KeyName, now_ms: u64) -> Result<bool, StoreError> {
        self.change(|directory| directory.revoke_key(name, now_ms))
    }

    pub fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.directory.keys()
    }

    fn new_key(&self, app: &AppId, capability: &Capability, now_ms: u64) -> Result<KeyRecord, StoreError> {
        let id = random_id::<8>(&*self.entropy)?;
        Ok(KeyRecord {
            name: KeyName::from_trusted(&format!("{app}.{id}")),
            secret: random_text::<32>(&*self.entropy)?,
            capability: capability.clone(),
            created_ms: now_ms,
            revoked_ms: None,
        })
    }
}

/// Tries with fresh random ids while the one drawn turns out to be taken.
fn draw_again<T>(draws: usize, mut attempt: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 1..draws {
        match attempt() {
            Err(error) if error.kind == StoreErrorKind::Conflict => {}
            other => return other,
        }
    }
    attempt()
}
