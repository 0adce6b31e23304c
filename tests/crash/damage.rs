//! Damaged data: the server refuses to start, names the file and says what to do.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    time::Duration,
};

use loquat_protocol::{Action, ProtocolMessage};
use loquat_testkit::{Link, Setup, client::numbered, process};
use serde_json::json;

/// So many messages that the log has moved from its write-ahead log into its file.
const MANY: i64 = 400;

/// A data directory with so many messages, that is not in use.
fn used(messages: i64) -> Setup {
    let setup = Setup::new();
    let mut server = setup.start();
    publish(&setup, messages);
    server.terminate();
    let status = server.ends_within(Duration::from_secs(10)).expect("it stops");
    assert!(status.success(), "{status}");
    drop(server);
    setup
}

/// Publishes and waits until it is durable.
fn publish(setup: &Setup, count: i64) {
    let mut link = Link::open(setup.address).expect("a connection");
    for serial in 0..count {
        let messages = vec![numbered(serial as u64, 60_000)];
        let message = ProtocolMessage::of_channel(Action::Message, "a");
        let frame = ProtocolMessage { msg_serial: Some(serial), messages, ..message };
        link.send(&frame).expect("it is taken");
    }
    let mut acked = 0;
    while acked < count {
        acked += i64::from(link.wait(Action::Ack).expect("ACK").count.unwrap_or(1));
    }
}

/// The server must refuse with exit code 1 and one sentence that holds `words`.
#[track_caller]
fn refuses(setup: &Setup, words: &[&str]) {
    let (code, said) = setup.refused();
    assert_eq!(code, 1, "it said: {said}");
    for word in words {
        assert!(said.contains(word), "'{word}' is missing in: {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

fn overwrite(file: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(file).expect("the file");
    file.write_all(bytes).expect("it can be overwritten");
}

/// Makes a file shorter.
fn cut(file: &Path, length: u64) {
    let open = OpenOptions::new().write(true).open(file).expect("the file");
    assert!(open.metadata().expect("the file").len() > length, "{} is shorter already", file.display());
    open.set_len(length).expect("it is cut");
}

/// A log that has lost its newest entries would give their serials to other messages.
#[test]
fn a_log_that_is_older_than_history() {
    let setup = used(5);
    let older = setup.file("older");
    fs::create_dir(&older).expect("a directory");
    copy_log(&setup.data_dir, &older);
    let mut server = setup.start();
    publish(&setup, 20);
    server.terminate();
    assert!(server.ends_within(Duration::from_secs(10)).is_some(), "it stops");
    drop(server);
    copy_log(&older, &setup.data_dir);
    refuses(&setup, &["log", "backup"]);
}

/// Copies the log's files over those that are there.
fn copy_log(from: &Path, to: &Path) {
    for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
        drop(fs::remove_file(to.join(name)));
        // Only the first is always there.
        let copied = fs::copy(from.join(name), to.join(name));
        assert!(copied.is_ok() || name != "log.sqlite", "{copied:?}");
    }
}

#[test]
fn a_log_with_a_broken_header() {
    let setup = used(MANY);
    overwrite(&setup.data_dir.join("log.sqlite"), &[0x55; 100]);
    refuses(&setup, &["log.sqlite", "move it away"]);
}

#[test]
fn a_log_that_was_cut_short() {
    let setup = used(MANY);
    let file = setup.data_dir.join("log.sqlite");
    cut(&file, 100_000);
    refuses(&setup, &["log.sqlite", "backup"]);
}

#[test]
fn a_log_whose_pages_are_zero() {
    let setup = used(MANY);
    let file = setup.data_dir.join("log.sqlite");
    let mut bytes = fs::read(&file).expect("the log");
    bytes[8_192..].fill(0);
    fs::write(&file, bytes).expect("the log");
    refuses(&setup, &["log.sqlite", "backup"]);
}

#[test]
fn every_file_of_the_store() {
    for name in ["store.sqlite", "directory.sqlite"] {
        let setup = used(MANY);
        overwrite(&setup.data_dir.join(name), &[0x55; 100]);
        refuses(&setup, &[name]);
        let setup = used(MANY);
        let file = setup.data_dir.join(name);
        cut(&file, 5_000);
        refuses(&setup, &[name]);
    }
}

#[test]
fn a_garbled_description_of_the_directory() {
    let setup = used(1);
    for text in ["", "garbage", "{\"version\": 1}", "{\"version\": 1, \"instance\": 3, \"partitions\": 16}"] {
        fs::write(setup.data_dir.join("loquat.json"), text).expect("the file");
        refuses(&setup, &["loquat.json", "backup"]);
    }
}

#[test]
fn a_lost_description_of_the_directory() {
    let setup = used(1);
    fs::remove_file(setup.data_dir.join("loquat.json")).expect("the file");
    refuses(&setup, &["loquat.json", "--data-dir"]);
}

#[test]
fn garbled_secrets() {
    let setup = used(1);
    fs::write(setup.data_dir.join("secret.key"), "abc").expect("the file");
    refuses(&setup, &["secret.key", "backup"]);
}

#[test]
fn a_directory_of_a_newer_release() {
    let setup = used(1);
    let file = setup.data_dir.join("loquat.json");
    let text = fs::read_to_string(&file).expect("the file");
    let mut meta: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    meta["version"] = json!(99);
    meta["something_new"] = json!(true);
    fs::write(&file, meta.to_string()).expect("the file");
    refuses(&setup, &["loquat.json", "99", "newer release"]);
}

#[test]
fn a_directory_that_cannot_be_written() {
    let setup = used(1);
    // Root may write everywhere, but not make a directory below a file.
    let below = Setup::new().in_folder(&setup.data_dir.join("log.sqlite"));
    refuses(&below, &["log.sqlite"]);
}

#[test]
fn a_directory_that_is_in_use() {
    let setup = Setup::new();
    let server = setup.start();
    let second = Setup::new().in_data_dir(&setup.data_dir);
    refuses(&second, &["another loquat", "--data-dir"]);
    assert_eq!(server.readiness(), 200, "the first one goes on");
    process::signal(server.pid(), libc::SIGKILL);
}
