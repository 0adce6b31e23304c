//! Bounds of connections and channels, and the answer at each.

use loquat_protocol::{Action, Format, PresenceAction, PresenceMessage, ProtocolMessage};
use loquat_testkit::{Link, Setup};

use crate::peace::{connected, lives, message};

#[track_caller]
fn channel_error(link: &mut Link, channel: &str) -> u32 {
    link.send(&ProtocolMessage::of_channel(Action::Attach, channel)).expect("ATTACH");
    let error = link.wait(Action::Error).expect("ERROR");
    assert_eq!(error.channel.as_deref(), Some(channel));
    error.error.expect("with a reason").code
}

#[test]
fn bad_channel_names() {
    let setup = Setup::new();
    let _server = setup.start();
    let mut link = connected(&setup, Format::Json);
    let long = "x".repeat(2_049);
    for name in ["", ":a", "a\nb", "a\u{2028}b", "\u{0}", "[meta]a", &long] {
        assert_eq!(channel_error(&mut link, name), 40_010, "{name:?}");
        link.send(&message(name, 0, 1, 20)).expect("MESSAGE");
        let nack = link.wait(Action::Nack).expect("NACK");
        assert_eq!(nack.error.expect("with a reason").code, 40_010, "{name:?}");
    }
    lives(&mut link);
}

#[test]
fn too_many_channels() {
    let setup = Setup::new().with("--realtime-max-channels-per-connection", "5");
    let _server = setup.start();
    let mut link = connected(&setup, Format::Msgpack);
    for name in ["a", "b", "c", "d", "e"] {
        link.send(&ProtocolMessage::of_channel(Action::Attach, name)).expect("ATTACH");
        link.wait(Action::Attached).expect("ATTACHED");
    }
    assert_eq!(channel_error(&mut link, "f"), 90_010);
    link.send(&ProtocolMessage::of_channel(Action::Detach, "a")).expect("DETACH");
    link.wait(Action::Detached).expect("DETACHED");
    link.send(&ProtocolMessage::of_channel(Action::Attach, "f")).expect("ATTACH");
    link.wait(Action::Attached).expect("there is room again");
}

fn enter(link: &mut Link, msg_serial: i64) -> ProtocolMessage {
    let member = PresenceMessage {
        action: PresenceAction::Enter as u8,
        client_id: Some(format!("member-{msg_serial}")),
        ..PresenceMessage::default()
    };
    link.send(&ProtocolMessage {
        msg_serial: Some(msg_serial),
        presence: vec![member],
        ..ProtocolMessage::of_channel(Action::Presence, "crowded")
    })
    .expect("PRESENCE");
    loop {
        let frame = link.frame().expect("an answer");
        if matches!(frame.action(), Some(Action::Ack | Action::Nack)) {
            return frame;
        }
    }
}

#[test]
fn too_many_members() {
    for flag in
        ["--realtime-max-presence-members-per-connection", "--realtime-max-presence-members-per-channel"]
    {
        let setup = Setup::new().with(flag, "3");
        let _server = setup.start();
        let mut link = connected(&setup, Format::Json);
        link.send(&ProtocolMessage::of_channel(Action::Attach, "crowded")).expect("ATTACH");
        link.wait(Action::Attached).expect("ATTACHED");
        for serial in 0..3 {
            assert_eq!(enter(&mut link, serial).action(), Some(Action::Ack));
        }
        let nack = enter(&mut link, 3);
        assert_eq!((nack.msg_serial, nack.error.map(|error| error.code)), (Some(3), Some(91_003)), "{flag}");
        lives(&mut link);
    }
}

#[test]
fn too_many_messages_a_second() {
    let setup = Setup::new().with("--realtime-max-inbound-rate-per-second", "20");
    let _server = setup.start();
    let mut link = connected(&setup, Format::Json);
    let frames: Vec<u8> =
        (0..60).flat_map(|serial| link.encode(&message("fast", serial, serial as u64, 20))).collect();
    link.send_bytes(&frames).expect("it is taken");
    let (mut acked, mut refused) = (0, 0);
    while acked + refused < 60 {
        let frame = link.frame().expect("an answer");
        match frame.action() {
            Some(Action::Ack) => acked += frame.count.unwrap_or(1),
            Some(Action::Nack) => {
                assert_eq!(frame.error.expect("with a reason").code, 42_911);
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!((20..40).contains(&acked), "{acked} acknowledged, {refused} refused");
    lives(&mut link);
    let stored = loquat_testkit::history::read(setup.address, "fast", "forwards", "").expect("history");
    assert_eq!(stored.len(), acked as usize);
}

#[test]
fn messages_and_publishes_that_are_too_large() {
    let setup = Setup::new();
    let _server = setup.start();
    for format in Format::ALL {
        let mut link = connected(&setup, format);
        link.send(&message("large", 0, 1, 65_537)).expect("MESSAGE");
        let nack = link.wait(Action::Nack).expect("NACK");
        assert_eq!(nack.error.expect("with a reason").code, 40_009);
        let mut many = message("large", 1, 1, 16);
        many.messages = vec![many.messages[0].clone(); 1_001];
        link.send(&many).expect("MESSAGE");
        let nack = link.wait(Action::Nack).expect("NACK");
        assert_eq!(nack.error.expect("with a reason").code, 40_009);
        lives(&mut link);
    }
}
