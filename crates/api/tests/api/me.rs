//! One's own account, sessions and tokens.

use serde_json::json;

use crate::support::{PASSWORD, Server};

#[tokio::test]
async fn one_sees_oneself_and_changes_what_one_names() {
    let (_server, admin) = Server::with_admin().await;
    let me = admin.get("/me").await.is(200);
    assert_eq!((me.text("id"), me.text("handle")), (admin.id.clone(), "ada".to_owned()));
    let changed =
        admin.patch("/me", json!({"email": "ADA@Example.org", "time_zone": "Europe/London"})).await.is(200);
    assert_eq!(changed.json["email"], "ada@example.org");
    assert_eq!(changed.json["name"], "Ada Lovelace");
    let cleared = admin.patch("/me", json!({"email": null})).await.is(200);
    assert_eq!(
        (&cleared.json["email"], cleared.text("time_zone")),
        (&json!(null), "Europe/London".to_owned())
    );
    admin.patch("/me", json!({"time_zone": "the moon"})).await.is(400).naming("time_zone");
    admin.patch("/me", json!({"name": "\u{200b}"})).await.refused(400, 41013).naming("name");
}

#[tokio::test]
async fn a_taken_handle_or_address_is_refused() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    bob.patch("/me", json!({"email": "bob@example.org"})).await.is(200);
    admin.patch("/me", json!({"handle": "BOB"})).await.refused(409, 41010).naming("handle");
    admin.patch("/me", json!({"email": "Bob@example.org"})).await.refused(409, 41011).naming("email");
}

