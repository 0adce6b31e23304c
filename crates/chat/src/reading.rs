//! How far people have read: the same on every device.

use loquat_protocol::{ErrorCode, MessageSerial};
use loquat_store::people::RoomId;

use crate::{Actor, Chat, ChatError, events::Event, rights::RoomAction, views::ReadView};

impl Chat {
    /// Moves the actor's read marker in a room to the newest message at or before `serial` (`None`: the newest of all);
    /// back only with `backwards`, so that a slow device takes nothing back.
    ///
    /// # Errors
    /// `NotFound` when they are no member; `InvalidParameter` when it is no serial.
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
        let mut turn = self.turn();
        let (_, before) = self.require(actor, room, RoomAction::See)?;
        let before = before.ok_or_else(ChatError::not_found)?;
        let marked = turn.step(|store| store.mark_read(room, &actor.person, serial, backwards))?;
        let (membership, unread) = marked.ok_or_else(ChatError::not_found)?;
        if membership.version != before.version && self.live.is_online(&actor.person) {
            self.tell_read(actor, room)?;
        }
        Ok(ReadView::new(membership, unread))
    }

    /// The activity for whoever counts, then the listing, whose marker the activity doesn't have.
    fn tell_read(&self, actor: &Actor, room: &RoomId) -> Result<(), ChatError> {
        let Some(listing) = self.store.listing_of(&actor.person, room)? else { return Ok(()) };
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
        self.tell([&actor.person], &activity);
        self.tell([&actor.person], &Event::RoomChanged { listing: listing.into() });
        Ok(())
    }
}
