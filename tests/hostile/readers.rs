//! Clients that stop reading while their channel is flooded.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use loquat_protocol::{Action, Flags, Format, ProtocolMessage};
use loquat_testkit::{Link, Setup, client::number_of, link::Wanted};

use crate::peace::{Peace, flood, numbers_until};

/// Attached, and read no further. Returns the connection's key and the channelSerial.
fn deaf(setup: &Setup, format: Format, channel: &str, query: &str) -> (Link, String, String) {
    let query = query.to_owned();
    let wanted = Wanted { format, query, receive_buffer: Some(4_096), ..Wanted::default() };
    let mut link = Link::connect(setup.address, &wanted).expect("a connection");
    let details = link.wait(Action::Connected).expect("CONNECTED").connection_details;
    link.send(&ProtocolMessage::of_channel(Action::Attach, channel)).expect("ATTACH");
    let attached = link.wait(Action::Attached).expect("ATTACHED");
    let key = details.expect("connectionDetails").connection_key;
    (link, key, attached.channel_serial.expect("channelSerial"))
}

/// Who doesn't read.
const READERS: usize = 12;

/// Floods a channel before readers that don't read; then they read, and must have missed nothing. Memory
/// grows by less than a third of what they are behind by, all together.
fn nothing_is_missed(setup: Setup, count: u64, bytes: usize) {
    // The machine may be slow; what isn't tested here must not end the connections.
    let setup = &setup.with("--realtime-slow-reader-timeout", "10m");
    let server = setup.start();
    // What as many messages cost without them: the engines' caches, the rings.
    flood(setup, "nobody", count, bytes);
    let peace = Peace::of(&server);
    let mebibytes = (count * bytes as u64 * READERS as u64 / 3) >> 20;
    let mut links: Vec<_> =
        (0..READERS).map(|index| deaf(setup, Format::ALL[index % 2], "flooded", "").0).collect();
    flood(setup, "flooded", count, bytes);
    peace.holds(mebibytes);
    let expected: Vec<u64> = (0..count).collect();
    for link in &mut links {
        let numbers = numbers_until(link, count - 1).expect("the connection lives");
        assert_eq!(numbers, expected, "GAP-1: what came after not reading");
    }
    drop(links);
    peace.holds(mebibytes);
    peace.returns();
}

#[test]
fn who_reads_again_has_missed_nothing() {
    nothing_is_missed(Setup::new(), 12_000, 1_000);
}

#[test]
fn who_reads_again_gets_from_history_what_memory_no_longer_holds() {
    let setup = Setup::new().with("--realtime-recent-bytes-per-partition", "64KiB");
    nothing_is_missed(setup, 8_000, 2_000);
}

#[test]
fn large_messages_are_given_piece_by_piece() {
    nothing_is_missed(Setup::new(), 400, 60_000);
}

/// One connection that is behind on many channels at once gets them piece by piece too.
#[test]
fn many_channels_are_given_in_turns() {
    const CHANNELS: u64 = 80;
    const EACH: u64 = 30;
    let setup = Setup::new().with("--realtime-slow-reader-timeout", "10m");
    let server = setup.start();
    (0..CHANNELS).for_each(|channel| flood(&setup, &format!("nobody-{channel}"), EACH, 8_000));
    let peace = Peace::of(&server);
    let mut link = deaf(&setup, Format::Msgpack, "many-0", "").0;
    for channel in 1..CHANNELS {
        link.send(&ProtocolMessage::of_channel(Action::Attach, &format!("many-{channel}"))).expect("ATTACH");
        link.wait(Action::Attached).expect("ATTACHED");
    }
    (0..CHANNELS).for_each(|channel| flood(&setup, &format!("many-{channel}"), EACH, 8_000));
    peace.holds(90);
    let mut came = BTreeMap::<String, Vec<u64>>::new();
    while came.len() < CHANNELS as usize || came.values().any(|numbers| numbers.len() < EACH as usize) {
        let frame = link.wait(Action::Message).expect("the connection lives");
        let numbers = frame.messages.iter().filter_map(number_of);
        came.entry(frame.channel.unwrap_or_default()).or_default().extend(numbers);
    }
    let expected: Vec<u64> = (0..EACH).collect();
    assert!(came.values().all(|numbers| *numbers == expected), "GAP-1: {came:?}");
    peace.holds(90);
}

/// Cut off within the stated time, told to come back, and everything is there when it does.
#[test]
fn who_never_reads_is_cut_off_and_can_resume() {
    let setup = Setup::new().with("--realtime-slow-reader-timeout", "2s");
    let server = setup.start();
    let peace = Peace::of(&server);
    let (link, key, serial) = deaf(&setup, Format::Json, "flooded", "");
    flood(&setup, "flooded", 1_500, 8_000);
    let began = Instant::now();
    peace.returns();
    let time = began.elapsed();
    assert!(time < Duration::from_secs(12), "cut off after {time:?}");
    drop(link);

    let wanted = Wanted { query: format!("&resume={key}"), ..Wanted::default() };
    let mut link = Link::connect(setup.address, &wanted).expect("a connection");
    let connected = link.wait(Action::Connected).expect("CONNECTED");
    assert_eq!(connected.error, None, "resumed");
    let attach = ProtocolMessage::of_channel(Action::Attach, "flooded");
    link.send(&ProtocolMessage { channel_serial: Some(serial), ..attach }).expect("ATTACH");
    let attached = link.wait(Action::Attached).expect("ATTACHED");
    assert!(attached.flags().contains(Flags::RESUMED));
    let numbers = numbers_until(&mut link, 1_499).expect("the connection lives");
    assert_eq!(numbers, (0..1_500).collect::<Vec<_>>());
    peace.holds(60);
}
