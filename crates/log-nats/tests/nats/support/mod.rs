//! Real servers, and logs on them.

mod cluster;
mod fixture;
mod load;
mod monitor;
mod server;

use std::time::{Duration, Instant};

use loquat_log::{Appended, Log, LogError, NewEntry, ReadLimit};
use loquat_protocol::PartitionId;

pub use self::{
    cluster::Cluster,
    fixture::NatsFixture,
    load::Load,
    server::{Server, Sync},
};

pub const P0: PartitionId = PartitionId(0);
pub const ALL: ReadLimit = ReadLimit { entries: usize::MAX, bytes: usize::MAX };

/// Waits for a condition.
pub fn wait_until(what: &str, patience: Duration, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !condition() {
        assert!(Instant::now() < deadline, "waited {patience:?} until {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Appends and waits for the outcome.
pub fn append(
    log: &dyn Log,
    partition: PartitionId,
    batch: Vec<NewEntry>,
) -> Result<Vec<Appended>, LogError> {
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let done = Box::new(move |outcome| {
        // Nobody listens any more when the test failed.
        let _ = tell.send(outcome);
    });
    log.append(partition, batch, done);
    told.recv_timeout(Duration::from_secs(60)).expect("an append is done")
}
