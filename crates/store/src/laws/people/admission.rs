//! Laws of how people come in.

use std::sync::Barrier;

use super::{
    PeopleFixture,
    make::{NOW_MS, add_person, add_room, id, invitation, membership, person},
};
use crate::people::{
    Admission, CreatePerson, Invitation, InvitationId, Invitations, Join, Memberships, PeopleStore, Person,
    Persons, RoomRole,
};

fn create(store: &impl PeopleStore, name: &str, admission: &Admission) -> CreatePerson {
    store.create_person(&person(name), "hash", admission).expect("an answer")
}

/// Whoever wants to be first is, or is not let in.
pub fn the_first_person_is_first<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    assert!(matches!(create(store, "ada", &Admission::First), CreatePerson::Created(_)));
    assert_eq!(create(store, "bob", &Admission::First), CreatePerson::NotFirst);
    assert_eq!(store.count_persons().unwrap(), 1);
}

/// Runs one try per thread, all at once; the answers.
fn race<T: Send>(tries: usize, attempt: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(tries);
    let run = |n| {
        barrier.wait();
        attempt(n)
    };
    let run = &run;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..tries).map(|n| scope.spawn(move || run(n))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread fails")).collect()
    })
}

/// Of many who use the set-up link at once, one becomes the first.
pub fn one_of_many_is_first<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let outcomes = race(8, |n| create(store, &format!("person{n}"), &Admission::First));
    let created = outcomes.iter().filter(|outcome| matches!(outcome, CreatePerson::Created(_))).count();
    assert_eq!((created, store.count_persons().unwrap()), (1, 1));
}

fn uses(store: &impl PeopleStore, id: &InvitationId) -> u32 {
    store.invitation(id).unwrap().expect("the invitation is there").uses
}

/// An invitation counts its uses and ends by number, time or revocation; one that lets nobody in costs nothing.
pub fn an_invitation_lets_in_as_often_as_it_says<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let twice = Invitation { uses_max: Some(2), ..invitation("twice", None, &ada) };
    let short = Invitation { expires_ms: Some(NOW_MS), ..invitation("short", None, &ada) };
    let just = Invitation { expires_ms: Some(NOW_MS + 1), ..invitation("just", None, &ada) };
    for made in [&twice, &short, &just] {
        store.create_invitation(made).unwrap();
        assert_eq!(store.invitation_by_code(&made.code_hash).unwrap().as_ref(), Some(made));
    }
    let by = |invitation: &Invitation| Admission::Invited(invitation.id.clone());
    let like_ada = Person { handle: person("ada").handle, ..person("other") };
    let refused = store.create_person(&like_ada, "hash", &by(&twice)).unwrap();
    assert_eq!(refused, CreatePerson::HandleTaken);
    assert_eq!(uses(store, &twice.id), 0);
    assert!(matches!(create(store, "bob", &by(&twice)), CreatePerson::Created(_)));
    assert!(matches!(create(store, "eve", &by(&twice)), CreatePerson::Created(_)));
    assert_eq!(create(store, "max", &by(&twice)), CreatePerson::InvitationUsedUp);
    assert_eq!(create(store, "max", &by(&short)), CreatePerson::InvitationUsedUp);
    let unknown = Admission::Invited(InvitationId::from_bits([9; 10]));
    assert_eq!(create(store, "max", &unknown), CreatePerson::InvitationUsedUp);
    assert_eq!((uses(store, &twice.id), store.person(&id("max")).unwrap()), (2, None));
    assert!(matches!(create(store, "max", &by(&just)), CreatePerson::Created(_)));
    assert!(store.revoke_invitation(&just.id, NOW_MS).unwrap());
    assert!(!store.revoke_invitation(&just.id, NOW_MS + 1).unwrap());
    assert_eq!(store.invitation(&just.id).unwrap().unwrap().revoked_ms, Some(NOW_MS));
    assert_eq!(create(store, "kim", &by(&just)), CreatePerson::InvitationUsedUp);
}

/// Account, membership and use come in one step.
pub fn an_invitation_to_a_room_makes_a_member<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let room = add_room(store, "garden", &[&ada]);
    let link = Invitation { uses_max: Some(1), ..invitation("link", Some(&room), &ada) };
    store.create_invitation(&link).unwrap();
    let admission = Admission::Invited(link.id.clone());
    let CreatePerson::Created(bob) = create(store, "bob", &admission) else { panic!() };
    let place = store.membership(&room, &bob.id).unwrap().expect("bob is a member");
    assert_eq!((place.role, place.version, place.joined_ms), (RoomRole::Member, bob.version, bob.created_ms));
    assert_eq!(uses(store, &link.id), 1);
    assert_eq!(create(store, "eve", &admission), CreatePerson::InvitationUsedUp);
    // A person made by an invitation to the room is in no other.
    assert_eq!(store.memberships_of(&bob.id).unwrap().len(), 1);
}

/// Of many who follow a link with one use left, one gets in; the others changed nothing.
pub fn of_two_joins_racing_for_the_last_use_one_wins<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let people: Vec<_> = (0..6).map(|n| add_person(store, &format!("person{n}"))).collect();
    let names: Vec<_> = (0..6).map(|n| format!("stranger{n}")).collect();
    for round in 0..4 {
        let room = add_room(store, &format!("room{round}"), &[&ada]);
        let link = Invitation { uses_max: Some(1), ..invitation(&format!("link{round}"), Some(&room), &ada) };
        store.create_invitation(&link).unwrap();
        let joined = race(people.len(), |n| {
            // Some have an account, some come to have one by the link.
            if n.is_multiple_of(2) {
                let place = membership(&room, &people[n], RoomRole::Member);
                matches!(store.join(&place, Some(&link.id)).unwrap(), Join::Joined(_))
            } else {
                let name = format!("{}r{round}", names[n]);
                let stranger = person(&name);
                let admission = Admission::Invited(link.id.clone());
                let outcome = store.create_person(&stranger, "hash", &admission).unwrap();
                matches!(outcome, CreatePerson::Created(_))
            }
        });
        assert_eq!(joined.iter().filter(|joined| **joined).count(), 1, "{joined:?}");
        assert_eq!(uses(store, &link.id), 1);
        assert_eq!(store.members_of(&room, None, 10).unwrap().len(), 2);
    }
}
