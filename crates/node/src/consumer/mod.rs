//! Who follows the log entry by entry, each with a cursor of its own: the projector of history, and what others hand to
//! [`Node::consume`].
//!
//! The log keeps an entry until every consumer has it durably, so a consumer that stays behind costs disk and nothing
//! else; its lag is a metric.

mod running;
mod work;

use std::{io, sync::Arc};

use arc_swap::ArcSwap;
use loquat_core::feed::FeedEntry;
use loquat_protocol::PartitionId;
use loquat_store::StoreError;
use parking_lot::Mutex;

use self::running::Running;
use crate::{Node, retention::RetentionTimes};

/// A piece of a partition: what a consumer wants of `after_seq < seq <= to_seq`, in order.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The partition.
    pub partition: PartitionId,
    /// Where the consumer's cursor stands before.
    pub after_seq: u64,
    /// Where it stands afterwards.
    pub to_seq: u64,
    /// The entries that it wants; perhaps none.
    pub entries: Vec<Arc<FeedEntry>>,
}

/// Takes the log's entries, in order within a partition, each exactly once as far as its cursor tells. Called from one
/// thread of its own, which may block; only [`Self::durable_seq`] is called from others.
pub trait Consumer: Send + Sync + 'static {
    /// A short word for logs and metrics, the same in every release.
    fn name(&self) -> &'static str;

    /// Whether it wants an entry. The cursor moves past the others all the same, within about a second.
    fn wants(&self, entry: &FeedEntry) -> bool;

    /// The last sequence number of a partition that is applied; 0 for a consumer that is new, which begins with the
    /// oldest entry that the log holds.
    ///
    /// # Errors
    /// See [`StoreError`]; it is asked again.
    fn cursor(&self, partition: PartitionId) -> Result<u64, StoreError>;

    /// Applies at most one stretch per partition. Law: what comes of the entries and the cursors change together or not
    /// at all.
    ///
    /// # Errors
    /// `OutOfOrder` when a stretch does not begin at its cursor: the cursors are read again. `Damaged` ends the process:
    /// what the disk has lost cannot be known. Of all others the same stretches come again.
    fn apply(&self, stretches: &[Stretch]) -> Result<(), StoreError>;

    /// Makes everything applied so far durable.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn sync(&self) -> Result<(), StoreError>;

    /// The last sequence number that is applied *and* survives a power loss: the log may be truncated up to here.
    ///
    /// # Errors
    /// See [`StoreError`]; then the partition is not truncated.
    fn durable_seq(&self, partition: PartitionId) -> Result<u64, StoreError>;
}

/// The consumers of a node.
#[derive(Default)]
pub struct Consumers {
    running: ArcSwap<Vec<Arc<Running>>>,
    /// Held while the log is truncated and while a consumer comes: neither sees the other half done.
    truncating: Mutex<()>,
}

impl Consumers {
    /// There may be something new. Quick: called with every delivery of the log.
    pub fn wake(&self) {
        self.running.load().iter().for_each(|running| running.wake());
    }

    /// Ends the threads after they have applied what there is. Blocks.
    pub fn stop(&self) {
        let running = self.running.load_full();
        running.iter().for_each(|running| running.begin_to_stop());
        running.iter().for_each(|running| running.join());
    }

    /// Gives the last sequence number that every consumer has durably to `truncate`, while none can come.
    pub(crate) fn while_none_comes<T>(
        &self,
        partition: PartitionId,
        truncate: impl FnOnce(u64) -> T,
    ) -> Result<T, StoreError> {
        let _held = self.truncating.lock();
        let running = self.running.load();
        let durable = running.iter().map(|running| running.consumer.durable_seq(partition));
        let lowest = durable.collect::<Result<Vec<_>, _>>()?.into_iter().min();
        Ok(truncate(lowest.unwrap_or(0)))
    }

    fn add(&self, running: &Arc<Running>) {
        let with = |all: &Arc<Vec<_>>| all.iter().chain([running]).map(Arc::clone).collect::<Vec<_>>();
        self.running.rcu(with);
    }

    fn remove(&self, running: &Arc<Running>) {
        let without = |all: &Arc<Vec<Arc<Running>>>| {
            all.iter().filter(|other| !Arc::ptr_eq(other, running)).map(Arc::clone).collect::<Vec<_>>()
        };
        self.running.rcu(without);
    }
}

impl Node {
    /// Lets a consumer follow the log, on a thread of its own, until [`Node::stop`]. Once, before there is traffic that it
    /// must not miss: entries that every other consumer has may be gone before it is known. Blocks.
    ///
    /// # Errors
    /// When its cursor and the log do not belong together: entries that it has not applied are gone, or it has applied
    /// some that the log never held. When the system gives no thread.
    pub fn consume(self: &Arc<Self>, consumer: Arc<dyn Consumer>) -> io::Result<()> {
        let running = Running::new(consumer, None);
        let consumers = self.consumers();
        {
            let _held = consumers.truncating.lock();
            check(self, &*running.consumer)?;
            consumers.add(&running);
        }
        running.start(self).inspect_err(|_| consumers.remove(&running))
    }

    /// The projector of history, which also sees to retention.
    pub(crate) fn project(
        self: &Arc<Self>,
        consumer: Arc<dyn Consumer>,
        times: RetentionTimes,
    ) -> io::Result<()> {
        let running = Running::new(consumer, Some(times));
        self.consumers().add(&running);
        running.start(self)
    }
}

/// Whether a consumer can go on from its cursors.
fn check(node: &Node, consumer: &dyn Consumer) -> io::Result<()> {
    let name = consumer.name();
    for partition in node.feed().partitions() {
        let cursor = consumer.cursor(partition).map_err(io::Error::other)?;
        let head = node.log().head(partition).map_err(io::Error::other)?;
        if cursor > head.serial.seq {
            return Err(io::Error::other(format!(
                "'{name}' has applied partition {partition} up to entry {cursor}, but the log ends at {}: they are of \
                 different times; restore a backup",
                head.serial.seq
            )));
        }
        if cursor > 0 && cursor + 1 < head.first_seq {
            return Err(io::Error::other(format!(
                "'{name}' has applied partition {partition} up to entry {cursor}, but the log begins at {}: what lies \
                 between is lost to it; restore a backup",
                head.first_seq
            )));
        }
    }
    Ok(())
}
