//! Who is present on a node's channels.
//!
//! A member is (connection, clientId); its entry is written only by the node that holds the connection. Every change
//! has a version, rising over the whole table, so that a snapshot and the changes after it can be told apart.

use std::sync::Arc;

use hashbrown::HashMap;
use loquat_protocol::{ChannelId, ClientId, ConnectionId, Operation, PresenceAction, PresenceMessage};

use crate::{Changed, Identity, Limits, Rights};

/// A snapshot of a channel's members.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// Everything up to this version is in the snapshot.
    pub version: u64,
    /// The last event of each member.
    pub present: Vec<Arc<PresenceMessage>>,
}

/// A change that subscribers are told.
#[derive(Clone, Debug)]
pub struct Change {
    /// The channel.
    pub channel: ChannelId,
    /// The table's version after the change.
    pub version: u64,
    /// The event, its action as subscribers see it.
    pub event: Arc<PresenceMessage>,
}

/// Why a member was not accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Full {
    /// The channel has as many members as it may have.
    Channel,
    /// What the channel's members show is as large as it may be together.
    Bytes,
    /// The connection has as many members as it may have.
    Connection,
}

type MemberKey = (Arc<str>, Arc<str>);

#[derive(Debug, Default)]
struct ConnectionMembers {
    members: Vec<(ChannelId, Arc<str>)>,
    /// Set while its socket is gone.
    absence: Option<Absence>,
}

#[derive(Debug)]
struct Absence {
    leaves_at_ms: u64,
    /// By which they are still present; unknown of a connection of before a restart.
    rights: Option<Arc<dyn Rights>>,
}

impl Absence {
    /// Whether a member may go on being seen there.
    fn permits(&self, channel: &ChannelId, client: &str, changed: &Changed, wall_ms: u64) -> bool {
        match &self.rights {
            Some(rights) => {
                rights.revoked(wall_ms).is_none()
                    && rights.operations(channel.name.as_str()).contains(Operation::Presence)
            }
            None => !is_named(changed, client),
        }
    }
}

/// Whether it is known of this very client that its rights have changed.
fn is_named(changed: &Changed, client: &str) -> bool {
    let identity = Identity::Named(ClientId::from_trusted(client));
    *changed != Changed::Everybody && changed.concerns(&identity)
}

#[derive(Debug, Default)]
struct ChannelMembers {
    present: HashMap<MemberKey, Arc<PresenceMessage>>,
    /// What they show, all together.
    bytes: usize,
}

impl ChannelMembers {
    fn size_of(&self, key: &MemberKey) -> usize {
        self.present.get(key).map_or(0, |event| event.size())
    }

    fn insert(&mut self, key: MemberKey, event: Arc<PresenceMessage>) {
        self.bytes = self.bytes + event.size() - self.size_of(&key);
        self.present.insert(key, event);
    }

    fn remove(&mut self, key: &MemberKey) -> Option<Arc<PresenceMessage>> {
        let member = self.present.remove(key)?;
        self.bytes -= member.size();
        Some(member)
    }
}

/// The members of every channel, as far as this node's connections are concerned.
#[derive(Debug)]
pub struct MemberTable {
    channels: HashMap<ChannelId, ChannelMembers>,
    connections: HashMap<Arc<str>, ConnectionMembers>,
    version: u64,
    members_per_channel_max: usize,
    members_per_connection_max: usize,
    bytes_per_channel_max: usize,
}

impl MemberTable {
    /// An empty table with the bounds of presence that stand in the limits.
    pub fn new(limits: &Limits) -> Self {
        Self {
            channels: HashMap::new(),
            connections: HashMap::new(),
            version: 0,
            members_per_channel_max: limits.members_per_channel_max,
            members_per_connection_max: limits.members_per_connection_max,
            bytes_per_channel_max: limits.presence_bytes_per_channel_max,
        }
    }

    /// Members of before a restart: present again, to leave at `leaves_at_ms` (monotonic) unless their connection returns.
    pub fn restore(&mut self, channel: &ChannelId, event: PresenceMessage, leaves_at_ms: u64) {
        let connection = event.connection_id.clone().unwrap_or_default();
        self.apply_one(channel, event);
        if let Some(held) = self.connections.get_mut(connection.as_str()) {
            held.absence = Some(Absence { leaves_at_ms, rights: None });
        }
    }

    /// A channel's members now.
    pub fn members(&self, channel: &ChannelId) -> Members {
        let present = self.channels.get(channel).map(|members| members.present.values().cloned().collect());
        Members { version: self.version, present: present.unwrap_or_default() }
    }

    /// The channels on which a connection has members.
    pub fn channels_of(&self, connection: &str) -> Vec<ChannelId> {
        let held = self.connections.get(connection).map_or(&[][..], |held| &held.members);
        let mut channels: Vec<_> = held.iter().map(|(channel, _)| channel.clone()).collect();
        channels.sort_unstable();
        channels.dedup();
        channels
    }

