//! One's rooms with what is unread in them.

use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn all_rooms_come_in_one_answer_that_is_not_sent_twice() {
    let (_server, admin) = Server::with_admin().await;
    for name in ["Garden", "Orchard"] {
        admin.post("/rooms", json!({"kind": "private", "name": name})).await.is(201);
    }
    let listed = admin.get("/me/rooms").await.is(200);
    assert_eq!(listed.ids("/room/name"), ["Garden", "Orchard"]);
    assert_eq!(listed.json["items"][0]["unread"], json!({"unread": 0, "mentions": 0}));
    let tag = listed.header("etag").to_owned();
    let again = admin.having("if-none-match", &tag).get("/me/rooms").await.is(304);
    assert!(again.bytes.is_empty() && again.header("etag") == tag);
    admin.post("/rooms", json!({"kind": "private", "name": "Shed"})).await.is(201);
    let changed = admin.having("if-none-match", &tag).get("/me/rooms").await.is(200);
    assert_eq!(changed.ids("/room/name"), ["Garden", "Orchard", "Shed"]);
    assert!(changed.json["version"].as_u64() > listed.json["version"].as_u64());
}

#[tokio::test]
async fn one_room_and_its_read_marker() {
    let (_server, admin) = Server::with_admin().await;
    let made = admin.post("/rooms", json!({"kind": "private", "name": "Garden"})).await.is(201);
    let id = made.json["room"]["id"].as_str().unwrap();
    assert_eq!(admin.get(&format!("/me/rooms/{id}")).await.is(200).json["room"]["name"], "Garden");
    let path = format!("/me/rooms/{id}/read");
    for body in [json!({}), json!({"serial": null}), json!({"serial": null, "backwards": true})] {
        let read = admin.put(&path, body).await.is(200);
        assert_eq!((&read.json["room"], &read.json["unread"]), (&json!(id), &json!(0)));
    }
    admin.put(&path, json!({"serial": "not a serial"})).await.refused(400, 40003).naming("serial");
    admin.put(&path, json!({"serial": 7})).await.refused(400, 40001).naming("serial");
    admin.put(&path, json!({"backwards": "yes"})).await.refused(400, 40001).naming("backwards");
}
