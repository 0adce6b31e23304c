//! Paging is exact: every message once and in order, whatever the limits, and whatever is published meanwhile.

use crate::support::Server;

/// A small generator, so that a failure is a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Publishes random batches; gives the names in order.
async fn fill(server: &Server, random: &mut Random, batches: usize) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..batches {
        let batch: Vec<_> = (0..=random.below(6)).map(|n| format!("m{}", names.len() as u64 + n)).collect();
        server.publish("c", &batch).await;
        names.extend(batch);
        // Another channel of the same partitions.
        server.publish("other", &["x".to_owned()]).await;
    }
    names
}

/// Walks all pages with random limits, publishing between them; gives the names as they came.
async fn walk(server: &Server, random: &mut Random, query: &str, publish: bool) -> Vec<String> {
    let mut names = Vec::new();
    let mut path = format!("messages?limit={}&{query}", 1 + random.below(4));
    loop {
        let reply = server.get(&format!("/channels/c/{path}")).send().await;
        let page = reply.field("name");
        let again = server.get(&format!("/channels/c/{}", reply.link("current").unwrap())).send().await;
        assert_eq!(again.field("name"), page, "the page itself");
        names.extend(page);
        if publish {
            server.publish("c", &["late".to_owned(), "late".to_owned()]).await;
        }
        let Some(next) = reply.link("next") else { return names };
        // A reader may change the limit from page to page.
        let limit = format!("limit={}", 1 + random.below(7));
        path = next
            .split('&')
            .map(|pair| {
                if pair.starts_with("messages?limit=") {
                    format!("messages?{limit}")
                } else {
                    pair.to_owned()
                }
            })
            .collect::<Vec<_>>()
            .join("&");
    }
}

async fn every_message_once(ring_bytes: usize, publish: bool) {
    for seed in 0..6 {
        let server = Server::with(false, ring_bytes);
        let mut random = Random(seed);
        let count = 1 + random.below(25) as usize;
        let names = fill(&server, &mut random, count).await;
        let mut backwards = names.clone();
        backwards.reverse();
        let serial = server.get("/channels/c/messages?limit=1").send().await.field("serial").remove(0);
        let walked = walk(&server, &mut random, "direction=backwards", publish).await;
        assert_eq!(walked, backwards, "seed {seed}");
        let until = format!("direction=forwards&from_serial={serial}");
        assert_eq!(walk(&server, &mut random, &until, publish).await, names, "seed {seed}");
        let until = format!("from_serial={serial}");
        assert_eq!(walk(&server, &mut random, &until, publish).await, backwards, "seed {seed}");
        if !publish {
            assert_eq!(walk(&server, &mut random, "direction=forwards", false).await, names, "seed {seed}");
        }
    }
}

#[tokio::test]
async fn pages_are_exact_from_the_ring() {
    every_message_once(64 << 20, false).await;
}

#[tokio::test]
async fn pages_are_exact_from_log_and_projection() {
    every_message_once(0, false).await;
}

#[tokio::test]
async fn pages_are_exact_while_messages_come() {
    every_message_once(64 << 20, true).await;
    every_message_once(0, true).await;
}

#[tokio::test]
async fn a_forward_walk_ends_where_it_began_to_look() {
    let server = Server::start();
    let mut random = Random(9);
    let names = fill(&server, &mut random, 12).await;
    assert_eq!(walk(&server, &mut random, "direction=forwards", true).await, names);
}

#[tokio::test]
async fn pages_are_exact_while_others_publish_at_the_same_time() {
    let server = std::sync::Arc::new(Server::start());
    let mut random = Random(5);
    let names = fill(&server, &mut random, 20).await;
    let publisher = std::sync::Arc::clone(&server);
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let publishing = tokio::spawn(async move {
        while stopped.try_recv().is_err() {
            publisher.publish("c", &["late".to_owned()]).await;
        }
    });
    for _ in 0..5 {
        let mut walked = walk(&server, &mut random, "direction=backwards", false).await;
        walked.retain(|name| name != "late");
        walked.reverse();
        assert_eq!(walked, names);
    }
    stop.send(()).unwrap();
    publishing.await.unwrap();
}

#[tokio::test]
async fn large_messages_make_shorter_pages_and_none_is_lost() {
    let server = Server::start();
    let data = "x".repeat(60_000);
    let path = "/channels/c/messages";
    let count = 150;
    for n in 0..count {
        let body = serde_json::json!({"name": n.to_string(), "data": data});
        assert_eq!(server.post(path, &body).send().await.status, 201);
    }
    let first = server.get(&format!("{path}?limit=1000&direction=forwards")).send().await;
    let mut names = first.field("name");
    assert!(names.len() < count && first.body.len() < (9 << 20));
    let second = server.get(&format!("/channels/c/{}", first.link("next").unwrap())).send().await;
    names.extend(second.field("name"));
    assert_eq!((names, second.link("next")), ((0..count).map(|n| n.to_string()).collect(), None));
}
