//! `loquat check` on data directories, sound and not.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use crate::support::{Ended, Server, run, succeed, text};

fn check(data: &Path) -> Ended {
    run(&["check", "--data-dir", text(data)])
}

/// A data directory with a few messages in it, with no server on it.
fn some_data(dir: &Path) -> std::path::PathBuf {
    let data = dir.join("data");
    let server = Server::start(&data);
    for number in 0..5 {
        server.http().publish("one", &format!("message {number}"));
    }
    assert_eq!(server.stop().code, Some(0));
    data
}

/// A copy whose databases are one file each: of a server's, the newest pages are in the write-ahead log.
fn folded(data: &Path) -> std::path::PathBuf {
    let copy = data.with_extension("copy");
    succeed(&["backup", "--data-dir", text(data), text(&copy)]);
    copy
}

#[track_caller]
fn assert_problem(data: &Path, words: &[&str]) {
    let ended = check(data);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(words.iter().all(|word| ended.err.contains(word)), "{words:?}: {ended:?}");
}

#[test]
fn nothing_there_yet_is_no_problem_and_stays_so() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let ended = check(&data);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains("nothing there yet"), "{ended:?}");
    assert!(!data.exists());
}

#[test]
fn a_sound_directory_with_a_server_and_without() {
    let dir = tempfile::tempdir().unwrap();
    let data = some_data(dir.path());
    let stopped = check(&data);
    assert_eq!((stopped.code, stopped.err.as_str()), (Some(0), ""), "{stopped:?}");
    assert!(stopped.out.contains("no server runs on it"), "{stopped:?}");
    assert!(stopped.out.contains("5 entries of 1 channels"), "{stopped:?}");
    let server = Server::start(&data);
    let mut http = server.http();
    let running = check(&data);
    assert_eq!(running.code, Some(0), "{running:?}");
    assert!(running.out.contains("a server runs on it"), "{running:?}");
    http.publish("one", "the server does not mind");
}

#[test]
fn a_directory_of_something_else_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("letter.txt"), "dear").unwrap();
    assert_problem(dir.path(), &["loquat.json", "no data directory of loquat"]);
}

#[test]
fn each_damaged_file_is_named_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let data = folded(&some_data(dir.path()));
    for file in
        ["log.sqlite", "store.sqlite", "directory.sqlite", "people.sqlite", "loquat.json", "secret.key"]
    {
        let path = data.join(file);
        let sound = fs::read(&path).unwrap();
        let mut damaged = sound.clone();
        damaged[..16].fill(0xa5);
        fs::write(&path, damaged).unwrap();
        assert_problem(&data, &[file]);
        fs::write(&path, sound).unwrap();
    }
    assert_eq!(check(&data).code, Some(0));
    fs::remove_file(data.join("store.sqlite")).unwrap();
    assert_problem(&data, &["store.sqlite: is missing", "restore a backup"]);
    assert!(!data.join("store.sqlite").exists(), "a check makes nothing");
}

#[test]
fn a_store_ahead_of_its_log_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let data = some_data(dir.path());
    let other = tempfile::tempdir().unwrap();
    let empty = other.path().join("data");
    drop(Server::start(&empty));
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("log.sqlite{suffix}");
        fs::copy(empty.join(&name), data.join(&name)).unwrap();
    }
    assert_problem(&data, &["the store is at entry 5, but the log ends at 0", "restore a backup"]);
    let refused = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&data)]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("restore a backup"), "{refused:?}");
}

#[test]
fn a_secret_that_others_may_read_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let data = some_data(dir.path());
    fs::set_permissions(data.join("secret.key"), Permissions::from_mode(0o644)).unwrap();
    assert_problem(&data, &["secret.key", "chmod 600"]);
}

#[test]
fn newer_data_is_refused_by_check_and_serve() {
    let dir = tempfile::tempdir().unwrap();
    let data = some_data(dir.path());
    let meta = fs::read_to_string(data.join("loquat.json")).unwrap();
    fs::write(data.join("loquat.json"), meta.replace("\"version\": 2", "\"version\": 3")).unwrap();
    assert_problem(&data, &["loquat.json", "version 3", "use the newer release"]);
    let refused = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&data)]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("use the newer release"), "{refused:?}");
}
