//! The projection in memory: one map of rows by position, scanned by every question.

use loquat_protocol::{AppId, PartitionId};

use super::{MemoryStore, State};
use crate::{
    Cursor, Direction, History, HistoryQuery, Member, MemberChange, Projection, ProjectionBatch, Retention,
    Row, StoreError, members,
};

impl Projection for MemoryStore {
    fn cursor(&self, partition: PartitionId) -> Result<Cursor, StoreError> {
        Ok(self.state.lock().cursor(partition))
    }

    fn apply(&self, batch: &ProjectionBatch) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        batch.check(|partition| Ok(state.cursor(partition).seq))?;
        for advance in &batch.advances {
            state.cursors.entry(advance.partition).or_default().seq = advance.to_seq;
        }
        for row in &batch.rows {
            state.rows.insert((row.partition, row.serial.seq), row.clone());
            members::changes(row).into_iter().for_each(|change| state.change_member(change));
        }
        Ok(())
    }

    fn members(&self) -> Result<Vec<Member>, StoreError> {
        Ok(self.state.lock().members.values().cloned().collect())
    }

    fn sync(&self) -> Result<(), StoreError> {
        for cursor in self.state.lock().cursors.values_mut() {
            cursor.durable_seq = cursor.seq;
        }
        Ok(())
    }

    fn prune(
        &self,
        partition: PartitionId,
        retention: Retention,
        before_ms: u64,
        limit: usize,
    ) -> Result<bool, StoreError> {
        let mut state = self.state.lock();
        let mut old: Vec<u64> = state
            .partition(partition)
            .filter(|row| row.time_ms < before_ms && Retention::of(&row.channel.name) == retention)
            .map(|row| row.serial.seq)
            .collect();
        let more = old.len() > limit;
        old.truncate(limit);
        for seq in &old {
            state.rows.remove(&(partition, *seq));
        }
        if let Some(last) = old.last() {
            let cursor = state.cursors.entry(partition).or_default();
            match retention {
                Retention::Realtime => cursor.pruned_seq = *last,
                Retention::Rooms => cursor.rooms_pruned_seq = *last,
            }
        }
        Ok(more)
    }

    fn remove_app(&self, app: &AppId) -> Result<(), StoreError> {
        let mut state = self.state.lock();
        state.rows.retain(|_, row| row.channel.app != *app);
        state.members.retain(|(channel, ..), _| channel.app != *app);
        drop(state);
        self.sync()
    }
}

impl History for MemoryStore {
    fn query(&self, query: &HistoryQuery, partition: PartitionId) -> Result<(Vec<Row>, Cursor), StoreError> {
        let state = self.state.lock();
        let rows = state.partition(partition).filter(|row| query.admits(row));
        let rows = match query.direction {
            Direction::Forwards => rows.take(query.limit).cloned().collect(),
            Direction::Backwards => rows.rev().take(query.limit).cloned().collect(),
        };
        Ok((rows, state.cursor(partition)))
    }
}

impl State {
    fn change_member(&mut self, change: MemberChange) {
        match change {
            MemberChange::Put(member) => {
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                let key = (
                    member.channel.clone(),
                    text(&member.event.connection_id),
                    text(&member.event.client_id),
                );
                self.members.insert(key, member);
            }
            MemberChange::Gone { channel, connection, client } => {
                self.members.remove(&(channel, connection, client));
            }
        }
    }

    fn cursor(&self, partition: PartitionId) -> Cursor {
        self.cursors.get(&partition).copied().unwrap_or_default()
    }

    fn partition(&self, partition: PartitionId) -> impl DoubleEndedIterator<Item = &Row> {
        self.rows.range((partition, 0)..=(partition, u64::MAX)).map(|(_, row)| row)
    }
}
