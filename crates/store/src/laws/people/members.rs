//! Laws of coming and going.

use super::{
    PeopleFixture,
    make::{NOW_MS, add_person, add_room, id, invitation, membership, room_id},
};
use crate::people::{
    ChangeRole, Invitation, Invitations, Join, Leave, Memberships, PeopleStore, PersonId, RoomChange, RoomId,
    RoomKind, RoomRights, RoomRole, Rooms,
};

/// Once; the room counts its members; what is left of a membership is nothing.
pub fn a_member_comes_and_goes<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let (garden, attic) = (add_room(store, "garden", &[&ada]), add_room(store, "attic", &[&ada]));
    let place = membership(&garden, &bob, RoomRole::Moderator);
    let Join::Joined(joined) = store.join(&place, None).unwrap() else { panic!() };
    assert_eq!((joined.role, joined.version), (RoomRole::Moderator, version_of(store, &garden)));
    assert_eq!(store.rights_version().unwrap(), joined.version);
    let link = Invitation { uses_max: Some(1), ..invitation("link", Some(&garden), &ada) };
    store.create_invitation(&link).unwrap();
    assert_eq!(store.join(&place, Some(&link.id)).unwrap(), Join::Already);
    assert_eq!(store.invitation(&link.id).unwrap().unwrap().uses, 0);
    // An invitation opens its own room alone.
    let elsewhere = membership(&attic, &bob, RoomRole::Member);
    assert_eq!(store.join(&elsewhere, Some(&link.id)).unwrap(), Join::InvitationUsedUp);
    for absent in [
        membership(&room_id("none"), &bob, RoomRole::Member),
        membership(&garden, &id("x"), RoomRole::Member),
    ] {
        assert_eq!(store.join(&absent, None).unwrap(), Join::Absent);
    }
    assert_eq!(store.room(&garden).unwrap().unwrap().members, 2);
    fixture.reopen();
    let store = fixture.store();
    assert_eq!(store.membership(&garden, &bob).unwrap(), Some(joined.clone()));
    let Leave::Left(room) = store.leave(&garden, &bob, NOW_MS).unwrap() else { panic!() };
    assert!(room.version > joined.version && room.members == 1 && room.archived_ms.is_none());
    assert_eq!(store.room(&garden).unwrap(), Some(room));
    assert_eq!(store.membership(&garden, &bob).unwrap(), None);
    assert_eq!(store.leave(&garden, &bob, NOW_MS).unwrap(), Leave::Absent);
    assert!(matches!(store.join(&place, Some(&link.id)).unwrap(), Join::Joined(_)));
    assert_eq!(store.invitation(&link.id).unwrap().unwrap().uses, 1);
}

/// By each time that they go, durably, and for that room and person alone.
pub fn what_restricted_somebody_is_remembered_when_they_go<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(|name| add_person(store, name));
    let garden = add_room(store, "garden", &[&ada, &eve]);
    let attic = add_room(store, "attic", &[&ada, &bob]);
    let stay = |store: &F::Store, role| {
        assert!(matches!(store.join(&membership(&garden, &bob, role), None).unwrap(), Join::Joined(_)));
        let before = store.left_restricted(&garden, &bob).unwrap();
        assert!(matches!(store.leave(&garden, &bob, NOW_MS).unwrap(), Leave::Left(_)));
        (before, store.left_restricted(&garden, &bob).unwrap())
    };
    assert_eq!(stay(store, RoomRole::Member), (false, false));
    assert_eq!(stay(store, RoomRole::ReadOnly), (false, true));
    fixture.reopen();
    let store = fixture.store();
    assert_eq!(stay(store, RoomRole::ReadOnly), (true, true));
    for (room, person) in [(&garden, &eve), (&attic, &bob), (&garden, &id("x")), (&room_id("none"), &bob)] {
        assert!(!store.left_restricted(room, person).unwrap());
    }
    assert_eq!(stay(store, RoomRole::Moderator), (true, false));
}

fn version_of(store: &impl PeopleStore, room: &RoomId) -> u64 {
    store.room(room).expect("a room is read").expect("the room is there").version
}

