//! `loquat restore`, and what clients see that were there before.

use std::{fs, path::Path, process::Stdio, time::Duration};

use crate::support::{Publishers, Server, loquat, run, succeed, text};

/// ATTACHED: the attachment goes on where it was (specification item TR3c).
const RESUMED: u64 = 1 << 2;

fn restore(source: &Path, data: &Path) -> String {
    succeed(&["restore", text(source), "--data-dir", text(data)])
}

/// A backup of a server that has had one message.
fn small_backup(dir: &Path) -> std::path::PathBuf {
    let (data, copy) = (dir.join("data"), dir.join("copy"));
    let server = Server::start(&data);
    server.http().publish("one", "message");
    succeed(&["backup", "--data-dir", text(&data), text(&copy)]);
    copy
}

/// The serial of a message's entry, as a channelSerial has it.
fn entry(serial: &str) -> &str {
    serial.split(':').next().unwrap()
}

#[test]
fn clients_of_the_lost_tail_are_told_and_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy, new) = (dir.path().join("data"), dir.path().join("copy"), dir.path().join("new"));
    let server = Server::start(&data);
    let publishers = Publishers::start(&server, 2);
    publishers.wait_for_more(30);
    succeed(&["backup", "--data-dir", text(&data), text(&copy)]);
    publishers.wait_for_more(30);
    let all = publishers.stop();
    server.kill();
    restore(&copy, &new);

    let server = Server::start(&new);
    let mut http = server.http();
    for (number, all) in all.iter().enumerate() {
        let channel = format!("load-{number}");
        let held = http.history(&channel).len();
        assert!(held >= 30 && held < all.len());
        let lost = entry(&all[all.len() - 1].serial);
        let attached = server.realtime().attach(&channel, Some(lost));
        assert_eq!(attached["flags"].as_u64().unwrap_or(0) & RESUMED, 0, "{attached}");
        assert_ne!(attached["error"]["code"], serde_json::Value::Null, "{attached}");

        let (mut client, known) = (server.realtime(), held / 2);
        let attached = client.attach(&channel, Some(entry(&all[known].serial)));
        assert_ne!(attached["flags"].as_u64().unwrap_or(0) & RESUMED, 0, "{attached}");
        let expected: Vec<_> = all[known + 1..held].iter().map(|acked| acked.data.clone()).collect();
        assert_eq!(client.messages(expected.len()), expected);

        let serial = http.publish(&channel, "after");
        assert!(all.iter().all(|acked| acked.serial < serial), "{serial}");
        assert_eq!(client.messages(1), ["after"]);
        let history = http.history(&channel);
        assert_eq!((history.len(), &history[held]["data"]), (held + 1, &"after".into()));
        // Still lost, now that there are newer entries than the client has seen.
        let attached = server.realtime().attach(&channel, Some(lost));
        assert_eq!(attached["flags"].as_u64().unwrap_or(0) & RESUMED, 0, "{attached}");
    }
}

#[test]
fn no_serial_is_issued_twice_however_often_a_backup_is_restored() {
    let dir = tempfile::tempdir().unwrap();
    let copy = small_backup(dir.path());
    let mut last = String::new();
    for number in 0..3 {
        let new = dir.path().join(format!("new-{number}"));
        restore(&copy, &new);
        let serial = Server::start(&new).http().publish("one", "after");
        assert!(serial > last, "{serial} after {last}");
        last = serial;
    }
    let new = dir.path().join("new-9");
    let said = succeed(&["restore", text(&copy), "--data-dir", text(&new), "--min-epoch", "9"]);
    assert!(said.contains("epoch 9"), "{said}");
}

