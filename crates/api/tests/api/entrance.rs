//! How people come in and go out.

use http::uri::Scheme;
use loquat_chat::SignUp;
use serde_json::json;

use crate::support::{Browser, PASSWORD, Server, Setting};

fn account(handle: &str) -> serde_json::Value {
    json!({"handle": handle, "name": "Somebody", "password": PASSWORD})
}

fn with_policy(sign_up: SignUp) -> Server {
    let chat = loquat_chat::Options { sign_up, ..loquat_chat::Options::for_test() };
    Server::with(Setting { chat, ..Setting::default() })
}

#[tokio::test]
async fn the_first_account_is_made_with_the_code_and_only_once() {
    let server = Server::empty();
    let browser = server.browser();
    assert_eq!(browser.get("/server").await.is(200).json["needs_setup"], true);
    let wrong = json!({"code": "A".repeat(43), "handle": "ada", "name": "Ada", "password": PASSWORD});
    browser.post("/setup", wrong).await.refused(403, 41025);
    let code = server.chat.setup_code().unwrap().unwrap();
    let admin = server.set_up().await;
    assert_eq!(admin.get("/me").await.is(200).json["role"], "administrator");
    let again = json!({"code": code, "handle": "eve", "name": "Eve", "password": PASSWORD});
    browser.post("/setup", again).await.refused(403, 41025);
    assert_eq!(browser.get("/server").await.json["needs_setup"], false);
}

#[tokio::test]
async fn the_server_says_what_one_has_to_know_before_one_signs_in() {
    let server = Server::empty();
    let expected = json!({
        "name": "Loquat", "version": "0.1.0", "sign_up": "invitation", "needs_setup": true, "app": "chat",
        "max_message_bytes": 65536, "password_bytes_min": 10,
    });
    assert_eq!(server.browser().get("/server").await.is(200).json, expected);
}

