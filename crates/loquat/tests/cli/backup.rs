//! `loquat backup`, while the server works.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Stdio, time::Duration};

use crate::support::{Acked, Publishers, Server, loquat, run, succeed, text};

fn backup(data: &Path, target: &Path) {
    succeed(&["backup", "--data-dir", text(data), text(target)]);
}

/// What history holds of a channel.
fn history(server: &Server, number: usize) -> Vec<Acked> {
    let part = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let messages = server.http().history(&format!("load-{number}"));
    messages.iter().map(|m| Acked { serial: part(&m["serial"]), data: part(&m["data"]) }).collect()
}

#[test]
fn a_backup_holds_everything_acknowledged_before_it_began_and_no_gaps() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = (dir.path().join("data"), dir.path().join("backups/1"));
    let server = Server::start(&data);
    let publishers = Publishers::start(&server, 4);
    let before = publishers.wait_for_more(100);
    backup(&data, &copy);
    publishers.wait_for_more(20);
    let all = publishers.stop();
    server.kill();

    let looked = succeed(&["check", "--data-dir", text(&copy)]);
    assert!(looked.contains("log and store agree"), "{looked}");
    // A backup is a data directory: a server can look into it.
    let opened = Server::start(&copy);
    for (number, (before, all)) in before.iter().zip(&all).enumerate() {
        let held = history(&opened, number);
        assert!(held.len() >= before.len(), "{} of {} before the backup", held.len(), before.len());
        assert!(held.len() < all.len(), "the test has to show a lost tail");
        assert_eq!(held[..], all[..held.len()], "history is a prefix of what was acknowledged");
    }
}

#[test]
fn several_backups_of_a_busy_server_are_each_whole() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Server::start(&data);
    let publishers = Publishers::start(&server, 2);
    let mut held = 0;
    for number in 0..4 {
        publishers.wait_for_more(20);
        let copy = dir.path().join(format!("copy-{number}"));
        backup(&data, &copy);
        let looked = succeed(&["check", "--data-dir", text(&copy)]);
        assert!(looked.contains("log and store agree"), "{looked}");
        let before = std::mem::replace(&mut held, publishers.so_far().iter().map(Vec::len).sum());
        assert!(held > before);
    }
    publishers.stop();
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn a_backup_that_is_killed_leaves_nothing_that_looks_like_one() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = (dir.path().join("data"), dir.path().join("copy"));
    let server = Server::start(&data);
    let publishers = Publishers::start(&server, 1);
    publishers.wait_for_more(50);
    for delay_ms in (0..60).step_by(6) {
        let mut command = loquat(&["backup", "--data-dir", text(&data), text(&copy)]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        std::thread::park_timeout(Duration::from_millis(delay_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        if copy.exists() {
            succeed(&["check", "--data-dir", text(&copy)]);
            fs::remove_dir_all(&copy).unwrap();
        }
    }
    backup(&data, &copy);
    succeed(&["check", "--data-dir", text(&copy)]);
    publishers.stop();
}

#[test]
fn a_backup_is_for_its_owner_alone_and_holds_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = (dir.path().join("data"), dir.path().join("copy"));
    let server = Server::start(&data);
    server.http().publish("one", "message");
    fs::create_dir(&copy).unwrap();
    backup(&data, &copy);
    let mut names: Vec<_> =
        fs::read_dir(&copy).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let files =
        ["directory.sqlite", "log.sqlite", "loquat.json", "people.sqlite", "secret.key", "store.sqlite"];
    assert_eq!(names, files);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&copy), mode(&copy.join("secret.key"))), (0o700, 0o600));
    assert!(!dir.path().join("copy.part").exists());
    assert_eq!(fs::read(data.join("secret.key")).unwrap(), fs::read(copy.join("secret.key")).unwrap());
}

#[test]
fn a_stopped_server_can_be_backed_up() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = (dir.path().join("data"), dir.path().join("copy"));
    let server = Server::start(&data);
    server.http().publish("one", "message");
    server.kill();
    backup(&data, &copy);
    assert_eq!(Server::start(&copy).http().history("one")[0]["data"], "message");
}

#[test]
fn nothing_is_overwritten_and_nothing_is_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = (dir.path().join("data"), dir.path().join("copy"));
    let command = ["backup", "--data-dir", text(&data), text(&copy)];
    let missing = run(&command);
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("no data directory of loquat"), "{missing:?}");
    drop(Server::start(&data));

    fs::create_dir(&copy).unwrap();
    fs::write(copy.join("mine"), "precious").unwrap();
    let taken = run(&command);
    assert_eq!(taken.code, Some(1));
    assert!(taken.err.contains("copy: is not empty"), "{taken:?}");
    assert_eq!(fs::read_dir(&copy).unwrap().count(), 1);
    fs::remove_dir_all(&copy).unwrap();

    // What a backup left that was broken off makes way; what somebody else left does not.
    let part = dir.path().join("copy.part");
    fs::create_dir(&part).unwrap();
    fs::write(part.join("store.sqlite.partial"), "half").unwrap();
    fs::write(part.join("mine"), "precious").unwrap();
    let in_the_way = run(&command);
    assert!(in_the_way.err.contains("copy.part: is in the way"), "{in_the_way:?}");
    fs::remove_file(part.join("mine")).unwrap();
    assert_eq!(run(&command).code, Some(0));
    assert!(!part.exists());
}

#[test]
fn a_damaged_log_gives_no_backup() {
    let dir = tempfile::tempdir().unwrap();
    let (origin, data, copy) = (dir.path().join("origin"), dir.path().join("data"), dir.path().join("copy"));
    drop(Server::start(&origin));
    // Without a write-ahead log, which could make good for the damage.
    backup(&origin, &data);
    fs::write(data.join("log.sqlite"), "no database at all, but long enough to be looked at").unwrap();
    let refused = run(&["backup", "--data-dir", text(&data), text(&copy)]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("log.sqlite"), "{refused:?}");
    assert!(!copy.exists() && !dir.path().join("copy.part").exists());
}

#[test]
fn the_cluster_is_not_backed_up_here() {
    let flags = ["--log-engine", "nats", "--log-nats-servers", "nats://127.0.0.1:1"];
    for command in ["backup", "restore"] {
        let refused = run(&[&[command], &flags[..], &["somewhere"]].concat());
        assert_eq!(refused.code, Some(1));
        assert!(refused.err.contains("the messages are in the cluster"), "{refused:?}");
    }
}
