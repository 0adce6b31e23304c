//! How far people have read: the same on every device.
//!
//! A message reaches who is there before it is counted, and may be read in between. So a marker that is ahead of what is
//! counted is kept for a while, and moves on when the messages up to it are.

use std::collections::VecDeque;

use loquat_protocol::{ErrorCode, MessageSerial};
use loquat_store::people::{PersonId, Room, RoomId};

use crate::{Actor, Chat, ChatError, Count, events::Event, rights::RoomAction, turn::Turn, views::ReadView};

/// How long a marker stays ahead, in milliseconds: longer than the counting is ever behind, even while a disk stalls.
const AHEAD_MS: u64 = 30_000;
/// Most markers that are ahead; the oldest goes when there are more, and its messages stay unread.
const AHEAD_MAX: usize = 4_096;
/// Most of one person: nobody reads in more rooms at once, and nobody's own push out those of others.
const AHEAD_PER_PERSON_MAX: usize = 64;

/// Markers that wait for messages to be counted.
#[derive(Default)]
pub(crate) struct Ahead(VecDeque<Marker>);

struct Marker {
    room: RoomId,
    person: PersonId,
    serial: String,
    until_ms: u64,
}

impl Ahead {
    /// What somebody has marked last counts, ahead or not.
    fn note(&mut self, room: &Room, person: &PersonId, serial: Option<&str>, now_ms: u64) {
        self.0.retain(|marker| {
            marker.until_ms > now_ms && (marker.room != room.id || marker.person != *person)
        });
        let Some(serial) = serial.filter(|serial| room.last_serial.as_deref() < Some(*serial)) else {
            return;
        };
        let own = |marker: &Marker| marker.person == *person;
        if self.0.iter().filter(|marker| own(marker)).count() >= AHEAD_PER_PERSON_MAX
            && let Some(oldest) = self.0.iter().position(own)
        {
            self.0.remove(oldest);
        }
        if self.0.len() >= AHEAD_MAX {
            self.0.pop_front();
        }
        let (room, person) = (room.id.clone(), person.clone());
        self.0.push_back(Marker {
            room,
            person,
            serial: serial.to_owned(),
            until_ms: now_ms.saturating_add(AHEAD_MS),
        });
    }

    /// Those of a room that still wait.
    fn of(&self, room: &RoomId, now_ms: u64) -> Vec<(PersonId, String)> {
        let waiting = self.0.iter().filter(|marker| marker.room == *room && marker.until_ms > now_ms);
        waiting.map(|marker| (marker.person.clone(), marker.serial.clone())).collect()
    }
}

impl Chat {
    /// Moves the actor's read marker in a room to the newest message at or before `serial` (`None`: the newest of all);
    /// back only with `backwards`, so that a slow device takes nothing back.
    ///
    /// # Errors
    /// `NotFound` when they are no member; `InvalidParameter` when it is no serial; those of [`Self::confirm`].
    pub fn mark_read(
        &self,
        actor: &Actor,
        room: &RoomId,
        serial: Option<&str>,
        backwards: bool,
    ) -> Result<ReadView, ChatError> {
        if serial.is_some_and(|serial| serial.parse::<MessageSerial>().is_err()) {
            let why = "this is not the serial of a message";
            return Err(ChatError::field(ErrorCode::InvalidParameter, "serial", why));
        }
        let mut turn = self.turn_of(actor)?;
        let (found, before) = self.require(actor, room, RoomAction::See)?;
        let before = before.ok_or_else(ChatError::not_found)?;
        turn.seen.ahead.note(&found, &actor.person, serial, self.now_ms());
        let marked = turn.step(|store| store.mark_read(room, &actor.person, serial, backwards))?;
        let (membership, unread) = marked.ok_or_else(ChatError::not_found)?;
        if membership.version != before.version {
            self.ports.count(Count::ReadMarkerMoved);
            self.tell_read(&actor.person, room)?;
        }
        Ok(ReadView::new(membership, unread))
    }

    /// Moves the markers on that were ahead, now that more messages of a room are counted; whose have moved.
    pub(crate) fn catch_up(&self, turn: &mut Turn<'_>, room: &RoomId) -> Vec<PersonId> {
        let mut moved = Vec::new();
        for (person, serial) in turn.seen.ahead.of(room, self.now_ms()) {
            match turn.step(|store| store.mark_read(room, &person, Some(&serial), false)) {
                Ok(Some(_)) => moved.push(person),
                Ok(None) => {}
                // The messages are counted, and are unread until somebody looks again.
                Err(error) => tracing::warn!(%error, "a read marker stays behind"),
            }
        }
        moved
    }

    /// The activity for whoever counts, then the listing, whose marker the activity doesn't have.
    pub(crate) fn tell_read(&self, person: &PersonId, room: &RoomId) -> Result<(), ChatError> {
        if !self.live.is_online(person) {
            return Ok(());
        }
        let Some(listing) = self.store.listing_of(person, room)? else { return Ok(()) };
        let version = listing.version();
        let activity = Event::RoomActivity {
            room: room.clone(),
            messages: listing.room.messages,
            last_serial: listing.room.last_serial.clone(),
            last_ms: listing.room.last_ms,
            unread: listing.unread.unread,
            mentions: listing.unread.mentions,
            mentioned: false,
            version,
        };
        self.tell([person], &activity);
        self.tell([person], &Event::RoomChanged { listing: listing.into() });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use loquat_store::people::RoomKind;

    use super::*;

    const SERIAL: &str = "0001-0000000000000009:000";

    fn room(n: usize) -> Room {
        let mut bits = [0; 10];
        bits[..8].copy_from_slice(&(n as u64).to_be_bytes());
        Room {
            id: RoomId::from_bits(bits),
            kind: RoomKind::Private,
            name: String::new(),
            topic: String::new(),
            created_by: PersonId::from_bits([0; 10]),
            created_ms: 0,
            archived_ms: None,
            members: 1,
            messages: 0,
            last_serial: None,
            last_ms: None,
            version: 0,
        }
    }

    #[test]
    fn markers_of_one_person_push_out_nobody_elses() {
        let (mut ahead, [ada, eve]) = (Ahead::default(), [1, 2].map(|n| PersonId::from_bits([n; 10])));
        ahead.note(&room(0), &ada, Some(SERIAL), 0);
        for n in 0..2 * AHEAD_MAX {
            ahead.note(&room(n), &eve, Some(SERIAL), 0);
        }
        assert_eq!(ahead.0.len(), 1 + AHEAD_PER_PERSON_MAX);
        assert_eq!(ahead.of(&room(0).id, 0), [(ada, SERIAL.to_owned())]);
        // One's newest are the ones that count.
        assert_eq!(ahead.of(&room(2 * AHEAD_MAX - 1).id, 0).len(), 1);
        assert_eq!(ahead.of(&room(2 * AHEAD_MAX - 1).id, AHEAD_MS), []);
    }
}
