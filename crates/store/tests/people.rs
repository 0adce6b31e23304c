//! The oracle of people and rooms keeps the laws itself.

use loquat_store::{laws::people::PeopleFixture, people::MemoryPeople, people_laws};

struct Memory(MemoryPeople);

impl PeopleFixture for Memory {
    type Store = MemoryPeople;

    fn empty() -> Self {
        Self(MemoryPeople::new())
    }

    fn store(&self) -> &MemoryPeople {
        &self.0
    }

    /// Memory has nothing to close.
    fn reopen(&mut self) {}
}

people_laws!(Memory);
