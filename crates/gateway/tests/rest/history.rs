//! Stored messages: their fields, and the params of history.

use serde_json::json;

use crate::support::{Server, channel, named};

const PATH: &str = "/channels/c/messages";

#[tokio::test]
async fn every_field_is_filled_in() {
    let server = Server::start();
    let key = server.connection_key("conn-me", named("me"));
    let body = json!({"name": "a", "data": "x", "extras": {"headers": {"h": 1}}, "connectionKey": key});
    let published = server.post(PATH, &body).send().await.json();
    let history = server.get(PATH).send().await.json();
    let timestamp = history[0]["timestamp"].as_u64().unwrap();
    assert!(timestamp.abs_diff(loquat_node::clock::wall_ms()) < 60_000);
    let serial = published["serials"][0].clone();
    let expected = json!([{
        "id": format!("{}:0", published["messageId"].as_str().unwrap()),
        "name": "a",
        "clientId": "me",
        "connectionId": "conn-me",
        "serial": serial,
        "data": "x",
        "extras": {"headers": {"h": 1}},
        "timestamp": timestamp,
        "action": 0,
        "version": {"serial": serial, "timestamp": timestamp},
    }]);
    assert_eq!(history, expected);
}

#[tokio::test]
async fn one_message_is_found_by_its_serial() {
    let server = Server::start();
    let serials = server.publish("c", &["a".to_owned(), "b".to_owned()]).await;
    let message = server.get(&format!("{PATH}/{}", serials[1])).send().await.json();
    assert_eq!((&message["name"], &message["serial"]), (&json!("b"), &json!(serials[1])));
    let escaped = serials[1].replace(':', "%3A");
    let versions = server.get(&format!("{PATH}/{escaped}/versions")).send().await;
    assert_eq!(versions.json(), json!([message]));
    assert_eq!((versions.link("first"), versions.link("next")), (Some("versions?".to_owned()), None));
    let other_epoch = serials[1].replacen("0001", "0002", 1);
    let beyond = serials[1].replace(":001", ":002");
    let elsewhere = "0001-00000000000000ff:000".to_owned();
    for serial in [other_epoch, beyond, elsewhere, "nonsense".to_owned()] {
        for path in [format!("{PATH}/{serial}"), format!("{PATH}/{serial}/versions")] {
            assert_eq!(server.get(&path).send().await.refusal(), (404, 40400), "{path}");
        }
    }
    let stranger = format!("/channels/d/messages/{}", serials[1]);
    assert_eq!(server.get(&stranger).send().await.refusal(), (404, 40400));
}

#[tokio::test]
async fn params_are_checked() {
    let server = Server::start();
    for query in [
        "limit=0",
        "limit=1001",
        "limit=x",
        "limit=-1",
        "start=x",
        "end=1.5",
        "start=2&end=1",
        "direction=up",
        "from_serial=x",
        "cursor=x",
        "cursor=1.2.3",
        "cursor=1.2.3.10000",
        "cursor=1.2.3.4.5",
    ] {
        for path in [PATH, "/channels/c/presence/history"] {
            let reply = server.get(&format!("{path}?{query}")).send().await;
            assert_eq!(reply.refusal(), (400, 40003), "{query}");
        }
    }
    for query in ["limit=1000", "start=1&end=1", "direction=forwards", "cursor=0.0.0.0", "other=1"] {
        assert_eq!(server.get(&format!("{PATH}?{query}")).send().await.json(), json!([]), "{query}");
    }
}

#[tokio::test]
async fn the_default_is_the_newest_hundred() {
    let server = Server::start();
    let names: Vec<_> = (0..120).map(|n| n.to_string()).collect();
    server.publish("c", &names).await;
    let history = server.get(PATH).send().await;
    let expected: Vec<_> = names.iter().rev().take(100).cloned().collect();
    assert_eq!(history.field("name"), expected);
    assert_eq!(server.get(&format!("{PATH}?limit=1000")).send().await.field("name").len(), 120);
}

#[tokio::test]
async fn start_and_end_are_inclusive() {
    let server = Server::start();
    server.publish("c", &["a".to_owned()]).await;
    let at = server.get(PATH).send().await.json()[0]["timestamp"].as_u64().unwrap();
    for (start, end, count) in [(at, at, 1), (at + 1, at + 9, 0), (0, at - 1, 0), (at - 1, at + 1, 1)] {
        let history = server.get(&format!("{PATH}?start={start}&end={end}")).send().await;
        assert_eq!(history.field("name").len(), count, "{start} {end}");
    }
}

#[tokio::test]
async fn history_until_attach_ends_with_the_serial() {
    let server = Server::start();
    let mut serials = Vec::new();
    for batch in [["a", "b"], ["c", "d"], ["e", "f"]] {
        serials.push(server.publish("c", &batch.map(str::to_owned)).await);
    }
    let entry = |at: usize| serials[at][0].split(':').next().unwrap().to_owned();
    for (serial, backwards) in [
        (entry(1), "dcba"),
        (serials[1][0].clone(), "cba"),
        (serials[0][1].clone(), "ba"),
        (entry(2), "fedcba"),
        ("0001-0000000000000000".to_owned(), ""),
    ] {
        for name in ["from_serial", "fromSerial"] {
            let read =
                |direction| server.get(&format!("{PATH}?{name}={serial}&direction={direction}")).send();
            assert_eq!(read("backwards").await.field("name").concat(), backwards, "{serial}");
            let forwards: String = backwards.chars().rev().collect();
            assert_eq!(read("forwards").await.field("name").concat(), forwards, "{serial}");
        }
    }
    for unknown in ["0002-0000000000000001", "0001-00000000000000ff", "0001-00000000000000ff:000"] {
        let reply = server.get(&format!("{PATH}?from_serial={unknown}")).send().await;
        assert_eq!(reply.refusal(), (400, 90005), "{unknown}");
    }
}

#[tokio::test]
async fn links_repeat_the_params_and_never_the_credentials() {
    let server = Server::start();
    server.publish("c", &["a".to_owned(), "b".to_owned()]).await;
    let path = format!("{PATH}?key={}&limit=1&x=a,b&direction=forwards", crate::support::ROOT);
    let reply = server.call("GET", &path).send().await;
    for rel in ["first", "current", "next"] {
        let link = reply.link(rel).unwrap();
        assert!(link.starts_with("messages?limit=1&x=a%2Cb&direction=forwards&cursor="), "{link}");
        assert!(!link.contains("secret"));
    }
    assert_eq!(reply.link("first"), reply.link("current"));
    let next = server.get(&format!("/channels/c/{}", reply.link("next").unwrap())).send().await;
    assert_eq!((next.field("name"), next.link("next")), (vec!["b".to_owned()], None));
    assert_eq!(next.link("current"), reply.link("next"));
    assert_eq!(next.link("first"), reply.link("first"));
}

#[tokio::test]
async fn the_status_counts_members() {
    let server = Server::start();
    let status = server.get("/channels/c").send().await.json();
    assert_eq!((&status["channelId"], &status["status"]["isActive"]), (&json!("c"), &json!(false)));
    server.node.enter(&channel("c"), vec![crate::support::enter("me", "conn", 0)]).await.unwrap();
    let status = server.get("/channels/c").send().await.json();
    let metrics = json!({
        "connections": 0, "presenceConnections": 0, "presenceMembers": 1,
        "presenceSubscribers": 0, "publishers": 0, "subscribers": 0,
    });
    assert_eq!(status["status"], json!({"isActive": true, "occupancy": {"metrics": metrics}}));
}
