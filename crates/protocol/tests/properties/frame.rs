//! Frames through both formats.

use loquat_protocol::{Format, Message, ProtocolMessage, codec::lenient::envelope};
use proptest::prelude::*;

use crate::generate::{frame, message};

fn normalised(mut frame: ProtocolMessage) -> ProtocolMessage {
    frame.messages.iter_mut().for_each(|message| message.normalise().unwrap());
    frame.presence.iter_mut().for_each(|presence| presence.normalise().unwrap());
    frame
}

fn through(format: Format, frame: &ProtocolMessage) -> ProtocolMessage {
    normalised(format.decode(&format.encode(frame)).unwrap())
}

proptest! {
    /// What one subscriber reads in JSON, another reads in msgpack, bytes included.
    #[test]
    fn both_formats_carry_the_same(frame in frame()) {
        prop_assert_eq!(&through(Format::Msgpack, &frame), &frame);
        prop_assert_eq!(&through(Format::Json, &frame), &frame);
        let across = through(Format::Msgpack, &through(Format::Json, &through(Format::Msgpack, &frame)));
        prop_assert_eq!(&across, &frame);
    }

    #[test]
    fn encoding_is_the_same_every_time_and_appends(frame in frame(), before in "[a-z]{0,5}") {
        for format in Format::ALL {
            let once = format.encode(&frame);
            prop_assert_eq!(&format.encode(&through(format, &frame)), &once);
            let mut out = before.clone().into_bytes();
            format.encode_into(&frame, &mut out);
            prop_assert_eq!(&out[before.len()..], &once[..]);
        }
    }

    #[test]
    fn the_envelope_is_what_the_frame_says(frame in frame()) {
        for format in Format::ALL {
            let read = envelope(format, &format.encode(&frame)).unwrap();
            // A number beyond the signed range can only be an unknown action.
            prop_assert_eq!(read.action, i64::try_from(frame.action).ok().map(|n| n as u64));
            prop_assert_eq!(read.msg_serial, frame.msg_serial);
            prop_assert_eq!(&read.channel, &frame.channel);
        }
    }

    /// A frame whose bodies have the wrong types still says what it is and where it belongs.
    #[test]
    fn the_envelope_survives_wrong_bodies(action in 0_u64..22, msg_serial in 0_i64..1000, wrong in "[1-9][0-9]{0,4}|true|\"x\"|\\[\\[\\]\\]") {
        let text = format!(
            r#"{{"action":{action},"channel":"c","msgSerial":{msg_serial},"messages":{wrong},"flags":"x","params":{wrong}}}"#
        );
        let read = envelope(Format::Json, text.as_bytes()).unwrap();
        prop_assert_eq!((read.action, read.msg_serial), (Some(action), Some(msg_serial)));
        prop_assert_eq!(read.channel.as_deref(), Some("c"));
    }

    #[test]
    fn a_cut_off_frame_is_an_error(frame in frame(), cut: prop::sample::Index) {
        for format in Format::ALL {
            let whole = format.encode(&frame);
            let part = &whole[..cut.index(whole.len())];
            prop_assert_eq!(format.decode::<ProtocolMessage>(part).unwrap_err().code, 40000);
        }
    }

    #[test]
    fn bytes_after_a_frame_are_an_error(frame in frame()) {
        for format in Format::ALL {
            let mut twice = format.encode(&frame);
            twice.extend_from_within(..);
            prop_assert_eq!(format.decode::<ProtocolMessage>(&twice).unwrap_err().code, 40000);
        }
    }

    #[test]
    fn a_messages_size_does_not_depend_on_its_way(message in message()) {
        for format in Format::ALL {
            let mut read: Message = format.decode(&format.encode(&message)).unwrap();
            read.normalise().unwrap();
            prop_assert_eq!(read.size(), message.size());
            prop_assert_eq!(read.is_ephemeral(), message.is_ephemeral());
        }
    }
}
