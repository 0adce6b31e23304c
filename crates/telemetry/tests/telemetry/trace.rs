//! Traces reach a collector, and a collector that is away harms nobody.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use loquat_telemetry::{PublishTraces, Stage, TraceError, TraceOptions};

/// A collector that takes one request and hands it back.
fn collector() -> (String, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !complete(&seen) {
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0, "the request ended early");
            seen.extend_from_slice(&buffer[..count]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        seen
    });
    (address, thread)
}

fn complete(seen: &[u8]) -> bool {
    let Some(head_end) = seen.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&seen[..head_end]).to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
    seen.len() >= head_end + 4 + length.parse::<usize>().unwrap()
}

fn options(endpoint: &str, ratio: f64) -> TraceOptions {
    TraceOptions { endpoint: endpoint.to_owned(), ratio, version: "1".to_owned() }
}

#[test]
fn a_publish_is_one_span_with_a_child_per_stage() {
    let (address, collector) = collector();
    let traces = PublishTraces::start(&options(&address, 1.0)).unwrap();
    let mut trace = traces.begin("connection-1", "channel-1").unwrap();
    trace.reached(Stage::Submitted);
    trace.reached(Stage::Durable);
    trace.reached(Stage::Acknowledged);
    drop(trace);
    traces.begin("connection-2", "channel-2").unwrap().refused(40160);
    traces.flush();
    let seen = String::from_utf8_lossy(&collector.join().unwrap()).into_owned();
    assert!(seen.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains("application/x-protobuf"));
    for part in
        ["loquat", "publish", "validate", "append", "acknowledge", "connection-1", "channel-2", "error.code"]
    {
        assert!(seen.contains(part), "{part} in {seen}");
    }
}

#[test]
fn a_collector_that_is_away_costs_only_its_spans() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let traces = PublishTraces::start(&options(&format!("http://{closed}"), 1.0)).unwrap();
    for _ in 0..10_000 {
        traces.begin("c", "ch").unwrap().reached(Stage::Acknowledged);
    }
    traces.flush();
}

#[test]
fn what_is_off_or_not_chosen_has_no_trace() {
    assert!(PublishTraces::off().begin("c", "ch").is_none());
    let traces = PublishTraces::start(&options("http://127.0.0.1:9", 0.0)).unwrap();
    assert!((0..1000).all(|_| traces.begin("c", "ch").is_none()));
}

#[test]
fn a_wrong_endpoint_is_refused() {
    for endpoint in ["", "https://host", "http://", "http:///path", "http://user@host"] {
        let refused = PublishTraces::start(&options(endpoint, 1.0));
        assert!(matches!(refused, Err(TraceError::Endpoint(_))), "{endpoint:?}");
    }
}