    /// How many members there are on a channel.
    pub fn count(&self, channel: &ChannelId) -> usize {
        self.channels.get(channel).map_or(0, |members| members.present.len())
    }

    /// How many members there are in all.
    pub fn total(&self) -> usize {
        self.channels.values().map(|members| members.present.len()).sum()
    }

    /// Applies the events of one frame, all or none. An enter of a present member is told as an update, an update of
    /// an absent one as an enter; a leave of an absent one not at all, nor an enter that is no newer than what the member
    /// said last: clients enter again by themselves after each loss of the network (RTP17).
    ///
    /// # Errors
    /// [`Full`] when a bound would be passed; nothing is changed.
    pub fn apply(&mut self, channel: &ChannelId, events: Vec<PresenceMessage>) -> Result<Vec<Change>, Full> {
        self.check_bounds(channel, &events)?;
        Ok(events.into_iter().filter_map(|event| self.apply_one(channel, event)).collect())
    }

    fn check_bounds(&self, channel: &ChannelId, events: &[PresenceMessage]) -> Result<(), Full> {
        let comes = |event: &&PresenceMessage| event.action != PresenceAction::Leave as u8;
        let coming = events.iter().filter(comes).filter(|event| !self.is_present(channel, event)).count();
        if coming > 0 && self.count(channel) + coming > self.members_per_channel_max {
            return Err(Full::Channel);
        }
        let connection = events.first().and_then(|event| event.connection_id.as_deref()).unwrap_or_default();
        let held = self.connections.get(connection).map_or(0, |connection| connection.members.len());
        if coming > 0 && held + coming > self.members_per_connection_max {
            return Err(Full::Connection);
        }
        self.check_bytes(channel, events)
    }

    /// What makes a channel's members show less always fits.
    fn check_bytes(&self, channel: &ChannelId, events: &[PresenceMessage]) -> Result<(), Full> {
        let is_leave = |event: &PresenceMessage| event.action == PresenceAction::Leave as u8;
        // Of several events of one member the last counts.
        let after: HashMap<_, _> =
            events.iter().map(|event| (key(event), if is_leave(event) { 0 } else { event.size() })).collect();
        let members = self.channels.get(channel);
        let before = after.keys().map(|key| members.map_or(0, |members| members.size_of(key))).sum();
        let after: usize = after.values().sum();
        let bytes = members.map_or(0, |members| members.bytes);
        if after > before && bytes - before + after > self.bytes_per_channel_max {
            return Err(Full::Bytes);
        }
        Ok(())
    }

    fn is_present(&self, channel: &ChannelId, event: &PresenceMessage) -> bool {
        self.channels.get(channel).is_some_and(|members| members.present.contains_key(&key(event)))
    }

    fn apply_one(&mut self, channel: &ChannelId, mut event: PresenceMessage) -> Option<Change> {
        let key = key(&event);
        if event.action == PresenceAction::Leave as u8 {
            let mut member = self.remove(channel, &key)?;
            // A leave without data carries the member's last data (RTP8, RTP10).
            if event.data.is_none() {
                let last = Arc::make_mut(&mut member);
                event.data = std::mem::take(&mut last.data);
                event.encoding = last.encoding.take();
            }
            return Some(self.change(channel, Arc::new(event)));
        }
        let members = self.channels.entry(channel.clone()).or_default();
        let last = members.present.get(&key);
        if event.action == PresenceAction::Enter as u8 && last.is_some_and(|last| !is_newer(&event, last)) {
            return None;
        }
        let was_present = last.is_some();
        event.action = if was_present { PresenceAction::Update as u8 } else { PresenceAction::Enter as u8 };
        let event = Arc::new(event);
        members.insert(key.clone(), Arc::clone(&event));
        if !was_present {
            let connection = self.connections.entry(Arc::clone(&key.0)).or_default();
            connection.members.push((channel.clone(), key.1));
        }
        Some(self.change(channel, event))
    }

    fn change(&mut self, channel: &ChannelId, event: Arc<PresenceMessage>) -> Change {
        self.version += 1;
        Change { channel: channel.clone(), version: self.version, event }
    }

    fn remove(&mut self, channel: &ChannelId, key: &MemberKey) -> Option<Arc<PresenceMessage>> {
        let members = self.channels.get_mut(channel)?;
        let member = members.remove(key)?;
        if members.present.is_empty() {
            self.channels.remove(channel);
        }
        if let Some(connection) = self.connections.get_mut(&key.0) {
            connection.members.retain(|(at, client)| !(at == channel && *client == key.1));
            if connection.members.is_empty() {
                self.connections.remove(&key.0);
            }
        }
        Some(member)
    }

