//! What people try who mean no good.

use loquat_chat::{AccountChange, NewAccount, NewMessage, NewRoom, ProfileChange, RoomEdit};
use loquat_protocol::Operations;
use loquat_store::people::{InvitationId, PersonId, PersonRole, RoomId, RoomKind, RoomRole};

use crate::support::{World, account, code, in_room, visitor};

#[test]
fn guessing_ids_tells_nothing() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let hidden = world.room(&bob, RoomKind::Private, &[&ada]);
    let chat = &world.chat;
    let invitation = chat.invite_to_room(&bob.actor, &hidden, Default::default()).unwrap().invitation.id;
    let nowhere = RoomId::from_bits([9; 10]);
    let hello = || NewMessage { text: "hello".into(), metadata: None, headers: None, key: None };
    let edit = RoomEdit { name: Some("x".into()), ..RoomEdit::default() };
    // The answer about a room that one may not see is, word for word, that about one that isn't there.
    let answers = |room: &RoomId| {
        [
            chat.my_room(&eve.actor, room).err(),
            chat.room(&eve.actor, room).err(),
            chat.members(&eve.actor, room, None, 10).err(),
            chat.join_room(&eve.actor, room).err(),
            chat.change_room(&eve.actor, room, &edit, None).err(),
            chat.set_member(&eve.actor, room, &eve.id, RoomRole::Member).err(),
            chat.remove_member(&eve.actor, room, &bob.id).err(),
            chat.remove_member(&eve.actor, room, &eve.id).err(),
            chat.room_invitations(&eve.actor, room, None, 10).err(),
            chat.invite_to_room(&eve.actor, room, Default::default()).err(),
            chat.revoke_room_invitation(&eve.actor, room, &invitation).err(),
            chat.mark_read(&eve.actor, room, None, false).err(),
            chat.send_message(&eve.actor, room, hello()).err(),
        ]
    };
    let answered = answers(&hidden);
    assert!(answered.iter().all(|error| error.as_ref().unwrap().code.code() == 40400));
    assert_eq!(answered, answers(&nowhere));
    // An invitation's id is no code, and those of other rooms are not there.
    let own = world.room(&eve, RoomKind::Private, &[]);
    assert_eq!(code(chat.revoke_room_invitation(&eve.actor, &own, &invitation)), 40400);
    assert_eq!(code(chat.revoke_room_invitation(&eve.actor, &own, &InvitationId::from_bits([9; 10]))), 40400);
    assert_eq!(code(chat.accept_invitation(&eve.actor, &visitor(1), invitation.as_str())), 41022);
    assert_eq!(code(chat.person(&eve.actor, &PersonId::from_bits([9; 10]))), 40400);
}

#[test]
fn a_removed_member_with_an_open_connection_is_out_at_once() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[&bob]);
    let connection = world.connect(&bob);
    assert!(!in_room(&*connection, &room).is_empty());
    world.ports.take_rights();
    world.ports.take_told();
    world.chat.remove_member(&ada.actor, &room, &bob.id).unwrap();
    assert_eq!(in_room(&*connection, &room), Operations::NONE);
    assert_eq!(world.ports.take_rights(), std::slice::from_ref(&bob.id), "the connection is asked again");
    assert_eq!(world.ports.take_names(&bob.id), ["room.removed"]);
    world.log.say(&room, ada.id.as_str(), "he is gone, @bob");
    assert!(world.ports.take_told().is_empty(), "and hears no more of it");
    assert!(connection.revoked().is_none(), "the session goes on elsewhere");
    // Nor does coming back with the same token, or a new one, open it again.
    drop(connection);
    assert_eq!(in_room(&*world.connect(&bob), &room), Operations::NONE);
    world.chat.realtime_token(&bob.actor).unwrap();
    assert_eq!(in_room(&*world.connect(&bob), &room), Operations::NONE);
}

#[test]
fn whoever_may_only_read_gets_nothing_by_leaving_and_coming_back() {
    let (world, ada) = World::with_ada();
    let (bob, mod_kim) = (world.sign_up("bob"), world.sign_up("kim"));
    let room = world.room(&ada, RoomKind::Public, &[&bob, &mod_kim]);
    let chat = &world.chat;
    chat.set_member(&ada.actor, &room, &mod_kim.id, RoomRole::Moderator).unwrap();
    chat.set_member(&ada.actor, &room, &bob.id, RoomRole::ReadOnly).unwrap();
    let link = chat.invite_to_room(&mod_kim.actor, &room, Default::default()).unwrap().code;
    let role = || chat.my_room(&bob.actor, &room).unwrap().membership.role;
    let connection = world.connect(&bob);
    let publishes = || in_room(&*connection, &room).contains(loquat_protocol::Operation::Publish);
    let leave = || chat.remove_member(&bob.actor, &room, &bob.id).unwrap();
    // By themselves, by a link, sent away and back, added by somebody who couldn't have lifted it.
    leave();
    chat.join_room(&bob.actor, &room).unwrap();
    assert_eq!((role(), publishes()), (RoomRole::ReadOnly, false));
    leave();
    chat.accept_invitation(&bob.actor, &visitor(1), &link).unwrap();
    assert_eq!((role(), publishes()), (RoomRole::ReadOnly, false));
    chat.remove_member(&mod_kim.actor, &room, &bob.id).unwrap();
    let added = chat.set_member(&mod_kim.actor, &room, &bob.id, RoomRole::Member).unwrap();
    assert_eq!((added.role, role(), publishes()), (RoomRole::ReadOnly, RoomRole::ReadOnly, false));
    // An owner may set them free, also by adding them.
    leave();
    chat.set_member(&ada.actor, &room, &bob.id, RoomRole::Member).unwrap();
    assert_eq!((role(), publishes()), (RoomRole::Member, true));
    leave();
    chat.join_room(&bob.actor, &room).unwrap();
    assert_eq!((role(), publishes()), (RoomRole::Member, true));
}

