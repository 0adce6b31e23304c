//! Short ways to make people, rooms and messages.

use loquat_protocol::PartitionId;

use crate::{
    Advance,
    people::{
        Admission, CreatePerson, CreateRoom, Email, Handle, Invitation, InvitationId, Membership,
        PeopleStore, Person, PersonId, PersonRole, Room, RoomBatch, RoomId, RoomKind, RoomMessage, RoomRole,
        SecretHash, Unread,
    },
};

/// The partition of most laws.
pub const P: PartitionId = PartitionId(3);

/// Any time, and one from which others are counted.
pub const NOW_MS: u64 = 1_700_000_000_000;

/// Other bits for another name, as good as surely (FNV-1a).
fn bits(name: &str) -> [u8; 10] {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, mix).to_be_bytes();
    let mut bits = [0; 10];
    bits[..8].copy_from_slice(&hash);
    bits
}

/// The id of whoever goes by a name.
pub fn id(name: &str) -> PersonId {
    PersonId::from_bits(bits(name))
}

/// The id of the room of a name.
pub fn room_id(name: &str) -> RoomId {
    RoomId::from_bits(bits(name))
}

/// The hash of a secret.
pub fn hash(secret: &str) -> SecretHash {
    let mut hash = [7; 32];
    hash.iter_mut().zip(secret.bytes()).for_each(|(slot, byte)| *slot = byte);
    hash
}

/// A member of the server.
pub fn person(name: &str) -> Person {
    Person {
        id: id(name),
        handle: Handle::parse(name).expect("a handle"),
        name: format!("{name} Example"),
        email: Some(Email::parse(&format!("{name}@example.org")).expect("an address")),
        role: PersonRole::Member,
        time_zone: None,
        created_ms: NOW_MS,
        deactivated_ms: None,
        version: 0,
    }
}

/// Makes a member of the server.
pub fn add_person(store: &impl PeopleStore, name: &str) -> PersonId {
    add(store, &person(name)).id
}

/// Makes a person.
pub fn add(store: &impl PeopleStore, person: &Person) -> Person {
    match store.create_person(person, "hash", &Admission::Free).expect("a person is made") {
        CreatePerson::Created(person) => person,
        other => panic!("{other:?}"),
    }
}

/// A room that somebody made.
pub fn room(name: &str, kind: RoomKind, by: &PersonId) -> Room {
    Room {
        id: room_id(name),
        kind,
        name: if kind == RoomKind::Direct { String::new() } else { name.to_owned() },
        topic: format!("about {name}"),
        created_by: by.clone(),
        created_ms: NOW_MS,
        archived_ms: None,
        members: 0,
        messages: 0,
        last_serial: None,
        last_ms: None,
        version: 0,
    }
}

/// A place in a room.
pub fn membership(room: &RoomId, person: &PersonId, role: RoomRole) -> Membership {
    Membership {
        room: room.clone(),
        person: person.clone(),
        role,
        joined_ms: NOW_MS,
        read_serial: None,
        read_messages: 0,
        read_own: 0,
        version: 0,
    }
}

/// Makes a public room with its owner and other members.
pub fn add_room(store: &impl PeopleStore, name: &str, people: &[&PersonId]) -> RoomId {
    let role = |place| if place == 0 { RoomRole::Owner } else { RoomRole::Member };
    let id = room_id(name);
    let members: Vec<_> =
        people.iter().enumerate().map(|(place, person)| membership(&id, person, role(place))).collect();
    let room = room(name, RoomKind::Public, people[0]);
    let made = store.create_room(&room, &members).expect("a room is made");
    assert!(matches!(made, CreateRoom::Created(_)), "{made:?}");
    id
}

/// An invitation that may be used for ever.
pub fn invitation(name: &str, room: Option<&RoomId>, by: &PersonId) -> Invitation {
    Invitation {
        id: InvitationId::from_bits(bits(name)),
        code_hash: hash(name),
        room: room.cloned(),
        created_by: by.clone(),
        created_ms: NOW_MS,
        expires_ms: None,
        uses_max: None,
        uses: 0,
        revoked_ms: None,
    }
}

/// The serial of the nth entry.
pub fn serial(n: u64) -> String {
    format!("0001-{n:016x}:000")
}

/// The nth entry, a message that mentions nobody.
pub fn message(room: &RoomId, n: u64, author: &PersonId) -> RoomMessage {
    RoomMessage {
        room: room.clone(),
        serial: serial(n),
        author: Some(author.clone()),
        time_ms: NOW_MS + n,
        mentions: Vec::new(),
        mentions_all: false,
    }
}

/// A batch of partition [`P`] that continues where the store stands.
pub fn batch(store: &impl PeopleStore, messages: Vec<RoomMessage>) -> RoomBatch {
    let after_seq = seq(store);
    let to_seq = after_seq + messages.len() as u64;
    RoomBatch { advances: vec![Advance { partition: P, after_seq, to_seq }], messages }
}

/// Applies messages to partition [`P`].
pub fn say(store: &impl PeopleStore, messages: Vec<RoomMessage>) {
    store.apply_rooms(&batch(store, messages)).expect("a batch that continues is applied");
}

/// Where partition [`P`] stands.
pub fn seq(store: &impl PeopleStore) -> u64 {
    let cursors = store.room_cursors().expect("cursors are read");
    cursors.into_iter().find(|(partition, _)| *partition == P).map_or(0, |(_, seq)| seq)
}

/// What is unread, as a pair of messages and mentions.
pub fn unread(store: &impl PeopleStore, room: &RoomId, person: &PersonId) -> (u64, u64) {
    let Unread { unread, mentions } = store.unread(room, person).expect("unread messages are counted");
    (unread, mentions)
}
