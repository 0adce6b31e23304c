//! The people of a server.

use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn people_are_found_and_show_what_everybody_may_see() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    admin.patch("/me", json!({"email": "ada@example.org"})).await.is(200);
    let found = bob.get("/people?prefix=LOVE").await.is(200);
    assert_eq!(found.ids("/handle"), ["ada"]);
    assert!(
        !String::from_utf8_lossy(&found.bytes).contains("example.org"),
        "an address is not for everybody"
    );
    let ada = bob.get(&format!("/people/{}", admin.id)).await.is(200);
    assert!(ada.json.get("email").is_none());
    bob.get("/people/p_aaaaaaaaaaaaaaaa").await.refused(404, 40400);
    bob.get("/people/ada").await.refused(404, 40400);
}

#[tokio::test]
async fn many_people_are_looked_up_at_once() {
    let (server, admin) = Server::with_admin().await;
    let bob = server.member(&admin, "bob").await;
    let ids = json!({"ids": [bob.id, "p_aaaaaaaaaaaaaaaa", admin.id]});
    assert_eq!(bob.post("/people/lookup", ids).await.is(200).ids("/handle"), ["bob", "ada"]);
    bob.post("/people/lookup", json!({"ids": []})).await.is(200);
    bob.post("/people/lookup", json!({"ids": ["ada"]})).await.refused(400, 40001).naming("ids[0]");
    let many = vec![bob.id.as_str(); 201];
    bob.post("/people/lookup", json!({"ids": many})).await.refused(400, 40001).naming("ids");
}