#[test]
fn a_standing_of_one_person_opens_nothing_of_anothers() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[]);
    let connection = world.connect(&bob);
    for channel in [
        format!("{room}::$chat"),
        format!("$me:{}", ada.id),
        format!("[meta]{room}::$chat"),
        format!("[*]$me:{}", bob.id),
        "$me:".into(),
        "$me:*".into(),
        "*".into(),
        "general".into(),
        "::$chat".into(),
        String::new(),
    ] {
        assert_eq!(connection.operations(&channel), Operations::NONE, "{channel}");
    }
    // Their own channel they hear, and say nothing on it: only the server does.
    let own = connection.operations(&format!("$me:{}", bob.id));
    assert_eq!(own, Operations::only(loquat_protocol::Operation::Subscribe));
    // A token that names one person and another's session is nobody's.
    let standings = world.standings();
    let mixed = standings.standing(ada.id.as_str(), bob.actor.credential().as_str());
    assert_eq!(mixed.err().unwrap().code, 40141);
    for (person, session) in
        [("", ""), ("p_x", "s_x"), (bob.id.as_str(), ""), (bob.id.as_str(), "s_aaaaaaaaaaaaaaaa")]
    {
        assert_eq!(standings.standing(person, session).err().unwrap().code, 40141);
    }
}

#[test]
fn names_do_not_deceive_and_do_not_cost() {
    let (world, ada) = World::with_ada();
    let huge = "n".repeat(100_000);
    for name in ["\u{200b}", "Ada\u{202e}", "a\u{2066}b", "\u{feff}Ada", "Ad\u{200d}a", "\0", &huge] {
        let new = NewAccount { name: name.into(), ..account("eve") };
        assert_eq!(code(world.chat.sign_up(&visitor(1), &new, None)), 41013);
        let change = ProfileChange { name: Some(name.into()), ..ProfileChange::default() };
        assert_eq!(code(world.chat.change_profile(&ada.actor, &visitor(1), &change, None)), 41013);
    }
    for handle in
        ["аda", "ada\u{200b}", ada.id.as_str(), "S_AAAAAAAAAAAAAAAA", "all", "ADMIN", "a", "..", &huge]
    {
        let new = NewAccount { handle: handle.into(), ..account("eve") };
        assert_eq!(code(world.chat.sign_up(&visitor(1), &new, None)), 41012, "{handle:.20}");
    }
    // Markup is text; whoever shows it escapes it.
    let script = "<script>alert(1)</script>";
    let change = ProfileChange { name: Some(script.into()), ..ProfileChange::default() };
    assert_eq!(
        world.chat.change_profile(&ada.actor, &visitor(1), &change, None).unwrap().person.name,
        script
    );
}

#[test]
fn a_huge_password_is_refused_before_it_costs_anything() {
    let (world, _) = World::with_ada();
    let new = NewAccount { password: "pass phrase ".repeat(10_000), ..account("eve") };
    assert_eq!(code(world.chat.sign_up(&visitor(1), &new, None)), 41015);
    assert_eq!(code(world.chat.sign_in(&visitor(1), "ada", &new.password)), 41002);
    assert_eq!(code(world.chat.sign_in(&visitor(1), &new.password, &new.password)), 41002);
}

#[test]
fn a_browser_that_calls_itself_something_odd_is_shown_harmlessly() {
    let (world, _) = World::with_ada();
    world.sign_up("bob");
    let mut odd = visitor(1);
    odd.agent = format!("\u{202e}<b>\0\n{}", "x".repeat(100_000));
    let signed_in = world.chat.sign_in(&odd, "bob", crate::support::PASSWORD).unwrap();
    let bob = world.someone(signed_in.secret);
    let label = world.chat.sessions(&bob.actor).unwrap().remove(0).label;
    assert_eq!(label.chars().count(), 200);
    assert!(label.starts_with("<b>xxx"));
}

