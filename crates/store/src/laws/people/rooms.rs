//! Laws of rooms.

use super::{
    PeopleFixture,
    make::{NOW_MS, add_person, add_room, id, invitation, membership, room, room_id},
};
use crate::{
    StoreErrorKind,
    people::{
        CreateRoom, Invitation, InvitationId, Invitations, InvitationsTo, Memberships, PeopleStore, Room,
        RoomChange, RoomId, RoomKind, RoomRole, Rooms,
    },
};

/// Every field as given, the counts its own, one version for all that the step made.
pub fn a_room_comes_with_its_members<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let garden = Room { members: 99, messages: 99, ..room("garden", RoomKind::Private, &ada) };
    let members =
        [membership(&garden.id, &ada, RoomRole::Owner), membership(&garden.id, &bob, RoomRole::ReadOnly)];
    let CreateRoom::Created(made) = store.create_room(&garden, &members).unwrap() else { panic!() };
    assert_eq!(made, Room { members: 2, messages: 0, version: made.version, ..garden });
    fixture.reopen();
    let store = fixture.store();
    assert_eq!(store.room(&made.id).unwrap(), Some(made.clone()));
    for (member, person) in members.iter().zip([&ada, &bob]) {
        let place = store.membership(&made.id, person).unwrap().unwrap();
        assert_eq!((place.role, place.joined_ms, place.version), (member.role, NOW_MS, made.version));
    }
    assert_eq!(store.version().unwrap(), made.version);
    assert_eq!(store.rooms(&[room_id("none"), made.id.clone()]).unwrap(), [made]);
    assert_eq!(store.count_rooms().unwrap(), 1);
}

/// Nothing of it is there, neither room nor member.
pub fn a_room_that_cannot_be_made_leaves_nothing<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let garden = room("garden", RoomKind::Public, &ada);
    let owner = membership(&garden.id, &ada, RoomRole::Owner);
    let stranger = membership(&garden.id, &id("nobody"), RoomRole::Member);
    let elsewhere = membership(&room_id("other"), &ada, RoomRole::Owner);
    let version = store.version().unwrap();
    for members in [vec![owner.clone(), stranger], vec![owner.clone(), owner.clone()], vec![elsewhere]] {
        let error = store.create_room(&garden, &members).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Conflict, "{members:?}");
    }
    let by_nobody = room("garden", RoomKind::Public, &id("nobody"));
    assert_eq!(store.create_room(&by_nobody, &[]).unwrap_err().kind, StoreErrorKind::Conflict);
    assert_eq!((store.count_rooms().unwrap(), store.version().unwrap()), (0, version));
    assert_eq!(store.memberships_of(&ada).unwrap(), []);
    store.create_room(&garden, std::slice::from_ref(&owner)).unwrap();
    assert_eq!(store.create_room(&garden, &[owner]).unwrap_err().kind, StoreErrorKind::Conflict);
}

fn names(rooms: Vec<Room>) -> Vec<String> {
    rooms.into_iter().map(|room| room.name).collect()
}

/// Public rooms in use, by name whatever its case, page by page; no others, whoever asks.
pub fn public_rooms_are_found_by_name<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    for (n, name) in
        ["Garden club", "apples", "Über Äpfel", "garden", "Secret garden", "Old garden"].iter().enumerate()
    {
        let kind = if n == 4 { RoomKind::Private } else { RoomKind::Public };
        let made = Room { name: (*name).into(), ..room(&format!("room{n}"), kind, &ada) };
        store.create_room(&made, &[membership(&made.id, &ada, RoomRole::Owner)]).unwrap();
    }
    let archive = RoomChange { archived_ms: Some(Some(NOW_MS)), ..RoomChange::default() };
    store.change_room(&room_id("room5"), &archive).unwrap();
    let find = |typed: &str| names(store.public_rooms(typed, None, 10).unwrap());
    assert_eq!(find(""), ["apples", "garden", "Garden club", "Über Äpfel"]);
    assert_eq!(find("GARD"), ["garden", "Garden club"]);
    assert_eq!(find("äpf"), ["Über Äpfel"]);
    assert_eq!(find("arden"), [""; 0]);
    let first = store.public_rooms("", None, 2).unwrap();
    let rest = store.public_rooms("", Some(&first[1].id), 10).unwrap();
    assert_eq!(names(first), ["apples", "garden"]);
    assert_eq!(names(rest), ["Garden club", "Über Äpfel"]);
    assert_eq!(store.public_rooms("", Some(&room_id("none")), 10).unwrap(), []);
}

/// Archived, private and direct ones too.
pub fn all_rooms_are_listed_oldest_first<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let made: Vec<RoomId> =
        ["zoo", "attic", "moor"].iter().map(|name| add_room(store, name, &[&ada])).collect();
    let ids = |rooms: Vec<Room>| -> Vec<RoomId> { rooms.into_iter().map(|room| room.id).collect() };
    assert_eq!(ids(store.all_rooms(None, 10).unwrap()), made);
    assert_eq!(ids(store.all_rooms(Some(&made[0]), 1).unwrap()), made[1..2]);
    assert_eq!(ids(store.all_rooms(Some(&made[2]), 10).unwrap()), []);
    assert_eq!(store.all_rooms(Some(&room_id("none")), 10).unwrap(), []);
}

