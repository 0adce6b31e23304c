//! How much there is, for the operator's graphs.

use loquat_store::StoreError;

use crate::Chat;

/// How many there are at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Accounts, deactivated ones too.
    pub people: u64,
    /// Sessions; those that have expired since they were last cleared away too.
    pub sessions: u64,
    /// Rooms, archived ones too.
    pub rooms: u64,
    /// People who are connected.
    pub online: u64,
}

impl Chat {
    /// Counts. Reads indexes through, so not for every second.
    ///
    /// # Errors
    /// The store's.
    pub fn totals(&self) -> Result<Totals, StoreError> {
        Ok(Totals {
            people: self.store.count_persons()?,
            sessions: self.store.count_sessions()?,
            rooms: self.store.count_rooms()?,
            online: self.live.everybody().len() as u64,
        })
    }
}