#[tokio::test]
async fn a_change_that_is_meant_for_an_older_state_is_refused() {
    let (_server, admin) = Server::with_admin().await;
    let tag = admin.get("/me").await.header("etag").to_owned();
    let careful = admin.having("if-match", &tag);
    let changed = careful.patch("/me", json!({"name": "Ada King"})).await.is(200);
    assert_ne!(changed.header("etag"), tag);
    careful.patch("/me", json!({"name": "Ada Byron"})).await.refused(412, 41064);
    assert_eq!(admin.get("/me").await.text("name"), "Ada King");
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_other_sessions() {
    let (server, admin) = Server::with_admin().await;
    let other = server.browser();
    other.post("/sign-in", json!({"login": "ada", "password": PASSWORD})).await.is(200);
    let change = |current: &str| json!({"current": current, "new": "a pear in a green bowl"});
    admin.put("/me/password", change("not it at all")).await.refused(403, 41003).naming("current");
    admin
        .put("/me/password", json!({"current": PASSWORD, "new": "short"}))
        .await
        .refused(400, 41015)
        .naming("new");
    other.get("/me").await.is(200);
    admin.put("/me/password", change(PASSWORD)).await.is(204);
    admin.get("/me").await.is(200);
    other.get("/me").await.refused(401, 41001);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all() {
    let (server, admin) = Server::with_admin().await;
    let sign_in = || async {
        let browser = server.browser().having("user-agent", "a phone");
        browser.post("/sign-in", json!({"login": "ada", "password": PASSWORD})).await.is(200);
        browser
    };
    let (second, third) = (sign_in().await, sign_in().await);
    let listed = admin.get("/me/sessions").await.is(200);
    let items = listed.json["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!(items.iter().filter(|item| item["current"] == true).count(), 1);
    assert!(items.iter().all(|item| item["address"] == "192.0.2.7"));
    let current = second.get("/me/sessions").await.json["items"].as_array().unwrap().clone();
    let own = current.iter().find(|item| item["current"] == true).unwrap()["id"].as_str().unwrap().to_owned();
    admin.delete(&format!("/me/sessions/{own}")).await.is(204);
    second.get("/me").await.refused(401, 41001);
    admin.delete(&format!("/me/sessions/{own}")).await.refused(404, 40400);
    third.delete("/me/sessions").await.is(204);
    admin.get("/me").await.refused(401, 41001);
    third.get("/me").await.is(200);
}

#[tokio::test]
async fn somebody_elses_session_or_token_is_not_there() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let session = admin.get("/me/sessions").await.ids("/id").remove(0);
    bob.delete(&format!("/me/sessions/{session}")).await.refused(404, 40400);
    let token = admin.post("/me/tokens", json!({"name": "script"})).await.is(201).text("id");
    bob.delete(&format!("/me/tokens/{token}")).await.refused(404, 40400);
    admin.get("/me").await.is(200);
}

#[tokio::test]
async fn a_session_that_is_used_lasts_and_its_cookie_with_it() {
    let (server, admin) = Server::with_admin().await;
    let day_ms = 24 * 3_600_000;
    let fresh = admin.get("/me").await.is(200);
    assert!(!fresh.headers.contains_key("set-cookie"));
    server.pass_ms(20 * day_ms);
    let renewed = admin.get("/me").await.is(200);
    assert!(renewed.header("set-cookie").contains("Max-Age=2592000"));
    server.pass_ms(20 * day_ms);
    admin.get("/me").await.is(200);
    server.pass_ms(31 * day_ms);
    admin.get("/me").await.refused(401, 41001);
}

#[tokio::test]
async fn a_token_acts_as_its_person_until_it_is_revoked_or_ends() {
    let (server, admin) = Server::with_admin().await;
    let created = admin.post("/me/tokens", json!({"name": "backup", "expires_in_ms": 1_000})).await.is(201);
    let secret = created.text("secret");
    assert!(secret.starts_with("lqt_") && secret.len() == 47);
    let script = admin.script(&secret);
    assert_eq!(script.get("/me").await.is(200).text("id"), admin.id);
    script.patch("/me", json!({"time_zone": "UTC"})).await.is(200);
    let listed = admin.get("/me/tokens").await.is(200);
    assert!(!String::from_utf8_lossy(&listed.bytes).contains(&secret), "a secret is shown once");
    server.pass_ms(1_000);
    script.get("/me").await.refused(401, 41001);

    let lasting = admin.post("/me/tokens", json!({"name": "other"})).await.is(201);
    let script = admin.script(&lasting.text("secret"));
    script.get("/me").await.is(200);
    admin.delete(&format!("/me/tokens/{}", lasting.text("id"))).await.is(204);
    script.get("/me").await.refused(401, 41001);
}

#[tokio::test]
async fn a_token_cannot_take_over_the_account() {
    let (_server, admin) = Server::with_admin().await;
    let created = admin.post("/me/tokens", json!({"name": "script"})).await.is(201);
    let script = admin.script(&created.text("secret"));
    let password = json!({"current": PASSWORD, "new": "a pear in a green bowl"});
    script.put("/me/password", password).await.refused(403, 41005);
    script.post("/me/tokens", json!({"name": "more"})).await.refused(403, 41005);
    script.delete("/me/sessions").await.refused(403, 41005);
    script.patch("/me", json!({"email": "eve@example.org"})).await.refused(403, 41005);
}

#[tokio::test]
async fn a_realtime_token_names_the_person() {
    let (_server, admin) = Server::with_admin().await;
    let token = admin.post("/me/realtime-token", json!({})).await.is(200);
    assert_eq!(token.text("clientId"), admin.id);
    let life_ms = token.json["expires"].as_u64().unwrap() - token.json["issued"].as_u64().unwrap();
    assert_eq!(life_ms, 3_600_000);
}

#[tokio::test]
async fn without_a_session_everything_of_ones_own_is_401() {
    let (server, admin) = Server::with_admin().await;
    let stranger = server.browser();
    for path in ["/me", "/me/rooms", "/me/sessions", "/people", "/rooms", "/admin/people", "/admin/stats"] {
        let refused = stranger.get(path).await.refused(401, 41001);
        assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"loquat\"");
    }
    for value in ["Basic YTpi", "Bearer", "Bearer ", "Bearer lqt_x", "lqt_x", "Bearer lqt_\u{1}"] {
        let Ok(value) = http::HeaderValue::from_str(value) else { continue };
        let mut browser = admin.clone();
        browser.headers.insert("authorization", value);
        browser.get("/me").await.refused(401, 41001);
    }
}
