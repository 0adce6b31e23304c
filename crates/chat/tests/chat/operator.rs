//! The command line beside a running server.

use std::sync::Arc;

use loquat_chat::{Options, operator::Operator};
use loquat_store::people::{PersonRole, RoomKind, RoomRole};

use crate::support::{CountingEntropy, PASSWORD, World, account, code, in_room, visitor};

fn operator(world: &World) -> Operator {
    let entropy = CountingEntropy::default();
    for _ in 0..10_000 {
        // Another process has other random numbers.
        loquat_auth::Entropy::fill(&entropy, &mut [0; 8]).unwrap();
    }
    Operator::new(world.store.clone(), Arc::new(entropy), world.clock(), Options::for_test()).unwrap()
}

#[test]
fn the_command_line_makes_the_first_account_too() {
    let world = World::new(Options::for_test());
    let operator = operator(&world);
    let ada = operator.create(&account("ada"), PersonRole::Administrator).unwrap();
    assert_eq!(operator.find("@ada").unwrap(), ada);
    assert_eq!(operator.find(ada.id.as_str()).unwrap(), ada);
    assert_eq!(code(operator.find("nobody")), 40400);
    assert_eq!(code(operator.create(&account("ada"), PersonRole::Member)), 41010);
    assert!(!world.chat.needs_setup().unwrap());
    assert_eq!(world.chat.setup_code().unwrap(), None);
    world.sign_in("ada");
}

#[test]
fn what_another_process_does_reaches_open_connections() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let room = world.room(&ada, RoomKind::Private, &[&bob, &eve]);
    let (bobs, eves) = (world.connect(&bob), world.connect(&eve));
    let operator = operator(&world);
    world.chat.refresh_if_changed().unwrap();
    world.ports.take_rights();
    world.chat.refresh_if_changed().unwrap();
    assert!(world.ports.take_rights().is_empty(), "nothing has changed");

    operator.set_deactivated(&bob.id, true).unwrap();
    world.chat.refresh_if_changed().unwrap();
    assert!(bobs.revoked().is_some());
    assert_eq!(world.ports.take_rights(), std::slice::from_ref(&bob.id));
    assert!(eves.revoked().is_none() && !in_room(&*eves, &room).is_empty());

    let row = operator.find("eve").unwrap();
    operator.set_password(&row, "another plum tree").unwrap();
    world.chat.refresh_if_changed().unwrap();
    assert!(eves.revoked().is_some());
    assert_eq!(code(world.chat.sign_in(&visitor(1), "eve", PASSWORD)), 41002);
    assert_eq!(code(operator.set_role(&ada.id, PersonRole::Member)), 41031);
    assert_eq!(code(operator.set_deactivated(&ada.id, true)), 41031);
    let mut everybody = Vec::new();
    operator.for_each(|person| everybody.push(person.handle.to_string())).unwrap();
    assert_eq!(everybody, ["ada", "bob", "eve"]);
}

#[test]
fn a_foreign_change_between_two_of_our_own_is_noticed_too() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Public, &[&bob]);
    let connection = world.connect(&bob);
    let operator = operator(&world);
    world.chat.refresh_if_changed().unwrap();
    world.log.say(&room, ada.id.as_str(), "hello");
    let once = loquat_chat::NewInvitation { uses_max: Some(1), ..Default::default() };
    world.chat.set_member(&ada.actor, &room, &bob.id, RoomRole::Moderator).unwrap();
    let link = world.chat.invite_to_room(&bob.actor, &room, once).unwrap().code;
    operator.set_deactivated(&bob.id, true).unwrap();
    assert_eq!(code(world.chat.preview_invitation(&visitor(1), &link)), 41022);
    world.chat.join_room(&ada.actor, &room).unwrap();
    world.log.say(&room, ada.id.as_str(), "hello again");
    world.sign_up("eve");
    world.chat.refresh_if_changed().unwrap();
    assert!(connection.revoked().is_some());
}
