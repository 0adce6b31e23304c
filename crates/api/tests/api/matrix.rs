//! Who may ask for what: every operation of the document, so that a new one is among them before anybody thinks of it.

use http::{HeaderValue, Method};
use serde_json::{Value, json};

use crate::support::{Answer, Browser, PASSWORD, Server, schema::DOCUMENT};

/// An operation of the document.
struct Operation {
    method: Method,
    path: &'static str,
    is_open: bool,
}

fn operations() -> Vec<Operation> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    let operation = |path: &'static String, (method, item): (&'static String, &'static Value)| {
        let without = item["security"].as_array().is_some_and(|ways| ways.contains(&json!({})));
        Operation { method: method.to_uppercase().parse().unwrap(), path, is_open: without }
    };
    let all: Vec<_> = paths
        .flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |entry| operation(path, entry)))
        .collect();
    assert!(all.len() > 40);
    all
}

/// A body that the operation takes, where it takes one.
fn body(operation: &Operation) -> Option<Value> {
    let key = format!("{} {}", operation.method, operation.path);
    let item = &DOCUMENT["paths"][operation.path][operation.method.as_str().to_lowercase()];
    item.get("requestBody")?;
    Some(match key.as_str() {
        "POST /setup" => json!({"code": "x", "handle": "eve", "name": "Eve", "password": PASSWORD}),
        "POST /sign-up" => json!({"handle": "eve", "name": "Eve", "password": PASSWORD}),
        "POST /sign-in" => json!({"login": "ada", "password": PASSWORD}),
        "POST /recovery" => json!({"login": "ada"}),
        "POST /recovery/complete" => json!({"code": "A".repeat(43), "password": PASSWORD}),
        "PATCH /me" => json!({"name": "Owned"}),
        "PUT /me/password" => json!({"current": PASSWORD, "new": "owned owned owned"}),
        "POST /me/tokens" => json!({"name": "script"}),
        "PUT /me/rooms/{room}/read" | "POST /rooms/{room}/invitations" | "POST /admin/invitations" => {
            json!({})
        }
        "POST /people/lookup" => json!({"ids": []}),
        "POST /rooms" => json!({"kind": "public", "name": "Owned"}),
        "PATCH /rooms/{room}" => json!({"name": "Owned"}),
        "PUT /rooms/{room}/members/{person}" => json!({"role": "member"}),
        "POST /rooms/{room}/messages" => json!({"text": "owned"}),
        "PATCH /admin/people/{person}" => json!({"deactivated": true}),
        "POST /admin/keys" => json!({"capability": {"*": ["*"]}}),
        other => panic!("what does {other} take?"),
    })
}

/// What stands in the place of a path's variables.
struct Places<'a> {
    room: &'a str,
    person: &'a str,
    invitation: &'a str,
}

const NOBODY: Places<'_> =
    Places { room: "r_aaaaaaaaaaaaaaaa", person: "p_aaaaaaaaaaaaaaaa", invitation: "i_aaaaaaaaaaaaaaaa" };

async fn ask(browser: &Browser, operation: &Operation, places: &Places<'_>) -> Answer {
    let word = |word: &str| match word {
        "{room}" => places.room.to_owned(),
        "{person}" => places.person.to_owned(),
        "{invitation}" => places.invitation.to_owned(),
        "{session}" => "s_aaaaaaaaaaaaaaaa".to_owned(),
        "{token}" => "t_aaaaaaaaaaaaaaaa".to_owned(),
        "{code}" => "A".repeat(43),
        "{name}" => "chat.key".to_owned(),
        word => word.to_owned(),
    };
    let path = operation.path.split('/').map(word).collect::<Vec<_>>().join("/");
    let body = body(operation);
    let kind = body.as_ref().map(|_| "application/json");
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    browser.raw(operation.method.clone(), &path, kind, body).await
}

/// Whoever acts by something that is over, was never there, or is of another kind.
async fn impostors(server: &Server, admin: &Browser) -> Vec<(&'static str, Browser)> {
    let signed_out = server.member(admin, "out").await;
    let cookie = signed_out.cookie.lock().unwrap().clone();
    signed_out.post("/sign-out", json!({})).await.is(204);
    *signed_out.cookie.lock().unwrap() = cookie;
    let deactivated = server.member(admin, "gone").await;
    let token_of_deactivated = deactivated.post("/me/tokens", json!({"name": "script"})).await.is(201);
    admin.patch(&format!("/admin/people/{}", deactivated.id), json!({"deactivated": true})).await.is(200);
    let revoked = admin.post("/me/tokens", json!({"name": "revoked"})).await.is(201);
    admin.delete(&format!("/me/tokens/{}", revoked.text("id"))).await.is(204);
    let live = admin.post("/me/tokens", json!({"name": "live"})).await.is(201).text("secret");
    let session = admin.cookie.lock().unwrap().clone().unwrap();
    let session = session.split_once('=').unwrap().1.to_owned();
    let with_cookie = |value: &str| {
        let browser = server.browser();
        *browser.cookie.lock().unwrap() = Some(format!("loquat_session={value}"));
        browser
    };
    let beside = {
        let mut beside = admin.clone();
        beside.headers.insert("authorization", HeaderValue::from_static("Bearer lqt_made-up"));
        beside
    };
    vec![
        ("nobody", server.browser()),
        ("a session that was ended", signed_out),
        ("a session of somebody deactivated", deactivated.clone()),
        ("a token of somebody deactivated", deactivated.script(&token_of_deactivated.text("secret"))),
        ("a token that was revoked", admin.script(&revoked.text("secret"))),
        ("a session's secret as a token", admin.script(&session)),
        ("a token as a cookie", with_cookie(&live)),
        ("the other kind of cookie", {
            let browser = server.browser();
            *browser.cookie.lock().unwrap() = Some(format!("__Host-loquat_session={session}"));
            browser
        }),
        ("two cookies", with_cookie(&format!("{session}; loquat_session=x"))),
        ("a made-up token beside a good cookie", beside),
    ]
}

