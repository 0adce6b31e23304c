//! Places in a channel's past, message by message, and how they travel in links.

use loquat_node::Node;
use loquat_protocol::{ChannelId, ErrorCode, ErrorInfo, MessageSerial, PartitionId, Serial};

/// One message of an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The entry's sequence number.
    pub seq: u64,
    /// The message's place in the entry.
    pub index: u16,
}

impl Position {
    /// Before everything.
    pub const START: Self = Self { seq: 1, index: 0 };

    /// The last message that an entry can hold.
    pub fn end_of(seq: u64) -> Self {
        Self { seq, index: u16::MAX }
    }

    /// The last place that history may show to a client that knows this serial of an entry or a message.
    ///
    /// # Errors
    /// 40003 when it is no serial, 90005 when it is none of this log's.
    pub fn of_serial(text: &str, channel: &ChannelId, node: &Node) -> Result<Self, ErrorInfo> {
        let (serial, index) = match (text.parse::<Serial>(), text.parse::<MessageSerial>()) {
            (Ok(serial), _) => (serial, u16::MAX),
            (_, Ok(message)) => (message.entry, message.index),
            _ => {
                let text = "'from_serial' must be a channelSerial or the serial of a message";
                return Err(ErrorInfo::new(ErrorCode::InvalidParameter, text));
            }
        };
        let partition = PartitionId::of(channel, node.limits().partitions);
        match node.feed().continuity(channel, partition, serial) {
            loquat_core::world::Continuity::Unknown => Err(ErrorCode::ChannelSerialUnknown.into()),
            _ => Ok(Self { seq: serial.seq, index }),
        }
    }
}

/// A page's place: what was the newest at the first page (nothing later is ever shown, whatever is published in the
/// meantime) and the message that the page begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// The newest message of the walk.
    pub cut: Position,
    /// The first message of the page.
    pub at: Position,
}

impl Cursor {
    /// Reads a cursor of a link.
    ///
    /// # Errors
    /// 40003.
    pub fn parse(text: &str) -> Result<Self, ErrorInfo> {
        let number = |part: &str| u64::from_str_radix(part, 16).ok();
        let parts: Option<Vec<u64>> = text.split('.').map(number).collect();
        let position = |seq: u64, index: u64| Some(Position { seq, index: u16::try_from(index).ok()? });
        let cursor = match parts.as_deref() {
            Some([cut, cut_index, at, index]) => position(*cut, *cut_index).zip(position(*at, *index)),
            _ => None,
        };
        cursor.map(|(cut, at)| Self { cut, at }).ok_or_else(|| {
            ErrorInfo::new(
                ErrorCode::InvalidParameter,
                "'cursor' is not one that a link of this server holds",
            )
        })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { cut, at } = self;
        write!(f, "{:x}.{:x}.{:x}.{:x}", cut.seq, cut.index, at.seq, at.index)
    }
}
