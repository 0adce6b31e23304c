//! Looking people up. Everybody on the server may know of everybody else; addresses are for oneself and administrators.

use loquat_store::people::PersonId;

use crate::{Actor, Chat, ChatError, views::PersonView};

impl Chat {
    /// People whose handle, or any word of whose name, begins with `prefix`; by handle, after that of `after`.
    ///
    /// # Errors
    /// The store's; so below.
    pub fn find_people(
        &self,
        _actor: &Actor,
        prefix: &str,
        after: Option<&PersonId>,
        limit: usize,
    ) -> Result<Vec<PersonView>, ChatError> {
        let people = self.store.find_persons(prefix, after, limit)?;
        Ok(people.iter().map(Into::into).collect())
    }

    /// A person.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn person(&self, _actor: &Actor, person: &PersonId) -> Result<PersonView, ChatError> {
        let found = self.store.person(person)?.ok_or_else(ChatError::not_found)?;
        Ok((&found).into())
    }

    /// Those of the given people who exist, in the order given.
    ///
    /// # Errors
    /// The store's.
    pub fn look_up_people(&self, _actor: &Actor, ids: &[PersonId]) -> Result<Vec<PersonView>, ChatError> {
        Ok(self.store.persons(ids)?.iter().map(Into::into).collect())
    }
}
