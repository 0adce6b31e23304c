//! How the entries of one commit are packed into a row of `block`.
//!
//! A row has two blobs, each with its hash beside it. The head is runs of `partition u16, epoch u16, count u32, first_seq
//! u64`, then `count` times `time_ms u64, length u32`, little endian throughout; the bodies follow one another in the
//! same order. So who looks for a place reads heads alone.

use loquat_log::Entry;
use loquat_protocol::PartitionId;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{error, keys::array};

const RUN_HEAD: usize = 16;
const PLACED: usize = 12;

/// Appends consecutive entries of a partition. No entries, no run.
pub(crate) fn pack(head: &mut Vec<u8>, bodies: &mut Vec<u8>, partition: PartitionId, entries: &[Entry]) {
    let Some(first) = entries.first() else { return };
    head.reserve(RUN_HEAD + entries.len() * PLACED);
    head.extend_from_slice(&partition.0.to_le_bytes());
    head.extend_from_slice(&first.serial.epoch.to_le_bytes());
    head.extend_from_slice(&(entries.len() as u32).to_le_bytes());
    head.extend_from_slice(&first.serial.seq.to_le_bytes());
    for entry in entries {
        head.extend_from_slice(&entry.time_ms.to_le_bytes());
        head.extend_from_slice(&(entry.body.len() as u32).to_le_bytes());
        bodies.extend_from_slice(&entry.body);
    }
}

/// What a blob of the block with this number must hash to; the same bytes in another row are damage too.
pub(crate) fn hash(block: i64, blob: &[u8]) -> i64 {
    xxh3_64_with_seed(blob, block.cast_unsigned()).cast_signed()
}

/// A run of consecutive entries of a partition.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) partition: u16,
    pub(crate) epoch: u16,
    pub(crate) first_seq: u64,
    /// Where its bodies begin among those of the block.
    bodies_at: usize,
    placed: &'a [u8],
}

impl<'a> Run<'a> {
    /// The sequence number after its last.
    pub(crate) fn end_seq(&self) -> u64 {
        self.first_seq + (self.placed.len() / PLACED) as u64
    }

    /// The times and body lengths of its entries.
    fn places(&self) -> impl Iterator<Item = (u64, usize)> + use<'a> {
        self.placed.as_chunks::<PLACED>().0.iter().map(|placed| {
            let (time_ms, length) = placed.split_at(8);
            (u64::from_le_bytes(array(time_ms)), u32::from_le_bytes(array(length)) as usize)
        })
    }

    /// The times of its entries.
    pub(crate) fn times(&self) -> impl Iterator<Item = u64> + use<'a> {
        self.places().map(|(time_ms, _)| time_ms)
    }

    /// The numbers, times and bodies of its entries.
    pub(crate) fn entries<'b>(
        &self,
        bodies: &'b [u8],
    ) -> impl Iterator<Item = (u64, u64, &'b [u8])> + use<'a, 'b> {
        let mut rest = bodies.get(self.bodies_at..).unwrap_or_default();
        (self.first_seq..).zip(self.places()).map(move |(seq, (time_ms, length))| {
            let (body, after) = rest.split_at(length.min(rest.len()));
            rest = after;
            (seq, time_ms, body)
        })
    }
}

/// The runs of a head, and how many bytes the bodies have. None when it isn't well formed.
pub(crate) fn unpack(mut head: &[u8]) -> Option<(Vec<Run<'_>>, usize)> {
    let (mut runs, mut bytes) = (Vec::new(), 0_usize);
    while !head.is_empty() {
        let (fixed, rest) = head.split_at_checked(RUN_HEAD)?;
        let count = u32::from_le_bytes(array(&fixed[4..8])) as usize;
        let (placed, rest) = rest.split_at_checked(count.checked_mul(PLACED)?)?;
        let run = Run {
            partition: u16::from_le_bytes(array(&fixed[..2])),
            epoch: u16::from_le_bytes(array(&fixed[2..4])),
            first_seq: u64::from_le_bytes(array(&fixed[8..])),
            bodies_at: bytes,
            placed,
        };
        let sound =
            count > 0 && run.first_seq > 0 && run.first_seq.checked_add(count as u64)? <= i64::MAX as u64;
        if !sound {
            return None;
        }
        bytes = run.places().try_fold(bytes, |bytes, (_, length)| bytes.checked_add(length))?;
        runs.push(run);
        head = rest;
    }
    Some((runs, bytes))
}

/// The runs of a row's head, after its hash was compared.
///
/// # Errors
/// When it is not as it was written.
pub(crate) fn open_head(block: i64, hashed: i64, head: &[u8]) -> rusqlite::Result<(Vec<Run<'_>>, usize)> {
    let opened = (hash(block, head) == hashed).then(|| unpack(head)).flatten();
    opened.ok_or_else(|| error::damaged(format!("the head of block {block} isn't as it was written")))
}

/// Compares the bodies of a row with their hash and with what its head says of them.
///
/// # Errors
/// When they are not as they were written.
pub(crate) fn check_bodies(block: i64, hashed: i64, bodies: &[u8], length: usize) -> rusqlite::Result<()> {
    match bodies.len() == length && hash(block, bodies) == hashed {
        true => Ok(()),
        false => Err(error::damaged(format!("the bodies of block {block} aren't as they were written"))),
    }
}

/// Unpacks any bytes; for the fuzzer. What can be unpacked packs into the same bytes.
#[doc(hidden)]
pub fn fuzz_block(head: &[u8]) {
    let Some((runs, length)) = unpack(head) else { return };
    if length > 1 << 20 {
        return;
    }
    let bodies: Vec<u8> = (0..length).map(|at| at as u8).collect();
    let (mut head_again, mut bodies_again) = (Vec::new(), Vec::new());
    for run in runs {
        let entry = |(seq, time_ms, body): (u64, u64, &[u8])| Entry {
            serial: loquat_protocol::Serial::new(run.epoch, seq),
            time_ms,
            body: bytes::Bytes::copy_from_slice(body),
        };
        let entries: Vec<_> = run.entries(&bodies).map(entry).collect();
        pack(&mut head_again, &mut bodies_again, PartitionId(run.partition), &entries);
    }
    assert_eq!((head_again.as_slice(), bodies_again), (head, bodies));
}
