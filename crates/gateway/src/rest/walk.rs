//! A walk through a channel's past, page by page, item by item, although the log's entries can hold several.

use loquat_core::feed::FeedEntry;
use loquat_node::Node;
use loquat_protocol::{ChannelId, ErrorInfo, entry::EntryKind};
use loquat_store::{Direction, HistoryQuery};

use super::{
    page::Span,
    position::{Cursor, Position},
};

/// A page ends early, with a link to the next one, when the entries that were read for it are larger than this together.
pub const PAGE_BYTES_MAX: usize = 8 << 20;
/// What an entry counts for apart from its bytes. So a page for which little is found ends after some ten thousand
/// entries, however long the channel is.
const ENTRY_BYTES: usize = 512;
/// Entries asked for at a time, so that a page of large ones does not hold much more than [`PAGE_BYTES_MAX`].
const ENTRIES_MAX: usize = 64;

/// What is asked of the past.
pub struct Walk {
    /// The channel.
    pub channel: ChannelId,
    /// Messages or presence.
    pub kind: EntryKind,
    /// When, and which way.
    pub span: Span,
    /// Most items of the page.
    pub limit: usize,
    /// Where the page begins, and where the walk ends.
    pub cursor: Cursor,
}

/// A page.
#[derive(Debug)]
pub struct Page<T> {
    /// The items, in the walk's direction.
    pub items: Vec<T>,
    /// The item that the next page begins with.
    pub next: Option<Position>,
}

impl Walk {
    /// Reads the page. `items_of` gives the items of an entry that are to be seen, in their order, each with its place in
    /// the entry. Blocks.
    ///
    /// # Errors
    /// See [`Node::past`].
    pub fn read<T>(
        &self,
        node: &Node,
        items_of: impl Fn(&FeedEntry) -> Vec<(u16, T)>,
    ) -> Result<Page<T>, ErrorInfo> {
        let mut page = Page { items: Vec::new(), next: None };
        let (mut at, mut bytes) = (self.cursor.at, 0);
        loop {
            let (from_seq, to_seq) = match self.span.direction {
                Direction::Backwards => (Position::START.seq, at.seq.min(self.cursor.cut.seq)),
                Direction::Forwards => (at.seq, self.cursor.cut.seq),
            };
            if from_seq > to_seq {
                return Ok(page);
            }
            // One more than fits, to know whether there is a next page.
            let limit = (self.limit + 1 - page.items.len()).min(ENTRIES_MAX);
            let entries = node.past(&self.query(from_seq, to_seq, limit))?.entries;
            let is_last = entries.len() < limit;
            for entry in entries {
                let is_first = bytes == 0;
                bytes += ENTRY_BYTES + entry.body.len();
                if bytes > PAGE_BYTES_MAX && !is_first {
                    page.next = Some(self.first_of(entry.serial.seq));
                    return Ok(page);
                }
                for (position, item) in self.in_order(&entry, items_of(&entry)) {
                    if !self.admits(position) {
                        continue;
                    }
                    if page.items.len() == self.limit {
                        page.next = Some(position);
                        return Ok(page);
                    }
                    page.items.push(item);
                }
                at = self.beyond(entry.serial.seq);
            }
            if is_last {
                return Ok(page);
            }
        }
    }

    fn query(&self, from_seq: u64, to_seq: u64, limit: usize) -> HistoryQuery {
        HistoryQuery {
            channel: self.channel.clone(),
            kind: self.kind,
            from_seq,
            to_seq,
            start_ms: self.span.start_ms,
            end_ms: self.span.end_ms,
            direction: self.span.direction,
            limit,
        }
    }

    fn in_order<T>(&self, entry: &FeedEntry, items: Vec<(u16, T)>) -> Vec<(Position, T)> {
        let place = |(index, item)| (Position { seq: entry.serial.seq, index }, item);
        let mut placed: Vec<_> = items.into_iter().map(place).collect();
        if self.span.direction == Direction::Backwards {
            placed.reverse();
        }
        placed
    }

    fn admits(&self, position: Position) -> bool {
        let begun = match self.span.direction {
            Direction::Backwards => position <= self.cursor.at,
            Direction::Forwards => position >= self.cursor.at,
        };
        begun && position <= self.cursor.cut
    }

    fn first_of(&self, seq: u64) -> Position {
        match self.span.direction {
            Direction::Backwards => Position::end_of(seq),
            Direction::Forwards => Position { seq, index: 0 },
        }
    }

    fn beyond(&self, seq: u64) -> Position {
        match self.span.direction {
            Direction::Backwards => Position::end_of(seq - 1),
            Direction::Forwards => Position { seq: seq + 1, index: 0 },
        }
    }
}
