//! Rooms and their members.

use loquat_chat::{NewMessage, NewRoom, Options, RoomEdit, SignUp};
use loquat_protocol::{Operation, Operations};
use loquat_store::people::{PersonId, RoomKind, RoomRole};

use crate::support::{World, code, in_room};

fn message(text: &str) -> NewMessage {
    NewMessage { text: text.into(), metadata: None, headers: None, key: None }
}

#[test]
fn whoever_makes_a_room_owns_it() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let new = NewRoom {
        kind: RoomKind::Private,
        name: "  The   garden ".into(),
        topic: "plums".into(),
        members: vec![bob.id.clone(), bob.id.clone(), ada.id.clone()],
    };
    let (listing, is_new) = world.chat.create_room(&ada.actor, &new).unwrap();
    assert!(is_new);
    assert_eq!((listing.room.name.as_str(), listing.room.members), ("The garden", 2));
    assert_eq!(listing.membership.role, RoomRole::Owner);
    let bobs = world.chat.my_room(&bob.actor, &listing.room.id).unwrap();
    assert_eq!(bobs.membership.role, RoomRole::Member);
    let members = world.chat.members(&bob.actor, &listing.room.id, None, 10).unwrap();
    assert_eq!(members.iter().map(|member| member.person.id.clone()).collect::<Vec<_>>(), [ada.id, bob.id]);
}

#[test]
fn what_is_no_room_is_not_made() {
    let world = World::new(Options { sign_up: SignUp::Open, rooms_per_person_max: 2, ..Options::for_test() });
    let ada = world.set_up("ada");
    let bob = world.sign_up("bob");
    let new = |kind, members: &[PersonId]| NewRoom {
        kind,
        name: "A room".into(),
        topic: String::new(),
        members: members.to_vec(),
    };
    let create = |new: &NewRoom| code(world.chat.create_room(&ada.actor, new));
    let nobody = PersonId::from_bits([9; 10]);
    assert_eq!(create(&new(RoomKind::Private, &[nobody])), 40003);
    assert_eq!(create(&new(RoomKind::Direct, &[])), 40003);
    assert_eq!(create(&new(RoomKind::Direct, std::slice::from_ref(&ada.id))), 40003);
    assert_eq!(create(&NewRoom { name: "\u{202e}".into(), ..new(RoomKind::Public, &[]) }), 41013);
    assert_eq!(create(&NewRoom { topic: "t".repeat(501), ..new(RoomKind::Public, &[]) }), 41013);
    let many: Vec<_> = (0..10).map(|n| PersonId::from_bits([n; 10])).collect();
    assert_eq!(create(&new(RoomKind::Direct, &many)), 40003);
    assert_eq!(create(&new(RoomKind::Public, &[])), 0);
    assert_eq!(create(&new(RoomKind::Direct, std::slice::from_ref(&bob.id))), 0);
    assert_eq!(create(&new(RoomKind::Public, &[])), 41050, "as many as one may be in");
    assert_eq!(create(&new(RoomKind::Direct, &[bob.id])), 0, "found again all the same");
}

#[test]
fn a_direct_room_is_found_again_by_its_people() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let first = world.create(&ada, RoomKind::Direct, &[&bob]);
    assert_eq!((first.room.name.as_str(), first.others.as_slice()), ("", &[bob.id.clone()][..]));
    assert_eq!(world.room(&bob, RoomKind::Direct, &[&ada]), first.room.id);
    let three = world.create(&ada, RoomKind::Direct, &[&bob, &eve]);
    assert_ne!(three.room.id, first.room.id);
    assert_eq!(world.create(&eve, RoomKind::Direct, &[&ada, &bob]).room.id, three.room.id);
    let chat = &world.chat;
    let room = &first.room.id;
    assert_eq!(code(chat.remove_member(&ada.actor, room, &ada.id)), 41043);
    assert_eq!(code(chat.remove_member(&ada.actor, room, &bob.id)), 41043);
    assert_eq!(code(chat.set_member(&ada.actor, room, &eve.id, RoomRole::Member)), 41043);
    assert_eq!(code(chat.set_member(&ada.actor, room, &bob.id, RoomRole::ReadOnly)), 41043);
    assert_eq!(code(chat.invite_to_room(&ada.actor, room, Default::default())), 41043);
    let rename = RoomEdit { name: Some("x".into()), ..RoomEdit::default() };
    assert_eq!(code(chat.change_room(&ada.actor, room, &rename, None)), 41043);
    let archive = RoomEdit { archived: Some(true), ..RoomEdit::default() };
    assert_eq!(code(chat.change_room(&ada.actor, room, &archive, None)), 41043);
    // Whoever isn't in it learns nothing, also whoever guessed its id.
    assert_eq!(code(chat.join_room(&eve.actor, room)), 40400);
}

