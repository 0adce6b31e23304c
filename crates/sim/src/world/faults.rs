//! What goes wrong.

use super::World;
use crate::server::{Mail, Server};

impl World {
    /// Something breaks.
    pub(super) fn fault(&mut self) {
        match self.rng.below(100) {
            0..45 => self.break_link(),
            45..75 => self.notice_breaks(),
            75..85 => self.shed(),
            85..92 => self.prune(),
            92..96 => self.freeze(),
            _ => self.crash(),
        }
    }

    fn open_sockets(&self) -> Vec<usize> {
        let open = |at: &usize| self.sockets[*at].client_open && self.sockets[*at].server_open;
        (0..self.sockets.len()).filter(open).collect()
    }

    /// A client loses its link. What it has sent may still arrive; the server learns of it later.
    fn break_link(&mut self) {
        let open = self.open_sockets();
        let Some(at) = self.rng.pick(&open) else { return };
        let arriving = self.rng.below(self.sockets[at].up.len() + 1);
        let socket = &mut self.sockets[at];
        socket.up.truncate(arriving);
        socket.client_open = false;
        self.clients[socket.client].disconnected();
    }

    fn shed(&mut self) {
        let open = self.open_sockets();
        if let Some(at) = self.rng.pick(&open) {
            let socket = &self.sockets[at];
            self.server.shards[socket.shard].1.push_back(Mail::Shed(socket.slot));
        }
    }

    /// Retention removes the older half of a partition.
    fn prune(&mut self) {
        let partition = self.rng.below(self.server.shared.pruned.len());
        let head = self.server.shared.past[partition].len() as u64;
        let pruned = &mut self.server.shared.pruned[partition];
        *pruned = (*pruned).max(head / 2);
    }

    /// Nothing happens anywhere for longer than a grace lasts.
    fn freeze(&mut self) {
        self.pass(1_000, 6_000);
    }

    /// The server dies and another one starts over what was durable.
    fn crash(&mut self) {
        self.tally.crashes += 1;
        self.log.crash(&mut self.rng);
        let pruned = std::mem::take(&mut self.server.shared.pruned);
        self.server = Server::start(&self.log, self.shards, self.ring_bytes, pruned);
        self.places.clear();
        for at in 0..self.sockets.len() {
            let arriving = self.rng.below(self.sockets[at].down.len() + 1);
            let socket = &mut self.sockets[at];
            socket.server_open = false;
            socket.up.clear();
            socket.down.truncate(arriving);
        }
    }
}
