//! The numbers under which things lie in the file.

use loquat_protocol::{PartitionId, entry::EntryKind};
use loquat_store::Retention;

use crate::error::{Failure, Outcome};

/// Bits of an entry's id that hold its sequence number: 300,000 entries a second last for 14 years per partition.
const SEQ_BITS: u32 = 47;

/// The largest sequence number that the file can hold.
pub(crate) const SEQ_MAX: u64 = (1 << SEQ_BITS) - 1;

/// The id of an entry. Sequence numbers above [`SEQ_MAX`] give the id of the last possible one: right for the bounds
/// of a range; what is stored was checked before.
pub(crate) fn entry_id(partition: PartitionId, seq: u64) -> i64 {
    (i64::from(partition.0) << SEQ_BITS) | seq.min(SEQ_MAX) as i64
}

/// The sequence number in an entry's id.
pub(crate) fn seq_of(id: i64) -> u64 {
    id as u64 & SEQ_MAX
}

/// The partition in an entry's id.
pub(crate) fn partition_of(id: i64) -> PartitionId {
    PartitionId((id >> SEQ_BITS) as u16)
}

/// The number of a kind.
pub(crate) fn kind_number(kind: EntryKind) -> i64 {
    kind as i64
}

/// The number of a class of channels.
pub(crate) fn retention_number(retention: Retention) -> i64 {
    match retention {
        Retention::Realtime => 0,
        Retention::Rooms => 1,
    }
}

/// A time or count for the file, whose numbers are signed; beyond any real one, the largest.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number from the file that cannot be negative.
pub(crate) fn unsigned(value: i64) -> Outcome<u64> {
    u64::try_from(value).map_err(|_| Failure::Damaged("a number is negative"))
}

/// The kind of a number.
pub(crate) fn kind_of(number: i64) -> Outcome<EntryKind> {
    [EntryKind::Message, EntryKind::Presence]
        .into_iter()
        .find(|kind| kind_number(*kind) == number)
        .ok_or(Failure::Damaged("an entry is of no known kind"))
}
