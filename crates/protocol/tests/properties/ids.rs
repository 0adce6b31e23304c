//! Serials, names and ids.

use loquat_protocol::{AppId, ChannelName, ClientId, KeyName, MessageSerial, Serial, serial::InvalidSerial};
use proptest::prelude::*;

fn serial() -> impl Strategy<Value = Serial> {
    let seq = prop_oneof![any::<u64>(), 0_u64..300];
    (prop_oneof![any::<u16>(), 1_u16..4], seq).prop_map(|(epoch, seq)| Serial::new(epoch, seq))
}

/// A frame holds at most 1,000 messages, so three digits are enough for their order in text.
fn message_serial() -> impl Strategy<Value = MessageSerial> {
    (serial(), 0_u16..1000).prop_map(|(entry, index)| MessageSerial { entry, index })
}

proptest! {
    /// ORD-1 rests on this: clients compare serials as text.
    #[test]
    fn text_order_is_log_order(a in message_serial(), b in message_serial()) {
        prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
        prop_assert_eq!(a.entry.to_string().cmp(&b.entry.to_string()), a.entry.cmp(&b.entry));
    }

    #[test]
    fn serials_round_trip(serial in message_serial(), index: u16) {
        prop_assert_eq!(serial.to_string().parse(), Ok(serial));
        prop_assert_eq!(serial.entry.to_string().parse(), Ok(serial.entry));
        let far = MessageSerial { index, ..serial };
        prop_assert_eq!(far.to_string().parse(), Ok(far));
    }

    /// A message's serial sorts after its entry's, and before the next entry's.
    #[test]
    fn messages_lie_between_entries(serial in message_serial()) {
        prop_assume!(serial.entry.seq < u64::MAX);
        let next = Serial::new(serial.entry.epoch, serial.entry.seq + 1).to_string();
        prop_assert!(serial.entry.to_string() < serial.to_string() && serial.to_string() < next);
    }

    #[test]
    fn what_parses_as_an_id_is_kept_as_it_was(text in "\\PC{0,70}|[a-z.:*\\[]{0,8}") {
        for parsed in [
            AppId::parse(&text).map(|id| id.as_str().to_owned()),
            KeyName::parse(&text).map(|id| id.as_str().to_owned()),
            ClientId::parse(&text).ok().map(|id| id.as_str().to_owned()),
            ChannelName::parse(&text).ok().map(|id| id.as_str().to_owned()),
        ].into_iter().flatten() {
            prop_assert_eq!(parsed, text.clone());
        }
    }
}

#[test]
fn a_serial_has_one_spelling() {
    for text in [
        "0001-0000000000000001:0007",
        "0001-0000000000000001:00007",
        "0001-0000000000000001:7",
        "0001-0000000000000001:65536",
        "0001-0000000000000001",
    ] {
        assert_eq!(text.parse::<MessageSerial>(), Err(InvalidSerial), "{text}");
    }
}

#[test]
fn channel_names_have_their_errors() {
    let longest = "x".repeat(2048);
    for name in ["a", "a:b", "日本語", "a b", " a ", "a\tb", " ", "*", "a/b?c#d", &longest] {
        assert!(ChannelName::parse(name).is_ok(), "{name}");
    }
    let lines = ["a\nb", "a\r", "a\u{85}b", "a\u{2028}b", "\u{2029}a"];
    let others = ["", ":a", "a\0", "[meta]a", "[?rewind=1]a", &format!("{longest}x")];
    for name in lines.into_iter().chain(others) {
        assert_eq!(ChannelName::parse(name).unwrap_err().code, 40010, "{name}");
    }
    for id in ["", "*", &"x".repeat(513)] {
        assert_eq!(ClientId::parse(id).unwrap_err().code, 40012, "{id}");
    }
}

#[test]
fn key_names_are_an_app_and_a_key() {
    assert_eq!(KeyName::parse("app.key").unwrap().app().as_str(), "app");
    for name in
        ["", "app", "app.", ".key", "app.key.more", "a b.key", "app.k:y", &format!("app.{}", "x".repeat(65))]
    {
        assert_eq!(KeyName::parse(name), None, "{name}");
    }
}