#[test]
fn public_rooms_are_found_and_joined() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let public = world.room(&ada, RoomKind::Public, &[]);
    let private = world.room(&ada, RoomKind::Private, &[]);
    let chat = &world.chat;
    let found = chat.public_rooms(&bob.actor, "roo", None, 10).unwrap();
    assert_eq!(
        found.iter().map(|found| (&found.room.id, found.joined)).collect::<Vec<_>>(),
        [(&public, false)]
    );
    assert_eq!(code(chat.join_room(&bob.actor, &private)), 40400);
    let joined = chat.join_room(&bob.actor, &public).unwrap();
    assert_eq!((joined.membership.role, joined.room.members), (RoomRole::Member, 2));
    assert_eq!(chat.join_room(&bob.actor, &public).unwrap(), joined, "joining twice is joining once");
    assert!(chat.public_rooms(&bob.actor, "", None, 10).unwrap()[0].joined);
}

#[test]
fn roles_are_given_and_taken_and_the_last_owner_stays() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let room = world.room(&bob, RoomKind::Private, &[&eve]);
    let chat = &world.chat;
    assert_eq!(code(chat.remove_member(&bob.actor, &room, &bob.id)), 41041);
    assert_eq!(code(chat.set_member(&bob.actor, &room, &bob.id, RoomRole::Member)), 41041);
    assert_eq!(code(chat.set_member(&eve.actor, &room, &eve.id, RoomRole::Owner)), 41040);
    chat.set_member(&bob.actor, &room, &eve.id, RoomRole::Moderator).unwrap();
    // A moderator looks after members, not after owners and moderators.
    assert_eq!(code(chat.set_member(&eve.actor, &room, &ada.id, RoomRole::Owner)), 41040);
    chat.set_member(&eve.actor, &room, &ada.id, RoomRole::Member).unwrap();
    assert_eq!(code(chat.remove_member(&eve.actor, &room, &bob.id)), 41040);
    chat.remove_member(&eve.actor, &room, &ada.id).unwrap();
    // With a second owner the first may go.
    chat.set_member(&bob.actor, &room, &eve.id, RoomRole::Owner).unwrap();
    chat.remove_member(&bob.actor, &room, &bob.id).unwrap();
    assert_eq!(code(chat.my_room(&bob.actor, &room)), 40400);
    // The last of all may go; the room is archived then.
    chat.remove_member(&eve.actor, &room, &eve.id).unwrap();
    assert!(chat.room(&ada.actor, &room).unwrap().archived_ms.is_some());
}

#[test]
fn an_administrator_looks_after_rooms_without_reading_them() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let room = world.room(&bob, RoomKind::Private, &[&eve]);
    let topic = RoomEdit { topic: Some("secret plans".into()), ..RoomEdit::default() };
    let chat = &world.chat;
    chat.change_room(&bob.actor, &room, &topic, None).unwrap();
    let seen = chat.all_rooms(&ada.actor, None, 10).unwrap();
    assert_eq!((seen[0].name.as_str(), seen[0].topic.as_str(), seen[0].members), ("A room", "", 2));
    assert_eq!(code(chat.all_rooms(&bob.actor, None, 10)), 41030);
    assert_eq!(code(chat.members(&ada.actor, &room, None, 10)), 41040);
    assert_eq!(code(chat.set_member(&ada.actor, &room, &ada.id, RoomRole::Member)), 41040);
    assert_eq!(code(chat.send_message(&ada.actor, &room, message("hello"))), 41040);
    assert!(in_room(&*world.connect(&ada), &room).is_empty());
    let public = RoomEdit { kind: Some(RoomKind::Public), ..RoomEdit::default() };
    assert_eq!(code(chat.change_room(&ada.actor, &room, &public, None)), 41040);
    // An owner who has gone for good doesn't leave a room without one.
    chat.set_member(&ada.actor, &room, &eve.id, RoomRole::Owner).unwrap();
    let archive = RoomEdit { archived: Some(true), ..RoomEdit::default() };
    assert!(chat.change_room(&ada.actor, &room, &archive, None).unwrap().archived_ms.is_some());
}

