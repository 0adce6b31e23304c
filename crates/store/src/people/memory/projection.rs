//! The log's messages in memory, one by one.

use std::collections::BTreeSet;

use loquat_protocol::PartitionId;

use super::{MemoryPeople, State};
use crate::{
    Advance, StoreError, StoreErrorKind,
    batch::check_advances,
    people::{RoomBatch, RoomMessage, RoomProjection},
};

impl State {
    fn check_serials(&self, messages: &[RoomMessage]) -> Result<(), StoreError> {
        for (index, message) in messages.iter().enumerate() {
            let Some(state) = self.room(&message.room) else { continue };
            let before = messages[..index].iter().rev().find(|other| other.room == message.room);
            let newest = before.map(|before| &before.serial).or(state.room.last_serial.as_ref());
            if newest.is_some_and(|newest| message.serial <= *newest) {
                let (room, serial) = (&message.room, &message.serial);
                let words = format!("room {room}: the message {serial} is not above the newest");
                return Err(StoreError::new(StoreErrorKind::OutOfOrder, words));
            }
        }
        Ok(())
    }

    /// The message with what counts.
    fn heard(&self, message: &RoomMessage) -> RoomMessage {
        let author = message.author.clone().filter(|author| self.account(author).is_some());
        let mut people: BTreeSet<_> = message.mentions.iter().cloned().collect();
        people.retain(|person| author.as_ref() != Some(person) && self.account(person).is_some());
        RoomMessage { author, mentions: people.into_iter().collect(), ..message.clone() }
    }

    fn add_messages(&mut self, messages: &[RoomMessage]) {
        let version = self.version + 1;
        for message in messages {
            let heard = self.heard(message);
            let Some(state) = self.room_mut(&message.room) else { continue };
            state.room.messages += 1;
            state.room.last_serial = Some(message.serial.clone());
            state.room.last_ms = Some(message.time_ms);
            state.room.version = version;
            state.messages.push(heard);
            self.version = version;
        }
    }
}

impl RoomProjection for MemoryPeople {
    fn room_cursors(&self) -> Result<Vec<(PartitionId, u64)>, StoreError> {
        Ok(self.state.lock().cursors.iter().map(|(partition, cursor)| (*partition, cursor.seq)).collect())
    }

    fn apply_rooms(&self, batch: &RoomBatch) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        check_advances(&batch.advances, |partition| {
            Ok(state.cursors.get(&partition).map_or(0, |cursor| cursor.seq))
        })?;
        state.check_serials(&batch.messages)?;
        state.add_messages(&batch.messages);
        for Advance { partition, to_seq, .. } in &batch.advances {
            state.cursors.entry(*partition).or_default().seq = *to_seq;
        }
        Ok(())
    }

    fn rooms_durable_seq(&self, partition: PartitionId) -> Result<u64, StoreError> {
        Ok(self.state.lock().cursors.get(&partition).map_or(0, |cursor| cursor.durable_seq))
    }

    fn sync_rooms(&self) -> Result<(), StoreError> {
        Self::settle(&mut self.state.lock());
        Ok(())
    }
}
