//! Writes that are sent again.

use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn a_room_is_made_once_however_often_it_is_asked_for() {
    let (server, admin) = Server::with_admin().await;
    let keyed = admin.having("idempotency-key", "one");
    let first = keyed.post("/rooms", json!({"kind": "public", "name": "Garden"})).await.is(201);
    let again = keyed.post("/rooms", json!({"kind": "public", "name": "Garden"})).await.is(201);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(admin.get("/me/rooms").await.ids("/room/name"), ["Garden"]);
    server.pass_ms(24 * 3_600_000);
    keyed.post("/rooms", json!({"kind": "public", "name": "Garden"})).await.is(201);
    assert_eq!(admin.get("/me/rooms").await.ids("/room/name").len(), 2);
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_person() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let body = json!({"kind": "public", "name": "Garden"});
    admin.having("idempotency-key", "one").post("/rooms", body.clone()).await.is(201);
    let other = json!({"kind": "public", "name": "Orchard"});
    admin.having("idempotency-key", "one").post("/rooms", other).await.refused(422, 41062);
    admin.having("idempotency-key", "one").post("/me/tokens", json!({"name": "x"})).await.refused(422, 41062);
    bob.having("idempotency-key", "one").post("/rooms", body).await.is(201);
    assert_eq!(bob.get("/me/rooms").await.ids("/room/name"), ["Garden"]);
}

#[tokio::test]
async fn an_answer_is_not_given_again_to_less_than_it_was_given_to() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let token = json!({"name": "builds"});
    let script = bob.script(&bob.post("/me/tokens", json!({"name": "leaked"})).await.is(201).text("secret"));
    bob.having("idempotency-key", "one").post("/me/tokens", token.clone()).await.is(201);
    script.having("idempotency-key", "one").post("/me/tokens", token).await.refused(403, 41005);

    let account = format!("/admin/people/{}", bob.get("/me").await.text("id"));
    admin.patch(&account, json!({"role": "administrator"})).await.is(200);
    let keyed = bob.having("idempotency-key", "two");
    let key = json!({"capability": {"*": ["*"]}});
    keyed.post("/admin/keys", key.clone()).await.is(201);
    admin.patch(&account, json!({"role": "member"})).await.is(200);
    keyed.post("/admin/keys", key).await.refused(403, 41030);
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let (_server, admin) = Server::with_admin().await;
    let keyed = admin.having("idempotency-key", "one");
    keyed.post("/rooms", json!({"kind": "public", "name": ""})).await.refused(400, 41013);
    keyed.post("/rooms", json!({"kind": "public", "name": "Garden"})).await.is(201);
}

#[tokio::test]
async fn keys_that_cannot_be_are_refused() {
    let (server, admin) = Server::with_admin().await;
    for key in [" ", "a b", "a:b", &"a".repeat(65)] {
        let keyed = admin.having("idempotency-key", key);
        keyed.post("/rooms", json!({"kind": "public", "name": "Garden"})).await.refused(400, 41061);
    }
    let stranger = server.browser().having("idempotency-key", "one");
    stranger.post("/rooms", json!({"kind": "public", "name": "Garden"})).await.refused(401, 41001);
}

#[tokio::test]
async fn of_two_at_once_one_is_done_and_nobody_gets_anything_else() {
    let (_server, admin) = Server::with_admin().await;
    let keyed = admin.having("idempotency-key", "one");
    let ask = || keyed.post("/rooms", json!({"kind": "public", "name": "Garden"}));
    let answers = tokio::join!(ask(), ask(), ask());
    let answers = [answers.0, answers.1, answers.2];
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(made.iter().all(|answer| answer.bytes == made[0].bytes));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.clone().refused(409, 41063);
    }
    assert_eq!(admin.get("/me/rooms").await.ids("/room/name"), ["Garden"]);
}

#[tokio::test]
async fn a_client_that_hangs_up_finds_its_answer_when_it_comes_back() {
    let (server, admin) = Server::with_admin().await;
    let made = admin.post("/rooms", json!({"kind": "private", "name": "Garden"})).await.is(201);
    let path = format!("/rooms/{}/messages", made.json["room"]["id"].as_str().unwrap());
    let keyed = admin.having("idempotency-key", "one");
    let held = server.ports.gate.clone().acquire_owned().await.unwrap();
    {
        let first = keyed.post(&path, json!({"text": "hello"}));
        tokio::pin!(first);
        // Until it is on its way to the log; then its client is gone.
        while server.ports.sent().is_empty() {
            tokio::select! {
                answer = &mut first => panic!("answered without the log: {}", answer.status),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    keyed.post(&path, json!({"text": "hello"})).await.refused(409, 41063);
    drop(held);
    let again = loop {
        let again = keyed.post(&path, json!({"text": "hello"})).await;
        if again.status != 409 {
            break again.is(201);
        }
    };
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(server.ports.sent().len(), 1);
}
