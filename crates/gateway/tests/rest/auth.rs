//! Who may ask, and for what.

use std::sync::Arc;

use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http_body_util::{BodyExt, Full};
use loquat_auth::TokenRequest;
use loquat_node::clock::wall_ms;
use loquat_protocol::KeyName;
use serde_json::json;

use crate::support::{ROOT, Server};

const PATH: &str = "/channels/c/messages";

#[tokio::test]
async fn credentials_are_refused_with_their_own_codes() {
    let server = Server::start();
    let bare = server.call("GET", PATH).send().await;
    assert_eq!(bare.refusal(), (401, 40100));
    assert!(bare.header("www-authenticate").starts_with("Bearer"));
    for (key, refusal) in [
        ("app.root:wrong", (401, 40101)),
        ("app.other:secret", (401, 40101)),
        ("nobody.root:secret", (404, 40400)),
        ("nonsense", (401, 40101)),
    ] {
        assert_eq!(server.call("GET", PATH).key(key).send().await.refusal(), refusal, "{key}");
    }
    let bearer = server.call("GET", PATH).header("authorization", "Bearer nonsense").send().await;
    assert_eq!(bearer.refusal(), (401, 40143));
    let digest = server.call("GET", PATH).header("authorization", "Digest x").send().await;
    assert_eq!(digest.refusal(), (401, 40101));
}

#[tokio::test]
async fn keys_and_tokens_come_in_the_header_or_in_the_query() {
    let server = Server::start();
    let token = server.post("/keys/app.root/requestToken", &json!({})).send().await.json();
    let token = token["token"].as_str().unwrap();
    assert_eq!(server.call("GET", &format!("{PATH}?key={ROOT}")).send().await.status, 200);
    assert_eq!(server.call("GET", &format!("{PATH}?access_token={token}")).send().await.status, 200);
    for bearer in [token.to_owned(), STANDARD.encode(token)] {
        let call = server.call("GET", PATH).header("authorization", &format!("Bearer {bearer}"));
        assert_eq!(call.send().await.status, 200);
    }
}

#[tokio::test]
async fn every_operation_asks_the_capability() {
    let server = Server::start();
    let cases = [
        ("GET", "/channels/c/messages", "history"),
        ("GET", "/channels/c/messages/0001-0000000000000001:000", "history"),
        ("GET", "/channels/c/messages/0001-0000000000000001:000/versions", "history"),
        ("GET", "/channels/c/presence/history", "history"),
        ("GET", "/channels/c/presence", "subscribe"),
        ("GET", "/channels/c/presence", "presence"),
        ("GET", "/channels/c", "channel-metadata"),
        ("POST", "/channels/c/messages", "publish"),
    ];
    for (method, path, operation) in cases {
        let permitted = server.key(&json!({ "c": [operation] }).to_string());
        let body = json!({"name": "a"});
        let status = server.call(method, path).key(&permitted).json(&body).send().await.status.as_u16();
        assert!(matches!(status, 200 | 201 | 404), "{method} {path}: {status}");
        let elsewhere = server.key(&json!({ "d": ["*"], "c": ["stats"] }).to_string());
        let reply = server.call(method, path).key(&elsewhere).json(&body).send().await;
        assert_eq!(reply.refusal(), (401, 40160), "{method} {path}");
        assert!(reply.text().contains("'c'"));
    }
}

#[tokio::test]
async fn a_revoked_key_and_its_tokens_stop_at_once() {
    let server = Server::start();
    let key = server.key(r#"{"*":["*"]}"#);
    let name = key.split(':').next().unwrap();
    let path = format!("/keys/{name}/requestToken");
    let details = server.call("POST", &path).key(&key).json(&json!({})).send().await.json();
    let bearer = format!("Bearer {}", details["token"].as_str().unwrap());
    assert_eq!(server.call("GET", PATH).header("authorization", &bearer).send().await.status, 200);
    let name = KeyName::parse(name).unwrap();
    assert!(server.node.authenticator().revoke_key(&name, wall_ms()).unwrap());
    assert_eq!(server.call("GET", PATH).key(&key).send().await.refusal(), (401, 40131));
    let token = server.call("GET", PATH).header("authorization", &bearer).send().await;
    assert_eq!(token.refusal(), (401, 40141));
}

#[tokio::test]
async fn an_expired_token_is_told_to_renew() {
    let server = Server::start();
    let request = TokenRequest { ttl: Some(loquat_auth::WireNumber::Whole(1)), ..TokenRequest::default() };
    let long_ago = wall_ms() - 60_000;
    let auth = server.node.authenticator();
    let sender = auth.authenticate_basic(ROOT, None, long_ago).unwrap();
    let token = auth.request_token("app.root", &request, Some(&sender), long_ago).unwrap().token;
    let reply = server.call("GET", PATH).header("authorization", &format!("Bearer {token}")).send().await;
    assert_eq!(reply.refusal(), (401, 40142));
}

#[tokio::test]
async fn the_client_header_names_the_publisher() {
    let server = Server::start();
    let me = STANDARD.encode("me");
    let post = |body| server.post(PATH, &body).header("x-ably-clientid", &me).send();
    assert_eq!(post(json!({"name": "a"})).await.status, 201);
    assert_eq!(post(json!({"name": "b", "clientId": "you"})).await.refusal(), (400, 40012));
    assert_eq!(server.get(PATH).send().await.field("clientId"), ["me"]);
    let broken = server.get(PATH).header("x-ably-clientid", "*").send().await;
    assert_eq!(broken.refusal(), (400, 40012));
    let details = server.post("/keys/app.root/requestToken", &json!({"clientId": "me"})).send().await.json();
    let bearer = format!("Bearer {}", details["token"].as_str().unwrap());
    let other = STANDARD.encode("you");
    let reply =
        server.get(PATH).header("authorization", &bearer).header("x-ably-clientid", &other).send().await;
    assert_eq!(reply.refusal(), (401, 40102));
}

/// SEC-1: what counts is what a key may do when it is done, not when its client began to say what.
#[tokio::test]
async fn a_key_that_is_revoked_while_the_body_arrives_publishes_nothing() {
    let server = Server::start();
    let key = server.key(&json!({"*": ["*"]}).to_string());
    let name = KeyName::parse(key.split(':').next().unwrap()).unwrap();
    let node = Arc::clone(&server.node);
    let body = Full::from(json!({"name": "late"}).to_string()).map_frame(move |frame| {
        node.authenticator().revoke_key(&name, wall_ms()).unwrap();
        frame
    });
    let call = server.call("POST", PATH).key(&key).header("content-type", "application/json");
    assert_eq!(call.send_body(Body::new(body)).await.refusal(), (401, 40131));
}
