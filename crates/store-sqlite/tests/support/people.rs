//! A log of rooms that never was: every message is a function of its partition and sequence number, so that counts can
//! be checked against the cursors that they were committed with.

use loquat_protocol::PartitionId;
use loquat_store::{
    Advance,
    laws::people::make::{add_person, add_room, id, message, room_id},
    people::{Memberships, PersonId, Persons, RoomBatch, RoomId, RoomMessage, RoomProjection, Rooms, Unread},
};
use loquat_store_sqlite::SqlitePeople;

pub const PARTITIONS: [PartitionId; 3] = [PartitionId(0), PartitionId(1), PartitionId(700)];
const PEOPLE: [&str; 3] = ["ada", "bob", "eve"];

fn people() -> [PersonId; 3] {
    PEOPLE.map(id)
}

fn room(partition: PartitionId) -> RoomId {
    room_id(&format!("room {partition}"))
}

/// Makes the people and a room per partition, if they are not there.
pub fn prepare(store: &SqlitePeople) {
    for name in PEOPLE {
        if store.person(&id(name)).expect("a person is read").is_none() {
            add_person(store, name);
        }
    }
    for partition in PARTITIONS {
        if store.room(&room(partition)).expect("a room is read").is_none() {
            add_room(store, &format!("room {partition}"), &people().each_ref());
        }
    }
}

/// What an entry counts as; one in four as nothing.
fn said(partition: PartitionId, seq: u64) -> Option<RoomMessage> {
    let (author, mentioned) = ((seq % 3) as usize, (seq / 3 % 3) as usize);
    let mentions = if seq.is_multiple_of(5) { vec![people()[mentioned].clone()] } else { Vec::new() };
    let mentions_all = seq.is_multiple_of(14);
    let message = message(&room(partition), seq, &people()[author]);
    (!seq.is_multiple_of(4)).then_some(RoomMessage { mentions, mentions_all, ..message })
}

fn cursor(store: &SqlitePeople, partition: PartitionId) -> u64 {
    let cursors = store.room_cursors().expect("cursors are read");
    cursors.into_iter().find(|(other, _)| *other == partition).map_or(0, |(_, seq)| seq)
}

/// Where the partitions stand.
pub fn cursors(store: &SqlitePeople) -> [u64; 3] {
    PARTITIONS.map(|partition| cursor(store, partition))
}

/// How far they survive a power loss.
pub fn durable_seqs(store: &SqlitePeople) -> [u64; 3] {
    PARTITIONS.map(|partition| store.rooms_durable_seq(partition).expect("it is known"))
}

/// The batch that follows on what the store has. Small: with the bounds of tests, a large one is folded into the file at
/// once and never at risk.
pub fn next_batch(store: &SqlitePeople) -> RoomBatch {
    let stands = cursors(store);
    let place = (stands.iter().sum::<u64>() % 3) as usize;
    let (partition, after_seq) = (PARTITIONS[place], stands[place]);
    let to_seq = after_seq + 1 + after_seq % 5;
    let messages = (after_seq + 1..=to_seq).filter_map(|seq| said(partition, seq)).collect();
    RoomBatch { advances: vec![Advance { partition, after_seq, to_seq }], messages }
}

/// Asserts that the rooms hold what the log up to the cursors says, no more, no less, and that the file is sound.
pub fn verify(store: &SqlitePeople) {
    assert_eq!(store.check().expect("the file can be checked"), [""; 0]);
    for partition in PARTITIONS {
        let Some(found) = store.room(&room(partition)).expect("a room is read") else { continue };
        let log: Vec<_> = (1..=cursor(store, partition)).filter_map(|seq| said(partition, seq)).collect();
        assert_eq!((found.messages, found.last_ms), (log.len() as u64, log.last().map(|last| last.time_ms)));
        for person in people() {
            let mut expected = Unread::default();
            for message in log.iter().filter(|message| message.author.as_ref() != Some(&person)) {
                expected.unread += 1;
                expected.mentions += u64::from(message.mentions_all || message.mentions.contains(&person));
            }
            assert_eq!(
                store.unread(&found.id, &person).expect("it is counted"),
                expected,
                "{person} in {found:?}"
            );
        }
    }
}
