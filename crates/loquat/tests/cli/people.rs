//! People in rooms, as the running server keeps them: set up, invited, counted, backed up, restarted.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Http, KEY, PASSWORD, Person, Realtime, Server, run, succeed, text, wait_for};

/// Two people in a room: an administrator who made it, and a member who was invited.
fn two_in_a_room(server: &mut Server) -> (Person, Person, String) {
    let mut ada = Person::set_up(server, "ada");
    let room = ada.create_room("Engines");
    let code = ada.invite(&room);
    let kim = Person::sign_up(server, "kim", Some(&code));
    (ada, kim, room)
}

#[test]
fn the_set_up_link_makes_one_administrator_and_is_never_printed_again() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start(&data);
    let unused = server.set_up_code();
    let ended = server.stop();
    assert!(!ended.err.contains(&unused), "secrets are not for the log");

    let mut server = Server::start(&data);
    let code = server.set_up_code();
    let body = |code: &str, handle: &str| json!({ "code": code, "handle": handle, "name": "Ada", "password": PASSWORD });
    let mut http = Http::browser(&server.address);
    assert_eq!(http.expect(200, "GET", "/api/v1/server", &Value::Null)["needs_setup"], true);
    let (status, refused) = http.send("POST", "/api/v1/setup", &body(&unused, "eve").to_string());
    assert!((400..500).contains(&status), "the code of an earlier start: {status} {refused}");
    let made = http.expect(201, "POST", "/api/v1/setup", &body(&code, "ada"));
    assert_eq!(made["person"]["role"], "administrator");
    let mut other = Http::browser(&server.address);
    let (status, refused) = other.send("POST", "/api/v1/setup", &body(&code, "eve").to_string());
    assert!((400..500).contains(&status), "the second use: {status} {refused}");
    assert_eq!(other.expect(200, "GET", "/api/v1/server", &Value::Null)["needs_setup"], false);
    assert_eq!(server.stop().code, Some(0));

    let ended = Server::start(&data).stop();
    assert!(!ended.out.contains("setup"), "{ended:?}");
}

#[test]
fn two_people_chat_and_a_killed_server_loses_nothing_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start(&data);
    let (mut ada, mut kim, room) = two_in_a_room(&mut server);
    ada.say(&room, "hello @kim");
    ada.say(&room, "are you there?");
    wait_for("the counts", || (kim.unread(&room) == (2, 1)).then_some(()));
    assert_eq!(ada.unread(&room), (0, 0), "one's own messages are read");
    server.kill();

    let server = Server::start(&data);
    let (mut ada, mut kim) = (Person::sign_in(&server, "ada"), Person::sign_in(&server, "kim"));
    assert_eq!(kim.unread(&room), (2, 1));
    kim.http.expect(200, "PUT", &format!("/api/v1/me/rooms/{room}/read"), &json!({}));
    assert_eq!(kim.unread(&room), (0, 0));
    kim.say(&room, "yes");
    wait_for("the answer", || (ada.unread(&room) == (1, 0)).then_some(()));
    let channel = format!("{room}::$chat");
    let history = server.http().history(&channel);
    let said: Vec<_> = history.iter().map(|message| message["clientId"].as_str().unwrap()).collect();
    assert_eq!(said, [&*ada.id, &*ada.id, &*kim.id]);
}

#[test]
fn a_repeated_message_is_stored_once_with_its_first_serial() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&dir.path().join("data"));
    let mut ada = Person::set_up(&mut server, "ada");
    let room = ada.create_room("Engines");
    let path = format!("/api/v1/rooms/{room}/messages");
    let mut send = || {
        let body = json!({ "text": "once" });
        ada.http.expect_with(201, "POST", &path, "idempotency-key: the-outbox-has-it\r\n", &body)
    };
    assert_eq!(send()["serial"], send()["serial"]);
    assert_eq!(server.http().history(&format!("{room}::$chat")).len(), 1);
}

#[test]
fn whoever_leaves_or_is_removed_hears_nothing_more_within_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&dir.path().join("data"));
    let (mut ada, mut kim, room) = two_in_a_room(&mut server);
    let channel = format!("{room}::$chat");
    let mut client = Realtime::connect_with_token(&server.address, &kim.realtime_token());
    client.attach(&channel, None);
    ada.say(&room, "while kim is here");
    assert_eq!(client.messages(1).len(), 1);
    ada.http.expect(204, "DELETE", &format!("/api/v1/rooms/{room}/members/{}", kim.id), &Value::Null);
    // SEC-1 says a second; the rest is for a busy machine.
    assert!(client.is_cut_off_within(&channel, Duration::from_secs(3)), "a removed member stays attached");
    let (status, _) = kim.http.send("GET", &format!("/api/v1/rooms/{room}"), "");
    assert_eq!(status, 404, "of a private room nothing is told to others");
}

#[test]
fn people_and_keys_cannot_pass_for_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&dir.path().join("data"));
    let (mut ada, _, room) = two_in_a_room(&mut server);
    let mut key = server.http();
    let message = json!({ "name": "m", "data": "x", "clientId": ada.id }).to_string();
    let (status, refused) = key.send("POST", "/channels/anywhere/messages", &message);
    assert_eq!((status, &refused["error"]["code"]), (400, &json!(40012)), "{refused}");
    let path = format!("/channels/$me:{}/messages", ada.id);
    let (status, refused) = key.send("POST", &path, &json!({ "name": "m", "data": "x" }).to_string());
    assert_eq!((status, &refused["error"]["code"]), (401, &json!(40160)), "{refused}");
    // A script with a key of the app sees and says the same things in the room.
    let said = json!({ "name": "chat.message", "data": { "text": "from a script" }, "clientId": "script" });
    let (status, answer) = key.send("POST", &format!("/channels/{room}::$chat/messages"), &said.to_string());
    assert_eq!(status, 201, "{answer}");
    wait_for("the script's message", || (ada.unread(&room).0 == 1).then_some(()));
}

