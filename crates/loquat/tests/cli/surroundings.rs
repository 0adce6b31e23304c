//! The running server and what stands around it: proxies in front, and whoever watches its numbers.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
};

use serde_json::{Value, json};

use crate::support::{Http, KEY, PASSWORD, Person, Server, wait_for};

#[test]
fn behind_a_trusted_proxy_sessions_have_their_own_addresses_and_tls() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let sign_in = |server: &Server, headers: &str| {
        let mut http = Http::browser(&server.address);
        let body = json!({ "login": "ada", "password": PASSWORD });
        // The page's origin is the proxy's, by TLS.
        let origin = format!("origin: https://{}\r\n", server.address);
        http.replace_identity(&origin);
        http.expect_with(200, "POST", "/api/v1/sign-in", headers, &body);
        let sessions = http.expect_with(200, "GET", "/api/v1/me/sessions", headers, &Value::Null);
        let current = sessions["items"].as_array().unwrap().iter().find(|session| session["current"] == true);
        (current.unwrap()["address"].as_str().unwrap().to_owned(), http.cookie_line())
    };
    let hops = "x-forwarded-for: 203.0.113.9, 2001:db8::7\r\nx-forwarded-proto: https\r\n";
    let mut server = Server::start_with(&data, &["--root-key", KEY, "--trusted-proxies", "127.0.0.0/8"]);
    Person::set_up(&mut server, "ada");
    let (address, cookie) = sign_in(&server, hops);
    assert_eq!(address, "2001:db8::7");
    assert!(cookie.starts_with("__Host-loquat_session=") && cookie.contains("; Secure"), "{cookie}");
    assert_eq!(server.stop().code, Some(0));

    let server = Server::start(&data);
    let mut http = Http::browser(&server.address);
    let body = json!({ "login": "ada", "password": PASSWORD });
    http.expect_with(200, "POST", "/api/v1/sign-in", hops, &body);
    assert!(http.cookie_line().starts_with("loquat_session="), "{}", http.cookie_line());
    let sessions = http.expect_with(200, "GET", "/api/v1/me/sessions", hops, &Value::Null);
    let current = sessions["items"].as_array().unwrap().iter().find(|session| session["current"] == true);
    assert_eq!(current.unwrap()["address"], "127.0.0.1");
}

/// The metrics' text.
fn metrics(address: &SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).expect("the metrics have a listener");
    stream.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_people_do_shows_in_the_metrics() {
    let dir = tempfile::tempdir().unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listen = address.to_string();
    let flags = ["--root-key", KEY, "--metrics-listen", &listen];
    let mut server = Server::start_with(&dir.path().join("data"), &flags);
    let mut ada = Person::set_up(&mut server, "ada");
    let room = ada.create_room("Engines");
    let code = ada.invite(&room);
    let mut kim = Person::sign_up(&server, "kim", Some(&code));
    let wrong = json!({ "login": "ada", "password": "not that one" }).to_string();
    Http::browser(&server.address).send("POST", "/api/v1/sign-in", &wrong);
    ada.say(&room, "hello");
    wait_for("the count", || (kim.unread(&room) == (1, 0)).then_some(()));
    kim.http.expect(200, "PUT", &format!("/api/v1/me/rooms/{room}/read"), &json!({}));
    kim.http.send("GET", "/api/v1/nothing/of/that/kind", "");
    let text = metrics(&address);
    for line in [
        "loquat_chat_sign_ins_total{result=\"wrong\"} 1",
        "loquat_chat_accounts_made_total 1",
        "loquat_chat_messages_counted_total 1",
        "loquat_chat_read_markers_moved_total 1",
        "loquat_api_requests_total{route=\"entrance\",status=\"401\"} 1",
        "loquat_api_requests_total{route=\"messages\",status=\"201\"} 1",
        "loquat_api_requests_total{route=\"other\",status=\"404\"} 1",
        "loquat_api_request_seconds_count{route=\"rooms\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
    assert!(!text.contains(&room) && !text.contains("nothing/of"), "paths are no labels");
}
