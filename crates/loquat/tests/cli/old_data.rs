//! Data directories of former releases open in this one. `fixtures/make` writes that of the current release.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use loquat_store::Directory;
use loquat_store_sqlite::SqliteStore;
use serde_json::{Value, json};

use crate::support::{Http, KEY, Person, Server, succeed, text, wait_for};

/// Messages in fixtures are older than any retention but this.
const FOR_EVER: [&str; 2] = ["--retention-messages", "36500d"];

fn releases() -> Vec<PathBuf> {
    let folder =
        Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("tests/fixtures");
    let entries = fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.is_dir()).collect()
}

/// A copy that may be changed.
fn copy_of(fixture: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(fixture.join("data")).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        fs::copy(&from, &to).unwrap();
        // As a clone has it, anybody may read it.
        fs::set_permissions(&to, Permissions::from_mode(0o600)).unwrap();
    }
}

fn read(fixture: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(fixture.join(name)).unwrap()).unwrap()
}

/// What a message was published with.
fn published(message: &Value) -> Value {
    let fields = ["id", "name", "data", "encoding", "clientId", "extras"];
    let given = fields.iter().filter(|field| !message[**field].is_null());
    given
        .map(|field| ((*field).to_owned(), message[*field].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn data_of_every_release_opens_and_goes_on() {
    let releases = releases();
    assert!(!releases.is_empty());
    for fixture in releases {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        copy_of(&fixture, &data);
        succeed(&["keys", "list", "--data-dir", text(&data)]);
        let server = start(&data);
        let mut http = server.http();
        let expected = read(&fixture, "messages.json");
        for (channel, expected) in expected.as_object().unwrap() {
            let history = http.history(channel);
            let history: Vec<_> = history.iter().map(published).collect();
            assert_eq!(&json!(history), expected, "{}: {channel}", fixture.display());
        }
        let (channel, _) = expected.as_object().unwrap().iter().next().unwrap();
        let before = http.history(channel);
        let serial = http.publish(channel, "of this release");
        assert!(before.iter().all(|message| message["serial"].as_str().unwrap() < serial.as_str()));
        assert_eq!(http.history(channel).len(), before.len() + 1);
        drop(http);
        assert_eq!(server.stop().code, Some(0));
        succeed(&["check", "--data-dir", text(&data)]);
    }
}

fn start(data: &Path) -> Server {
    Server::start_with(data, &[&FOR_EVER[..], &["--root-key", KEY]].concat())
}

#[test]
fn keys_of_every_release_open_doors() {
    for fixture in releases() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        copy_of(&fixture, &data);
        let store = SqliteStore::open(&data, &loquat_store_sqlite::Options::default()).unwrap();
        let keys = store.keys().unwrap();
        drop(store);
        assert!(!keys.is_empty(), "{}: the fixture has a key", fixture.display());
        let server = start(&data);
        for key in keys {
            let mut http = Http::connect(&server.address, &format!("{}:{}", key.name, key.secret));
            http.publish("by-an-old-key", "hello");
        }
    }
}

#[test]
fn data_of_a_release_without_people_takes_them_in() {
    let fixtures = releases().into_iter().filter(|fixture| !fixture.join("people.json").exists());
    let fixtures: Vec<_> = fixtures.collect();
    assert!(!fixtures.is_empty(), "0.1.0 had none");
    for fixture in fixtures {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        copy_of(&fixture, &data);
        let mut server = start(&data);
        let mut ada = Person::set_up(&mut server, "ada");
        let room = ada.create_room("Engines");
        let code = ada.invite(&room);
        let mut kim = Person::sign_up(&server, "kim", Some(&code));
        ada.say(&room, "hello @kim");
        wait_for("the counts", || (kim.unread(&room) == (1, 1)).then_some(()));
        assert_eq!(server.stop().code, Some(0));
        succeed(&["check", "--data-dir", text(&data)]);
        let server = start(&data);
        let mut kim = Person::sign_in(&server, "kim");
        assert_eq!(kim.unread(&room), (1, 1));
    }
}

#[test]
fn people_and_rooms_of_every_release_are_as_they_were() {
    for fixture in releases().into_iter().filter(|fixture| fixture.join("people.json").exists()) {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        copy_of(&fixture, &data);
        let server = start(&data);
        for (handle, expected) in read(&fixture, "people.json").as_object().unwrap() {
            let mut person = Person::sign_in(&server, handle);
            assert_eq!(&rooms(&mut person), expected, "{}: {handle}", fixture.display());
        }
    }
}

/// What a person sees of their rooms, without what differs from one making of the fixture to the next.
fn rooms(person: &mut Person) -> Value {
    let rooms = person.get("/me/rooms");
    let seen = |listing: &Value| {
        json!({
            "name": listing["room"]["name"],
            "kind": listing["room"]["kind"],
            "messages": listing["room"]["messages"],
            "role": listing["membership"]["role"],
            "unread": listing["unread"],
        })
    };
    let mut seen: Vec<_> = rooms["items"].as_array().unwrap().iter().map(seen).collect();
    seen.sort_by_key(|room| room["name"].as_str().map(str::to_owned));
    json!({ "role": person.get("/me")["role"], "rooms": seen })
}

#[test]
fn backups_of_every_release_restore() {
    for fixture in releases() {
        let dir = tempfile::tempdir().unwrap();
        let (source, data) = (dir.path().join("source"), dir.path().join("data"));
        copy_of(&fixture, &source);
        succeed(&["restore", text(&source), "--data-dir", text(&data)]);
        succeed(&["check", "--data-dir", text(&data)]);
    }
}
