//! How the ids of one commit are packed into a row of `key_batch`.
//!
//! The idempotency window is rebuilt from these rows when the log is opened, so that the bodies needn't be read.
//! A row is runs of `partition u16, count u32, first_seq u64`, then `count` times `key [u8; 16], time_ms u64`, little
//! endian throughout.

use loquat_log::DedupeKey;

/// Rows are kept so much longer than the window: a row's time is the newest of all partitions, and the clocks by which
/// partitions are written may differ.
const SKEW_MS: u64 = 60_000;

/// Rows with an earlier time hold no id that could still be asked for.
pub(crate) fn kept_since(newest_ms: u64, span_ms: u64) -> u64 {
    newest_ms.saturating_sub(span_ms.saturating_add(SKEW_MS))
}

/// An id and the time of its entry, milliseconds since 1970.
pub(crate) type Stamped = (DedupeKey, u64);

const RUN_HEAD: usize = 14;
const STAMPED: usize = 24;

/// Appends the ids of consecutive entries of a partition.
pub(crate) fn pack(out: &mut Vec<u8>, partition: u16, first_seq: u64, ids: &[Stamped]) {
    out.reserve(RUN_HEAD + ids.len() * STAMPED);
    out.extend_from_slice(&partition.to_le_bytes());
    out.extend_from_slice(&(ids.len() as u32).to_le_bytes());
    out.extend_from_slice(&first_seq.to_le_bytes());
    for (key, time_ms) in ids {
        out.extend_from_slice(&key.0);
        out.extend_from_slice(&time_ms.to_le_bytes());
    }
}

/// A run of consecutive entries of a partition.
pub(crate) struct Run<'a> {
    pub(crate) partition: u16,
    pub(crate) first_seq: u64,
    ids: &'a [u8],
}

impl Run<'_> {
    pub(crate) fn len(&self) -> usize {
        self.ids.len() / STAMPED
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = Stamped> {
        self.ids.as_chunks::<STAMPED>().0.iter().map(|id| {
            let (key, time_ms) = id.split_at(16);
            (DedupeKey(array(key)), u64::from_le_bytes(array(time_ms)))
        })
    }
}

/// Takes the next run off `row`; none when the row isn't well formed.
pub(crate) fn unpack<'a>(row: &mut &'a [u8]) -> Option<Run<'a>> {
    let (head, rest) = row.split_at_checked(RUN_HEAD)?;
    let count = u32::from_le_bytes(array(&head[2..6])) as usize;
    let (ids, rest) = rest.split_at_checked(count.checked_mul(STAMPED)?)?;
    *row = rest;
    Some(Run {
        partition: u16::from_le_bytes(array(&head[..2])),
        first_seq: u64::from_le_bytes(array(&head[6..])),
        ids,
    })
}

pub(crate) fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}

/// Unpacks any bytes; for the fuzzer. What can be unpacked packs into the same bytes.
#[doc(hidden)]
pub fn fuzz_keys(mut row: &[u8]) {
    while !row.is_empty() {
        let before = row;
        let Some(run) = unpack(&mut row) else { return };
        let ids: Vec<_> = run.ids().collect();
        let mut packed = Vec::new();
        pack(&mut packed, run.partition, run.first_seq, &ids);
        assert_eq!(packed, before[..before.len() - row.len()]);
    }
}
