//! A shard: one thread, one epoll, its share of the connections.
//!
//! A turn of the loop: wait; take the mailbox; read the sockets that have something; take the feed; carry out the core's
//! effects; write, once per connection. An idle connection is a record in two tables and owns no buffer: reads go
//! through the shard's one buffer, and what a message leaves unfinished is kept only until its rest has come.

mod appends;
mod connection;
mod count;
mod echo;
mod effects;
mod feed;
mod lifecycle;
mod mailbox;
mod outbox;
mod parting;
mod reads;
mod socket;
mod turn;
mod writes;

use std::{io, sync::Arc, thread::JoinHandle};

use loquat_protocol::Serial;
use mio::Poll;

pub use self::{
    connection::{Adopted, Guard, Purpose, Refused},
    mailbox::{Command, Mailbox},
    socket::Socket,
};
use crate::Node;

/// The token of the mailbox's waker; connections have their index.
const WAKER: mio::Token = mio::Token(usize::MAX);

/// A shard before its thread runs.
pub struct ShardThread {
    index: usize,
    poll: Poll,
    mailbox: Mailbox,
}

impl ShardThread {
    /// Makes the shard's epoll and mailbox.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn new(index: usize) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mailbox = Mailbox::new(poll.registry())?;
        Ok(Self { index, poll, mailbox })
    }

    /// How others reach the shard.
    pub fn mailbox(&self) -> Mailbox {
        self.mailbox.clone()
    }

    /// Runs the shard until it is told to stop.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn run(self, node: Arc<Node>, heads: Vec<Serial>) -> io::Result<JoinHandle<()>> {
        let name = format!("shard-{}", self.index);
        let run = move || turn::Loop::new(node, self.index, self.poll, self.mailbox, heads).run();
        std::thread::Builder::new().name(name).spawn(run)
    }
}
