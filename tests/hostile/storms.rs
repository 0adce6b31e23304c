//! Many connections at once, from one place.

use std::{
    io::{Read, Write},
    net::Ipv4Addr,
    time::Duration,
};

use loquat_protocol::Action;
use loquat_testkit::{
    Link, Setup,
    link::{Wanted, tcp},
    process,
};

use crate::peace::Peace;

/// Ends a connection at once, with a reset.
fn abort(stream: &std::net::TcpStream) {
    drop(socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO)));
}

#[test]
fn connections_that_are_broken_off_leave_nothing_behind() {
    process::raise_file_limit();
    let setup = Setup::new().with("--limits-max-handshakes-per-address-per-second", "100000");
    let server = setup.start();
    let peace = Peace::of(&server);
    for round in 0..3_000 {
        match round % 4 {
            // Before, in the middle of and after the request; after the upgrade.
            0 => abort(&tcp(setup.address, &Wanted::default()).expect("a connection")),
            1 | 2 => {
                let mut stream = tcp(setup.address, &Wanted::default()).expect("a connection");
                let head: &[u8] =
                    if round % 4 == 1 { b"GET / HT" } else { b"GET /time HTTP/1.1\r\nHost: x\r\n\r\n" };
                drop(stream.write_all(head));
                abort(&stream);
            }
            _ => abort(Link::open(setup.address).expect("a connection").stream()),
        }
    }
    peace.holds(40);
    peace.returns();
}

/// What a connection over the budget is told.
fn turned_away(setup: &Setup, from: &Wanted) -> String {
    let mut told = String::new();
    let mut stream = tcp(setup.address, from).expect("a connection");
    drop(stream.read_to_string(&mut told));
    told
}

#[test]
fn one_address_has_its_share_of_connections_and_others_are_served() {
    let setup = Setup::new().with("--limits-max-connections-per-address", "40");
    let server = setup.start();
    let peace = Peace::of(&server);
    let from = Wanted { from: Ipv4Addr::new(127, 0, 0, 9), ..Wanted::default() };
    let links: Vec<_> = (0..100).filter_map(|_| Link::connect(setup.address, &from).ok()).collect();
    assert_eq!(links.len(), 40);
    let told = turned_away(&setup, &from);
    assert!(told.starts_with("HTTP/1.1 429") && told.contains("40150"), "{told}");
    peace.holds(16);
    drop(links);
    peace.returns();
    let mut again = Link::connect(setup.address, &from).expect("there is room again");
    again.wait(Action::Connected).expect("CONNECTED");
}

#[test]
fn one_address_connects_at_its_rate_and_others_are_served() {
    let setup = Setup::new().with("--limits-max-handshakes-per-address-per-second", "30");
    let server = setup.start();
    let peace = Peace::of(&server);
    let from = Wanted { from: Ipv4Addr::new(127, 0, 0, 9), ..Wanted::default() };
    let began = std::time::Instant::now();
    let links: Vec<_> = (0..300).filter_map(|_| Link::connect(setup.address, &from).ok()).collect();
    let most = 30.0 * (1.0 + began.elapsed().as_secs_f64()) + 1.0;
    let told = turned_away(&setup, &from);
    assert!(told.starts_with("HTTP/1.1 429") && told.contains("42910"), "{told}");
    assert!(links.len() >= 30 && links.len() as f64 <= most, "{} of 300, at most {most}", links.len());
    peace.holds(16);
}
