//! One follower per partition.

use loquat_log::{LogError, LogErrorKind};
use loquat_protocol::PartitionId;
use parking_lot::Mutex;
use tokio::task::JoinHandle;

/// Who follows each partition.
pub(crate) struct Followers(Vec<Mutex<Following>>);

#[derive(Default)]
enum Following {
    #[default]
    Nobody,
    /// A follower is being registered.
    Promised,
    Running(JoinHandle<()>),
}

/// The right to follow a partition; given back when dropped.
pub(crate) struct Place<'a>(&'a Mutex<Following>);

impl Followers {
    /// So many partitions that nobody follows.
    pub(crate) fn new(partitions: usize) -> Self {
        Self((0..partitions).map(|_| Mutex::default()).collect())
    }

    /// Takes the place of a partition's follower.
    pub(crate) fn take(&self, partition: PartitionId) -> Result<Place<'_>, LogError> {
        let place = self.0.get(partition.index());
        let free = |place: &&Mutex<Following>| {
            let mut following = place.lock();
            let free = matches!(*following, Following::Nobody);
            if free {
                *following = Following::Promised;
            }
            free
        };
        place.filter(free).map(Place).ok_or_else(|| {
            let why = format!("partition {partition} has a follower already");
            LogError::new(LogErrorKind::Unavailable, why)
        })
    }

    /// Ends all followers.
    pub(crate) fn end(&self) {
        for place in &self.0 {
            if let Following::Running(follower) = std::mem::take(&mut *place.lock()) {
                follower.abort();
            }
        }
    }
}

impl Place<'_> {
    /// The follower runs.
    pub(crate) fn keep(self, follower: JoinHandle<()>) {
        *self.0.lock() = Following::Running(follower);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut following = self.0.lock();
        if matches!(*following, Following::Promised) {
            *following = Following::Nobody;
        }
    }
}
