//! Links that let people in.

use serde_json::json;

use crate::support::{Browser, PASSWORD, Server};

async fn garden(owner: &Browser) -> String {
    let made = owner.post("/rooms", json!({"kind": "private", "name": "Garden"})).await.is(201);
    format!("/rooms/{}", made.json["room"]["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_link_leads_into_the_room_with_or_without_an_account() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let path = garden(&admin).await;
    let made = admin
        .post(&format!("{path}/invitations"), json!({"uses_max": 2, "expires_in_ms": 60_000}))
        .await
        .is(201);
    let code = made.text("code");
    assert_eq!(made.text("url"), format!("http://loquat.test:8080/join/{code}"));
    let stranger = server.browser();
    let preview = stranger.get(&format!("/invitations/{code}")).await.is(200);
    assert_eq!(
        (preview.text("room_name"), preview.text("inviter_name")),
        ("Garden".into(), "Ada Lovelace".into())
    );
    let accept = format!("/invitations/{code}/accept");
    stranger.post(&accept, json!({})).await.refused(401, 41001);
    let accepted = bob.post(&accept, json!({})).await.is(200);
    assert_eq!(format!("/rooms/{}", accepted.text("room")), path);
    bob.post(&accept, json!({})).await.is(200);
    let body = json!({"handle": "eve", "name": "Eve", "password": PASSWORD, "invitation": code});
    let signed_up = stranger.post("/sign-up", body).await.is(201);
    assert_eq!(format!("/rooms/{}", signed_up.text("room")), path);
    assert_eq!(stranger.get(&format!("{path}/members")).await.ids("/person/handle"), ["ada", "bob", "eve"]);
    let fred = server.member(&admin, "fred").await;
    fred.post(&accept, json!({})).await.refused(410, 41024);
}

#[tokio::test]
async fn a_link_that_is_over_or_made_up_says_so_and_nothing_more() {
    let (server, admin) = Server::with_admin().await;
    let path = garden(&admin).await;
    let make = async |body| admin.post(&format!("{path}/invitations"), body).await.is(201);
    let (expired, revoked) = (make(json!({"expires_in_ms": 1_000})).await, make(json!({})).await);
    let stranger = server.browser();
    server.pass_ms(1_000);
    admin.delete(&format!("{path}/invitations/{}", revoked.text("id"))).await.is(204);
    admin.delete(&format!("{path}/invitations/{}", revoked.text("id"))).await.refused(404, 40400);
    let preview = async |code: String| stranger.get(&format!("/invitations/{code}")).await;
    let over = preview(expired.text("code")).await.refused(410, 41023);
    assert!(!over.json.to_string().contains("Garden"));
    preview(revoked.text("code")).await.refused(404, 41022);
    preview("A".repeat(43)).await.refused(404, 41022);
    preview("short".into()).await.is(404);
}

#[tokio::test]
async fn a_code_is_shown_once() {
    let (_server, admin) = Server::with_admin().await;
    let path = garden(&admin).await;
    let made = admin.post(&format!("{path}/invitations"), json!({})).await.is(201);
    let listed = admin.get(&format!("{path}/invitations")).await.is(200);
    assert_eq!(listed.ids("/id"), [made.text("id")]);
    assert!(!String::from_utf8_lossy(&listed.bytes).contains(&made.text("code")));
}

#[tokio::test]
async fn an_end_is_given_once_and_is_still_to_come() {
    let (_server, admin) = Server::with_admin().await;
    let path = format!("{}/invitations", garden(&admin).await);
    let both = json!({"expires_ms": 1, "expires_in_ms": 1});
    admin.post(&path, both).await.refused(400, 40003).naming("expires_in_ms");
    admin.post(&path, json!({"expires_ms": 1})).await.is(400).naming("expires_ms");
    admin.post(&path, json!({"uses_max": 0})).await.is(400).naming("uses_max");
    admin.post(&path, json!({"uses_max": -1})).await.refused(400, 40001).naming("uses_max");
}