/// What is named changes and gets a version; what is so already changes nothing; kinds of conversation stay apart.
pub fn a_room_is_changed<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let garden = add_room(store, "garden", &[&ada]);
    let before = store.room(&garden).unwrap().unwrap();
    let change = RoomChange {
        name: Some("Orchard".into()),
        topic: Some(String::new()),
        kind: Some(RoomKind::Private),
        archived_ms: Some(Some(NOW_MS)),
    };
    let after = store.change_room(&garden, &change).unwrap().unwrap();
    assert!(after.version > before.version && store.rights_version().unwrap() == after.version);
    let expected = Room {
        name: "Orchard".into(),
        topic: String::new(),
        kind: RoomKind::Private,
        archived_ms: Some(NOW_MS),
        version: after.version,
        ..before
    };
    assert_eq!(after, expected);
    assert_eq!(store.change_room(&garden, &change).unwrap(), Some(after.clone()));
    assert_eq!(store.room(&garden).unwrap(), Some(after));
    assert_eq!(store.change_room(&room_id("none"), &change).unwrap(), None);
    let direct = room("direct", RoomKind::Direct, &ada);
    let members = [&ada, &bob].map(|person| membership(&direct.id, person, RoomRole::Member));
    store.create_room(&direct, &members).unwrap();
    for (id, kind) in [(&direct.id, RoomKind::Public), (&garden, RoomKind::Direct)] {
        let change = RoomChange { kind: Some(kind), ..RoomChange::default() };
        assert_eq!(store.change_room(id, &change).unwrap_err().kind, StoreErrorKind::Conflict);
    }
}

fn ids(invitations: Vec<Invitation>) -> Vec<InvitationId> {
    invitations.into_iter().map(|invitation| invitation.id).collect()
}

/// Each room's apart, and those to the server; none can be made to a direct room or to none that exists.
pub fn invitations_are_listed_newest_first<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let garden = add_room(store, "garden", &[&ada]);
    let direct = room("direct", RoomKind::Direct, &ada);
    let members = [&ada, &bob].map(|person| membership(&direct.id, person, RoomRole::Member));
    store.create_room(&direct, &members).unwrap();
    let links: Vec<Invitation> =
        (0..5).map(|n| invitation(&format!("link{n}"), (n % 2 == 0).then_some(&garden), &ada)).collect();
    links.iter().for_each(|link| store.create_invitation(link).unwrap());
    let of =
        |places: &[usize]| -> Vec<InvitationId> { places.iter().map(|n| links[*n].id.clone()).collect() };
    assert_eq!(ids(store.invitations_of_room(&garden, None, 9).unwrap()), of(&[4, 2, 0]));
    assert_eq!(ids(store.invitations_of_room(&garden, Some(&links[4].id), 1).unwrap()), of(&[2]));
    assert_eq!(ids(store.server_invitations(None, 9).unwrap()), of(&[3, 1]));
    // One of another list is no place in this one.
    assert_eq!(ids(store.server_invitations(Some(&links[4].id), 9).unwrap()), of(&[]));
    assert_eq!(ids(store.invitations_of_room(&room_id("none"), None, 9).unwrap()), of(&[]));
    refused(store, &links[0]);
    refused(store, &invitation("new1", Some(&direct.id), &ada));
    refused(store, &invitation("new2", Some(&room_id("none")), &ada));
    refused(store, &invitation("new3", None, &id("nobody")));
}

/// Open is what would let somebody in; whose links end keeps nobody else's from leading where they did.
pub fn open_invitations_are_counted_and_ended_by_their_maker<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let (garden, attic) = (add_room(store, "garden", &[&ada]), add_room(store, "attic", &[&ada]));
    let places = [Some(&garden), Some(&attic), None];
    for (n, room) in places.into_iter().enumerate() {
        for maker in [&ada, &bob] {
            let link = invitation(&format!("{n} {maker}"), room, maker);
            store.create_invitation(&Invitation { expires_ms: Some(NOW_MS + 5), ..link }).unwrap();
        }
    }
    let none = Invitation { uses_max: Some(0), ..invitation("none", Some(&garden), &ada) };
    store.create_invitation(&none).unwrap();
    let open =
        |store: &F::Store, at_ms| places.map(|room| store.count_open_invitations(room, at_ms).unwrap());
    assert_eq!((open(store, NOW_MS + 4), open(store, NOW_MS + 5)), ([2, 2, 2], [0, 0, 0]));
    assert_eq!(store.count_open_invitations(Some(&room_id("none")), NOW_MS).unwrap(), 0);
    let nowhere = room_id("none");
    let end =
        |store: &F::Store, to: InvitationsTo<'_>| store.revoke_invitations_by(&bob, to, NOW_MS).unwrap();
    assert_eq!(end(store, InvitationsTo::Room(&garden)), 1);
    assert_eq!(open(store, NOW_MS), [1, 2, 2]);
    assert_eq!(end(store, InvitationsTo::Server), 1);
    assert_eq!(end(store, InvitationsTo::Room(&nowhere)), 0);
    fixture.reopen();
    let store = fixture.store();
    assert_eq!(open(store, NOW_MS), [1, 2, 1]);
    assert_eq!((end(store, InvitationsTo::Anywhere), end(store, InvitationsTo::Anywhere)), (1, 0));
    assert_eq!(open(store, NOW_MS), [1, 1, 1]);
}

fn refused(store: &impl PeopleStore, invitation: &Invitation) {
    let error = store.create_invitation(invitation).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Conflict, "{invitation:?}");
}