    /// A connection's socket is gone; its members leave at `leaves_at_ms` (monotonic) unless [`Self::returned`] is
    /// called before, and as soon as `rights` no longer let them be there; see [`Self::leave_forbidden`].
    pub fn departed(&mut self, connection: &ConnectionId, leaves_at_ms: u64, rights: Arc<dyn Rights>) {
        if let Some(connection) = self.connections.get_mut(connection.as_str()) {
            connection.absence = Some(Absence { leaves_at_ms, rights: Some(rights) });
        }
    }

    /// The connections without a socket that a change of rights concerns; the caller makes sure that they are not back,
    /// then calls [`Self::leave_forbidden`].
    pub fn absent(&self, changed: &Changed) -> Vec<Arc<str>> {
        let concerned = |held: &ConnectionMembers| match &held.absence {
            Some(Absence { rights: Some(rights), .. }) => changed.concerns(rights.identity()),
            Some(Absence { rights: None, .. }) => {
                held.members.iter().any(|(_, client)| is_named(changed, client))
            }
            None => false,
        };
        self.connections.iter().filter(|(_, held)| concerned(held)).map(|(id, _)| Arc::clone(id)).collect()
    }

    /// Members of a connection without a socket leave where its rights no longer let them be (SEC-1). Of a connection of
    /// before a restart nobody knows the rights: of its members those leave whose rights have changed, as far as that is
    /// known of them by name.
    pub fn leave_forbidden(&mut self, connection: &str, changed: &Changed, wall_ms: u64) -> Vec<Change> {
        let Some(held) = self.connections.get(connection) else { return Vec::new() };
        let Some(absence) = &held.absence else { return Vec::new() };
        let is_forbidden =
            |(at, client): &&(ChannelId, Arc<str>)| !absence.permits(at, client, changed, wall_ms);
        let leaving = held.members.iter().filter(is_forbidden).cloned().collect();
        self.leave_all(connection, leaving, wall_ms)
    }

    /// A connection was resumed: its members stay.
    pub fn returned(&mut self, connection: &ConnectionId) {
        if let Some(connection) = self.connections.get_mut(connection.as_str()) {
            connection.absence = None;
        }
    }

    /// Members of a connection leave: of one channel, or of all.
    pub fn leave(&mut self, connection: &str, channel: Option<&ChannelId>, wall_ms: u64) -> Vec<Change> {
        let Some(held) = self.connections.get(connection) else { return Vec::new() };
        let leaving =
            held.members.iter().filter(|(at, _)| channel.is_none_or(|only| only == at)).cloned().collect();
        self.leave_all(connection, leaving, wall_ms)
    }

    fn leave_all(
        &mut self,
        connection: &str,
        leaving: Vec<(ChannelId, Arc<str>)>,
        wall_ms: u64,
    ) -> Vec<Change> {
        let connection: Arc<str> = Arc::from(connection);
        let mut changes = Vec::with_capacity(leaving.len());
        for (at, client) in leaving {
            let Some(mut member) = self.remove(&at, &(Arc::clone(&connection), client)) else { continue };
            let event = Arc::make_mut(&mut member);
            event.action = PresenceAction::Leave as u8;
            // Never older than what it ends, also when the clock went back: newness is told by time here.
            event.timestamp = event.timestamp.max(Some(wall_ms as i64));
            // Not an id of the connection's own: such a leave is compared by time (RTP2b1).
            event.id = Some(format!("server:{}:0", self.version + 1));
            changes.push(self.change(&at, member));
        }
        changes
    }

    /// The connections whose time to resume is over; the caller makes sure that they are not back, then calls
    /// [`Self::leave`]. `mono_ms`: monotonic.
    pub fn overdue(&self, mono_ms: u64) -> Vec<Arc<str>> {
        let over =
            |held: &ConnectionMembers| held.absence.as_ref().is_some_and(|gone| gone.leaves_at_ms <= mono_ms);
        self.connections.iter().filter(|(_, held)| over(held)).map(|(id, _)| Arc::clone(id)).collect()
    }
}

/// Whether an event comes after another of the same member, by their ids (RTP2b2).
fn is_newer(event: &PresenceMessage, last: &PresenceMessage) -> bool {
    let place =
        |event: &PresenceMessage| EventId::parse(event.id.as_deref()?, event.connection_id.as_deref()?);
    place(event).zip(place(last)).is_none_or(|(event, last)| event > last)
}

/// Which of a connection's events an id names: `connectionId:msgSerial:index`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct EventId {
    pub msg_serial: i64,
    pub index: u32,
}

impl EventId {
    /// `None` for an id of another form or another connection's.
    pub(crate) fn parse(id: &str, connection: &str) -> Option<Self> {
        let (msg_serial, index) = id.strip_prefix(connection)?.strip_prefix(':')?.split_once(':')?;
        Some(Self { msg_serial: msg_serial.parse().ok()?, index: index.parse().ok()? })
    }
}

fn key(event: &PresenceMessage) -> MemberKey {
    let text = |text: &Option<String>| Arc::from(text.as_deref().unwrap_or_default());
    (text(&event.connection_id), text(&event.client_id))
}
