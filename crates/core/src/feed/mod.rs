//! Entries of the feed, and the ring that holds a partition's recent ones.

mod entry;
mod ring;

pub(crate) use self::ring::ChannelRef;
pub use self::{
    entry::FeedEntry,
    ring::{Ring, RingLimits},
};
