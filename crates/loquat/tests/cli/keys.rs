//! `loquat keys`, before, while and after a server runs.

use std::time::Duration;

use crate::support::{Http, Realtime, Server, run, succeed, text, wait_for};

/// A publish's status.
fn publish(server: &Server, key: &str, channel: &str) -> u16 {
    Http::connect(&server.address, key)
        .send("POST", &format!("/channels/{channel}/messages"), r#"{"data":"x"}"#)
        .0
}

#[test]
fn keys_are_made_listed_and_revoked_beside_a_running_server() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Server::start(&data);
    let created = succeed(&["keys", "create", "--data-dir", text(&data)]);
    let key = created.trim();
    let (name, secret) = key.split_once(':').expect("name and secret");
    wait_for("the new key", || (publish(&server, key, "one") == 201).then_some(()));

    let listed = succeed(&["keys", "list", "--data-dir", text(&data)]);
    assert!(listed.contains(&format!("{name}\tactive\t")) && !listed.contains(secret), "{listed}");
    let mut client = Realtime::connect(&server.address, key);
    client.attach("one", None);

    succeed(&["keys", "revoke", name, "--data-dir", text(&data)]);
    // SEC-1 says a second; the rest is for a busy machine.
    assert!(client.ends_within(Duration::from_secs(3)), "a revoked key's connection goes on");
    assert_eq!(publish(&server, key, "one"), 401);
    let listed = succeed(&["keys", "list", "--data-dir", text(&data)]);
    assert!(listed.contains(&format!("{name}\trevoked\t")), "{listed}");
    let again = run(&["keys", "revoke", name, "--data-dir", text(&data)]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("loquat keys list"), "{again:?}");
}

#[test]
fn a_key_can_do_what_it_was_made_for() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let create = ["keys", "create", "--app", "shop", "--capability", r#"{"news:*":["publish"]}"#];
    let key = succeed(&[&create[..], &["--data-dir", text(&data)]].concat());
    assert!(key.starts_with("shop."), "{key}");
    let server = Server::start_with(&data, &[]);
    assert_eq!(publish(&server, key.trim(), "news:today"), 201);
    assert_eq!(publish(&server, key.trim(), "secrets"), 401);
    let refused = run(&["keys", "create", "--data-dir", text(&data), "--capability", "everything"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("--capability"), "{refused:?}");
}

#[test]
fn the_first_key_is_shown_once_and_works_as_printed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start_with(&data, &[]);
    let line = server.line().expect("a second line");
    let key = line.trim().rsplit(' ').next().expect("a key").to_owned();
    assert_eq!(publish(&server, &key, "hello"), 201, "{line}");
    let ended = server.stop();
    assert_eq!(ended.code, Some(0));
    let secret = key.split_once(':').expect("name and secret").1;
    assert!(!ended.err.contains(secret), "secrets are not for the log");
    let server = Server::start_with(&data, &[]);
    assert_eq!(publish(&server, &key, "hello"), 201);
    assert!(!server.stop().out.contains(&key));
}