#[test]
fn a_backup_has_people_and_rooms_and_restores_them() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy, new) = (dir.path().join("data"), dir.path().join("copy"), dir.path().join("new"));
    let mut server = Server::start(&data);
    let (mut ada, mut kim, room) = two_in_a_room(&mut server);
    ada.say(&room, "before the backup");
    wait_for("the count", || (kim.unread(&room) == (1, 0)).then_some(()));
    succeed(&["backup", "--data-dir", text(&data), text(&copy)]);
    ada.say(&room, "after the backup");
    server.kill();
    succeed(&["check", "--data-dir", text(&copy)]);
    succeed(&["restore", text(&copy), "--data-dir", text(&new)]);

    let server = Server::start(&new);
    // Whether a session was ended after the backup, the backup doesn't know.
    kim.http.moved_to(&server.address).expect(401, "GET", "/api/v1/me", &serde_json::Value::Null);
    let mut kim = Person::sign_in(&server, "kim");
    assert_eq!(kim.unread(&room), (1, 0));
    Person::sign_in(&server, "ada").say(&room, "of the new epoch");
    wait_for("the count", || (kim.unread(&room) == (2, 0)).then_some(()));
}

#[test]
fn people_that_are_lost_are_not_replaced_by_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start(&data);
    Person::set_up(&mut server, "ada");
    assert_eq!(server.stop().code, Some(0));
    for suffix in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(data.join(format!("people.sqlite{suffix}"))));
    }
    for command in ["serve", "check"] {
        let refused = run(&[command, "--listen", "127.0.0.1:0", "--data-dir", text(&data)]);
        assert_eq!(refused.code, Some(1), "{command}: {refused:?}");
        assert!(refused.err.contains("people.sqlite: is missing"), "{command}: {refused:?}");
    }
    assert!(!data.join("people.sqlite").exists());
}

#[test]
fn rooms_are_in_the_app_that_is_configured() {
    let dir = tempfile::tempdir().unwrap();
    let flags = ["--root-key", KEY, "--chat-app", "talk"];
    let mut server = Server::start_with(&dir.path().join("data"), &flags);
    let mut ada = Person::set_up(&mut server, "ada");
    assert_eq!(ada.get("/server")["app"], "talk");
    let room = ada.create_room("Engines");
    ada.say(&room, "not in the app of the key");
    assert_eq!(server.http().history(&format!("{room}::$chat")), [] as [Value; 0]);
    let mut client = Realtime::connect_with_token(&server.address, &ada.realtime_token());
    client.attach(&format!("{room}::$chat"), None);
}

#[test]
fn what_the_operator_decides_about_accounts_and_rooms_holds() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start_with(&data, &["--root-key", KEY, "--accounts-sign-up", "open"]);
    Person::set_up(&mut server, "ada");
    let mut kim = Person::sign_up(&server, "kim", None);
    assert_eq!(kim.get("/me")["role"], "member");
    assert_eq!(server.stop().code, Some(0));

    let flags = ["--root-key", KEY, "--accounts-sign-up", "closed", "--chat-max-rooms-per-person", "2"];
    let server = Server::start_with(&data, &[&flags[..], &["--accounts-password-bytes-min", "30"]].concat());
    let mut ada = Person::sign_in(&server, "ada");
    let room = ada.create_room("Engines");
    let code = ada.invite(&room);
    let new = json!({ "handle": "eve", "name": "Eve", "password": PASSWORD, "invitation": code });
    let (status, refused) = Http::browser(&server.address).send("POST", "/api/v1/sign-up", &new.to_string());
    assert_eq!(status, 403, "{refused}");
    let change = json!({ "current": PASSWORD, "new": "shorter than thirty bytes" }).to_string();
    let (status, refused) = ada.http.send("PUT", "/api/v1/me/password", &change);
    assert_eq!((status, &refused["errors"][0]["field"]), (400, &json!("new")), "{refused}");
    ada.create_room("Tea");
    let third = json!({ "kind": "private", "name": "One too many" }).to_string();
    let (status, refused) = ada.http.send("POST", "/api/v1/rooms", &third);
    assert!((400..500).contains(&status), "{status} {refused}");
}

#[test]
fn the_page_comes_from_the_folder_that_is_given_and_never_in_place_of_an_api() {
    let dir = tempfile::tempdir().unwrap();
    let web = dir.path().join("web");
    std::fs::create_dir(&web).unwrap();
    std::fs::write(web.join("index.html"), "\"the page\"").unwrap();
    let flags = ["--root-key", KEY, "--web-dir", text(&web)];
    let server = Server::start_with(&dir.path().join("data"), &flags);
    let mut http = Http::browser(&server.address);
    for path in ["/", "/sign-in", "/rooms/r_aaaaaaaaaaaaaaaa", "/join/a-code"] {
        let page = http.expect_with(200, "GET", path, "accept: text/html\r\n", &Value::Null);
        assert_eq!(page, "the page", "{path}");
    }
    let missing = http.expect_with(404, "GET", "/api/v1/nothing", "accept: text/html\r\n", &Value::Null);
    assert_eq!(missing["status"], 404);
    http.expect_with(404, "GET", "/assets/nothing.js", "accept: text/html\r\n", &Value::Null);
}
