//! From the log to the rooms: counts messages into the store, and tells those who are there.
//!
//! What a log entry means is decided in [`entry`] and [`mentions`], which are pure; this file joins them to the store. The
//! store moves its cursor in the same step, so a repetition after a crash changes nothing.

pub mod entry;
pub mod mentions;
mod people;

use std::{collections::BTreeMap, sync::Arc};

use loquat_protocol::{AppId, ChannelId, PartitionId, entry::EntryKind, room::room_of};
use loquat_store::{
    Advance, StoreError,
    people::{PersonId, RoomBatch, RoomId, RoomMessage},
};

use crate::{Chat, ChatError, Count, events::Event, turn::Turn};
use entry::{LogEntry, Said};
use people::Resolver;

/// A piece of a partition: what is wanted of `after_seq < seq <= to_seq`, in order.
#[derive(Clone, Debug)]
pub struct Stretch<'a> {
    /// The partition.
    pub partition: PartitionId,
    /// Where the cursor stands before.
    pub after_seq: u64,
    /// Where it stands afterwards.
    pub to_seq: u64,
    /// The entries that [`RoomProjector::wants`]; perhaps none.
    pub entries: Vec<LogEntry<'a>>,
}

/// Follows the log for the rooms. Called from one thread, which may block; [`Self::durable_seq`] from any.
pub struct RoomProjector {
    chat: Arc<Chat>,
    app: AppId,
}

impl RoomProjector {
    /// A short word for logs and metrics.
    pub const NAME: &'static str = "rooms";

    /// Over the services' store, for the rooms of their app.
    pub fn new(chat: Arc<Chat>) -> Self {
        let app = chat.options().app.clone();
        Self { chat, app }
    }

    /// Whether an entry of the log may be about a room.
    pub fn wants(&self, channel: &ChannelId, kind: EntryKind) -> bool {
        kind == EntryKind::Message
            && channel.app == self.app
            && room_of(channel.name.as_str()).is_some_and(|room| RoomId::parse(room).is_ok())
    }

    /// The last sequence number of a partition that is applied.
    ///
    /// # Errors
    /// The store's; so below.
    pub fn cursor(&self, partition: PartitionId) -> Result<u64, StoreError> {
        let cursors = self.chat.store.room_cursors()?;
        Ok(cursors.iter().find(|(other, _)| *other == partition).map_or(0, |(_, seq)| *seq))
    }

    /// Applies at most one stretch per partition, all or nothing, and tells the members who are there.
    ///
    /// # Errors
    /// `OutOfOrder` when a stretch does not begin at its cursor.
    pub fn apply(&self, stretches: &[Stretch<'_>]) -> Result<(), StoreError> {
        let mut resolver = Resolver::new(&*self.chat.store);
        let mut batch = RoomBatch::default();
        for Stretch { partition, after_seq, to_seq, entries } in stretches {
            let (partition, after_seq, to_seq) = (*partition, *after_seq, *to_seq);
            batch.advances.push(Advance { partition, after_seq, to_seq });
            for said in entries.iter().flat_map(entry::said) {
                batch.messages.extend(message(&mut resolver, said)?);
            }
        }
        if batch.messages.is_empty() {
            // Cursors alone concern nobody, and move with every message of every channel.
            return self.chat.store.apply_rooms(&batch);
        }
        let mut turn = self.chat.turn();
        turn.store_step(|store| store.apply_rooms(&batch))?;
        self.chat.ports.count(Count::MessagesCounted(batch.messages.len() as u64));
        self.tell_activity(&mut turn, &batch.messages);
        Ok(())
    }

    /// Makes everything applied so far durable.
    ///
    /// # Errors
    /// The store's.
    pub fn sync(&self) -> Result<(), StoreError> {
        self.chat.store.sync_rooms()
    }

    /// The last sequence number that is applied and survives a power loss.
    ///
    /// # Errors
    /// The store's.
    pub fn durable_seq(&self, partition: PartitionId) -> Result<u64, StoreError> {
        self.chat.store.rooms_durable_seq(partition)
    }

    /// One event per room and person for all new messages of the room: the values are absolute.
    fn tell_activity(&self, turn: &mut Turn<'_>, messages: &[RoomMessage]) {
        let mut rooms: BTreeMap<&RoomId, Vec<&RoomMessage>> = BTreeMap::new();
        for message in messages {
            rooms.entry(&message.room).or_default().push(message);
        }
        for (room, messages) in rooms {
            let read = self.chat.catch_up(turn, room);
            let told = self.tell_room(turn, room, &messages).map_err(ChatError::from);
            let read_told = read.iter().map(|person| self.chat.tell_read(person, room));
            for error in [told].into_iter().chain(read_told).filter_map(Result::err) {
                // They are counted; the next event or snapshot has them.
                tracing::warn!(%error, "an event about new messages is missing");
            }
        }
    }

    fn tell_room(&self, turn: &Turn<'_>, room: &RoomId, messages: &[&RoomMessage]) -> Result<(), StoreError> {
        let chat = turn.chat;
        let online = chat.live.online(room);
        if online.is_empty() {
            return Ok(());
        }
        let Some(row) = chat.store.room(room)? else { return Ok(()) };
        let unread = chat.store.unread_of_many(room, &online)?;
        for (person, unread) in online.iter().zip(unread) {
            let event = Event::RoomActivity {
                room: room.clone(),
                messages: row.messages,
                last_serial: row.last_serial.clone(),
                last_ms: row.last_ms,
                unread: unread.unread,
                mentions: unread.mentions,
                mentioned: messages.iter().any(|message| is_mentioned(message, person)),
                version: row.version,
            };
            chat.tell([person], &event);
        }
        Ok(())
    }
}

/// Nobody mentions themselves.
fn is_mentioned(message: &RoomMessage, person: &PersonId) -> bool {
    message.author.as_ref() != Some(person) && (message.mentions_all || message.mentions.contains(person))
}

/// What was said, as the store counts it; `None` in a channel that only looks like a room's.
fn message(resolver: &mut Resolver<'_>, said: Said) -> Result<Option<RoomMessage>, StoreError> {
    let Said { room, serial, author, time_ms, text } = said;
    if !resolver.is_room(&room)? {
        return Ok(None);
    }
    let found = mentions::find(&text);
    let mut mentions = Vec::with_capacity(found.handles.len());
    for handle in &found.handles {
        mentions.extend(resolver.member(&room, handle)?);
    }
    Ok(Some(RoomMessage { room, serial, author, time_ms, mentions, mentions_all: found.all }))
}
