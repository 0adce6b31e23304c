//! Laws of applying the log to rooms.

use loquat_protocol::PartitionId;

use super::{
    PeopleFixture,
    make::{P, add_person, add_room, batch, id, message, room_id, say, seq, serial, unread},
};
use crate::{
    Advance, StoreErrorKind,
    people::{PeopleStore, RoomBatch, RoomMessage, RoomProjection, Rooms},
};

/// Cursors of several partitions, with and without messages, survive closing and opening; batches go on from there.
pub fn messages_and_cursors_move_together<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    assert_eq!(store.room_cursors().unwrap(), []);
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let garden = add_room(store, "garden", &[&ada, &bob]);
    let other = PartitionId(9);
    let advances = vec![
        Advance { partition: other, after_seq: 0, to_seq: 700 },
        Advance { partition: P, after_seq: 0, to_seq: 5 },
    ];
    let messages = vec![message(&garden, 2, &bob), message(&garden, 5, &bob)];
    let rights = store.rights_version().unwrap();
    let before = store.version().unwrap();
    store.apply_rooms(&RoomBatch { advances, messages }).unwrap();
    let room = store.room(&garden).unwrap().unwrap();
    assert!(room.version > before && room.version == store.version().unwrap());
    assert_eq!(store.rights_version().unwrap(), rights);
    // Entries that are no messages of rooms move cursors and nothing else.
    store.apply_rooms(&batch(store, vec![])).unwrap();
    assert_eq!(store.version().unwrap(), room.version);
    fixture.reopen();
    let store = fixture.store();
    assert_eq!(store.room_cursors().unwrap(), [(P, 5), (other, 700)]);
    assert_eq!(unread(store, &garden, &ada), (2, 0));
    say(store, vec![message(&garden, 6, &bob)]);
    assert_eq!((unread(store, &garden, &ada), seq(store)), ((3, 0), 6));
}

fn refused(store: &impl PeopleStore, batch: &RoomBatch) {
    let before = (store.room_cursors().unwrap(), store.version().unwrap());
    let error = store.apply_rooms(batch).expect_err("the batch is refused");
    assert_eq!(error.kind, StoreErrorKind::OutOfOrder, "{error}");
    assert_eq!((store.room_cursors().unwrap(), store.version().unwrap()), before);
}

/// A replay, a gap, a partition twice, a message that is not new: nothing of the batch is counted.
pub fn a_batch_that_does_not_continue_changes_nothing<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let garden = add_room(store, "garden", &[&ada, &bob]);
    let first = batch(store, vec![message(&garden, 1, &bob), message(&garden, 2, &bob)]);
    store.apply_rooms(&first).unwrap();
    refused(store, &first);
    let good = Advance { partition: P, after_seq: 2, to_seq: 4 };
    let fresh = || vec![message(&garden, 3, &bob)];
    for advances in
        [vec![Advance { after_seq: 3, ..good }], vec![good, good], vec![Advance { to_seq: 1, ..good }]]
    {
        refused(store, &RoomBatch { advances, messages: fresh() });
    }
    for messages in [vec![message(&garden, 2, &bob)], [fresh(), fresh()].concat()] {
        refused(store, &RoomBatch { advances: vec![good], messages });
    }
    assert_eq!(unread(store, &garden, &ada), (2, 0));
    let room = store.room(&garden).unwrap().unwrap();
    assert_eq!((room.messages, room.last_serial), (2, Some(serial(2))));
    store.apply_rooms(&RoomBatch { advances: vec![good], messages: fresh() }).unwrap();
    assert_eq!(unread(store, &garden, &ada), (3, 0));
}

/// Rooms, authors and mentioned people that the store doesn't know.
pub fn what_is_unknown_counts_for_nothing<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let garden = add_room(store, "garden", &[&ada]);
    let nobody = id("nobody");
    let stranger =
        RoomMessage { mentions: vec![nobody.clone(), ada.clone()], ..message(&garden, 1, &nobody) };
    say(store, vec![message(&room_id("none"), 1, &ada), stranger, message(&room_id("none"), 1, &ada)]);
    assert_eq!((unread(store, &garden, &ada), seq(store)), ((1, 1), 3));
    assert_eq!(store.count_rooms().unwrap(), 1);
}

/// What is applied is durable after a sync, or after any other durable change; and not called so before.
pub fn a_durable_change_makes_batches_durable<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let garden = add_room(store, "garden", &[&ada]);
    say(store, vec![message(&garden, 1, &ada)]);
    assert_eq!(store.rooms_durable_seq(P).unwrap(), 0);
    store.sync_rooms().unwrap();
    assert_eq!(store.rooms_durable_seq(P).unwrap(), 1);
    say(store, vec![message(&garden, 2, &ada)]);
    assert_eq!(store.rooms_durable_seq(P).unwrap(), 1);
    add_person(store, "bob");
    assert_eq!(store.rooms_durable_seq(P).unwrap(), 2);
    say(store, vec![message(&garden, 3, &ada)]);
    store.sync_rooms().unwrap();
    fixture.reopen();
    assert_eq!(fixture.store().rooms_durable_seq(P).unwrap(), 3);
    assert_eq!(fixture.store().rooms_durable_seq(PartitionId(9)).unwrap(), 0);
}
