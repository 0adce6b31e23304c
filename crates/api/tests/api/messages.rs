//! Sending to a room.

use serde_json::json;

use crate::support::{Browser, Server};

async fn garden(owner: &Browser) -> String {
    let made = owner.post("/rooms", json!({"kind": "private", "name": "Garden"})).await.is(201);
    format!("/rooms/{}/messages", made.json["room"]["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_message_is_stored_as_it_was_written() {
    let (server, admin) = Server::with_admin().await;
    let path = garden(&admin).await;
    let text = "<script>alert(1)</script> **plums** \u{202e}\u{200b}🍐";
    let body = json!({"text": text, "metadata": {"a": [1]}, "headers": {"x": "y", "n": 1}});
    let sent = admin.post(&path, body).await.is(201);
    assert_eq!(sent.text("text"), text);
    let stored = server.ports.sent().remove(0);
    assert_eq!((stored.text.as_str(), stored.author.as_str()), (text, admin.id.as_str()));
    assert_eq!(serde_json::to_value(&stored.metadata).unwrap(), json!({"a": [1]}));
}

#[tokio::test]
async fn the_key_is_the_end_of_the_messages_id_and_a_header() {
    let (server, admin) = Server::with_admin().await;
    let path = garden(&admin).await;
    let keyed = admin.having("idempotency-key", "7f1c-outbox");
    let first = keyed.post(&path, json!({"text": "hello"})).await.is(201);
    let again = keyed.post(&path, json!({"text": "hello"})).await.is(201);
    assert_eq!((first.bytes, again.header("idempotency-replayed")), (again.bytes.clone(), "true"));
    let sent = server.ports.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].id.as_deref(), Some(format!("{}-7f1c-outbox", admin.id).as_str()));
    assert_eq!(sent[0].headers.as_ref().unwrap()["loquat-id"], "7f1c-outbox");
}

#[tokio::test]
async fn what_is_no_message_is_refused_with_the_field() {
    let (server, admin) = Server::with_admin().await;
    let path = garden(&admin).await;
    admin.post(&path, json!({"text": " \n"})).await.refused(400, 40003).naming("text");
    admin.post(&path, json!({"text": "x".repeat(100_000)})).await.refused(400, 40009).naming("text");
    admin.post(&path, json!({"text": "x".repeat(400_000)})).await.refused(413, 40009);
    admin.post(&path, json!({"text": "x", "headers": {"a": {}}})).await.refused(400, 40003).naming("headers");
    admin.post(&path, json!({"text": "x", "metadata": []})).await.refused(400, 40001).naming("metadata");
    admin
        .post(&path, json!({"text": "x", "author": "p_aaaaaaaaaaaaaaaa"}))
        .await
        .refused(400, 40001)
        .naming("author");
    assert!(server.ports.sent().is_empty());
}

#[tokio::test]
async fn who_was_removed_writes_no_more() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let path = garden(&admin).await;
    let members = path.replace("messages", "members");
    admin.put(&format!("{members}/{}", bob.id), json!({"role": "member"})).await.is(200);
    let token = bob.post("/me/tokens", json!({"name": "script"})).await.is(201).text("secret");
    let script = bob.script(&token);
    script.post(&path, json!({"text": "hello"})).await.is(201);
    admin.delete(&format!("{members}/{}", bob.id)).await.is(204);
    for removed in [&bob, &script] {
        removed.post(&path, json!({"text": "hello"})).await.refused(404, 40400);
    }
    assert!(server.ports.events_of(&bob.id).iter().all(|name| *name != "room.activity"));
}
