//! Bodies of blocks that were read lately, while followers are caught up.
//!
//! A block holds entries of many partitions, and partitions are caught up in turn: each block is wanted again a moment
//! later, by the next partition.

use std::collections::VecDeque;

use bytes::Bytes;
use hashbrown::HashMap;

/// What is kept at most.
const BYTES_MAX: usize = 24 << 20;

/// Verified bodies by the number of their block; the oldest go first.
#[derive(Default)]
pub(crate) struct Bodies {
    held: HashMap<i64, Bytes>,
    order: VecDeque<i64>,
    bytes: usize,
}

impl Bodies {
    /// The bodies of a block, loaded if they aren't here.
    pub(crate) fn get(
        &mut self,
        block: i64,
        load: impl FnOnce() -> rusqlite::Result<Bytes>,
    ) -> rusqlite::Result<Bytes> {
        if let Some(bodies) = self.held.get(&block) {
            return Ok(bodies.clone());
        }
        let bodies = load()?;
        self.bytes += bodies.len();
        self.held.insert(block, bodies.clone());
        self.order.push_back(block);
        while self.bytes > BYTES_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.held.remove(&oldest).map_or(0, |bodies| bodies.len());
        }
        Ok(bodies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_not_read_again_until_there_is_too_much() {
        let mut bodies = Bodies::default();
        let size = BYTES_MAX / 4;
        let mut loaded = Vec::new();
        for block in [1, 2, 1, 2, 3, 4, 1, 5, 1, 2] {
            let got = bodies.get(block, || {
                loaded.push(block);
                Ok(Bytes::from(vec![block as u8; size]))
            });
            assert_eq!(got.expect("it is loaded")[0], block as u8);
        }
        // The fifth pushed the first out, and that the second.
        assert_eq!(loaded, [1, 2, 3, 4, 5, 1, 2]);
        assert_eq!(bodies.bytes, BYTES_MAX);
    }
}
