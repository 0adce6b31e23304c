//! Laws of what is unread.

use super::{
    PeopleFixture,
    make::{NOW_MS, add_person, add_room, id, membership, message, room_id, say, serial, unread},
};
use crate::people::{
    Join, Leave, Memberships, PeopleStore, PersonId, RoomChange, RoomId, RoomMessage, RoomRole, Rooms, Unread,
};

struct World {
    ada: PersonId,
    bob: PersonId,
    garden: RoomId,
}

fn world(store: &impl PeopleStore) -> World {
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let garden = add_room(store, "garden", &[&ada, &bob]);
    World { ada, bob, garden }
}

/// What others wrote after the marker; what one wrote oneself never is, before or after it.
pub fn own_messages_are_not_unread<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let World { ada, bob, garden } = world(fixture.store());
    let store = fixture.store();
    let authors = [&ada, &bob, &bob, &ada, &bob];
    say(store, (1..).zip(authors).map(|(n, author)| message(&garden, n, author)).collect());
    say(store, vec![RoomMessage { author: None, ..message(&garden, 9, &ada) }]);
    assert_eq!((unread(store, &garden, &ada), unread(store, &garden, &bob)), ((4, 0), (3, 0)));
    let (place, left) = store.mark_read(&garden, &ada, Some(&serial(2)), false).unwrap().unwrap();
    assert_eq!((place.read_serial, place.read_messages, place.read_own), (Some(serial(2)), 2, 1));
    assert_eq!(left, Unread { unread: 3, mentions: 0 });
    fixture.reopen();
    let store = fixture.store();
    assert_eq!((unread(store, &garden, &ada), unread(store, &garden, &bob)), ((3, 0), (3, 0)));
    let (place, left) = store.mark_read(&garden, &ada, None, false).unwrap().unwrap();
    assert_eq!((place.read_serial, place.read_messages, place.read_own), (Some(serial(9)), 6, 2));
    assert_eq!(left, Unread::default());
    say(store, vec![message(&garden, 10, &ada)]);
    let many = store.unread_of_many(&garden, &[bob, id("nobody"), ada]).unwrap();
    assert_eq!(many.iter().map(|unread| unread.unread).collect::<Vec<_>>(), [4, 0, 0]);
    let room = store.room(&garden).unwrap().unwrap();
    assert_eq!((room.messages, room.last_serial, room.last_ms), (7, Some(serial(10)), Some(NOW_MS + 10)));
}

/// By name, twice by name, as one of all, or both: one message is one mention; and one's own are none.
pub fn mentions_are_counted_once_and_never_of_oneself<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let World { ada, bob, garden } = world(store);
    let by = |n, author: &PersonId, mentions: &[&PersonId], mentions_all| RoomMessage {
        mentions: mentions.iter().map(|person| (*person).clone()).collect(),
        mentions_all,
        ..message(&garden, n, author)
    };
    say(
        store,
        vec![
            by(1, &ada, &[&bob, &bob], false),
            by(2, &ada, &[&bob], true),
            by(3, &ada, &[&ada], false),
            by(4, &bob, &[&ada, &bob], true),
            RoomMessage { author: None, ..by(5, &ada, &[&ada], false) },
            by(6, &bob, &[], false),
        ],
    );
    assert_eq!((unread(store, &garden, &ada), unread(store, &garden, &bob)), ((3, 2), (4, 2)));
    store.mark_read(&garden, &bob, Some(&serial(1)), false).unwrap();
    store.mark_read(&garden, &ada, Some(&serial(4)), false).unwrap();
    assert_eq!((unread(store, &garden, &ada), unread(store, &garden, &bob)), ((2, 1), (3, 1)));
    say(store, vec![by(7, &ada, &[], true), by(8, &bob, &[], true)]);
    assert_eq!((unread(store, &garden, &ada), unread(store, &garden, &bob)), ((3, 2), (4, 2)));
}

