//! Laws of direct rooms.

use std::sync::Barrier;

use super::{
    PeopleFixture,
    make::{NOW_MS, add_person, id, membership, room},
};
use crate::people::{
    CreateRoom, Join, Leave, Membership, Memberships, PeopleStore, PersonId, Room, RoomKind, RoomRole, Rooms,
};

fn direct(store: &impl PeopleStore, name: &str, people: &[&PersonId]) -> CreateRoom {
    let made = room(name, RoomKind::Direct, people[0]);
    let members: Vec<Membership> =
        people.iter().map(|person| membership(&made.id, person, RoomRole::Member)).collect();
    store.create_room(&made, &members).expect("an answer")
}

/// By exactly these people, in any order; fewer or more are another conversation.
pub fn a_direct_room_is_found_by_its_people<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(|name| add_person(store, name));
    let CreateRoom::Created(pair) = direct(store, "pair", &[&ada, &bob]) else { panic!() };
    let CreateRoom::Created(three) = direct(store, "three", &[&eve, &ada, &bob]) else { panic!() };
    assert_eq!(direct(store, "again", &[&bob, &ada]), CreateRoom::DirectExists(pair.clone()));
    assert_eq!(store.count_rooms().unwrap(), 2);
    fixture.reopen();
    let store = fixture.store();
    let find = |people: &[&PersonId]| -> Option<Room> {
        let people: Vec<PersonId> = people.iter().map(|person| (*person).clone()).collect();
        store.direct_room(&people).unwrap()
    };
    assert_eq!(find(&[&bob, &ada]), Some(pair.clone()));
    assert_eq!(find(&[&ada, &bob, &ada]), Some(pair));
    assert_eq!(find(&[&bob, &eve, &ada]), Some(three));
    assert_eq!(
        (find(&[&ada]), find(&[&ada, &eve]), find(&[&id("nobody")]), find(&[])),
        (None, None, None, None)
    );
    let listing = store.listing(&ada, None).unwrap();
    let others: Vec<&[PersonId]> = listing.rooms.iter().map(|listing| &listing.others[..]).collect();
    let mut sorted = [bob.clone(), eve];
    sorted.sort();
    assert_eq!(others, [&[bob][..], &sorted]);
}

/// Two who write to each other for the first time at once end in one room.
pub fn of_two_made_at_once_there_is_one<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let barrier = Barrier::new(2);
    let outcomes = std::thread::scope(|scope| {
        let make = |name: &'static str, people: [PersonId; 2]| {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                direct(store, name, &[&people[0], &people[1]])
            })
        };
        let threads = [make("one", [ada.clone(), bob.clone()]), make("two", [bob.clone(), ada.clone()])];
        threads.map(|thread| thread.join().expect("no thread fails"))
    });
    let room = |outcome: &CreateRoom| match outcome {
        CreateRoom::Created(room) | CreateRoom::DirectExists(room) => room.id.clone(),
    };
    assert_eq!(room(&outcomes[0]), room(&outcomes[1]), "{outcomes:?}");
    assert_eq!(store.count_rooms().unwrap(), 1);
}

/// Nobody joins or leaves; more than nine people are named in part.
pub fn its_people_are_fixed<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let people: Vec<PersonId> = (0..12).map(|n| add_person(store, &format!("person{n}"))).collect();
    let CreateRoom::Created(made) = direct(store, "many", &people.iter().take(11).collect::<Vec<_>>()) else {
        panic!()
    };
    let newcomer = membership(&made.id, &people[11], RoomRole::Member);
    assert_eq!(store.join(&newcomer, None).unwrap(), Join::Fixed);
    assert_eq!(store.leave(&made.id, &people[0], NOW_MS).unwrap(), Leave::Fixed);
    let listing = store.listing_of(&people[3], &made.id).unwrap().unwrap();
    assert_eq!((listing.room, listing.others.len()), (made, 8));
    assert!(listing.others.is_sorted() && !listing.others.contains(&people[3]));
}