#[test]
fn an_archived_room_is_read_and_nothing_more() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let room = world.room(&ada, RoomKind::Public, &[&bob]);
    let connection = world.connect(&bob);
    let chat = &world.chat;
    world.ports.take_rights();
    let archive = RoomEdit { archived: Some(true), ..RoomEdit::default() };
    chat.change_room(&ada.actor, &room, &archive, None).unwrap();
    assert_eq!(world.ports.take_rights(), std::slice::from_ref(&bob.id));
    let reading = Operations::only(Operation::Subscribe) | Operations::only(Operation::History);
    assert_eq!(in_room(&*connection, &room), reading);
    assert_eq!(code(chat.send_message(&bob.actor, &room, message("hello"))), 41042);
    assert_eq!(code(chat.join_room(&eve.actor, &room)), 40400, "nobody finds it any more");
    let rename = RoomEdit { name: Some("Other".into()), ..RoomEdit::default() };
    assert_eq!(code(chat.change_room(&ada.actor, &room, &rename, None)), 41042);
    chat.mark_read(&bob.actor, &room, None, false).unwrap();
    let back = RoomEdit { archived: Some(false), name: Some("Other".into()), ..RoomEdit::default() };
    let room = chat.change_room(&ada.actor, &room, &back, None).unwrap();
    assert_eq!((room.archived_ms, room.name.as_str()), (None, "Other"));
    assert!(in_room(&*connection, &room.id).contains(Operation::Publish));
}

#[test]
fn a_room_changes_in_the_version_that_one_has_seen() {
    let (world, ada) = World::with_ada();
    let room = world.create(&ada, RoomKind::Public, &[]).room;
    let rename = RoomEdit { name: Some("Other".into()), ..RoomEdit::default() };
    let changed = world.chat.change_room(&ada.actor, &room.id, &rename, Some(room.version)).unwrap();
    assert!(changed.version > room.version);
    assert_eq!(code(world.chat.change_room(&ada.actor, &room.id, &rename, Some(room.version))), 41064);
    let direct = RoomEdit { kind: Some(RoomKind::Direct), ..RoomEdit::default() };
    assert_eq!(code(world.chat.change_room(&ada.actor, &room.id, &direct, None)), 40003);
}

#[test]
fn what_is_said_goes_out_under_its_authors_name_and_key() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[&bob]);
    let chat = &world.chat;
    let headers =
        [("loquat-id".to_owned(), "forged".into()), ("n".to_owned(), 1.into())].into_iter().collect();
    let new = NewMessage { key: Some("k-1".into()), headers: Some(headers), ..message("hello") };
    drop(chat.send_message(&bob.actor, &room, new).unwrap());
    let sent = world.ports.take_sent().remove(0);
    assert_eq!((sent.room, sent.author, sent.text.as_str()), (room.clone(), bob.id.clone(), "hello"));
    assert_eq!(sent.id, Some(format!("{}-k-1", bob.id)));
    assert_eq!(serde_json::to_string(&sent.headers).unwrap(), r#"{"loquat-id":"k-1","n":1}"#);

    let send = |new| code(chat.send_message(&bob.actor, &room, new));
    assert_eq!(send(message("")), 40003);
    assert_eq!(send(message(" \n")), 40003);
    assert_eq!(send(message(&"x".repeat(65_537))), 40009);
    assert_eq!(send(message(&"x".repeat(65_536))), 0);
    for key in ["", "a b", "a:0", "ä", &"k".repeat(129)] {
        assert_eq!(send(NewMessage { key: Some(key.into()), ..message("hello") }), 41061, "{key}");
    }
    let nested = [("n".to_owned(), serde_json::json!({}))].into_iter().collect();
    assert_eq!(send(NewMessage { headers: Some(nested), ..message("hello") }), 40003);
    chat.set_member(&ada.actor, &room, &bob.id, RoomRole::ReadOnly).unwrap();
    assert_eq!(send(message("hello")), 41040);
    assert_eq!(world.ports.take_sent().len(), 1);
}
