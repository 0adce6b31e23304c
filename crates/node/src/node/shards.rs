//! What a node tells its shards.

use std::sync::{Arc, atomic::Ordering};

use loquat_core::channel::EphemeralMessage;

use super::Node;
use crate::shard::{Adopted, Command};

impl Node {
    /// Hands a connection over to a shard.
    pub fn adopt(&self, adopted: Adopted) {
        let shard = self.next_shard.fetch_add(1, Ordering::Relaxed) % self.mailboxes.len();
        self.tell(shard, Command::Adopt(Box::new(adopted)));
    }

    /// Gives a command to a shard.
    pub(crate) fn tell(&self, shard: usize, command: Command) {
        self.mailboxes[shard].push(command);
    }

    /// Gives a shard the outcome of appends. `fed`: entries came of them, with which the log wakes every shard anyway, after
    /// this where it promises that order.
    pub(crate) fn tell_appended(&self, shard: usize, command: Command, fed: bool) {
        if fed && self.feed_before_done {
            self.mailboxes[shard].leave(command);
        } else {
            self.mailboxes[shard].push(command);
        }
    }

    /// Gives an ephemeral message to every shard.
    pub fn broadcast(&self, message: &Arc<EphemeralMessage>) {
        self.mailboxes.iter().for_each(|mailbox| mailbox.ephemeral(Arc::clone(message)));
    }
}
