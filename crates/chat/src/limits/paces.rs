//! How fast a person may do what others notice.

use loquat_store::people::PersonId;

use super::Limits;
use crate::{ChatError, Count};

impl Limits {
    /// Counts messages of a person's, whichever way they come.
    ///
    /// # Errors
    /// In how many milliseconds they may write so many.
    pub fn messages(&self, person: &PersonId, count: usize, now_ms: u64) -> Result<(), u64> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let allowance = self.options.messages_person;
        let taken = self.writers.lock().take_many(person.clone(), count, allowance, now_ms);
        taken.inspect_err(|_| self.ports.count(Count::RefusedMessages))
    }

    /// Counts presence and ephemeral messages of a person's.
    ///
    /// # Errors
    /// In how many milliseconds they may tell so many.
    pub fn passing(&self, person: &PersonId, count: usize, now_ms: u64) -> Result<(), u64> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let allowance = self.options.passing_person;
        let taken = self.passing.lock().take_many(person.clone(), count, allowance, now_ms);
        taken.inspect_err(|_| self.ports.count(Count::RefusedPassing))
    }

    /// Counts a change of a person's of which others are told.
    ///
    /// # Errors
    /// `TooManyAttempts`, which says when they may change something again.
    pub fn change(&self, person: &PersonId, now_ms: u64) -> Result<(), ChatError> {
        let taken = self.changers.lock().take(person.clone(), self.options.changes_person, now_ms);
        taken.map_err(|retry_after_ms| {
            self.ports.count(Count::RefusedChanges);
            ChatError::too_fast("too many changes in a short time", retry_after_ms)
        })
    }

    /// Counts people whom a person brings into a room.
    ///
    /// # Errors
    /// `TooManyAttempts`, which says when so many more may be brought.
    pub fn additions(&self, person: &PersonId, count: usize, now_ms: u64) -> Result<(), ChatError> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let allowance = self.options.additions_person;
        let taken = self.adders.lock().take_many(person.clone(), count, allowance, now_ms);
        taken.map_err(|retry_after_ms| {
            self.ports.count(Count::RefusedAdditions);
            ChatError::too_fast("too many people were added in a short time", retry_after_ms)
        })
    }
}
