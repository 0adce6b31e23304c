//! Laws of accounts.

use super::{
    PeopleFixture,
    make::{NOW_MS, add, add_person, id, person},
};
use crate::{
    StoreErrorKind,
    people::{
        Admission, ChangePerson, CreatePerson, Email, Handle, PeopleStore, Person, PersonChange, PersonId,
        PersonRole, Persons,
    },
};

fn handle(text: &str) -> Handle {
    Handle::parse(text).expect("a handle")
}

fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

/// By id, by handle, by either in a sign-in and in any case; among several, in the order asked for.
pub fn a_person_is_found_by_id_handle_and_address<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let mut ada = Person { time_zone: Some("Europe/Berlin".into()), ..person("ada") };
    ada.version = add(store, &ada).version;
    add_person(store, "bob");
    assert!(ada.version > 0);
    assert_eq!(store.person(&ada.id).unwrap(), Some(ada.clone()));
    assert_eq!(store.person_by_handle(&handle("ADA")).unwrap(), Some(ada.clone()));
    for login in ["ada", "ADA", "ada@example.org", "Ada@Example.Org"] {
        assert_eq!(store.person_by_login(login).unwrap(), Some(ada.clone()), "{login}");
    }
    for login in ["", "ad", "ada@example.com", "%", "ada' --"] {
        assert_eq!(store.person_by_login(login).unwrap(), None, "{login}");
    }
    let found = store.persons(&[id("bob"), id("nobody"), id("ada")]).unwrap();
    assert_eq!(found.iter().map(|person| &person.id).collect::<Vec<_>>(), [&id("bob"), &id("ada")]);
    assert_eq!(store.password_hash(&ada.id).unwrap().as_deref(), Some("hash"));
    assert_eq!(store.password_hash(&id("nobody")).unwrap(), None);
    assert_eq!(store.count_persons().unwrap(), 2);
    let again = store.create_person(&Person { handle: handle("other"), ..ada }, "h", &Admission::Free);
    assert_eq!(again.unwrap_err().kind, StoreErrorKind::Conflict);
}

fn changed(store: &impl PeopleStore, person: &PersonId, change: PersonChange) -> ChangePerson {
    store.change_person(person, &change).expect("a change is answered")
}

/// Two people never share a handle or an address, however either is written; one's own is no obstacle, and what somebody
/// gave up is free.
pub fn a_handle_and_an_address_are_one_persons_alone<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let create = |person: &Person| store.create_person(person, "h", &Admission::Free).unwrap();
    let like_ada = Person { handle: handle("Ada"), ..person("eve") };
    assert_eq!(create(&like_ada), CreatePerson::HandleTaken);
    let like_ada = Person { email: Some(email("ADA@EXAMPLE.ORG")), ..person("eve") };
    assert_eq!(create(&like_ada), CreatePerson::EmailTaken);
    assert_eq!(store.count_persons().unwrap(), 2);

    let to_ada = PersonChange { handle: Some(handle("ada")), ..PersonChange::default() };
    assert_eq!(changed(store, &bob, to_ada.clone()), ChangePerson::HandleTaken);
    assert!(matches!(changed(store, &ada, to_ada.clone()), ChangePerson::Changed(_)));
    let to_mail = PersonChange { email: Some(Some(email("ada@example.org"))), ..PersonChange::default() };
    assert_eq!(changed(store, &bob, to_mail.clone()), ChangePerson::EmailTaken);
    let away =
        PersonChange { handle: Some(handle("countess")), email: Some(None), ..PersonChange::default() };
    assert!(matches!(changed(store, &ada, away), ChangePerson::Changed(_)));
    assert!(matches!(changed(store, &bob, to_ada), ChangePerson::Changed(_)));
    assert!(matches!(changed(store, &bob, to_mail), ChangePerson::Changed(_)));
    // People without an address don't stand in each other's way.
    assert!(matches!(create(&Person { email: None, ..person("eve") }), CreatePerson::Created(_)));
    assert_eq!(changed(store, &id("nobody"), PersonChange::default()), ChangePerson::Absent);
}

