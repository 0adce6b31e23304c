//! Publishing over REST.

use bytes::Bytes;
use loquat_auth::ClientIdentity;
use loquat_protocol::{Data, Format, Message};
use serde_json::{Value, json};

use crate::support::{Server, named};

const PATH: &str = "/channels/c/messages";

#[tokio::test]
async fn one_message_or_several_are_published_and_numbered() {
    let server = Server::start();
    let one = server.post(PATH, &json!({"name": "a", "data": "x"})).send().await;
    assert_eq!((one.status.as_u16(), &one.json()["channel"]), (201, &json!("c")));
    let many =
        server.post(&format!("{PATH}?quickAck=true"), &json!([{"name": "b"}, {"name": "c"}])).send().await;
    let many = many.json();
    assert_eq!(many["serials"].as_array().unwrap().len(), 2);
    let history = server.get(PATH).send().await;
    assert_eq!(history.field("name"), ["c", "b", "a"]);
    let base = many["messageId"].as_str().unwrap();
    let ids = history.field("id");
    assert_eq!(&ids[..2], [format!("{base}:1"), format!("{base}:0")]);
    let serials = history.field("serial");
    assert_eq!(json!([serials[1], serials[0]]), many["serials"]);
    assert!(serials.windows(2).all(|pair| pair[0] > pair[1]));
}

#[tokio::test]
async fn an_id_is_stored_once_and_keeps_its_serial() {
    let server = Server::start();
    let send = |id: &'static str| server.post(PATH, &json!({"id": id, "name": "a"})).send();
    let (first, again, other) = (send("x:0").await, send("x:0").await, send("y").await);
    assert_eq!(first.json(), again.json());
    assert_eq!((&first.json()["messageId"], &other.json()["messageId"]), (&json!("x"), &json!("y")));
    let batch = json!([{"id": "b:0"}, {"id": "b:1"}]);
    let (first, again) = (server.post(PATH, &batch).send().await, server.post(PATH, &batch).send().await);
    assert_eq!((first.json(), first.status), (again.json(), again.status));
    assert_eq!(server.get(PATH).send().await.field("id"), ["b:1", "b:0", "y", "x:0"]);
}

#[tokio::test]
async fn payloads_cross_the_formats() {
    let server = Server::start();
    let messages = [
        Message { data: Data::Binary(Bytes::from_static(&[0, 159, 255])), ..Message::default() },
        Message { data: Data::Text("text".to_owned()), ..Message::default() },
    ];
    let reply = server.call("POST", PATH).key(crate::support::ROOT).msgpack(&messages).send().await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    server.post(PATH, &json!({"data": "AJ//", "encoding": "base64"})).send().await;
    server.post(PATH, &json!({"data": {"a": [1]}})).send().await;

    let json = server.get(&format!("{PATH}?direction=forwards")).send().await.json();
    assert_eq!((&json[0]["data"], &json[0]["encoding"]), (&json!("AJ//"), &json!("base64")));
    assert_eq!((&json[1]["data"], &json[1]["encoding"]), (&json!("text"), &Value::Null));
    assert_eq!(json[2]["data"], json[0]["data"]);
    assert_eq!((&json[3]["data"], &json[3]["encoding"]), (&json!("{\"a\":[1]}"), &json!("json")));
    let packed = server.get(&format!("{PATH}?direction=forwards&format=msgpack")).send().await;
    let packed: Vec<Message> = packed.decode(Format::Msgpack);
    assert_eq!(packed[0].data, messages[0].data);
    assert_eq!((&packed[2].data, &packed[2].encoding), (&messages[0].data, &None));
}