/// To the newest message at or before the place named; back only when told; a marker that stays keeps its version.
pub fn a_marker_moves_forwards_unless_told_otherwise<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let World { ada, bob, garden } = world(store);
    say(store, [10, 20, 30, 40].map(|n| message(&garden, n, &bob)).to_vec());
    let at = |serial: Option<String>, backwards| {
        let (place, unread) = store.mark_read(&garden, &ada, serial.as_deref(), backwards).unwrap().unwrap();
        assert_eq!(store.membership(&garden, &ada).unwrap(), Some(place.clone()));
        (place.read_serial, unread.unread, place.version)
    };
    let (read, left, version) = at(Some(serial(25)), false);
    assert_eq!((read, left, version), (Some(serial(20)), 2, store.version().unwrap()));
    assert_eq!(at(Some(serial(15)), false), (Some(serial(20)), 2, version));
    assert_eq!(at(Some(serial(29)), true), (Some(serial(20)), 2, version));
    let (read, left, back) = at(Some(serial(15)), true);
    assert_eq!((read, left, back > version), (Some(serial(10)), 3, true));
    let (read, left, _) = at(Some(serial(9)), true);
    assert_eq!((read, left), (None, 4));
    let (read, left, _) = at(Some("what nobody issued".into()), false);
    assert_eq!((read, left), (Some(serial(40)), 0));
    let rights = store.rights_version().unwrap();
    at(Some(String::new()), true);
    let (read, left, _) = at(None, false);
    assert_eq!((read, left, store.rights_version().unwrap()), (Some(serial(40)), 0, rights));
    assert_eq!(store.mark_read(&garden, &id("nobody"), None, false).unwrap(), None);
    assert_eq!(store.mark_read(&room_id("none"), &ada, None, false).unwrap(), None);
}

/// Also who comes back: what was said meanwhile is history, not news.
pub fn whoever_joins_has_read_what_was_there<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let World { ada, bob, garden } = world(store);
    let to_bob = |n| RoomMessage { mentions: vec![bob.clone()], ..message(&garden, n, &ada) };
    say(store, vec![to_bob(1), message(&garden, 2, &bob)]);
    assert_eq!(unread(store, &garden, &bob), (1, 1));
    assert!(matches!(store.leave(&garden, &bob, NOW_MS).unwrap(), Leave::Left(_)));
    assert_eq!(unread(store, &garden, &bob), (0, 0));
    say(store, vec![to_bob(3), to_bob(4)]);
    let place = membership(&garden, &bob, RoomRole::Member);
    let Join::Joined(joined) = store.join(&place, None).unwrap() else { panic!() };
    assert_eq!((joined.read_serial, joined.read_messages, joined.read_own), (Some(serial(4)), 4, 1));
    assert_eq!(unread(store, &garden, &bob), (0, 0));
    say(store, vec![to_bob(5), message(&garden, 6, &bob)]);
    assert_eq!(unread(store, &garden, &bob), (1, 1));
}

/// An old listing and the rooms that changed since make the new listing.
pub fn a_listing_tells_what_changed_after_a_version<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let World { ada, bob, garden } = world(store);
    let (attic, moor) = (add_room(store, "attic", &[&ada, &bob]), add_room(store, "moor", &[&bob, &ada]));
    let changed = |after: u64| -> Vec<RoomId> {
        let listing = store.listing(&ada, Some(after)).unwrap();
        assert_eq!(listing.version, store.version().unwrap());
        assert!(listing.rooms.iter().all(|room| room.version() > after));
        listing.rooms.into_iter().map(|listing| listing.room.id).collect()
    };
    let whole = store.listing(&ada, None).unwrap();
    assert_eq!(changed(0), [garden.clone(), attic.clone(), moor.clone()]);
    assert_eq!(changed(whole.version), []);
    say(store, vec![message(&attic, 1, &bob)]);
    assert_eq!(changed(whole.version), std::slice::from_ref(&attic));
    let listing = store.listing_of(&ada, &attic).unwrap().unwrap();
    assert_eq!((listing.unread.unread, listing.room.messages), (1, 1));
    let after = store.version().unwrap();
    store.mark_read(&attic, &ada, None, false).unwrap();
    let archive = RoomChange { archived_ms: Some(Some(NOW_MS)), ..RoomChange::default() };
    store.change_room(&moor, &archive).unwrap();
    // Another's marker is none of ada's business.
    store.mark_read(&attic, &bob, None, false).unwrap();
    store.change_role(&garden, &bob, RoomRole::Moderator).unwrap();
    assert_eq!(changed(after), [attic, moor]);
    assert_eq!(store.listing(&id("nobody"), None).unwrap().rooms, []);
    assert_eq!(store.listing_of(&id("nobody"), &garden).unwrap(), None);
}
