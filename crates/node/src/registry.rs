//! Which connections live, where, and which can still be resumed.

use hashbrown::HashMap;
use loquat_core::Slot;
use loquat_protocol::ConnectionId;
use parking_lot::Mutex;

/// Where a connection is served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The shard.
    pub shard: usize,
    /// Its slot there.
    pub slot: Slot,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Live(Place),
    /// The socket is gone since then (monotonic milliseconds).
    Gone(u64),
    /// The client has closed it.
    Closed(u64),
}

/// The connections of a node. Bounded: what is gone is forgotten after the connection state TTL.
#[derive(Debug)]
pub struct Registry {
    connections: Mutex<HashMap<ConnectionId, State>>,
    ttl_ms: u64,
    started_wall_ms: u64,
}

impl Registry {
    /// An empty registry. `started_wall_ms`: when the node started, milliseconds since 1970.
    pub fn new(ttl_ms: u64, started_wall_ms: u64) -> Self {
        Self { connections: Mutex::default(), ttl_ms, started_wall_ms }
    }

    /// Whether a connection whose key was issued then can be resumed. One that this node has never seen lived on another
    /// node or before a restart; its time counts from the later of key and start.
    pub fn may_resume(&self, id: &ConnectionId, issued_wall_ms: u64, now: loquat_core::Now) -> bool {
        match self.connections.lock().get(id) {
            Some(State::Live(_)) => true,
            Some(State::Gone(since)) => now.mono_ms.saturating_sub(*since) <= self.ttl_ms,
            Some(State::Closed(_)) => false,
            None => now.wall_ms.saturating_sub(issued_wall_ms.max(self.started_wall_ms)) <= self.ttl_ms,
        }
    }

    /// A connection is served at `place` from now on. Returns where it was served until now.
    pub fn live(&self, id: &ConnectionId, place: Place) -> Option<Place> {
        match self.connections.lock().insert(id.clone(), State::Live(place)) {
            Some(State::Live(old)) => Some(old),
            _ => None,
        }
    }

    /// Does something while the connection is served at `place`, which it stays meanwhile; `None`, and nothing is done, when
    /// it is served elsewhere or gone. `work` must be quick and must not ask the registry.
    pub fn while_at<T>(&self, id: &ConnectionId, place: Place, work: impl FnOnce() -> T) -> Option<T> {
        let connections = self.connections.lock();
        matches!(connections.get(id), Some(State::Live(at)) if *at == place).then(work)
    }

    /// Does something unless the connection is served by this node, which it does not become meanwhile; `None` when it is.
    /// `work` must be quick and must not ask the registry.
    pub fn unless_live<T>(&self, id: &str, work: impl FnOnce() -> T) -> Option<T> {
        let connections = self.connections.lock();
        let live = matches!(connections.get(&ConnectionId::from_trusted(id)), Some(State::Live(_)));
        (!live).then(work)
    }

    /// The socket at `place` is gone. `true` when the connection was still served there, and not closed by its client.
    pub fn gone(&self, id: &ConnectionId, place: Place, mono_ms: u64) -> bool {
        let mut connections = self.connections.lock();
        let Some(state) = connections.get_mut(id) else { return false };
        let served_there = matches!(state, State::Live(at) if *at == place);
        if served_there {
            *state = State::Gone(mono_ms);
        }
        served_there
    }

    /// The client has closed the connection: it cannot be resumed.
    pub fn closed(&self, id: &ConnectionId, mono_ms: u64) {
        self.connections.lock().insert(id.clone(), State::Closed(mono_ms));
    }

    /// Forgets connections that can no longer be resumed.
    pub fn expire(&self, mono_ms: u64) {
        let kept = |since: u64| mono_ms.saturating_sub(since) <= self.ttl_ms;
        let mut connections = self.connections.lock();
        connections.retain(|_, state| match state {
            State::Live(_) => true,
            State::Gone(since) | State::Closed(since) => kept(*since),
        });
        if connections.capacity() > 4_096 && connections.len() * 4 < connections.capacity() {
            connections.shrink_to_fit();
        }
    }
}