/// Neither by another role nor by deactivation does the server lose its last administrator in use.
pub fn the_last_administrator_stays<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let administrator = |name| Person { role: PersonRole::Administrator, ..person(name) };
    let (ada, bob) = (add(store, &administrator("ada")).id, add(store, &administrator("bob")).id);
    let demote = PersonChange { role: Some(PersonRole::Member), ..PersonChange::default() };
    let deactivate = PersonChange { deactivated_ms: Some(Some(NOW_MS)), ..PersonChange::default() };
    let reactivate = PersonChange { deactivated_ms: Some(None), ..PersonChange::default() };
    assert_eq!(store.count_administrators().unwrap(), 2);
    assert!(matches!(changed(store, &ada, deactivate.clone()), ChangePerson::Changed(_)));
    assert_eq!(store.count_administrators().unwrap(), 1);
    for change in [&demote, &deactivate] {
        assert_eq!(changed(store, &bob, change.clone()), ChangePerson::LastAdministrator);
    }
    // One out of use may become a member: nothing is lost by it.
    assert!(matches!(changed(store, &ada, demote.clone()), ChangePerson::Changed(_)));
    let promote = PersonChange { role: Some(PersonRole::Administrator), ..reactivate };
    assert!(matches!(changed(store, &ada, promote), ChangePerson::Changed(_)));
    assert!(matches!(changed(store, &bob, demote), ChangePerson::Changed(_)));
    assert_eq!(changed(store, &ada, deactivate), ChangePerson::LastAdministrator);
}

/// A change raises the counter and the person carries its value; a change to what is so already does neither.
pub fn a_change_has_a_version_and_no_change_has_none<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    assert_eq!((store.version().unwrap(), store.rights_version().unwrap()), (0, 0));
    let ada = add(store, &person("ada"));
    let change = PersonChange {
        name: Some("Ada King".into()),
        time_zone: Some(Some("Europe/London".into())),
        ..PersonChange::default()
    };
    let ChangePerson::Changed(after) = changed(store, &ada.id, change.clone()) else { panic!() };
    assert!(after.version > ada.version);
    let expected = Person {
        name: "Ada King".into(),
        time_zone: Some("Europe/London".into()),
        version: after.version,
        ..ada
    };
    assert_eq!(after, expected);
    assert_eq!((store.version().unwrap(), store.rights_version().unwrap()), (after.version, after.version));
    assert_eq!(changed(store, &after.id, change), ChangePerson::Changed(after.clone()));
    assert_eq!(store.version().unwrap(), after.version);
}

/// By the beginning of the handle or of any word of the name, in any case and script, page by page.
pub fn people_are_found_by_what_is_typed<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    for (handle, name) in [
        ("ada", "Ada King"),
        ("kim", "김 민준"),
        ("king", "B. B."),
        ("zoe", "Zoë Ärger-Kingsley"),
        ("max", "max"),
    ] {
        add(store, &Person { name: name.into(), ..person(handle) });
    }
    let find = |typed: &str| -> Vec<String> {
        let found = store.find_persons(typed, None, 10).unwrap();
        found.iter().map(|person| person.handle.as_str().to_owned()).collect()
    };
    assert_eq!(find("KIN"), ["ada", "king"]);
    assert_eq!(find("ki"), ["ada", "kim", "king"]);
    assert_eq!(find("ärg"), ["zoe"]);
    assert_eq!(find("김"), ["kim"]);
    assert_eq!(find("ada k"), ["ada"]);
    assert_eq!(find("%"), [""; 0]);
    let everybody = find("");
    assert_eq!(everybody, ["ada", "kim", "king", "max", "zoe"]);
    let (mut pages, mut after) = (Vec::new(), None);
    while let Some(last) = {
        let page = store.find_persons("", after.as_ref(), 2).unwrap();
        pages.extend(page.iter().map(|person| person.handle.as_str().to_owned()));
        page.last().map(|person| person.id.clone())
    } {
        after = Some(last);
    }
    assert_eq!(pages, everybody);
    assert!(store.find_persons("", Some(&id("nobody")), 10).unwrap().is_empty());
}

/// Everything about people is there after closing and opening, and the counter goes on.
pub fn people_survive_a_reopen<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let ada = add(fixture.store(), &Person { deactivated_ms: Some(NOW_MS + 5), ..person("ada") });
    let version = fixture.store().version().unwrap();
    fixture.reopen();
    let store = fixture.store();
    assert_eq!(store.person(&ada.id).unwrap(), Some(ada));
    assert_eq!(store.version().unwrap(), version);
    assert!(add(store, &person("bob")).version > version);
}
