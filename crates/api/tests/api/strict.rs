//! Requests that are wrong, and that each gets a clear answer.

use http::Method;
use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn bodies_that_are_wrong_are_refused_with_the_field() {
    let (_server, admin) = Server::with_admin().await;
    for (body, field) in [
        (json!({"kind": "public"}), "name"),
        (json!({"name": "x"}), "kind"),
        (json!({"kind": "open", "name": "x"}), "kind"),
        (json!({"kind": "public", "name": 3}), "name"),
        (json!({"kind": "public", "name": "x", "topik": "y"}), "topik"),
        (json!({"kind": "public", "name": "x", "members": ["ada"]}), "members[0]"),
        (json!({"kind": "public", "name": "x", "members": "ada"}), "members"),
        (json!({"kind": "public", "name": "x".repeat(81)}), "name"),
        (json!({"kind": "public", "name": "x", "topic": "x".repeat(501)}), "topic"),
    ] {
        admin.post("/rooms", body).await.is(400).naming(field);
    }
    assert!(admin.get("/me/rooms").await.ids("/room/id").is_empty());
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let (_server, admin) = Server::with_admin().await;
    let deep = "[".repeat(100_000);
    for body in ["", "{", "null", "[]", "\"x\"", "{} {}", "{\"kind\": \"\\ud800\"}", "\u{feff}{}", &deep] {
        let answer = admin.raw(Method::POST, "/rooms", Some("application/json"), body.to_owned()).await;
        answer.refused(400, 40001);
    }
    admin.raw(Method::POST, "/rooms", Some("application/json"), vec![0xff, 0xfe]).await.refused(400, 40001);
    let huge = vec![b' '; 1 << 20];
    admin.raw(Method::POST, "/rooms", Some("application/json"), huge).await.refused(413, 40009);
}

#[tokio::test]
async fn an_unknown_path_below_api_is_a_problem_whoever_asks() {
    let (server, admin) = Server::with_admin().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/me",
        "/api/v1/nothing",
        "/api/v1/me/",
        "/api/v1//me",
    ] {
        for browser in [admin.clone(), server.browser().having("accept", "text/html")] {
            browser.at(Method::GET, path, None, "").await.refused(404, 40400);
            browser.at(Method::DELETE, path, None, "").await.refused(404, 40400);
        }
    }
    let long = format!("/api/v1/{}", "x".repeat(5_000));
    assert!(admin.at(Method::GET, &long, None, "").await.refused(404, 40400).bytes.len() < 1_000);
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_405_with_those_that_it_has() {
    let (_server, admin) = Server::with_admin().await;
    for (method, path, allowed) in [
        (Method::DELETE, "/me", "GET,HEAD,PATCH"),
        (Method::PUT, "/me", "GET,HEAD,PATCH"),
        (Method::GET, "/sign-in", "POST"),
        (Method::PATCH, "/me/rooms", "GET,HEAD"),
        (Method::OPTIONS, "/me", "GET,HEAD,PATCH"),
    ] {
        let refused = admin.raw(method, path, None, "").await.refused(405, 40500);
        assert_eq!(refused.header("allow"), allowed, "{path}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let (_server, admin) = Server::with_admin().await;
    let answer = admin.raw(Method::HEAD, "/me", None, "").await.is(200);
    assert!(answer.bytes.is_empty());
    assert!(answer.headers.contains_key("etag"));
}

#[tokio::test]
async fn made_up_ids_are_not_there() {
    let (_server, admin) = Server::with_admin().await;
    for id in
        ["r_", "r_1111111111111111", "p_aaaaaaaaaaaaaaaa", "..", "%2e%2e", "r_%00", "%F0%9F%8D%91", "%zz"]
    {
        admin.get(&format!("/rooms/{id}")).await.is(404);
    }
}

#[tokio::test]
async fn secrets_do_not_show_in_debug_output() {
    let (server, admin) = Server::with_admin().await;
    let token = admin.post("/me/tokens", json!({"name": "x"})).await.is(201).text("secret");
    let actor = server.chat.authenticate_token(&token).unwrap();
    let options = format!("{:?}", server.chat.options());
    assert!(!options.contains(&server.chat.setup_code().unwrap().unwrap_or("none".into())));
    assert!(!format!("{actor:?}").contains(&token));
}
