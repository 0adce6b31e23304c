//! A disk that is full, and one that fails.

use std::{fs, io::Write, path::Path, time::Duration};

use loquat_protocol::{Action, ProtocolMessage};
use loquat_testkit::{Crowd, Image, Link, Setup, client::numbered, crowd::Options, http, laws, wait_for};
use serde_json::json;

#[test]
fn heavy_a_full_disk_refuses_publishes_and_recovers_by_itself() {
    let image = Image::new(200);
    let setup = Setup::new().in_folder(&image.root());
    let server = setup.start();
    let mut link = Link::open(setup.address).expect("a connection");
    let id = link.wait(Action::Connected).expect("CONNECTED").connection_id;
    let mut serial = 0;
    assert_eq!(publish(&mut link, &mut serial), None);
    let filler = image.root().join("filler");
    fill(&filler);
    // What is reserved lasts for some more.
    let code = (0..4_000).find_map(|_| publish(&mut link, &mut serial));
    assert_eq!(code, Some(50_008), "a publish on a full disk");
    let acked = serial - 1;
    let answer = http::post(setup.address, "/channels/full/messages", &json!({"data": "x".repeat(50_000)}))
        .expect("an answer");
    assert_eq!((answer.status, answer.code()), (507, 50_008), "over REST: {}", answer.json());
    wait_for("readiness says no", || server.readiness() == 503);
    // Connections stay, and new ones come.
    link.send(&ProtocolMessage { id: Some("alive".to_owned()), ..ProtocolMessage::new(Action::Heartbeat) })
        .expect("the connection stays");
    assert_eq!(link.wait(Action::Heartbeat).expect("an echo").id.as_deref(), Some("alive"));
    let mut other = Link::open(setup.address).expect("a connection");
    other.wait(Action::Connected).expect("CONNECTED on a full disk");
    assert_eq!(http::get(setup.address, "/channels/full/messages?limit=1").expect("history").status, 200);

    fs::remove_file(&filler).expect("the filler");
    // Nobody publishes: the server finds out by itself.
    wait_for("readiness says yes again", || server.readiness() == 200);
    assert_eq!(publish(&mut link, &mut serial), None, "a publish once there is room");
    assert!(id.is_some());
    let stored = loquat_testkit::history::read(setup.address, "full", "forwards", "").expect("history");
    assert_eq!(stored.len() as i64, acked + 1, "history has what was acknowledged");
}

/// Publishes one message; the code with which it was refused.
fn publish(link: &mut Link, serial: &mut i64) -> Option<u32> {
    let frame = ProtocolMessage {
        msg_serial: Some(*serial),
        messages: vec![numbered(*serial as u64, 40_000)],
        ..ProtocolMessage::of_channel(Action::Message, "full")
    };
    link.send(&frame).expect("the connection stays");
    let answer = loop {
        let frame = link.frame().expect("the connection stays");
        if matches!(frame.action(), Some(Action::Ack | Action::Nack)) {
            break frame;
        }
    };
    assert_eq!(answer.msg_serial, Some(*serial));
    *serial += 1;
    answer.error.map(|error| error.code)
}

/// Takes every block that is free.
fn fill(path: &Path) {
    let mut file = fs::File::create(path).expect("a file");
    for size in [1 << 20, 1 << 12, 1 << 9] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
    // The blocks were counted when they were written; whether they reach the disk doesn't matter.
    drop(file.sync_all());
}

#[test]
fn heavy_a_failed_sync_stops_the_process_and_loses_nothing() {
    let mut setup = Setup::new();
    let options = Options::small(setup.address);
    let channels = options.channels.clone();
    // Each of the server's threads counts its own calls: the log's is the one that comes this far first.
    let inject = "inject=fdatasync,fsync:error=EIO:when=300+";
    setup.wrapper = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", inject]
        .map(str::to_owned)
        .to_vec();
    let mut server = setup.start();
    let crowd = Crowd::start(options, 3);
    let status = server.ends_within(Duration::from_secs(60)).expect("the process stops");
    assert!(!status.success(), "{status}");
    let said = setup.said();
    assert!(said.contains("stops rather than guess"), "it says why: {said}");
    drop(server);
    setup.wrapper.clear();
    let server = setup.start();
    crowd.works(40);
    let evidence = crowd.finish();
    let summary = laws::check(&evidence, setup.address, &channels, laws::Disk::Failed);
    eprintln!("a failed sync: {summary:?}");
    drop(server);
}