#[test]
fn a_restored_directory_keeps_keys_and_messages_and_is_sound() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy, new) = (dir.path().join("data"), dir.path().join("copy"), dir.path().join("new"));
    let key = succeed(&["keys", "create", "--data-dir", text(&data)]);
    let server = Server::start(&data);
    server.http().publish("one", "message");
    succeed(&["backup", "--data-dir", text(&data), text(&copy)]);
    drop(server);
    fs::create_dir(&new).unwrap();
    restore(&copy, &new);
    assert_eq!(fs::read(data.join("secret.key")).unwrap(), fs::read(new.join("secret.key")).unwrap());
    assert_eq!(fs::read(data.join("loquat.json")).unwrap(), fs::read(new.join("loquat.json")).unwrap());
    succeed(&["check", "--data-dir", text(&new)]);
    let server = Server::start_with(&new, &[]);
    let mut http = crate::support::Http::connect(&server.address, key.trim());
    assert_eq!(http.history("one")[0]["data"], "message");
}

#[test]
fn only_into_an_empty_directory() {
    let dir = tempfile::tempdir().unwrap();
    let copy = small_backup(dir.path());
    let data = dir.path().join("data");
    let refused = run(&["restore", text(&copy), "--data-dir", text(&data)]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("is not empty"), "{refused:?}");
    let running = Server::start(&data);
    let refused = run(&["restore", text(&copy), "--data-dir", text(&data)]);
    assert!(refused.err.contains("another loquat is running"), "{refused:?}");
    let refused = run(&["restore", text(&data), "--data-dir", text(&dir.path().join("new"))]);
    assert!(refused.err.contains("make a backup of it instead"), "{refused:?}");
    assert!(!dir.path().join("new").exists());
    assert_eq!(running.http().history("one").len(), 1);
}

#[test]
fn a_restore_that_is_killed_leaves_no_data_directory_or_a_whole_one() {
    let dir = tempfile::tempdir().unwrap();
    let copy = small_backup(dir.path());
    for delay_ms in (0..100).step_by(10) {
        let new = dir.path().join(format!("new-{delay_ms}"));
        let mut command = loquat(&["restore", text(&copy), "--data-dir", text(&new)]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        std::thread::park_timeout(Duration::from_millis(delay_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        if new.join("loquat.json").exists() {
            let serial = Server::start(&new).http().publish("one", "after");
            assert!(!serial.starts_with("0001-"), "{serial}");
        } else if new.join("log.sqlite").exists() {
            let refused = run(&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&new)]);
            assert!(refused.err.contains("is no data directory of loquat"), "{refused:?}");
        }
    }
}

#[test]
fn a_newer_or_damaged_backup_is_refused_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (copy, new) = (small_backup(dir.path()), dir.path().join("new"));
    let refuse = |expected: &str| {
        let refused = run(&["restore", text(&copy), "--data-dir", text(&new)]);
        assert_eq!(refused.code, Some(1));
        assert!(refused.err.contains(expected), "{expected}: {refused:?}");
        assert!(!new.exists());
    };
    for file in ["log.sqlite", "store.sqlite", "directory.sqlite", "people.sqlite"] {
        let sound = fs::read(copy.join(file)).unwrap();
        let mut newer = sound.clone();
        // SQLite's user_version, big-endian at byte 60 of the file.
        newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
        fs::write(copy.join(file), newer).unwrap();
        refuse("99");
        fs::write(copy.join(file), sound).unwrap();
    }
    let meta = fs::read_to_string(copy.join("loquat.json")).unwrap();
    fs::write(copy.join("loquat.json"), meta.replace("\"version\": 2", "\"version\": 99")).unwrap();
    refuse("use the newer release");
    fs::write(copy.join("loquat.json"), &meta).unwrap();

    let sound = fs::read(copy.join("store.sqlite")).unwrap();
    let mut bytes = sound.clone();
    bytes[4096..8192].fill(0xa5);
    fs::write(copy.join("store.sqlite"), bytes).unwrap();
    refuse("store.sqlite");
    fs::write(copy.join("store.sqlite"), sound).unwrap();
    fs::remove_file(copy.join("log.sqlite")).unwrap();
    refuse("log.sqlite");
}
