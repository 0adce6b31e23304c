//! Random values of the wire types, in the form in which the server holds them.

use std::collections::BTreeMap;

use bytes::Bytes;
use loquat_protocol::{
    ConnectionDetails, Data, ErrorInfo, Message, PresenceMessage, ProtocolMessage,
    frame::{AuthDetails, PublishResult},
};
use proptest::{collection::vec, option::of, prelude::*};
use serde_json::{Map, Value};

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z:]{0,12}", "\\PC{0,12}", any::<String>()]
}

/// JSON values as far as both formats carry them: numbers are finite and fit 64 bits.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4)
                .prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn extras() -> impl Strategy<Value = Option<Value>> {
    of(vec((text(), json_value()), 0..4)
        .prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())))
}

/// A payload with its encoding. Text whose encoding says base64 is held as bytes, so there is none of it here.
fn payload() -> impl Strategy<Value = (Data, Option<String>)> {
    let encoding =
        || of(prop_oneof![Just("json".to_owned()), Just("json/utf-8/cipher+aes-128-cbc".to_owned()), text()]);
    let bytes = || vec(any::<u8>(), 0..40).prop_map(|bytes| Data::Binary(Bytes::from(bytes)));
    let plain = |encoding: &Option<String>| encoding.as_ref().is_none_or(|text| !text.ends_with("base64"));
    prop_oneof![
        Just((Data::None, None)),
        (text().prop_map(Data::Text), encoding().prop_filter("not base64", plain)),
        (bytes(), encoding()),
    ]
}

pub fn message() -> impl Strategy<Value = Message> {
    let texts = (of(text()), of(text()), of(text()), of(text()), of(text()));
    (texts, payload(), of(any::<i64>()), extras(), of(any::<u8>())).prop_map(
        |((id, name, client_id, connection_id, serial), (data, encoding), timestamp, extras, action)| {
            Message {
                id,
                name,
                data,
                encoding,
                client_id,
                connection_id,
                connection_key: None,
                timestamp,
                extras,
                serial,
                action,
            }
        },
    )
}

pub fn presence() -> impl Strategy<Value = PresenceMessage> {
    (of(text()), any::<u8>(), of(text()), of(text()), payload(), of(any::<i64>()), extras()).prop_map(
        |(id, action, client_id, connection_id, (data, encoding), timestamp, extras)| PresenceMessage {
            id,
            action,
            client_id,
            connection_id,
            data,
            encoding,
            timestamp,
            extras,
        },
    )
}

fn error() -> impl Strategy<Value = ErrorInfo> {
    (any::<u32>(), any::<u16>(), text()).prop_map(|(code, status_code, message)| ErrorInfo {
        code,
        status_code,
        message: message.into(),
    })
}

fn details() -> impl Strategy<Value = ConnectionDetails> {
    (of(text()), text(), any::<[u64; 5]>(), text()).prop_map(|(client_id, connection_key, n, server_id)| {
        ConnectionDetails {
            client_id,
            connection_key,
            max_message_size: n[0],
            max_inbound_rate: n[1],
            max_frame_size: n[2],
            max_idle_interval: n[3],
            connection_state_ttl: n[4],
            server_id,
        }
    })
}

/// A frame with any fields, whether or not they belong to its action.
pub fn frame() -> impl Strategy<Value = ProtocolMessage> {
    let head = (any::<u64>(), of(any::<u64>()), of(text()), of(text()), of(text()), of(any::<i64>()));
    let middle = (of(any::<u32>()), of(text()), of(any::<i64>()), of(error()));
    let params = of(vec((text(), text()), 0..4).prop_map(BTreeMap::from_iter));
    let auth = of(of(text()).prop_map(|access_token| AuthDetails { access_token }));
    let results = vec(vec(of(text()), 0..4).prop_map(|serials| PublishResult { serials }), 0..3);
    let lists = (vec(message(), 0..4), vec(presence(), 0..4), results);
    (head, middle, params, auth, of(details()), lists).prop_map(
        |(
            (action, flags, channel, channel_serial, connection_id, msg_serial),
            (count, id, timestamp, error),
            params,
            auth,
            connection_details,
            (messages, presence, res),
        )| ProtocolMessage {
            action,
            flags,
            channel,
            channel_serial,
            connection_id,
            msg_serial,
            count,
            id,
            timestamp,
            error,
            params,
            auth,
            connection_details,
            messages,
            presence,
            res,
        },
    )
}
