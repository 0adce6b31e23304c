//! What happens by itself: frames arrive, appends become durable, reads are answered; and how a world comes to rest.

use std::sync::Arc;

use loquat_core::connection::Opening;
use loquat_protocol::{ConnectionId, ErrorCode};

use super::World;
use crate::{
    Broken,
    net::Socket,
    rights::Everything,
    server::{Known, Mail},
};

impl World {
    /// A client opens a socket; the node decides whether it is resumed.
    pub(super) fn connect(&mut self, client: usize) {
        let shard = self.rng.below(self.shards);
        let wanted = self.clients[client].id.clone();
        let resumed = wanted.as_ref().is_some_and(|id| self.server.registry.get(id) != Some(&Known::Closed));
        let failed = wanted.is_some() && (!resumed || self.rng.permille(30));
        let id = wanted.filter(|_| !failed).unwrap_or_else(|| {
            self.connections += 1;
            format!("conn-{}", self.connections)
        });
        let opening = Opening {
            id: ConnectionId::from_trusted(&id),
            key: format!("{id}!key"),
            error: failed.then(|| ErrorCode::InvalidConnectionKey.into()),
            rights: Arc::new(Everything::of(&self.clients[client].name)),
            format: self.clients[client].format,
            echo: true,
            heartbeats: self.rng.permille(500),
            idle_interval_ms: None,
            grace_ms: [0, 2_000, 15_000][self.rng.below(3)],
        };
        self.server.shared.members.returned(&opening.id);
        let slot = self.server.shards[shard].0.open(self.now, opening);
        let old = self.server.registry.insert(id, Known::Live(shard, slot));
        self.sockets.push(Socket::new(client, shard, slot));
        self.places.insert((shard, slot.index), self.sockets.len() - 1);
        self.clients[client].socket = Some(self.sockets.len() - 1);
        if let Some(Known::Live(shard, slot)) = old {
            // Before anything that the old socket has sent since.
            self.server.shards[shard].1.push_front(Mail::Supersede(slot));
        }
    }

    fn pick_socket(&mut self, fits: impl Fn(&Socket) -> bool) -> Option<usize> {
        let fitting: Vec<usize> =
            self.sockets.iter().enumerate().filter(|(_, socket)| fits(socket)).map(|(at, _)| at).collect();
        self.rng.pick(&fitting)
    }

    /// A frame of some client reaches its shard.
    pub(super) fn deliver_up(&mut self) {
        let due = |socket: &Socket| socket.server_open && socket.reading && !socket.up.is_empty();
        if let Some(socket) = self.pick_socket(due) {
            self.deliver_up_of(socket);
        }
    }

    fn deliver_up_of(&mut self, socket: usize) {
        let socket = &mut self.sockets[socket];
        if let Some(bytes) = socket.up.pop_front() {
            self.server.shards[socket.shard].1.push_back(Mail::Frame(socket.slot, bytes));
        }
    }

    /// Some frames reach some client, or the end of the stream does.
    pub(super) fn deliver_down(&mut self, count: usize) -> Result<(), Broken> {
        match self
            .pick_socket(|socket| socket.client_open && (!socket.down.is_empty() || !socket.server_open))
        {
            Some(socket) => self.deliver_down_of(socket, count),
            None => Ok(()),
        }
    }

    fn deliver_down_of(&mut self, at: usize, count: usize) -> Result<(), Broken> {
        let client = self.sockets[at].client;
        for _ in 0..count {
            let Some(frame) = self.sockets[at].down.pop_front() else { break };
            for answer in self.clients[client].receive(frame, &mut self.tally)? {
                self.send(client, answer);
            }
        }
        let socket = &mut self.sockets[at];
        if socket.down.is_empty() && !socket.server_open {
            socket.client_open = false;
            self.clients[client].disconnected();
        } else if socket.down.is_empty() && socket.blocked {
            self.server.shards[socket.shard].1.push_back(Mail::Drained(socket.slot));
        }
        Ok(())
    }

    /// Appends become durable and are reported.
    pub(super) fn commit(&mut self, count: usize) {
        for outcome in self.log.commit(count) {
            self.server.shards[outcome.shard].1.push_back(Mail::Appended(outcome));
        }
    }

    /// Some read is answered, not necessarily the oldest.
    pub(super) fn answer_one(&mut self, may_fail: bool) {
        if self.server.reads.is_empty() {
            return;
        }
        let (shard, read) = self.server.reads.swap_remove(self.rng.below(self.server.reads.len()));
        let fail = may_fail && self.rng.permille(200);
        self.server.answer(shard, &read, self.now, fail);
    }

    /// What comes with time.
    pub(super) fn tick(&mut self) {
        let now = self.now;
        self.server.shards.iter_mut().for_each(|(shard, _)| shard.tick(now));
        self.server.expire(now);
    }

    /// No more faults and nothing new to say: everything on its way arrives, and the graces end.
    ///
    /// # Errors
    /// When a law is seen to be broken, or the world does not come to rest.
    pub fn come_to_rest(&mut self) -> Result<(), Broken> {
        for _ in 0..400 {
            self.pass(100, 0);
            self.tick();
            self.round()?;
        }
        let restless =
            |socket: &&Socket| socket.client_open && !(socket.up.is_empty() && socket.down.is_empty());
        let busy = self.sockets.iter().filter(restless).count();
        let unanswered: usize = self.clients.iter().map(crate::client::Client::unanswered).sum();
        if busy + unanswered + self.log.waiting() + self.server.reads.len() > 0 {
            let what =
                format!("no rest: {busy} sockets, {unanswered} unanswered, {:?} reads", self.server.reads);
            return Err(Broken { law: "TAIL-1", what });
        }
        Ok(())
    }

    fn round(&mut self) -> Result<(), Broken> {
        for client in 0..self.clients.len() {
            if self.clients[client].socket.is_none() {
                self.connect(client);
            }
        }
        self.notice_breaks();
        for socket in 0..self.sockets.len() {
            while self.sockets[socket].reading
                && !self.sockets[socket].up.is_empty()
                && self.sockets[socket].server_open
            {
                self.deliver_up_of(socket);
            }
        }
        self.commit(usize::MAX);
        while !self.server.reads.is_empty() {
            self.answer_one(false);
        }
        for shard in 0..self.shards {
            self.turn(shard, usize::MAX, usize::MAX)?;
        }
        for socket in 0..self.sockets.len() {
            if self.sockets[socket].client_open {
                self.deliver_down_of(socket, usize::MAX)?;
            }
        }
        Ok(())
    }

    /// The server learns of links that clients have lost.
    pub(super) fn notice_breaks(&mut self) {
        for socket in &mut self.sockets {
            if socket.server_open && !socket.client_open {
                socket.server_open = false;
                self.server.shards[socket.shard].1.push_back(Mail::Gone(socket.slot));
            }
        }
    }
}