/// Neither by going nor by another role while there are others; a second owner sets the first one free.
pub fn the_last_owner_stays_while_others_do<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let garden = add_room(store, "garden", &[&ada, &bob]);
    assert_eq!(store.leave(&garden, &ada, NOW_MS).unwrap(), Leave::LastOwner);
    for role in [RoomRole::Moderator, RoomRole::Member, RoomRole::ReadOnly] {
        assert_eq!(store.change_role(&garden, &ada, role).unwrap(), ChangeRole::LastOwner);
    }
    let version = store.version().unwrap();
    let ChangeRole::Changed(same) = store.change_role(&garden, &ada, RoomRole::Owner).unwrap() else {
        panic!()
    };
    assert_eq!((same.role, store.version().unwrap()), (RoomRole::Owner, version));
    let ChangeRole::Changed(place) = store.change_role(&garden, &bob, RoomRole::Owner).unwrap() else {
        panic!()
    };
    assert!(place.version > version && place.role == RoomRole::Owner);
    assert_eq!(store.membership(&garden, &bob).unwrap(), Some(place));
    assert_eq!(store.change_role(&garden, &id("x"), RoomRole::Owner).unwrap(), ChangeRole::Absent);
    assert!(matches!(store.leave(&garden, &ada, NOW_MS).unwrap(), Leave::Left(_)));
    let alone = store.change_role(&garden, &bob, RoomRole::Member).unwrap();
    assert_eq!(alone, ChangeRole::LastOwner);
}

/// The room is archived as of then, in the same step; one that was archived before keeps its time.
pub fn the_last_member_of_all_archives_the_room<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let (garden, attic) = (add_room(store, "garden", &[&ada]), add_room(store, "attic", &[&ada]));
    let Leave::Left(room) = store.leave(&garden, &ada, NOW_MS + 3).unwrap() else { panic!() };
    assert_eq!((room.members, room.archived_ms), (0, Some(NOW_MS + 3)));
    assert_eq!(store.room(&garden).unwrap(), Some(room));
    let archive = RoomChange { archived_ms: Some(Some(NOW_MS + 1)), ..RoomChange::default() };
    store.change_room(&attic, &archive).unwrap();
    let Leave::Left(room) = store.leave(&attic, &ada, NOW_MS + 3).unwrap() else { panic!() };
    assert_eq!(room.archived_ms, Some(NOW_MS + 1));
}

/// In the order of their accounts, each once.
pub fn members_come_in_pages<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let people: Vec<PersonId> =
        ["zoe", "ada", "max", "kim"].iter().map(|name| add_person(store, name)).collect();
    let garden = add_room(store, "garden", &[&people[3], &people[0], &people[2]]);
    let ids = |after: Option<&PersonId>, limit| -> Vec<PersonId> {
        let page = store.members_of(&garden, after, limit).unwrap();
        assert!(page.iter().all(|(place, person)| place.person == person.id && place.room == garden));
        page.into_iter().map(|(_, person)| person.id).collect()
    };
    let all = [&people[0], &people[2], &people[3]].map(Clone::clone);
    assert_eq!(ids(None, 10), all);
    assert_eq!(ids(None, 2), all[..2]);
    assert_eq!(ids(Some(&all[1]), 2), all[2..]);
    // Somebody who is no member is a place among people all the same.
    assert_eq!(ids(Some(&people[1]), 2), all[1..]);
    assert_eq!(ids(Some(&id("nobody")), 2), []);
    assert_eq!(store.members_of(&room_id("none"), None, 2).unwrap(), []);
}

/// Kind, role and whether it is archived, as they are now.
pub fn rights_are_listed_for_each_room<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let (garden, attic) = (add_room(store, "garden", &[&ada, &bob]), add_room(store, "attic", &[&bob, &ada]));
    let change = RoomChange {
        kind: Some(RoomKind::Private),
        archived_ms: Some(Some(NOW_MS)),
        ..RoomChange::default()
    };
    store.change_room(&garden, &change).unwrap();
    store.change_role(&attic, &ada, RoomRole::ReadOnly).unwrap();
    let rights =
        |room: &_, kind, archived, role| RoomRights { room: Clone::clone(room), kind, archived, role };
    let expected = [
        rights(&garden, RoomKind::Private, true, RoomRole::Owner),
        rights(&attic, RoomKind::Public, false, RoomRole::ReadOnly),
    ];
    assert_eq!(store.memberships_of(&ada).unwrap(), expected);
    assert_eq!(store.memberships_of(&id("nobody")).unwrap(), []);
}
