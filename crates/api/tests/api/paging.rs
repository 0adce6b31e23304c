//! Pages of lists, to the end and without doubles, also while the list grows.

use serde_json::json;

use crate::support::{Browser, Server};

/// Every item's id, page by page; `between` runs after each page.
async fn walk(browser: &Browser, path: &str, pointer: &str, between: impl AsyncFn(usize)) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), String::new());
    for count in 0..100 {
        let page = browser.get(&format!("{path}limit=3{after}")).await.is(200);
        let found = page.ids(pointer);
        assert!(found.len() <= 3);
        ids.extend(found);
        let Some(next) = page.json["next"].as_str() else { return ids };
        assert_eq!(page.ids(pointer).len(), 3, "only the last page is short");
        after = format!("&after={next}");
        between(count).await;
    }
    panic!("{path} has no end");
}

fn is_without_doubles(ids: &[String]) -> bool {
    let mut sorted = ids.to_vec();
    sorted.sort();
    sorted.dedup();
    sorted.len() == ids.len()
}

#[tokio::test]
async fn people_are_paged_while_others_sign_up() {
    let (server, admin) = Server::with_admin().await;
    for handle in ["bob", "cyd", "dan", "eve", "fay", "gus", "hal"] {
        server.member(&admin, handle).await;
    }
    let newcomers = ["ben", "kim", "lou", "max", "ned"];
    let ids = walk(&admin, "/people?", "/handle", async |count| {
        server.member(&admin, newcomers[count]).await;
    })
    .await;
    assert!(is_without_doubles(&ids), "{ids:?}");
    for handle in ["ada", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"] {
        assert!(ids.iter().any(|id| id == handle), "{handle} is missing: {ids:?}");
    }
}

#[tokio::test]
async fn rooms_members_and_invitations_are_paged() {
    let (server, admin) = Server::with_admin().await;
    let mut rooms = Vec::new();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        let made = admin.post("/rooms", json!({"kind": "public", "name": name})).await.is(201);
        rooms.push(made.json["room"]["id"].as_str().unwrap().to_owned());
    }
    let more = async |count: usize| {
        admin.post("/rooms", json!({"kind": "public", "name": format!("b{count}")})).await.is(201);
    };
    let listed = walk(&admin, "/rooms?", "/room/id", more).await;
    assert!(is_without_doubles(&listed) && rooms.iter().all(|room| listed.contains(room)));
    let all = walk(&admin, "/admin/rooms?", "/id", more).await;
    assert!(is_without_doubles(&all) && rooms.iter().all(|room| all.contains(room)));

    let room = &rooms[0];
    for handle in ["bob", "cyd", "dan", "eve"] {
        let person = server.member(&admin, handle).await;
        admin.put(&format!("/rooms/{room}/members/{}", person.id), json!({"role": "member"})).await.is(200);
        admin.post(&format!("/rooms/{room}/invitations"), json!({})).await.is(201);
    }
    let nothing = async |_| {};
    let members = walk(&admin, &format!("/rooms/{room}/members?"), "/person/handle", nothing).await;
    assert_eq!(members, ["ada", "bob", "cyd", "dan", "eve"]);
    assert_eq!(walk(&admin, &format!("/rooms/{room}/invitations?"), "/id", nothing).await.len(), 4);
    assert_eq!(walk(&admin, "/admin/people?", "/handle", nothing).await.len(), 5);
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused_by_name() {
    let (_server, admin) = Server::with_admin().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=1&limit=2", "limit"),
        ("after=x", "after"),
        ("after=", "after"),
        ("offset=3", "offset"),
    ] {
        for path in ["/people", "/rooms", "/admin/rooms", "/admin/invitations"] {
            admin.get(&format!("{path}?{query}")).await.refused(400, 40003).naming(field);
        }
    }
    let long = "a".repeat(81);
    admin.get(&format!("/people?prefix={long}")).await.refused(400, 40003).naming("prefix");
}

#[tokio::test]
async fn the_cursor_of_one_list_is_not_one_of_another() {
    let (server, admin) = Server::with_admin().await;
    server.member(&admin, "bob").await;
    let next = admin.get("/people?limit=1").await.is(200).text("next");
    admin.get(&format!("/people?after={next}")).await.is(200);
    admin.get(&format!("/rooms?after={next}")).await.refused(400, 40003).naming("after");
    admin.get(&format!("/admin/invitations?after={next}")).await.refused(400, 40003).naming("after");
}
