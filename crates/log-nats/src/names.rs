//! What streams and subjects are called. Part of the data in the cluster: these never change.

use loquat_protocol::PartitionId;

/// The stream that holds a partition, named for the epoch that it was made in: a later one goes on in it, and only a
/// partition that moves to another cluster gets another stream.
pub(crate) fn stream(partition: PartitionId) -> String {
    format!("CH_{partition}_e1")
}

/// The subject that a partition's entries are published to in one epoch.
pub(crate) fn subject(partition: PartitionId, epoch: u16) -> String {
    format!("ch.{partition}.e{epoch}")
}

/// The epoch of an entry that was published to such a subject.
pub(crate) fn epoch_of_subject(subject: &str) -> Option<u16> {
    subject.rsplit_once(".e")?.1.parse().ok()
}

/// Where the servers republish a partition's stored entries, whatever the epoch.
pub(crate) fn feed(partition: PartitionId) -> String {
    format!("rp.{partition}")
}

/// Where followers tell each other how far a partition goes, so that not each of them has to ask.
pub(crate) fn beacon(partition: PartitionId) -> String {
    format!("hd.{partition}")
}

/// The stream of the bucket that holds what concerns the log as a whole.
pub(crate) const CONTROL_STREAM: &str = "KV_lq_ctl";

/// The subject of a key of the control bucket.
pub(crate) fn control(key: &str) -> String {
    format!("$KV.lq_ctl.{key}")
}

/// The key under which a partition's epochs are kept.
pub(crate) fn topology_key(partition: PartitionId) -> String {
    format!("topo.{partition}")
}

/// The key under which a partition's floor is kept.
pub(crate) fn floor_key(partition: PartitionId) -> String {
    format!("floor.{partition}")
}
