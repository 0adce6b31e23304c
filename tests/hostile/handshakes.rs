//! Peers that never finish what they begin.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use loquat_testkit::{
    Setup,
    link::{Wanted, tcp},
};

use crate::peace::Peace;

const PEERS: usize = 150;

fn peers(setup: &Setup) -> Vec<TcpStream> {
    (0..PEERS).map(|_| tcp(setup.address, &Wanted::default()).expect("a connection")).collect()
}

/// Sends each peer's bytes one by one, and waits until the server has closed all of them.
fn trickle(mut peers: Vec<TcpStream>, bytes: &[u8], limit: Duration) {
    let deadline = Instant::now() + limit;
    for peer in &peers {
        peer.set_read_timeout(Some(Duration::from_millis(1))).expect("a socket");
    }
    let mut next = bytes.iter().cycle();
    while !peers.is_empty() {
        let byte = [*next.next().expect("bytes")];
        peers.retain_mut(|peer| {
            let mut answer = [0; 256];
            match peer.read(&mut answer) {
                Ok(0) => false,
                Ok(_) => true,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => peer.write_all(&byte).is_ok(),
                Err(_) => false,
            }
        });
        assert!(Instant::now() < deadline, "{} peers are still connected", peers.len());
    }
}

#[test]
fn requests_that_trickle_are_closed() {
    let setup = Setup::new().with("--limits-handshake-timeout", "1s");
    let server = setup.start();
    let peace = Peace::of(&server);
    let peers = peers(&setup);
    peace.holds(16);
    trickle(peers, b"GET / HTTP/1.1\r\nX-A: ", Duration::from_secs(6));
    peace.holds(16);
    peace.returns();
}

#[test]
fn connections_that_say_nothing_are_closed() {
    let setup = Setup::new().with("--limits-handshake-timeout", "1s");
    let server = setup.start();
    let peace = Peace::of(&server);
    let peers = peers(&setup);
    peace.holds(16);
    peace.returns();
    drop(peers);
}

#[test]
fn half_a_tls_handshake_is_closed() {
    let mut setup = Setup::new().with("--limits-handshake-timeout", "1s");
    let (cert, key) = (setup.file("cert.pem"), setup.file("key.pem"));
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    std::fs::write(&cert, made.cert.pem()).expect("a file");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("a file");
    for (flag, file) in [("--tls-cert-file", &cert), ("--tls-key-file", &key)] {
        setup = setup.with(flag, file.to_str().expect("UTF-8"));
    }
    let server = setup.launch();
    // It speaks TLS only, so that nobody here can ask it for readiness.
    loquat_testkit::wait_for("the server listens", || setup.said().contains("listens on https"));
    let (sockets, bytes) = (server.open_sockets(), server.own_bytes());
    // A record of a ClientHello of 512 bytes that never comes; and nothing at all.
    let mut peers = peers(&setup);
    for peer in &mut peers[..PEERS / 2] {
        peer.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").expect("it is taken");
    }
    loquat_testkit::wait_for("they are closed", || server.open_sockets() <= sockets);
    let grown = server.own_bytes().saturating_sub(bytes);
    assert!(grown < 16 << 20, "MEM-1: memory has grown by {} KiB", grown >> 10);
    drop(peers);
}
