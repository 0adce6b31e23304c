//! Data directories of former releases open in this one. `fixtures/make` writes that of the current release.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::support::{Server, succeed, text};

/// Messages in fixtures are older than any retention but this.
const FOR_EVER: [&str; 2] = ["--retention-messages", "36500d"];

fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
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
        let server =
            Server::start_with(&data, &[&FOR_EVER[..], &["--root-key", crate::support::KEY]].concat());
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