#[tokio::test]
async fn without_a_standing_nothing_is_answered_but_that() {
    let (server, admin) = Server::with_admin().await;
    for (who, browser) in impostors(&server, &admin).await {
        for operation in operations().iter().filter(|operation| !operation.is_open) {
            let answer = ask(&browser, operation, &NOBODY).await;
            let seen = (answer.status.as_u16(), answer.json["code"].as_u64());
            assert_eq!(seen, (401, Some(41001)), "{who}: {} {}", operation.method, operation.path);
        }
    }
    assert_eq!(admin.get("/me").await.is(200).text("name"), "Ada Lovelace");
}

#[tokio::test]
async fn administration_is_for_administrators_whoever_else_asks() {
    let (server, admin) = Server::with_admin().await;
    let member = server.member(&admin, "bob").await;
    let former = server.member(&admin, "eve").await;
    let role = async |role: &str| {
        admin.patch(&format!("/admin/people/{}", former.id), json!({"role": role})).await.is(200);
    };
    role("administrator").await;
    former.get("/admin/stats").await.is(200);
    let script = former.post("/me/tokens", json!({"name": "script"})).await.is(201).text("secret");
    role("member").await;
    let places = Places { person: &admin.id, ..NOBODY };
    for browser in [&member, &former, &former.script(&script)] {
        for operation in operations().iter().filter(|operation| operation.path.starts_with("/admin")) {
            let answer = ask(browser, operation, &places).await;
            let seen = (answer.status.as_u16(), answer.json["code"].as_u64());
            assert_eq!(seen, (403, Some(41030)), "{} {}", operation.method, operation.path);
        }
    }
}

#[tokio::test]
async fn no_page_of_another_site_writes_anything() {
    let (_server, admin) = Server::with_admin().await;
    for operation in operations().iter().filter(|operation| operation.method != Method::GET) {
        for other in [admin.having("origin", "https://evil.example"), admin.having("origin", "null")] {
            let answer = ask(&other, operation, &NOBODY).await;
            let seen = (answer.status.as_u16(), answer.json["code"].as_u64());
            assert_eq!(seen, (403, Some(41060)), "{} {}", operation.method, operation.path);
        }
    }
}

/// Whoever was never in a room, who left it, and who was sent away: for all of them it isn't there.
#[tokio::test]
async fn a_hidden_room_is_not_there_for_any_operation() {
    let (server, admin) = Server::with_admin().await;
    let [bob, eve, kim] = [
        server.member(&admin, "bob").await,
        server.member(&admin, "eve").await,
        server.member(&admin, "kim").await,
    ];
    let members = json!([eve.id, kim.id]);
    let made = bob.post("/rooms", json!({"kind": "private", "name": "Secret", "members": members})).await;
    let room = made.is(201).json["room"]["id"].as_str().unwrap().to_owned();
    let link = bob.post(&format!("/rooms/{room}/invitations"), json!({})).await.is(201).text("id");
    eve.delete(&format!("/rooms/{room}/members/{}", eve.id)).await.is(204);
    bob.delete(&format!("/rooms/{room}/members/{}", kim.id)).await.is(204);
    let stranger = server.member(&admin, "max").await;
    let hidden = Places { room: &room, person: &bob.id, invitation: &link };
    let absent = Places { room: NOBODY.room, ..hidden };
    for archived in [false, true] {
        bob.patch(&format!("/rooms/{room}"), json!({"archived": archived})).await.is(200);
        for browser in [&eve, &kim, &stranger] {
            for operation in operations().iter().filter(|operation| operation.path.contains("{room}")) {
                let seen = ask(browser, operation, &hidden).await.refused(404, 40400);
                let unseen = ask(browser, operation, &absent).await.refused(404, 40400);
                assert_eq!(seen.json, unseen.json, "{} {}", operation.method, operation.path);
            }
        }
    }
    assert_eq!(bob.get(&format!("/rooms/{room}")).await.is(200).text("name"), "Secret");
}
