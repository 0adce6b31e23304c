//! Laws of ways back in.

use super::{
    PeopleFixture,
    make::{NOW_MS, add_person, hash, id},
};
use crate::people::{Persons, Recovery};

/// A code opens once, before its end, for the person it was made for; a new one ends the old one.
pub fn a_reset_code_is_taken_once<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    assert!(store.put_reset(&ada, &hash("first"), NOW_MS + 10).unwrap());
    assert!(store.put_reset(&ada, &hash("second"), NOW_MS + 10).unwrap());
    assert!(store.put_reset(&bob, &hash("third"), NOW_MS + 10).unwrap());
    assert!(!store.put_reset(&id("nobody"), &hash("fourth"), NOW_MS + 10).unwrap());
    fixture.reopen();
    let store = fixture.store();
    for code in ["first", "fourth", ""] {
        assert_eq!(store.take_reset(&hash(code), NOW_MS).unwrap(), None, "{code}");
    }
    assert_eq!(store.take_reset(&hash("third"), NOW_MS + 10).unwrap(), None);
    assert_eq!(store.take_reset(&hash("second"), NOW_MS + 9).unwrap(), Some(ada));
    assert_eq!(store.take_reset(&hash("second"), NOW_MS + 9).unwrap(), None);
    assert_eq!(store.take_reset(&hash("third"), NOW_MS).unwrap(), Some(bob));
}

/// With a new password, the code and the request for help are over.
pub fn a_new_password_ends_what_led_to_it<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    store.put_reset(&ada, &hash("code"), NOW_MS + 10).unwrap();
    assert!(store.note_recovery(&ada, NOW_MS).unwrap());
    assert!(store.set_password(&ada, "another hash").unwrap());
    assert!(!store.set_password(&id("nobody"), "another hash").unwrap());
    assert_eq!(store.password_hash(&ada).unwrap().as_deref(), Some("another hash"));
    assert_eq!(store.take_reset(&hash("code"), NOW_MS).unwrap(), None);
    assert_eq!(store.recoveries(10).unwrap(), []);
}

/// Each person is listed once, with the time of their last request.
pub fn who_asked_for_help_is_listed_newest_first<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let names = ["ada", "bob", "eve"];
    let people = names.map(|name| add_person(store, name));
    for (at_ms, person) in (NOW_MS..).zip(people.iter().chain([&people[0]])) {
        assert!(store.note_recovery(person, at_ms).unwrap());
    }
    assert!(!store.note_recovery(&id("nobody"), NOW_MS).unwrap());
    let expected = [(0, 3), (2, 2), (1, 1)]
        .map(|(place, at): (usize, u64)| Recovery { person: people[place].clone(), at_ms: NOW_MS + at });
    assert_eq!(store.recoveries(10).unwrap(), expected);
    assert_eq!(store.recoveries(2).unwrap(), expected[..2]);
}
