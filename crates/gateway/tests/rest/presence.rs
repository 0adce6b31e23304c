//! Members, and the history of their coming and going.

use loquat_protocol::{Format, PresenceMessage};

use crate::support::{ROOT, Server, channel, enter};

const PATH: &str = "/channels/c/presence";

async fn three(server: &Server) {
    let members = [("carl", "conn-1"), ("anna", "conn-1"), ("anna", "conn-2")];
    for (index, (client, connection)) in members.into_iter().enumerate() {
        server.node.enter(&channel("c"), vec![enter(client, connection, index)]).await.unwrap();
    }
}

#[tokio::test]
async fn members_are_present_in_both_formats() {
    let server = Server::start();
    three(&server).await;
    let reply = server.get(PATH).send().await;
    assert_eq!(reply.field("clientId"), ["anna", "anna", "carl"]);
    let json: Vec<PresenceMessage> = reply.decode(Format::Json);
    assert!(
        json.iter().all(|member| member.action == 1 && member.id.is_some() && member.timestamp.is_some())
    );
    let packed = server.get(&format!("{PATH}?format=msgpack")).send().await;
    assert_eq!(packed.decode::<Vec<PresenceMessage>>(Format::Msgpack), json);
    assert_eq!(server.get("/channels/d/presence").send().await.text(), "[]");
}

#[tokio::test]
async fn members_are_filtered() {
    let server = Server::start();
    three(&server).await;
    let connections = |query: &str| {
        let call = server.get(&format!("{PATH}?{query}"));
        async { call.send().await.field("connectionId") }
    };
    assert_eq!(connections("clientId=anna").await, ["conn-1", "conn-2"]);
    assert_eq!(connections("connectionId=conn-1").await, ["conn-1", "conn-1"]);
    assert_eq!(connections("connectionId=conn-1&clientId=anna").await, ["conn-1"]);
    assert!(connections("clientId=nobody").await.is_empty());
}

#[tokio::test]
async fn a_filter_is_not_a_claim_to_be_that_client() {
    let server = Server::start();
    three(&server).await;
    let body = serde_json::json!({"clientId": "me"});
    let details = server.post("/keys/app.root/requestToken", &body).send().await.json();
    let path = format!("{PATH}?clientId=anna&access_token={}", details["token"].as_str().unwrap());
    assert_eq!(server.call("GET", &path).send().await.field("clientId"), ["anna", "anna"]);
}

#[tokio::test]
async fn pages_hold_every_member_that_stays_once() {
    let server = Server::start();
    for n in 0..25 {
        let member = enter(&format!("client,{n:02}"), "conn", n);
        server.node.enter(&channel("c"), vec![member]).await.unwrap();
    }
    let (mut seen, mut path) = (Vec::new(), "presence?limit=4".to_owned());
    loop {
        let reply = server.get(&format!("/channels/c/{path}")).send().await;
        seen.extend(reply.field("clientId"));
        server.node.presence().leave(&format!("gone-{}", seen.len()), None, 1);
        server
            .node
            .enter(&channel("c"), vec![enter("a", &format!("gone-{}", seen.len() + 4), 0)])
            .await
            .unwrap();
        let Some(next) = reply.link("next") else { break };
        path = next;
    }
    assert_eq!(seen, (0..25).map(|n| format!("client,{n:02}")).collect::<Vec<_>>());
    for query in ["limit=0", "limit=1001", "cursor=x", "cursor=a.b.c"] {
        assert_eq!(server.get(&format!("{PATH}?{query}")).send().await.refusal(), (400, 40003), "{query}");
    }
}

#[tokio::test]
async fn events_are_kept_and_paged_one_by_one() {
    let server = Server::start();
    let together = (0..3).map(|n| enter(&format!("c{n}"), "conn-1", n)).collect();
    server.node.enter(&channel("c"), together).await.unwrap();
    server.node.enter(&channel("c"), vec![enter("c3", "conn-2", 0)]).await.unwrap();
    server.publish("c", &["message".to_owned()]).await;
    let all = server.get("/channels/c/presence/history").send().await;
    assert_eq!(all.field("clientId"), ["c3", "c2", "c1", "c0"]);
    let (mut seen, mut path) = (Vec::new(), "history?limit=1&direction=forwards".to_owned());
    loop {
        let reply = server.get(&format!("/channels/c/presence/{path}")).send().await;
        seen.extend(reply.field("clientId"));
        let Some(next) = reply.link("next") else { break };
        path = next;
    }
    assert_eq!(seen, ["c0", "c1", "c2", "c3"]);
    let packed = server.call("GET", "/channels/c/presence/history?format=msgpack").key(ROOT).send().await;
    let packed: Vec<PresenceMessage> = packed.decode(Format::Msgpack);
    assert!(packed.iter().all(|event| event.action == 2 && event.connection_id.is_some()));
}
