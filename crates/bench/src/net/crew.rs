//! What the fleet tells its owner, and how the owner answers: events in, bytes out, no callbacks into the fleet.

use crate::wire::frame::Frame;

/// What happened on a connection.
#[derive(Debug)]
pub enum Happening<'a> {
    /// The upgrade was answered.
    Opened,
    /// A text or binary frame arrived.
    Frame(Frame<'a>),
    /// The connection ended, for this reason.
    Closed(&'a str),
}

/// Answers to what happened. `at_ns` is the time of the read that brought it.
pub trait Crew {
    /// Looks at one happening on connection `id`; what it wants to send goes to `outbox`.
    fn on(&mut self, id: usize, happening: Happening<'_>, at_ns: u64, outbox: &mut Outbox);
}

/// Bytes waiting to be written, per connection; one write per connection and turn.
#[derive(Debug, Default)]
pub struct Outbox {
    pub(super) waiting: Vec<Vec<u8>>,
    pub(super) dirty: Vec<usize>,
}

impl Outbox {
    /// The buffer of connection `id`, to append to.
    pub fn to(&mut self, id: usize) -> &mut Vec<u8> {
        self.dirty.push(id);
        &mut self.waiting[id]
    }
}