#[tokio::test]
async fn a_session_comes_in_a_cookie_that_no_script_and_no_other_site_gets() {
    let server = Server::empty();
    server.set_up().await;
    let signed_in =
        server.browser().post("/sign-in", json!({"login": "ADA", "password": PASSWORD})).await.is(200);
    let cookie = signed_in.header("set-cookie").to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    let secret = pair.strip_prefix("loquat_session=").unwrap();
    assert_eq!(secret.len(), 43);
    assert_eq!(attributes, "Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
    assert!(!String::from_utf8_lossy(&signed_in.bytes).contains(secret), "the secret is in the cookie alone");
}

#[tokio::test]
async fn over_tls_or_behind_a_public_https_address_the_cookie_is_bound_to_the_host() {
    let public_url = Some("https://chat.example.org".to_owned());
    let proxied = Server::with(Setting { public_url, ..Setting::default() });
    let plain = Server::empty();
    for (server, scheme) in [(&plain, Scheme::HTTPS), (&proxied, Scheme::HTTP)] {
        let code = server.chat.setup_code().unwrap().unwrap();
        let browser = Browser { scheme, ..server.browser() }.having("origin", "");
        let body = json!({"code": code, "handle": "ada", "name": "Ada", "password": PASSWORD});
        let answer = browser.post("/setup", body).await.is(201);
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-loquat_session="), "{cookie}");
        assert!(cookie.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
        browser.get("/me").await.is(200);
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_answered_alike() {
    let server = Server::empty();
    server.set_up().await;
    let browser = server.browser();
    let wrong = browser
        .post("/sign-in", json!({"login": "ada", "password": "not hers at all"}))
        .await
        .refused(401, 41002);
    let unknown = browser
        .post("/sign-in", json!({"login": "eve", "password": "not hers at all"}))
        .await
        .refused(401, 41002);
    assert_eq!(wrong.json, unknown.json);
    assert!(!wrong.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_told_for_how_long() {
    let server = Server::empty();
    server.set_up().await;
    let browser = server.browser();
    let guess = || browser.post("/sign-in", json!({"login": "ada", "password": "not hers at all"}));
    let mut last = guess().await;
    for _ in 0..100 {
        if last.status.as_u16() == 429 {
            break;
        }
        last = guess().await;
    }
    let refused = last.refused(429, 41051);
    let wait_s: u64 = refused.header("retry-after").parse().unwrap();
    assert!(wait_s > 0);
    server.pass_ms(wait_s * 1_000);
    guess().await.refused(401, 41002);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_back() {
    let (_server, admin) = Server::with_admin().await;
    let before = admin.cookie.lock().unwrap().clone();
    let answer = admin.post("/sign-out", json!({})).await.is(204);
    assert!(answer.header("set-cookie").starts_with("loquat_session=; Path=/; Max-Age=0"));
    assert_eq!(*admin.cookie.lock().unwrap(), None);
    *admin.cookie.lock().unwrap() = before;
    admin.get("/me").await.refused(401, 41001);
    admin.post("/sign-out", json!({})).await.is(204);
}

#[tokio::test]
async fn sign_up_follows_the_policy() {
    let open = with_policy(SignUp::Open);
    let stranger = open.browser();
    stranger.post("/sign-up", account("bob")).await.refused(403, 41020);
    let admin = open.set_up().await;
    let answer = stranger.post("/sign-up", account("bob")).await.is(201);
    assert_eq!(
        (answer.json["person"]["role"].as_str(), &answer.json["room"]),
        (Some("member"), &json!(null))
    );
    stranger.get("/me").await.is(200);
    open.browser().post("/sign-up", account("Bob")).await.refused(409, 41010).naming("handle");
    let code = admin.post("/admin/invitations", json!({})).await.is(201).text("code");

    let (invited, _) = Server::with_admin().await;
    invited.browser().post("/sign-up", account("bob")).await.refused(403, 41021);
    let body = json!({"handle": "bob", "name": "Bob", "password": PASSWORD, "invitation": code});
    invited.browser().post("/sign-up", body).await.refused(404, 41022);

    let closed = with_policy(SignUp::Closed);
    closed.set_up().await;
    closed.browser().post("/sign-up", account("bob")).await.refused(403, 41020);
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named() {
    let server = with_policy(SignUp::Open);
    server.set_up().await;
    let body = json!({"handle": "-", "name": "Ada\u{202e}exe", "email": "nowhere", "password": PASSWORD});
    let refused = server.browser().post("/sign-up", body).await.is(400);
    refused.naming("handle").naming("name").naming("email");
    let weak = json!({"handle": "bob", "name": "Bob", "password": "short"});
    server.browser().post("/sign-up", weak).await.refused(400, 41015).naming("password");
    let reserved = json!({"handle": "admin", "name": "Bob", "password": PASSWORD});
    server.browser().post("/sign-up", reserved).await.refused(400, 41012).naming("handle");
}

#[tokio::test]
async fn who_lost_their_password_finds_back_by_an_administrators_link() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let stranger = server.browser();
    let known = stranger.post("/recovery", json!({"login": "bob"})).await.is(202);
    let unknown = stranger.post("/recovery", json!({"login": "nobody"})).await.is(202);
    assert_eq!(known.bytes, unknown.bytes);
    server.chat.refresh_if_changed().unwrap();
    let asked = admin.get("/admin/recoveries").await.is(200);
    assert_eq!(asked.ids("/person/handle"), ["bob"]);
    let reset = admin.post(&format!("/admin/people/{}/reset", bob.id), json!({})).await.is(201);
    let (code, url) = (reset.text("code"), reset.text("url"));
    assert_eq!(url, format!("http://loquat.test:8080/recover#{code}"));
    let complete = json!({"code": code, "password": "another plum tree"});
    stranger.post("/recovery/complete", complete.clone()).await.is(204);
    bob.get("/me").await.refused(401, 41001);
    stranger.post("/recovery/complete", complete).await.refused(403, 41026);
    stranger.post("/sign-in", json!({"login": "bob", "password": "another plum tree"})).await.is(200);
    assert!(admin.get("/admin/recoveries").await.ids("/person/id").is_empty());
}
