//! The oracle: a store in memory, too simple to be wrong.
//!
//! Other engines are compared with it. It forgets everything with the process, so "durable" means nothing here but
//! that [`Projection::sync`](crate::Projection::sync) was called.

mod directory;
mod projection;

use std::collections::BTreeMap;

use loquat_protocol::{AppId, ChannelId, KeyName, PartitionId};
use parking_lot::Mutex;

use crate::{AppRecord, Cursor, KeyRecord, Member, Row};

/// A store in memory.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cursors: BTreeMap<PartitionId, Cursor>,
    rows: BTreeMap<(PartitionId, u64), Row>,
    members: BTreeMap<(ChannelId, String, String), Member>,
    apps: BTreeMap<AppId, AppRecord>,
    keys: BTreeMap<KeyName, KeyRecord>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}
