//! Rooms and their messages, as the chat SDKs ask for them.

use loquat_protocol::Format;
use serde_json::{Value, json};

use crate::support::{Call, Reply, Server, channel, enter};

const ROOM: &str = "/chat/v4/rooms/general/messages";

fn as_client<'a>(call: Call<'a>, client: &str) -> Call<'a> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    call.header("x-ably-clientid", &STANDARD.encode(client))
}

async fn send(server: &Server, path: &str, body: Value) -> Reply {
    as_client(server.post(path, &body), "ada").send().await
}

async fn texts(server: &Server, path: &str) -> Vec<String> {
    server.get(path).send().await.field("text")
}

#[tokio::test]
async fn a_message_comes_back_as_it_was_sent_and_as_it_is_listed() {
    let server = Server::start();
    let metadata = json!({"style": {"bold": true}, "links": [1, 2.5, null]});
    let headers = json!({"kind": "note", "count": 3, "flag": false, "none": null});
    let body = json!({"text": "hello, wörld 👋", "metadata": metadata, "headers": headers});
    let reply = send(&server, ROOM, body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let sent = reply.json();
    assert_eq!(sent["text"], "hello, wörld 👋");
    assert_eq!((&sent["metadata"], &sent["headers"]), (&metadata, &headers));
    assert_eq!((&sent["clientId"], &sent["action"]), (&json!("ada"), &json!("message.create")));
    assert_eq!(sent["version"], json!({"serial": sent["serial"], "timestamp": sent["timestamp"]}));
    assert_eq!(sent["reactions"], json!({"unique": {}, "distinct": {}, "multiple": {}}));
    assert!(sent.get("userClaim").is_none());
    let serial = sent["serial"].as_str().unwrap();
    assert_eq!(server.get(&format!("{ROOM}/{serial}")).send().await.json(), sent);
    assert_eq!(server.get(ROOM).send().await.json(), json!([sent]));
}

#[tokio::test]
async fn it_travels_in_the_rooms_channel_as_clients_expect_it() {
    let server = Server::start();
    send(&server, ROOM, json!({"text": "hi", "metadata": {"a": 1}, "headers": {"b": 2}})).await;
    send(&server, ROOM, json!({"text": "bare"})).await;
    let stored = server.get("/channels/general::$chat/messages?direction=forwards").send().await.json();
    assert_eq!(stored[0]["name"], "chat.message");
    let data: Value = serde_json::from_str(stored[0]["data"].as_str().unwrap()).unwrap();
    assert_eq!((data, &stored[0]["encoding"]), (json!({"text": "hi", "metadata": {"a": 1}}), &json!("json")));
    assert_eq!(stored[0]["extras"], json!({"headers": {"b": 2}}));
    assert_eq!(stored[0]["clientId"], "ada");
    assert!(stored[1].get("extras").is_none());
}

#[tokio::test]
async fn both_formats_say_the_same() {
    let server = Server::start();
    let body = Format::Msgpack.encode(&json!({"text": "packed", "metadata": {"n": 1}}));
    let call = as_client(server.call("POST", ROOM).key(crate::support::ROOT), "ada");
    let reply =
        call.body("application/x-msgpack", body).header("accept", "application/x-msgpack").send().await;
    assert_eq!(reply.status, 201);
    let sent: Value = reply.decode(Format::Msgpack);
    assert_eq!(server.get(ROOM).send().await.json()[0], sent);
    let listed = server.get(ROOM).header("accept", "application/x-msgpack").send().await;
    assert_eq!(listed.decode::<Value>(Format::Msgpack), json!([sent]));
}

#[tokio::test]
async fn the_list_holds_the_rooms_messages_only_and_its_pages_leave_none_out() {
    let server = Server::start();
    for count in 0..7 {
        send(&server, ROOM, json!({"text": format!("m{count}")})).await;
        let others = ["a".to_owned(), "chat.message.not".to_owned()];
        server.publish("general::$chat", &others).await;
    }
    for (direction, expected) in [("forwards", "m0 m1 m2 m3 m4 m5 m6"), ("backwards", "m6 m5 m4 m3 m2 m1 m0")]
    {
        let mut path = Some(format!("{ROOM}?limit=3&direction={direction}"));
        let (mut seen, mut pages) = (Vec::new(), 0);
        while let Some(at) = path {
            let reply = server.get(&at).send().await;
            seen.extend(reply.field("text"));
            path = reply.link("next").map(|link| format!("/chat/v4/rooms/general/{link}"));
            pages += 1;
        }
        assert_eq!((seen.join(" "), pages), (expected.to_owned(), 3));
    }
}

#[tokio::test]
async fn a_room_full_of_other_things_is_walked_in_bounded_pages() {
    let server = Server::start();
    send(&server, ROOM, json!({"text": "oldest"})).await;
    let names: Vec<String> = (0..20).map(|count| format!("{count}{}", "x".repeat(3_000))).collect();
    for _ in 0..150 {
        server.publish("general::$chat", &names).await;
    }
    let first = server.get(ROOM).send().await;
    assert_eq!(first.field("text"), Vec::<String>::new());
    let mut next = first.link("next");
    let mut seen = Vec::new();
    while let Some(link) = next {
        let reply = server.get(&format!("/chat/v4/rooms/general/{link}")).send().await;
        seen.extend(reply.field("text"));
        next = reply.link("next");
    }
    assert_eq!(seen, ["oldest"]);
}

#[tokio::test]
async fn a_span_of_time_and_a_serial_bound_the_list() {
    let server = Server::start();
    let mut sent = Vec::new();
    for text in ["one", "two", "three"] {
        sent.push(send(&server, ROOM, json!({ "text": text })).await.json());
    }
    let serial = sent[1]["serial"].as_str().unwrap();
    assert_eq!(texts(&server, &format!("{ROOM}?fromSerial={serial}")).await, ["two", "one"]);
    let later = sent[2]["timestamp"].as_u64().unwrap() + 1;
    assert!(texts(&server, &format!("{ROOM}?start={later}")).await.is_empty());
    assert_eq!(texts(&server, &format!("{ROOM}?end={later}&limit=1")).await, ["three"]);
    for bad in
        ["limit=0", "limit=1001", "direction=up", "start=x", "start=2&end=1", "fromSerial=x", "cursor=x"]
    {
        assert_eq!(server.get(&format!("{ROOM}?{bad}")).send().await.refusal(), (400, 40003), "{bad}");
    }
}

#[tokio::test]
async fn a_second_send_with_the_same_key_is_the_first_one() {
    let server = Server::start();
    let path = format!("{ROOM}?idempotencyKey=a%2Bb%2Fc%3D%3D");
    let first = send(&server, &path, json!({"text": "once", "headers": {"k": 1}})).await;
    let again = send(&server, &path, json!({"text": "once"})).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(again.json(), first.json());
    assert_eq!(texts(&server, ROOM).await, ["once"]);
    let other = as_client(server.post(&path, &json!({"text": "mine"})), "eve").send().await;
    assert_eq!(other.refusal(), (422, 41062));
    let elsewhere = path.replace("general", "other");
    assert_eq!(send(&server, &elsewhere, json!({"text": "here too"})).await.status, 201);
    for key in ["", &"k".repeat(257)] {
        let path = format!("{ROOM}?idempotencyKey={key}");
        assert_eq!(send(&server, &path, json!({"text": "x"})).await.refusal(), (400, 40031));
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused_by_name() {
    let server = Server::start();
    for (body, word) in [
        (json!({}), "'text'"),
        (json!({"text": ""}), "'text'"),
        (json!({"text": 7}), "'text'"),
        (json!({"text": "x", "metadata": "m"}), "'metadata'"),
        (json!({"text": "x", "metadata": [1]}), "'metadata'"),
        (json!({"text": "x", "headers": 1}), "'headers'"),
        (json!({"text": "x", "headers": {"deep": {}}}), "'deep'"),
        (json!({"text": "x", "headers": {"list": []}}), "'list'"),
    ] {
        let reply = send(&server, ROOM, body.clone()).await;
        assert_eq!(reply.refusal(), (400, 40003), "{body}");
        assert!(reply.text().contains(word), "{}", reply.text());
    }
    for body in [json!([]), json!(["x", null, null]), json!("text"), json!(null)] {
        assert_eq!(send(&server, ROOM, body).await.refusal(), (400, 40000));
    }
    let large = json!({"text": "x".repeat(65_536)});
    assert_eq!(send(&server, ROOM, large).await.refusal(), (400, 40009));
    assert_eq!(server.post(ROOM, &json!({"text": "x"})).send().await.refusal(), (400, 40012));
    assert!(texts(&server, ROOM).await.is_empty());
}

#[tokio::test]
async fn names_of_rooms_are_percent_encoded_and_checked() {
    let server = Server::start();
    for (path, channel) in [
        ("a%2Fb", "a%2Fb"),
        ("dms:ada:grace", "dms:ada:grace"),
        ("%E6%97%A5%20%25", "%E6%97%A5%20%25"),
        ("x::$chat", "x::$chat"),
        ("%20x%20", "%20x%20"),
    ] {
        let path = format!("/chat/v4/rooms/{path}/messages");
        let sent = send(&server, &path, json!({"text": "x"})).await.json();
        let channel = format!("/channels/{channel}::$chat/messages");
        assert_eq!(server.get(&channel).send().await.json()[0]["serial"], sent["serial"], "{path}");
    }
    for room in [":x", "[meta]x", "x%00", "%0A", "%E2%80%A8", &"x".repeat(2_045)] {
        let reply = send(&server, &format!("/chat/v4/rooms/{room}/messages"), json!({"text": "x"})).await;
        assert_eq!(reply.refusal(), (400, 40010), "{room}");
    }
}

#[tokio::test]
async fn a_room_needs_the_right_for_each_thing() {
    let server = Server::start();
    let key = server
        .key(r#"{"reads": ["history"], "writes::$chat": ["publish"], "counts:*": ["channel-metadata"]}"#);
    let refused = (401, 40160);
    for (room, list, write, count) in [
        ("reads", true, false, false),
        ("writes", false, true, false),
        ("counts:a", false, false, true),
        ("none", false, false, false),
    ] {
        let path = format!("/chat/v4/rooms/{room}");
        let messages = format!("{path}/messages");
        let check = |reply: Reply, allowed: bool, what: &str| match allowed {
            true => assert!(reply.status.is_success(), "{what} {room} {reply:?}"),
            false => assert_eq!(reply.refusal(), refused, "{what} {room}"),
        };
        check(server.call("GET", &messages).key(&key).send().await, list, "list");
        let post = server.call("POST", &messages).key(&key).json(&json!({"text": "x"}));
        check(as_client(post, "ada").send().await, write, "send");
        check(server.call("GET", &format!("{path}/occupancy")).key(&key).send().await, count, "count");
        if !list {
            check(server.call("GET", &format!("{messages}/x")).key(&key).send().await, false, "get");
        }
    }
    assert_eq!(server.call("GET", ROOM).send().await.refusal(), (401, 40100));
}

#[tokio::test]
async fn a_message_that_is_not_there_is_not_found() {
    let server = Server::start();
    let [other] = server.publish("general::$chat", &["other".to_owned()]).await.try_into().unwrap();
    let elsewhere = send(&server, "/chat/v4/rooms/b/messages", json!({"text": "x"})).await.json();
    for serial in ["nothing", &other, elsewhere["serial"].as_str().unwrap(), "a%2Fb"] {
        assert_eq!(server.get(&format!("{ROOM}/{serial}")).send().await.refusal(), (404, 40400), "{serial}");
    }
}

#[tokio::test]
async fn occupancy_counts_members() {
    let server = Server::start();
    let path = "/chat/v4/rooms/general/occupancy";
    assert_eq!(server.get(path).send().await.json(), json!({"connections": 0, "presenceMembers": 0}));
    let members = vec![enter("ada", "c1", 0), enter("bob", "c1", 1)];
    server.node.enter(&channel("general::$chat"), members).await.unwrap();
    assert_eq!(server.get(path).send().await.json(), json!({"connections": 0, "presenceMembers": 2}));
}

#[tokio::test]
async fn what_comes_later_says_so_at_once() {
    let server = Server::start();
    let sent = send(&server, ROOM, json!({"text": "x"})).await.json();
    let message = format!("{ROOM}/{}", sent["serial"].as_str().unwrap());
    for (method, path, word) in [
        ("PUT", message.clone(), "changed"),
        ("POST", format!("{message}/delete"), "deleted"),
        ("GET", format!("{message}/versions"), "versions"),
        ("POST", format!("{message}/reactions"), "reactions"),
        ("DELETE", format!("{message}/reactions?type=unique"), "reactions"),
        ("GET", format!("{message}/client-reactions"), "reactions"),
    ] {
        let reply = server.call(method, &path).key(crate::support::ROOT).send().await;
        assert_eq!(reply.refusal(), (501, 50100), "{method} {path}");
        assert!(reply.text().contains(word), "{}", reply.text());
        assert_eq!(server.call(method, &path).send().await.refusal(), (401, 40100));
    }
    assert_eq!(server.get("/chat/v4/nothing").send().await.refusal(), (404, 40400));
    assert_eq!(server.call("PATCH", ROOM).key(crate::support::ROOT).send().await.refusal(), (405, 40500));
}
