//! Frames that can be read, with fields that are unknown, of another type, or not there.

use loquat_protocol::{Action, Format, ProtocolMessage};
use loquat_testkit::{Link, Setup};
use loquat_ws::Opcode;

use super::is_fatal;
use crate::peace::{connected, lives};

#[test]
fn what_a_later_protocol_may_send_is_tolerated() {
    let setup = Setup::new();
    let _server = setup.start();
    let mut link = connected(&setup, Format::Json);
    for text in [
        r#"{"action":77}"#,
        r#"{"action":18}"#,
        r#"{"action":4000000000,"channel":[1]}"#,
        r#"{"action":3}"#,
        r#"{"action":6,"error":{"code":80003}}"#,
        r#"{"action":0,"unknown":{"deep":[[[1]]]}}"#,
    ] {
        link.send_payload(Opcode::Text, text.as_bytes()).expect("it is taken");
    }
    lives(&mut link);
}

/// The answer to a text, other than heartbeats.
#[track_caller]
fn answer(link: &mut Link, text: &str) -> ProtocolMessage {
    link.send_payload(Opcode::Text, text.as_bytes()).expect("it is taken");
    link.frame().expect("an answer")
}

#[test]
fn wrong_types_are_answered_where_they_belong_and_the_connection_stays() {
    let setup = Setup::new();
    let _server = setup.start();
    let mut link = connected(&setup, Format::Json);
    let wrong = [
        r#""messages":"x""#,
        r#""messages":[3]"#,
        r#""messages":[{"name":{}}]"#,
        r#""messages":[{"id":5}]"#,
        r#""messages":[{"data":17}]"#,
        r#""messages":[{"data":"?","encoding":"base64"}]"#,
        r#""messages":[{"extras":[]}]"#,
        r#""messages":[{"clientId":["a"]}]"#,
        r#""messages":[]"#,
        r#""channel":7"#,
        r#""channel":"""#,
    ];
    for (serial, field) in wrong.into_iter().enumerate() {
        let channel = if field.contains("channel") { "" } else { r#""channel":"a","# };
        let text = format!(r#"{{"action":15,"msgSerial":{serial},{channel}{field}}}"#);
        let nack = answer(&mut link, &text);
        assert_eq!(nack.action(), Some(Action::Nack), "{text}: {nack:?}");
        assert_eq!((nack.msg_serial, nack.count), (Some(serial as i64), Some(1)), "{text}");
        let code = nack.error.expect("with a reason").code;
        assert!((40_000..40_100).contains(&code), "{text}: {code}");
    }
    for field in [r#""flags":"x""#, r#""params":{"rewind":"for ever"}"#, r#""params":[1]"#] {
        let error = answer(&mut link, &format!(r#"{{"action":10,"channel":"a",{field}}}"#));
        assert_eq!((error.action(), error.channel.as_deref()), (Some(Action::Error), Some("a")), "{field}");
    }
    lives(&mut link);
}

#[test]
fn a_publish_without_a_number_cannot_be_answered_and_is_fatal() {
    let setup = Setup::new();
    let _server = setup.start();
    is_fatal(&setup, Opcode::Text, br#"{"action":15,"channel":"a","messages":[{}]}"#, 80_013, 1_000);
}
