//! Bodies that take their time: what somebody may do counts when they have said what they want, not when they began.

use axum::body::Body;
use http::Method;
use http_body_util::{BodyExt, Full};
use loquat_chat::{AccountChange, Visitor};
use loquat_store::people::{PersonId, PersonRole};
use serde_json::{Value, json};

use crate::support::{Browser, Server};

/// A body during whose arrival something happens.
fn body(text: &Value, meanwhile: impl FnOnce() + Send + 'static) -> Body {
    let mut meanwhile = Some(meanwhile);
    Body::new(Full::from(text.to_string()).map_frame(move |frame| {
        meanwhile.take().into_iter().for_each(|happens| happens());
        frame
    }))
}

/// What the administrator does to somebody, once.
fn change(server: &Server, admin: &Browser, person: &str, change: AccountChange) -> impl FnOnce() + use<> {
    let (chat, person) = (server.chat.clone(), PersonId::parse(person).unwrap());
    let cookie = admin.cookie.lock().unwrap().clone().unwrap();
    move || {
        let visitor = Visitor { address: [192, 0, 2, 1].into(), agent: String::new() };
        let secret = cookie.split_once('=').unwrap().1;
        let actor = chat.authenticate_session(secret, &visitor).unwrap().actor;
        chat.change_account(&actor, &person, change).unwrap();
    }
}

#[tokio::test]
async fn who_is_demoted_meanwhile_administrates_nothing() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let path = format!("/admin/people/{}", bob.id);
    let demote = AccountChange { role: Some(PersonRole::Member), ..AccountChange::default() };
    for (method, asked, text) in [
        (Method::PATCH, path.as_str(), json!({"role": "administrator"})),
        (Method::POST, "/admin/keys", json!({"capability": {"*": ["*"]}})),
        (Method::POST, "/admin/invitations", json!({})),
        (Method::DELETE, "/admin/keys/app.builds", json!({})),
    ] {
        for bob in [bob.clone(), bob.having("idempotency-key", "once")] {
            admin.patch(&path, json!({"role": "administrator"})).await.is(200);
            let demoted = change(&server, &admin, &bob.id, demote);
            let answer = bob.raw(method.clone(), asked, Some("application/json"), body(&text, demoted)).await;
            answer.refused(403, 41030);
        }
    }
    assert_eq!(bob.get("/me").await.is(200).text("role"), "member");
    assert!(admin.get("/admin/keys").await.is(200).json["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn who_is_deactivated_meanwhile_says_nothing_any_more() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let room = bob.post("/rooms", json!({"kind": "public", "name": "Bob's"})).await.is(201);
    let room = room.json["room"]["id"].as_str().unwrap();
    for (handle, method, path, text) in [
        ("eve", Method::POST, format!("/rooms/{room}/messages"), json!({"text": "a last word"})),
        ("dan", Method::PUT, format!("/me/rooms/{room}/read"), json!({"serial": null})),
    ] {
        let someone = server.member(&admin, handle).await;
        someone.post(&format!("/rooms/{room}/join"), json!({})).await.is(200);
        let out = AccountChange { deactivated: Some(true), ..AccountChange::default() };
        let text = body(&text, change(&server, &admin, &someone.id, out));
        someone.raw(method, &path, Some("application/json"), text).await.refused(401, 41001);
    }
    assert!(server.ports.sent().is_empty());
}
