//! `loquat users`, before, while and after a server runs.

use std::time::Duration;

use serde_json::json;

use crate::support::{
    PASSWORD, Person, Realtime, Server, Terminal, loquat, run, run_with_input, succeed, text, wait_for,
};

/// Arguments with the data directory behind them.
fn users<'a>(data: &'a std::path::Path, arguments: &[&'a str]) -> Vec<&'a str> {
    [&["users"], arguments, &["--data-dir", text(data)]].concat()
}

#[track_caller]
fn create(data: &std::path::Path, handle: &str, role: &str) {
    let arguments = ["create", "--handle", handle, "--name", handle, "--role", role, "--password-stdin"];
    let made = run_with_input(&users(data, &arguments), &format!("{PASSWORD}\n"));
    assert_eq!(made.code, Some(0), "{made:?}");
}

/// Status and error code of a sign-in.
fn sign_in(server: &Server, login: &str, password: &str) -> u16 {
    let body = json!({ "login": login, "password": password });
    crate::support::Http::browser(&server.address).send("POST", "/api/v1/sign-in", &body.to_string()).0
}

#[test]
fn an_account_made_before_the_first_start_signs_in() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    create(&data, "ada", "administrator");
    let server = Server::start(&data);
    let mut ada = Person::sign_in(&server, "ada");
    assert_eq!(ada.get("/me")["role"], "administrator");
    assert_eq!(ada.get("/server")["needs_setup"], false);
    let ended = server.stop();
    assert!(!ended.out.contains("setup"), "{ended:?}");
    let listed = succeed(&users(&data, &["list"]));
    assert!(listed.contains("ada\tadministrator\tactive\tada"), "{listed}");
    assert!(!listed.contains("argon2"), "{listed}");
}

#[test]
fn what_is_changed_beside_a_running_server_holds_within_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    create(&data, "ada", "administrator");
    let server = Server::start(&data);
    create(&data, "kim", "member");
    let mut kim = Person::sign_in(&server, "kim");
    let client = Realtime::connect_with_token(&server.address, &kim.realtime_token());
    succeed(&users(&data, &["deactivate", "kim"]));
    // SEC-1 says a second; the rest is for a busy machine.
    assert!(client.ends_within(Duration::from_secs(3)), "a deactivated person's connection goes on");
    assert_eq!(kim.http.send("GET", "/api/v1/me", "").0, 401);
    assert_eq!(sign_in(&server, "kim", PASSWORD), 403, "only the right password is told of it");
    assert_eq!(sign_in(&server, "kim", "a wrong password"), 401);
    assert!(succeed(&users(&data, &["list"])).contains("kim\tmember\tdeactivated\t"));

    succeed(&users(&data, &["reactivate", "kim"]));
    wait_for("the account", || (sign_in(&server, "kim", PASSWORD) == 200).then_some(()));
    succeed(&users(&data, &["role", "kim", "administrator"]));
    let mut kim = Person::sign_in(&server, "kim");
    wait_for("the role", || (kim.get("/me")["role"] == "administrator").then_some(()));
}

#[test]
fn a_new_password_and_the_end_of_sessions_sign_a_person_out() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    create(&data, "ada", "administrator");
    let server = Server::start(&data);
    for command in ["sessions", "set-password"] {
        let mut ada = Person::sign_in(&server, "ada");
        let client = Realtime::connect_with_token(&server.address, &ada.realtime_token());
        if command == "sessions" {
            succeed(&users(&data, &["sessions", "end", "ada"]));
        } else {
            let changed = run_with_input(
                &users(&data, &["set-password", "ada", "--password-stdin"]),
                "quite another password\n",
            );
            assert_eq!(changed.code, Some(0), "{changed:?}");
        }
        assert!(client.ends_within(Duration::from_secs(3)), "{command}: the connection goes on");
        assert_eq!(ada.http.send("GET", "/api/v1/me", "").0, 401, "{command}");
    }
    assert_eq!(sign_in(&server, "ada", PASSWORD), 401);
    assert_eq!(sign_in(&server, "ada", "quite another password"), 200);
}

#[test]
fn what_cannot_be_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    create(&data, "ada", "administrator");
    let refused = |arguments: &[&str], input: &str, words: &str| {
        let ended = run_with_input(&users(&data, arguments), input);
        assert_eq!(ended.code, Some(1), "{arguments:?}: {ended:?}");
        assert!(ended.err.contains(words), "{arguments:?}: {ended:?}");
        assert!(!ended.err.contains("secret-of-mine"), "{arguments:?}: {ended:?}");
    };
    let create = |handle| ["create", "--handle", handle, "--name", "x", "--password-stdin"];
    refused(&create("Ada"), "secret-of-mine", "handle");
    refused(&create("a b"), "secret-of-mine", "handle");
    refused(&create("all"), "secret-of-mine", "reserved");
    refused(&create("kim"), "short", "password");
    refused(&create("kim"), "", "password");
    refused(&["set-password", "nobody", "--password-stdin"], "secret-of-mine", "nobody");
    refused(&["deactivate", "nobody"], "", "loquat users list");
    refused(&["deactivate", "ada"], "", "administrator");
    refused(&["role", "ada", "member"], "", "administrator");
    let shown = run(&users(&data, &["create", "--handle", "kim", "--name", "x", "--password", "secret"]));
    assert_eq!(shown.code, Some(2), "a password is never a flag: {shown:?}");
    let listed = succeed(&users(&data, &["list"]));
    assert_eq!(listed.lines().count(), 1, "{listed}");
    let missing = dir.path().join("missing");
    let nothing = run(&["users", "list", "--data-dir", text(&missing)]);
    assert_eq!(nothing.code, Some(1), "{nothing:?}");
    assert!(!missing.exists(), "looking makes nothing");
}

#[test]
fn a_password_is_asked_for_twice_and_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    create(&data, "ada", "administrator");
    for (once_more, code, words) in [("something else", 1, "differ"), ("a typed secret", 0, "new password")] {
        let mut terminal = Terminal::start(loquat(&users(&data, &["set-password", "ada"])));
        terminal.answer_unseen("Password: ", "a typed secret");
        terminal.answer_unseen("Once more: ", once_more);
        let (ended, seen) = terminal.end();
        assert_eq!(ended, Some(code), "{seen}");
        assert!(seen.contains(words), "{seen}");
        assert!(!seen.contains("a typed secret"), "{seen}");
    }
    let server = Server::start(&data);
    assert_eq!(sign_in(&server, "ada", "a typed secret"), 200);
}