#[test]
fn a_channel_that_only_looks_like_a_room_counts_nowhere() {
    let (world, ada) = World::with_ada();
    let room = world.room(&ada, RoomKind::Private, &[]);
    let ghost = RoomId::from_bits([9; 10]);
    world.log.say(&ghost, "somebody", "@ada");
    for channel in
        ["r_x::$chat", "::$chat", "general", &format!("x{room}::$chat"), &format!("{room}::$chat:x")]
    {
        world.log.publish(channel, vec![crate::support::said("eve", "@ada")]).unwrap();
    }
    assert_eq!(world.chat.my_room(&ada.actor, &room).unwrap().room.messages, 0);
    assert_eq!(world.log.projector.cursor(loquat_protocol::PartitionId(0)), Ok(world.log.seq()));
}

/// Between the moment in which somebody is asked who they are and the one in which they have their turn, others have theirs.
#[test]
fn what_was_asked_for_before_the_right_to_it_ended_is_not_done_after() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let chat = &world.chat;
    let promote = AccountChange { role: Some(PersonRole::Administrator), ..AccountChange::default() };
    let demote = AccountChange { role: Some(PersonRole::Member), ..AccountChange::default() };
    chat.change_account(&ada.actor, &bob.id, promote).unwrap();
    let bob = world.someone(bob.secret);
    chat.change_account(&ada.actor, &bob.id, demote).unwrap();
    assert_eq!(code(chat.change_account(&bob.actor, &bob.id, promote)), 41030);
    assert_eq!(code(chat.reset_password(&bob.actor, &ada.id)), 41030);
    assert_eq!(code(chat.invite_to_server(&bob.actor, Default::default())), 41030);

    let room = world.room(&eve, RoomKind::Private, &[]);
    let phone = world.sign_in("eve");
    chat.end_other_sessions(&eve.actor).unwrap();
    assert_eq!(code(chat.create_token(&phone.actor, "left behind", None)), 41001);
    let out = AccountChange { deactivated: Some(true), ..AccountChange::default() };
    chat.change_account(&ada.actor, &eve.id, out).unwrap();
    assert_eq!(code(chat.invite_to_room(&eve.actor, &room, Default::default())), 41001);
    assert_eq!(code(chat.set_member(&eve.actor, &room, &ada.id, RoomRole::Owner)), 41001);
}

/// Between the moment that somebody was asked who they are and their turn they may have lost what they showed.
#[test]
fn who_is_signed_out_while_they_wait_does_nothing_any_more() {
    let (world, ada) = World::with_ada();
    let chat = &world.chat;
    let eve = world.sign_up("eve");
    let room = world.room(&eve, RoomKind::Private, &[]);
    let other = world.sign_in("eve");
    let token = chat.create_token(&other.actor, "builds", None).unwrap();
    let script = chat.authenticate_token(&token.secret).unwrap();
    chat.end_other_sessions(&other.actor).unwrap();
    chat.revoke_token(&other.actor, &token.token.id).unwrap();
    let token = chat.create_token(&other.actor, "other builds", None).unwrap().token.id;
    let session = chat.sessions(&other.actor).unwrap()[0].id.clone();
    let word = || NewMessage { text: "a last word".into(), metadata: None, headers: None, key: None };
    for gone in [&eve.actor, &script] {
        assert_eq!(code(chat.send_message(gone, &room, word())), 41001);
        assert_eq!(code(chat.mark_read(gone, &room, None, false)), 41001);
    }
    assert_eq!(code(chat.end_session(&eve.actor, &session)), 41001);
    assert_eq!(code(chat.end_other_sessions(&eve.actor)), 41001);
    assert_eq!(code(chat.revoke_token(&eve.actor, &token)), 41001);
    assert!(world.ports.take_sent().is_empty());
    let out = AccountChange { deactivated: Some(true), ..AccountChange::default() };
    chat.change_account(&ada.actor, &other.id, out).unwrap();
    assert_eq!(code(chat.send_message(&other.actor, &room, word())), 41001);
}

#[test]
fn a_list_of_rooms_does_not_go_on_after_one_that_is_hidden() {
    let (world, ada) = World::with_ada();
    let eve = world.sign_up("eve");
    let chat = &world.chat;
    let name = |kind, name: &str| {
        let new = NewRoom { kind, name: name.into(), topic: String::new(), members: Vec::new() };
        chat.create_room(&ada.actor, &new).unwrap().0.room.id
    };
    let (first, hidden, _) =
        (name(RoomKind::Public, "a"), name(RoomKind::Private, "merger"), name(RoomKind::Public, "z"));
    let after = |room: &RoomId| chat.public_rooms(&eve.actor, "", Some(room), 10).unwrap().len();
    assert_eq!(after(&first), 1);
    assert_eq!(
        (after(&hidden), after(&RoomId::from_bits([9; 10]))),
        (0, 0),
        "its name would show by what follows"
    );
}
