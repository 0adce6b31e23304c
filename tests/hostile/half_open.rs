//! Peers that are gone without a word: their machine lost power, or their network.

use std::{
    io::Write,
    net::SocketAddr,
    time::{Duration, Instant},
};

use loquat_protocol::{Action, ProtocolMessage};
use loquat_testkit::{
    Link, Setup,
    link::{Wanted, tcp},
    network::Network,
    within,
};

use crate::peace::serves;

/// Longest silence that TCP bears, and some.
const NOTICED: Duration = Duration::from_secs(45);

#[test]
fn connections_whose_network_is_gone_are_closed() {
    let network = Network::new();
    let mut setup =
        Setup::new().with("--realtime-max-idle-interval", "2s").with("--limits-handshake-timeout", "2s");
    setup.address = SocketAddr::from((network.here, setup.address.port()));
    let server = setup.start();
    serves(&server);
    let before = server.open_sockets();
    let address = setup.address;
    let peers = network.there(|| {
        let links: Vec<_> = (0..20).map(|_| attached(address)).collect();
        let kept: Vec<_> = (0..20)
            .map(|index| {
                let mut stream = tcp(address, &Wanted::default()).expect("a connection");
                let request: &[u8] =
                    if index % 2 == 0 { b"GET / HT" } else { b"GET /time HTTP/1.1\r\nHost: x\r\n\r\n" };
                stream.write_all(request).expect("it is taken");
                stream
            })
            .collect();
        (links, kept)
    });
    assert!(server.open_sockets() >= before + 20, "they are connected");
    network.pull();
    let began = Instant::now();
    let closed = within(NOTICED, || (server.open_sockets() <= before).then_some(()));
    let (left, time) = (server.open_sockets(), began.elapsed());
    assert!(closed.is_some(), "{left} sockets, {before} before the peers were gone");
    eprintln!("noticed after {time:?}");
    serves(&server);
    drop(peers);
}

fn attached(address: SocketAddr) -> Link {
    let mut link = Link::open(address).expect("a connection");
    link.send(&ProtocolMessage::of_channel(Action::Attach, "far")).expect("ATTACH");
    link.wait(Action::Attached).expect("ATTACHED");
    link
}
