//! The oracle keeps the laws itself.

use loquat_store::{laws::Fixture, memory::MemoryStore, store_laws};

struct Memory(MemoryStore);

impl Fixture for Memory {
    type Store = MemoryStore;

    fn empty() -> Self {
        Self(MemoryStore::new())
    }

    fn store(&self) -> &MemoryStore {
        &self.0
    }

    /// Memory has nothing to close.
    fn reopen(&mut self) {}
}

store_laws!(Memory);
