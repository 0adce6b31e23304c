//! What a batch must look like; every engine checks it with this code before it writes.

use loquat_protocol::PartitionId;

use crate::{Advance, HistoryQuery, ProjectionBatch, Row, StoreError, StoreErrorKind};

fn out_of_order(message: String) -> StoreError {
    StoreError::new(StoreErrorKind::OutOfOrder, message)
}

impl Advance {
    /// Whether a sequence number lies within the range.
    pub fn covers(&self, seq: u64) -> bool {
        self.after_seq < seq && seq <= self.to_seq
    }
}

/// Checks that every partition is advanced at most once, forwards, from where its cursor stands; `cursor_seq` tells where.
///
/// # Errors
/// `OutOfOrder`; whatever `cursor_seq` answers.
pub fn check_advances(
    advances: &[Advance],
    cursor_seq: impl Fn(PartitionId) -> Result<u64, StoreError>,
) -> Result<(), StoreError> {
    for (index, advance) in advances.iter().enumerate() {
        let Advance { partition, after_seq, to_seq } = *advance;
        if to_seq < after_seq || advances[..index].iter().any(|other| other.partition == partition) {
            return Err(out_of_order(format!(
                "partition {partition}: no range from {after_seq} to {to_seq}"
            )));
        }
        let seq = cursor_seq(partition)?;
        if seq != after_seq {
            return Err(out_of_order(format!(
                "partition {partition}: the cursor stands at {seq}, the batch begins after {after_seq}"
            )));
        }
    }
    Ok(())
}

impl ProjectionBatch {
    /// Checks that the batch is well formed and continues where the cursors stand; `cursor_seq` tells where.
    ///
    /// # Errors
    /// `OutOfOrder` when a partition is advanced twice, backwards, or from where its cursor does not stand, or when a
    /// row is outside of its partition's range or not above the row before it; whatever `cursor_seq` answers.
    pub fn check(
        &self,
        cursor_seq: impl Fn(PartitionId) -> Result<u64, StoreError>,
    ) -> Result<(), StoreError> {
        check_advances(&self.advances, cursor_seq)?;
        self.check_rows()
    }

    fn check_rows(&self) -> Result<(), StoreError> {
        // Batches touch a handful of partitions, and rows of one partition come in runs: a scan with the last hit
        // first is cheaper than a map.
        let mut newest: Vec<(Advance, u64)> = self.advances.iter().map(|a| (*a, a.after_seq)).collect();
        let mut at = 0;
        for row in &self.rows {
            let seq = row.serial.seq;
            if newest.get(at).is_none_or(|(advance, _)| advance.partition != row.partition) {
                at = newest.iter().position(|(a, _)| a.partition == row.partition).unwrap_or(usize::MAX);
            }
            match newest.get_mut(at) {
                Some((advance, last)) if advance.covers(seq) && seq > *last => *last = seq,
                _ => {
                    let partition = row.partition;
                    return Err(out_of_order(format!(
                        "partition {partition}: the row {seq} is out of its place"
                    )));
                }
            }
        }
        Ok(())
    }
}

impl HistoryQuery {
    /// Whether a row is what the query asks for, its limit aside.
    pub fn admits(&self, row: &Row) -> bool {
        row.kind == self.kind
            && (self.from_seq..=self.to_seq).contains(&row.serial.seq)
            && (self.start_ms..=self.end_ms).contains(&row.time_ms)
            && row.channel == self.channel
    }
}