#[tokio::test]
async fn a_message_can_be_published_on_behalf_of_a_connection() {
    let server = Server::start();
    let post = |body| server.post(PATH, &body).send();
    let me = server.connection_key("conn-me", named("me"));
    assert_eq!(post(json!({"name": "a", "connectionKey": me})).await.status, 201);
    assert_eq!(
        post(json!({"name": "b", "connectionKey": me, "clientId": "you"})).await.refusal(),
        (400, 40012)
    );
    let any = server.connection_key("conn-any", ClientIdentity::Any);
    assert_eq!(post(json!({"name": "c", "connectionKey": any, "clientId": "you"})).await.status, 201);
    let nobody = server.connection_key("conn-nobody", ClientIdentity::Anonymous);
    assert_eq!(post(json!({"name": "d", "connectionKey": nobody})).await.status, 201);
    assert_eq!(post(json!({"connectionKey": nobody, "clientId": "you"})).await.refusal(), (400, 40012));

    assert_eq!(post(json!({"connectionKey": "nonsense"})).await.refusal(), (400, 40006));
    assert_eq!(post(json!([{"connectionKey": me}, {}])).await.refusal(), (400, 40006));
    let stranger = server.key(r#"{"*":["publish"]}"#);
    let body = json!({"connectionKey": me});
    let reply = server.call("POST", PATH).key(&stranger).json(&body).send().await;
    assert_eq!(reply.refusal(), (400, 40006));
    let id = loquat_protocol::ConnectionId::from_trusted("conn-me");
    server.node.registry().closed(&id, server.node.clock().now().mono_ms);
    assert_eq!(post(json!({"connectionKey": me})).await.refusal(), (400, 40006));

    let history = server.get(&format!("{PATH}?direction=forwards")).send().await;
    assert_eq!(history.field("connectionId"), ["conn-me", "conn-any", "conn-nobody"]);
    assert_eq!(history.field("clientId"), ["me", "you", ""]);
    assert!(!history.text().contains("connectionKey"));
}

#[tokio::test]
async fn a_token_cannot_speak_for_anothers_connection() {
    let server = Server::start();
    let details = server.post("/keys/app.root/requestToken", &json!({"clientId": "you"})).send().await.json();
    let bearer = format!("Bearer {}", details["token"].as_str().unwrap());
    let me = server.connection_key("conn-me", named("me"));
    let call = server.post(PATH, &json!({"connectionKey": me})).header("authorization", &bearer);
    assert_eq!(call.send().await.refusal(), (401, 40102));
}

#[tokio::test]
async fn ephemeral_messages_are_not_stored() {
    let server = Server::start();
    let ephemeral = json!({"name": "typing", "extras": {"ephemeral": true}});
    let reply = server.post(PATH, &ephemeral).send().await;
    assert_eq!((reply.status.as_u16(), &reply.json()["serials"]), (201, &json!([null])));
    assert_eq!(server.post(PATH, &json!([ephemeral, {"name": "a"}])).send().await.refusal(), (400, 40032));
    let by_param =
        server.post(&format!("{PATH}?ephemeral=true"), &json!([{"name": "a"}, {"extras": {"headers": {}}}]));
    assert_eq!(by_param.send().await.json()["serials"], json!([null, null]));
    assert_eq!(server.get(PATH).send().await.json(), json!([]));
}

#[tokio::test]
async fn a_form_is_one_message() {
    let server = Server::start();
    for content_type in
        ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=utf-8"]
    {
        let post = server.call("POST", PATH).key(crate::support::ROOT);
        let reply =
            post.body(content_type, b"name=a+b&data=%7B%22c%22%3A1%7D&encoding=json&data=second".to_vec());
        assert_eq!(reply.send().await.status, 201);
    }
    let history = server.get(PATH).send().await.json();
    assert_eq!(
        (&history[1]["name"], &history[1]["data"], &history[1]["encoding"]),
        (&json!("a b"), &json!(r#"{"c":1}"#), &json!("json"))
    );
    let other = server.call("POST", PATH).key(crate::support::ROOT).body("text/plain", b"name=a".to_vec());
    assert_eq!(other.send().await.refusal(), (415, 41500));
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_not_stored() {
    let server = Server::start();
    let large = "x".repeat(server.node.limits().message_bytes_max + 1);
    for (body, refusal) in [
        (json!({"data": large}), (400, 40009)),
        (json!({"data": 7}), (400, 40013)),
        (json!({"data": "***", "encoding": "base64"}), (400, 40013)),
        (json!({"extras": "x"}), (400, 40032)),
        (json!({"clientId": "*"}), (400, 40012)),
        (json!({"id": ""}), (400, 40031)),
        (json!([{"id": "a:0"}, {}]), (400, 40031)),
        (json!([{"id": "a:0"}, {"id": "a:0"}]), (400, 40031)),
        (json!({"action": 1, "serial": "x"}), (501, 50100)),
        (Value::from(vec![json!({}); 1_001]), (400, 40009)),
    ] {
        let reply = server.post(PATH, &body).send().await;
        assert_eq!(reply.refusal(), refusal, "{}", reply.text());
    }
    assert_eq!(server.get(PATH).send().await.json(), json!([]));
}

#[tokio::test]
async fn channel_names_are_percent_encoded_and_checked() {
    let server = Server::start();
    for name in ["a/b:c", "\u{3b3}\u{1f600}", "50%", " a b+c ", "a\tb", "a,b?&="] {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let path = format!("/channels/{encoded}/messages");
        let reply = server.post(&path, &json!({"name": "a"})).send().await;
        assert_eq!(reply.json()["channel"], json!(name));
        assert_eq!(server.get(&path).send().await.field("name"), ["a"]);
    }
    for (name, refusal) in
        [("%3Aa", (400, 40010)), ("%5Bmeta%5Da", (400, 40010)), ("a%00", (400, 40010)), ("%ff", (400, 40000))]
    {
        let reply = server.post(&format!("/channels/{name}/messages"), &json!({"name": "a"})).send().await;
        assert_eq!(reply.refusal(), refusal, "{name}");
    }
    let long = format!("/channels/{}/messages", "x".repeat(2_049));
    assert_eq!(server.get(&long).send().await.refusal(), (400, 40010));
}
