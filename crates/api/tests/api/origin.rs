//! Pages of other sites may make a browser send its cookie; they must not be able to change anything.

use serde_json::json;

use crate::support::{PASSWORD, Server, Setting};

#[tokio::test]
async fn a_write_from_another_site_is_refused_whatever_it_writes() {
    let (_server, admin) = Server::with_admin().await;
    for origin in
        ["https://evil.example", "null", "http://loquat.test", "http://loquat.test:8080.evil.example"]
    {
        let evil = admin.having("origin", origin);
        evil.post("/rooms", json!({"kind": "public", "name": "owned"})).await.refused(403, 41060);
        evil.patch("/me", json!({"name": "owned"})).await.refused(403, 41060);
        evil.put("/me/password", json!({"current": PASSWORD, "new": "owned owned owned"}))
            .await
            .refused(403, 41060);
        evil.delete("/me/sessions").await.refused(403, 41060);
        evil.post("/sign-out", json!({})).await.refused(403, 41060);
    }
    assert_eq!(admin.get("/me").await.is(200).text("name"), "Ada Lovelace");
    assert!(admin.get("/me/rooms").await.ids("/room/id").is_empty());
}

#[tokio::test]
async fn without_an_origin_the_browser_has_to_say_where_the_request_comes_from() {
    let (_server, admin) = Server::with_admin().await;
    let silent = admin.having("origin", "");
    silent.patch("/me", json!({"name": "x"})).await.refused(403, 41060);
    for site in ["cross-site", "same-site", "none"] {
        silent.having("sec-fetch-site", site).patch("/me", json!({"name": "x"})).await.refused(403, 41060);
    }
    silent.having("sec-fetch-site", "same-origin").patch("/me", json!({"name": "Ada King"})).await.is(200);
}

#[tokio::test]
async fn nobody_is_signed_in_or_up_by_another_site() {
    let (server, _) = Server::with_admin().await;
    let evil = server.browser().having("origin", "https://evil.example");
    let answer =
        evil.post("/sign-in", json!({"login": "ada", "password": PASSWORD})).await.refused(403, 41060);
    assert!(!answer.headers.contains_key("set-cookie"));
    evil.post("/sign-up", json!({})).await.refused(403, 41060);
    evil.post("/recovery", json!({"login": "ada"})).await.refused(403, 41060);
    // A script without a browser needs no origin.
    let script = server.browser().having("origin", "");
    script.post("/sign-in", json!({"login": "ada", "password": PASSWORD})).await.is(200);
}

#[tokio::test]
async fn a_cookie_is_not_used_beside_a_token_that_is_not_one() {
    let (_server, admin) = Server::with_admin().await;
    let evil = admin.having("origin", "https://evil.example").having("authorization", "Bearer lqt_made_up");
    evil.patch("/me", json!({"name": "owned"})).await.refused(401, 41001);
    admin.having("authorization", "Basic YTpi").get("/me").await.refused(401, 41001);
}

#[tokio::test]
async fn the_configured_address_is_an_origin_of_ours() {
    let public_url = Some("https://chat.example.org".to_owned());
    let server = Server::with(Setting { public_url, ..Setting::default() });
    let code = server.chat.setup_code().unwrap().unwrap();
    let body = json!({"code": code, "handle": "ada", "name": "Ada", "password": PASSWORD});
    let browser = server.browser().having("origin", "https://chat.example.org");
    browser.post("/setup", body).await.is(201);
    browser.patch("/me", json!({"name": "Ada King"})).await.is(200);
    browser
        .having("origin", "http://chat.example.org")
        .patch("/me", json!({"name": "x"}))
        .await
        .refused(403, 41060);
}

#[tokio::test]
async fn a_form_of_another_kind_is_not_taken_for_json() {
    let (_server, admin) = Server::with_admin().await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let body = r#"{"kind":"public","name":"owned"}"#;
        admin.raw(http::Method::POST, "/rooms", Some(kind), body).await.refused(415, 41500);
    }
    admin
        .raw(http::Method::POST, "/rooms", None, r#"{"kind":"public","name":"x"}"#)
        .await
        .refused(415, 41500);
}
