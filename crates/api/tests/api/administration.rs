//! The administrator's page.

use serde_json::json;

use crate::support::{PASSWORD, Server};

#[tokio::test]
async fn it_is_for_administrators_alone() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    for path in ["people", "recoveries", "invitations", "rooms", "keys", "stats"] {
        bob.get(&format!("/admin/{path}")).await.refused(403, 41030);
        admin.get(&format!("/admin/{path}")).await.is(200);
    }
    bob.patch(&format!("/admin/people/{}", bob.id), json!({"role": "administrator"}))
        .await
        .refused(403, 41030);
    bob.post(&format!("/admin/people/{}/reset", admin.id), json!({})).await.refused(403, 41030);
    bob.post("/admin/invitations", json!({})).await.refused(403, 41030);
    bob.delete("/admin/invitations/i_aaaaaaaaaaaaaaaa").await.refused(403, 41030);
    bob.post("/admin/keys", json!({"capability": {"*": ["*"]}})).await.refused(403, 41030);
    bob.delete("/admin/keys/chat.key").await.refused(403, 41030);
}

#[tokio::test]
async fn accounts_are_listed_promoted_and_taken_out_of_use() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let listed = admin.get("/admin/people").await.is(200);
    assert_eq!(listed.ids("/handle"), ["ada", "bob"]);
    assert_eq!(listed.json["items"][1]["sessions"], 1);
    let path = format!("/admin/people/{}", bob.id);
    let changed = admin.patch(&path, json!({"role": "administrator"})).await.is(200);
    assert_eq!(changed.json["role"], "administrator");
    bob.get("/admin/people").await.is(200);
    let changed = admin.patch(&path, json!({"deactivated": true})).await.is(200);
    assert_eq!((&changed.json["deactivated"], &changed.json["sessions"]), (&json!(true), &json!(0)));
    bob.get("/me").await.refused(401, 41001);
    bob.post("/sign-in", json!({"login": "bob", "password": PASSWORD})).await.refused(403, 41004);
    admin.patch(&format!("/admin/people/{}", admin.id), json!({"role": "member"})).await.refused(409, 41031);
    admin.patch("/admin/people/p_aaaaaaaaaaaaaaaa", json!({"role": "member"})).await.refused(404, 40400);
    admin.patch(&path, json!({"role": "king"})).await.refused(400, 40001).naming("role");
}

#[tokio::test]
async fn invitations_to_the_server_are_made_listed_and_revoked() {
    let (server, admin) = Server::with_admin().await;
    let made = admin.post("/admin/invitations", json!({"uses_max": 1})).await.is(201);
    assert_eq!(admin.get("/admin/invitations").await.is(200).ids("/id"), [made.text("id")]);
    admin.delete(&format!("/admin/invitations/{}", made.text("id"))).await.is(204);
    let body = json!({"handle": "eve", "name": "Eve", "password": PASSWORD, "invitation": made.text("code")});
    server.browser().post("/sign-up", body).await.is(404);
    admin.delete("/admin/invitations/i_aaaaaaaaaaaaaaaa").await.refused(404, 40400);
}

#[tokio::test]
async fn rooms_are_seen_by_name_and_archived_but_not_read() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let made = bob.post("/rooms", json!({"kind": "private", "name": "Secret"})).await.is(201);
    let id = made.json["room"]["id"].as_str().unwrap();
    assert_eq!(admin.get("/admin/rooms").await.is(200).ids("/name"), ["Secret"]);
    admin.get(&format!("/me/rooms/{id}")).await.refused(404, 40400);
    admin.get(&format!("/rooms/{id}/members")).await.refused(403, 41040);
    admin.patch(&format!("/rooms/{id}"), json!({"archived": true})).await.is(200);
    admin.patch(&format!("/rooms/{id}"), json!({"kind": "public"})).await.is(409);
}

#[tokio::test]
async fn keys_are_made_shown_once_and_revoked() {
    let (_server, admin) = Server::with_admin().await;
    let made = admin
        .post("/admin/keys", json!({"capability": {"*::$chat": ["subscribe", "history"]}}))
        .await
        .is(201);
    let (name, secret) = (made.text("name"), made.text("secret"));
    assert!(secret.starts_with(&format!("{name}:")) && name.starts_with("chat."));
    let listed = admin.get("/admin/keys").await.is(200);
    assert_eq!(listed.ids("/name").concat(), name);
    assert_eq!(listed.json["items"][0]["revoked_ms"], json!(null));
    assert!(!String::from_utf8_lossy(&listed.bytes).contains(&secret));
    let token = admin.post("/me/tokens", json!({"name": "script"})).await.is(201).text("secret");
    let script = admin.script(&token);
    // A token that leaked must not leave a key behind that outlives it, nor cut the others off.
    script.get("/admin/keys").await.is(200);
    script.post("/admin/keys", json!({"capability": {"*": ["*"]}})).await.refused(403, 41005);
    script.delete(&format!("/admin/keys/{name}")).await.refused(403, 41005);
    admin.delete(&format!("/admin/keys/{name}")).await.is(204);
    admin.delete(&format!("/admin/keys/{name}")).await.refused(404, 40400);
    admin.delete("/admin/keys/other.key").await.refused(404, 40400);
    for capability in [json!({"*": ["fly"]}), json!({"*": "publish"}), json!({})] {
        admin
            .post("/admin/keys", json!({"capability": capability}))
            .await
            .refused(400, 40001)
            .naming("capability");
    }
}

#[tokio::test]
async fn live_numbers() {
    let (_server, admin) = Server::with_admin().await;
    let stats = admin.get("/admin/stats").await.is(200);
    assert_eq!(
        (&stats.json["people"], &stats.json["connections"], &stats.json["uptime_ms"]),
        (&json!(1), &json!(3), &json!(5_000))
    );
}
