//! Changes come one at a time: authorise, write, bring the open connections up to date, tell of it, next. So what was
//! authorised still holds when it is written, and events go out in the order of the versions that they carry. The
//! embedded store has one writer anyway.
//!
//! Whoever has the turn also watches the store's counter, and so notices what another process has changed meanwhile.

use loquat_store::{StoreError, people::PeopleStore};
use parking_lot::MutexGuard;

use crate::{Actor, Chat, ChatError, reading::Ahead};

/// What the last change left behind.
pub(crate) struct Seen {
    /// The store's counter after it.
    version: u64,
    /// Whether another process may have changed somebody's rights, and nobody has looked yet.
    pub foreign: bool,
    /// The store's counter when somebody looked last.
    pub looked: u64,
    /// When expired sessions were cleared away last, milliseconds since 1970.
    pub swept_ms: u64,
    /// Read markers that wait for messages to be counted.
    pub ahead: Ahead,
}

impl Seen {
    pub fn begin(store: &dyn PeopleStore) -> Result<Self, StoreError> {
        let version = store.version()?;
        Ok(Self { version, foreign: false, looked: version, swept_ms: 0, ahead: Ahead::default() })
    }
}

/// The right to change something. Held over store calls, never over a password's hash or anything of the network.
pub(crate) struct Turn<'a> {
    pub chat: &'a Chat,
    pub seen: MutexGuard<'a, Seen>,
}

impl Chat {
    pub(crate) fn turn(&self) -> Turn<'_> {
        Turn { chat: self, seen: self.turns.lock() }
    }

    /// The turn of somebody who has waited for it: by those who had it before, they may have been signed out, deactivated
    /// or demoted since they were asked who they are (SEC-1).
    pub(crate) fn turn_of(&self, actor: &Actor) -> Result<Turn<'_>, ChatError> {
        let turn = self.turn();
        self.confirm(actor)?;
        Ok(turn)
    }
}

impl Turn<'_> {
    /// Does one step of the store.
    pub fn step<T>(
        &mut self,
        step: impl FnOnce(&dyn PeopleStore) -> Result<T, StoreError>,
    ) -> Result<T, ChatError> {
        Ok(self.store_step(step)?)
    }

    /// The same with the store's error as it is.
    pub fn store_step<T>(
        &mut self,
        step: impl FnOnce(&dyn PeopleStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let store = &*self.chat.store;
        let before = self.look()?;
        let done = step(store);
        let after = store.version()?;
        // A step takes one value of the counter or none.
        self.seen.foreign |= after > before + 1;
        self.seen.version = after;
        done
    }

    /// Notices what others have done since the last step.
    pub fn look(&mut self) -> Result<u64, StoreError> {
        let store = &*self.chat.store;
        let version = store.version()?;
        if version != self.seen.version {
            self.seen.foreign |= store.rights_version()? > self.seen.version;
            self.seen.version = version;
        }
        Ok(version)
    }
}
