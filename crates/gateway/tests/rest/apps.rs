//! Throw-away apps.

use loquat_protocol::Format;
use serde_json::{Value, json};

use crate::support::{ROOT, Server};

fn fixture() -> Value {
    json!({
        "keys": [
            {},
            {"capability": r#"{"c:*":["subscribe"],"d":["publish"]}"#, "revocableTokens": true},
            {"capability": {"d": ["history"]}},
        ],
        "namespaces": [{"id": "persisted", "persisted": true}, {"id": "push", "pushEnabled": true}],
        "channels": [{"name": "persisted:presence", "presence": [
            {"clientId": "bool", "data": "true"},
            {"clientId": "json", "data": "{\"a\":1}", "encoding": "json"},
            {"clientId": "bytes", "data": "AJ//", "encoding": "base64"},
        ]}],
    })
}

#[tokio::test]
async fn an_app_has_what_was_asked_for() {
    let server = Server::start();
    let call = server.call("POST", "/apps").json(&fixture()).header("host", "example.org:8080");
    let reply = call.send().await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let app = reply.json();
    let id = app["appId"].as_str().unwrap();
    assert_eq!((&app["namespaces"], &app["endpoint"]), (&fixture()["namespaces"], &json!("example.org")));
    assert_eq!((&app["port"], &app["tls"]), (&json!(8080), &json!(false)));
    assert!(app["accountId"].is_string());
    let keys = app["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 3);
    let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
    for key in keys {
        assert_eq!(text(key, "keyName"), format!("{id}.{}", text(key, "id")));
        assert_eq!(text(key, "keyStr"), format!("{}:{}", text(key, "keyName"), text(key, "keySecret")));
        assert_eq!(key["value"], key["keySecret"]);
        let granted: Value = serde_json::from_str(&text(key, "capability")).unwrap();
        assert!(granted.is_object());
    }
    assert_eq!(keys[0]["capability"], json!(r#"{"*":["*"]}"#));
    assert_eq!(keys[1]["capability"], json!(r#"{"c:*":["subscribe"],"d":["publish"]}"#));
    assert_eq!((&keys[1]["revocableTokens"], &keys[0]["revocableTokens"]), (&json!(true), &Value::Null));
    assert_ne!(keys[0]["value"], keys[1]["value"]);
    let publish = |at: usize| {
        server
            .call("POST", "/channels/d/messages")
            .key(keys[at]["keyStr"].as_str().unwrap())
            .json(&json!({}))
            .send()
    };
    assert_eq!(
        (publish(0).await.status, publish(1).await.status),
        (201.try_into().unwrap(), 201.try_into().unwrap())
    );
    assert_eq!(publish(2).await.refusal(), (401, 40160));
}

#[tokio::test]
async fn fixtures_are_present_from_the_first_moment_and_kept() {
    let server = Server::start();
    let app = server.call("POST", "/apps").json(&fixture()).send().await.json();
    let key = app["keys"][0]["keyStr"].as_str().unwrap();
    for path in ["presence", "presence/history"] {
        let reply =
            server.call("GET", &format!("/channels/persisted%3Apresence/{path}")).key(key).send().await;
        let mut clients = reply.field("clientId");
        clients.sort();
        assert_eq!(clients, ["bool", "bytes", "json"], "{path}");
        let members = reply.json();
        let bytes = members.as_array().unwrap().iter().find(|m| m["clientId"] == "bytes").unwrap();
        assert_eq!((&bytes["data"], &bytes["encoding"]), (&json!("AJ//"), &json!("base64")));
        assert_eq!(bytes["connectionId"], json!(format!("fixture-{}", app["appId"].as_str().unwrap())));
    }
    let far = server.node.clock().now();
    let far = loquat_core::Now { mono_ms: far.mono_ms + 86_400_000, ..far };
    assert!(server.node.presence().overdue(far.mono_ms).is_empty());
}

#[tokio::test]
async fn an_app_is_removed_by_its_own_key() {
    let server = Server::start();
    let app = server.call("POST", "/apps").json(&fixture()).send().await.json();
    let (id, key) = (app["appId"].as_str().unwrap(), app["keys"][0]["keyStr"].as_str().unwrap());
    let path = format!("/apps/{id}");
    assert_eq!(server.call("DELETE", &path).send().await.refusal(), (401, 40100));
    assert_eq!(server.call("DELETE", &path).key(ROOT).send().await.refusal(), (403, 40300));
    let name = key.split(':').next().unwrap();
    let token =
        server.call("POST", &format!("/keys/{name}/requestToken")).key(key).json(&json!({})).send().await;
    let bearer = format!("Bearer {}", token.json()["token"].as_str().unwrap());
    let by_token = server.call("DELETE", &path).header("authorization", &bearer).send().await;
    assert_eq!(by_token.refusal(), (403, 40300));
    assert_eq!(server.call("DELETE", &path).key(key).send().await.status, 204);
    assert_eq!(server.call("GET", "/channels/c/messages").key(key).send().await.refusal(), (404, 40400));
    assert_eq!(server.node.presence().total(), 0);
    assert_eq!(server.call("DELETE", "/apps/app").key(ROOT).send().await.refusal(), (409, 40900));
}

#[tokio::test]
async fn bad_apps_are_refused_and_leave_nothing() {
    let server = Server::start();
    for (body, refusal) in [
        (json!({"keys": [{"capability": "{"}]}), (400, 40000)),
        (json!({"keys": [{"capability": {"c": ["fly"]}}]}), (400, 40000)),
        (json!({"keys": vec![json!({}); 201]}), (400, 40000)),
        (json!({"keys": [{}], "channels": [{"name": ":c"}]}), (400, 40010)),
        (
            json!({"keys": [{}], "channels": [{"name": "c", "presence": [{"clientId": "a"}]},
                                           {"name": "d", "presence": [{"data": 7}]}]}),
            (400, 40013),
        ),
        (json!([]).as_array().map(|_| json!("text")).unwrap(), (400, 40000)),
    ] {
        assert_eq!(server.call("POST", "/apps").json(&body).send().await.refusal(), refusal, "{body}");
    }
    assert_eq!(server.node.presence().total(), 0);
    assert!(server.node.authenticator().keys().unwrap().is_empty());
}

#[tokio::test]
async fn without_the_sandbox_there_are_no_apps_to_make() {
    let server = Server::with(false, 1 << 20);
    assert_eq!(server.call("POST", "/apps").json(&fixture()).send().await.refusal(), (404, 40400));
    assert_eq!(server.call("DELETE", "/apps/app").key(ROOT).send().await.refusal(), (404, 40400));
    let msgpack = server.call("POST", "/apps?format=msgpack").json(&fixture()).send().await;
    assert_eq!(msgpack.decode::<Value>(Format::Msgpack)["error"]["code"], 40400);
}
