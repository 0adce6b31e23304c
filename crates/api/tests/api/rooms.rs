//! Rooms and who is in them.

use serde_json::{Value, json};

use crate::support::{Browser, Server};

async fn room(owner: &Browser, kind: &str, name: &str) -> String {
    let answer = owner.post("/rooms", json!({"kind": kind, "name": name})).await.is(201);
    answer.json["room"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_room_is_made_found_joined_and_left() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let made =
        admin.post("/rooms", json!({"kind": "public", "name": "The Garden", "topic": "plums"})).await.is(201);
    assert_eq!(
        (&made.json["room"]["name"], &made.json["membership"]["role"]),
        (&json!("The Garden"), &json!("owner"))
    );
    let id = made.json["room"]["id"].as_str().unwrap();
    let found = bob.get("/rooms?prefix=gard").await.is(200);
    assert_eq!(
        (found.ids("/room/id"), &found.json["items"][0]["joined"]),
        (vec![id.to_owned()], &json!(false))
    );
    let joined = bob.post(&format!("/rooms/{id}/join"), json!({})).await.is(200);
    assert_eq!(joined.json["membership"]["role"], "member");
    bob.post(&format!("/rooms/{id}/join"), json!({})).await.is(200);
    assert_eq!(
        admin.get(&format!("/rooms/{id}/members")).await.is(200).ids("/person/handle"),
        ["ada", "bob"]
    );
    bob.delete(&format!("/rooms/{id}/members/{}", bob.id)).await.is(204);
    assert_eq!(bob.get(&format!("/rooms/{id}")).await.is(200).json["members"], 1);
}

#[tokio::test]
async fn a_room_that_one_may_not_see_is_answered_like_one_that_does_not_exist() {
    let (server, admin) = Server::with_admin().await;
    let (bob, eve) = (server.member(&admin, "bob").await, server.member(&admin, "eve").await);
    let hidden = room(&bob, "private", "Secret").await;
    let absent = "r_aaaaaaaaaaaaaaaa";
    let paths = |id: &str| {
        [
            ("GET", format!("/rooms/{id}"), None),
            ("PATCH", format!("/rooms/{id}"), Some(json!({"name": "x"}))),
            ("POST", format!("/rooms/{id}/join"), Some(json!({}))),
            ("GET", format!("/rooms/{id}/members"), None),
            ("PUT", format!("/rooms/{id}/members/{}", eve.id), Some(json!({"role": "owner"}))),
            ("DELETE", format!("/rooms/{id}/members/{}", bob.id), None),
            ("GET", format!("/rooms/{id}/invitations"), None),
            ("POST", format!("/rooms/{id}/invitations"), Some(json!({}))),
            ("DELETE", format!("/rooms/{id}/invitations/i_aaaaaaaaaaaaaaaa"), None),
            ("POST", format!("/rooms/{id}/messages"), Some(json!({"text": "hello"}))),
            ("GET", format!("/me/rooms/{id}"), None),
            ("PUT", format!("/me/rooms/{id}/read"), Some(json!({}))),
        ]
    };
    for ((method, path, body), (_, other, _)) in paths(&hidden).into_iter().zip(paths(absent)) {
        let ask = async |path: &str, body: Option<Value>| {
            let kind = body.as_ref().map(|_| "application/json");
            let body = body.map(|body| body.to_string()).unwrap_or_default();
            eve.raw(method.parse().unwrap(), path, kind, body).await.refused(404, 40400)
        };
        let (seen, unseen) = (ask(&path, body.clone()).await, ask(&other, body).await);
        assert_eq!(seen.json, unseen.json, "{method} {path}");
    }
    eve.get("/rooms/r_1").await.refused(404, 40400);
    eve.get("/rooms/%ff").await.refused(404, 40400);
}

#[tokio::test]
async fn a_direct_room_is_found_again_by_its_people_and_stays_as_it_is() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let made = admin.post("/rooms", json!({"kind": "direct", "members": [bob.id]})).await.is(201);
    assert_eq!(made.json["others"], json!([bob.id]));
    let found = bob.post("/rooms", json!({"kind": "direct", "members": [admin.id]})).await.is(200);
    assert_eq!(found.json["room"]["id"], made.json["room"]["id"]);
    let id = made.json["room"]["id"].as_str().unwrap();
    bob.delete(&format!("/rooms/{id}/members/{}", bob.id)).await.refused(409, 41043);
    bob.patch(&format!("/rooms/{id}"), json!({"name": "x"})).await.refused(409, 41043);
    bob.post("/rooms", json!({"kind": "direct"})).await.refused(400, 40003).naming("members");
}

#[tokio::test]
async fn roles_say_who_may_do_what() {
    let (server, admin) = Server::with_admin().await;
    let (bob, eve) = (server.member(&admin, "bob").await, server.member(&admin, "eve").await);
    let id = room(&bob, "private", "Garden").await;
    let place = |person: &Browser| format!("/rooms/{id}/members/{}", person.id);
    let added = bob.put(&place(&eve), json!({"role": "read_only"})).await.is(200);
    assert_eq!((&added.json["role"], &added.json["person"]["handle"]), (&json!("read_only"), &json!("eve")));
    eve.put(&place(&eve), json!({"role": "owner"})).await.refused(403, 41040);
    eve.patch(&format!("/rooms/{id}"), json!({"name": "mine"})).await.refused(403, 41040);
    eve.delete(&place(&bob)).await.refused(403, 41040);
    eve.get(&format!("/rooms/{id}/invitations")).await.refused(403, 41040);
    eve.post(&format!("/rooms/{id}/messages"), json!({"text": "hello"})).await.refused(403, 41040);
    bob.put(&place(&eve), json!({"role": "moderator"})).await.is(200);
    eve.post(&format!("/rooms/{id}/invitations"), json!({})).await.is(201);
    bob.put(&place(&bob), json!({"role": "member"})).await.refused(409, 41041);
    bob.delete(&place(&bob)).await.refused(409, 41041);
    bob.put(&format!("/rooms/{id}/members/p_aaaaaaaaaaaaaaaa"), json!({"role": "member"}))
        .await
        .refused(404, 40400);
}

#[tokio::test]
async fn a_room_is_changed_by_its_owner_and_with_care() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let id = room(&bob, "public", "Garden").await;
    let path = format!("/rooms/{id}");
    let tag = bob.get(&path).await.is(200).header("etag").to_owned();
    let careful = bob.having("if-match", &tag);
    let changed = careful.patch(&path, json!({"topic": "plums", "kind": "private"})).await.is(200);
    assert_eq!(
        (changed.text("name"), changed.text("topic"), changed.text("kind")),
        ("Garden".into(), "plums".into(), "private".into())
    );
    careful.patch(&path, json!({"topic": "pears"})).await.refused(412, 41064);
    bob.having("if-match", "nonsense").patch(&path, json!({"topic": "pears"})).await.refused(412, 41064);
    bob.patch(&path, json!({"name": "\u{2066}x"})).await.refused(400, 41013).naming("name");
    bob.patch(&path, json!({"kind": "direct"})).await.is(400);
    let archived = bob.patch(&path, json!({"archived": true})).await.is(200);
    assert!(archived.json["archived_ms"].is_u64());
    bob.post(&format!("{path}/messages"), json!({"text": "hello"})).await.refused(409, 41042);
    bob.patch(&path, json!({"archived": false})).await.is(200);
}
