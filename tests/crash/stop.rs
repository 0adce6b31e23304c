//! SIGTERM with a thousand connections and publishes in flight.

use std::time::{Duration, Instant};

use loquat_protocol::{Action, Format, ProtocolMessage};
use loquat_testkit::{
    Crowd, Link, Setup,
    crowd::Options,
    laws,
    link::{Incoming, Wanted},
    process,
};

const CONNECTIONS: usize = 1_000;

#[test]
fn heavy_clients_are_told_and_what_is_in_flight_is_finished() {
    process::raise_file_limit();
    let setup = Setup::new();
    let mut server = setup.start();
    let options = Options::small(setup.address);
    let channels = options.channels.clone();
    let mut links: Vec<_> = (0..CONNECTIONS).map(|index| open(&setup, index, &channels)).collect();
    let crowd = Crowd::start(options, 4);
    crowd.works(100);
    server.terminate();
    let (status, time) = server.time_to_end(Duration::from_secs(20)).expect("it ends");
    assert_eq!(status.code(), Some(0), "it said: {}", setup.said());
    assert!(time < Duration::from_secs(10), "it took {time:?}");
    links.iter_mut().for_each(is_told);
    drop(server);
    let server = setup.start();
    crowd.works(40);
    let summary = laws::check(&crowd.finish(), setup.address, &channels, laws::Disk::Sound);
    eprintln!("stopped within {time:?}: {summary:?}");
    drop(server);
}

fn open(setup: &Setup, index: usize, channels: &[String]) -> Link {
    let wanted = Wanted { format: Format::ALL[index % 2], ..Wanted::default() };
    let mut link = Link::connect(setup.address, &wanted).expect("a connection");
    let attach = ProtocolMessage::of_channel(Action::Attach, &channels[index % channels.len()]);
    link.send(&attach).expect("it can be written to");
    link.wait(Action::Attached).expect("ATTACHED");
    link
}

/// A DISCONNECTED that says to come back, then the end.
fn is_told(link: &mut Link) {
    let told = link.wait(Action::Disconnected).expect("DISCONNECTED");
    assert_eq!(told.error.expect("with a reason").code, 80_003);
    let limit = Instant::now() + Duration::from_secs(5);
    while Instant::now() < limit {
        match link.next(Duration::from_secs(1)) {
            Ok(Some(Incoming::End)) | Err(_) => return,
            Ok(_) => {}
        }
    }
    panic!("the connection does not end");
}

#[test]
fn a_server_with_nobody_there_stops_at_once() {
    let setup = Setup::new();
    let mut server = setup.start();
    server.terminate();
    let (status, time) = server.time_to_end(Duration::from_secs(20)).expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert!(time < Duration::from_secs(2), "it took {time:?}");
}
