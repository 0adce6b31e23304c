//! Frames and effects as one line each, without what follows from the rest.

use loquat_core::Effect;
use loquat_protocol::{Action, Data, Flags, Message, PresenceAction, PresenceMessage, ProtocolMessage};

use super::wire::Received;

/// `0001-000000000000000a` as `#10`.
fn serial(text: &str) -> String {
    match text.strip_prefix("0001-") {
        Some(hex) => {
            let (seq, index) = hex.split_once(':').map_or((hex, None), |(seq, index)| (seq, Some(index)));
            let seq = u64::from_str_radix(seq, 16).expect("a serial");
            index.map_or(format!("#{seq}"), |index| {
                format!("#{seq}:{}", index.trim_start_matches('0').parse().unwrap_or(0))
            })
        }
        None => text.to_owned(),
    }
}

fn modes(flags: Flags) -> String {
    let names = [
        (Flags::RESUMED, "RESUMED"),
        (Flags::HAS_BACKLOG, "HAS_BACKLOG"),
        (Flags::HAS_PRESENCE, "HAS_PRESENCE"),
        (Flags::PRESENCE, "presence"),
        (Flags::PUBLISH, "publish"),
        (Flags::SUBSCRIBE, "subscribe"),
        (Flags::PRESENCE_SUBSCRIBE, "presence_subscribe"),
        (Flags::ANNOTATION_PUBLISH, "annotation_publish"),
        (Flags::ANNOTATION_SUBSCRIBE, "annotation_subscribe"),
        (Flags::OBJECT_SUBSCRIBE, "object_subscribe"),
        (Flags::OBJECT_PUBLISH, "object_publish"),
    ];
    let is_default = flags.modes() == Flags::DEFAULT_MODES;
    let shown = |(flag, _): &(Flags, &str)| flags.contains(*flag) && (!is_default || flag.modes().is_empty());
    let mut words: Vec<&str> = names.into_iter().filter(shown).map(|(_, name)| name).collect();
    if is_default {
        words.push("default");
    }
    words.join(" ")
}

fn data(data: &Data) -> String {
    match data {
        Data::None => "-".to_owned(),
        Data::Text(text) => format!("{text:?}"),
        Data::Binary(bytes) => format!("bytes{bytes:?}", bytes = bytes.to_vec()),
        Data::Value(value) => format!("value {value}"),
    }
}

fn message(frame: &ProtocolMessage, index: usize, message: &Message) -> String {
    assert_eq!(message.action, Some(0), "{message:?}");
    let mut out = String::new();
    if let Some(id) = &message.id {
        out += &format!("{id}=");
    }
    if let Some(client_id) = &message.client_id {
        out += &format!("{client_id}:");
    }
    if let Some(name) = &message.name {
        out += &format!("{name}:");
    }
    out += &data(&message.data);
    if let Some(encoding) = &message.encoding {
        out += &format!("/{encoding}");
    }
    if let Some(extras) = &message.extras {
        out += &extras.to_string();
    }
    match (&frame.channel_serial, &message.serial) {
        (Some(entry), Some(own)) if *own == format!("{entry}:{index:03}") => {}
        (None, None) => {}
        (_, own) => out += &format!(" @{}", own.as_deref().map_or("none".to_owned(), serial)),
    }
    out
}

fn member(event: &PresenceMessage) -> String {
    let action = PresenceAction::from_number(event.action).expect("a presence action");
    let (client, connection) = (event.client_id.as_deref(), event.connection_id.as_deref());
    let name = format!("{action:?}").to_lowercase();
    let data = if event.data.is_none() { String::new() } else { format!(" {}", data(&event.data)) };
    let id = event.id.as_deref().unwrap_or("-");
    format!("{name} {}@{} ({id}){data}", client.unwrap_or("-"), connection.unwrap_or("-"))
}

/// A frame as a line.
pub fn frame(received: &Received) -> String {
    let Received::Message(_, frame) = received else { return "ping".to_owned() };
    let action = frame.action().expect("the server knows its own actions");
    let mut words = vec![format!("{action:?}").to_uppercase()];
    words.extend(frame.channel.clone());
    if action == Action::Connected {
        words.extend(frame.connection_id.clone());
        let details = frame.connection_details.as_ref().expect("CONNECTED carries details");
        words.extend(details.client_id.as_ref().map(|client_id| format!("client={client_id}")));
    }
    words.extend(frame.channel_serial.as_deref().map(serial));
    if action == Action::Attached {
        words.push(modes(frame.flags()));
        let params = frame.params.iter().flatten().map(|(name, value)| format!("{name}={value}"));
        words.extend(params);
    }
    if let Some(first) = frame.msg_serial {
        let count = frame.count.expect("answers carry a count");
        words.push(if count == 1 { first.to_string() } else { format!("{first}+{count}") });
    }
    if let (Some(id), Action::Heartbeat | Action::Message) = (&frame.id, action) {
        words.push(id.clone());
    }
    words.extend(frame.messages.iter().enumerate().map(|(index, one)| message(frame, index, one)));
    words.extend(frame.presence.iter().map(member));
    for result in &frame.res {
        let serials: Vec<_> =
            result.serials.iter().map(|one| one.as_deref().map_or("-".to_owned(), serial)).collect();
        words.push(format!("[{}]", serials.join(" ")));
    }
    words.extend(frame.error.as_ref().map(|error| format!("!{}", error.code)));
    words.join(" ")
}

/// An effect as a line; `None` for those that scripts don't show.
pub fn effect(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Departed { connection } => format!("departed {connection} for good"),
        Effect::LeaveChannel { connection, channel } => format!("{connection} leaves {}", channel.name),
        Effect::Authenticate { token, .. } => format!("authenticate {token}"),
        Effect::Reading { on, .. } => format!("reading {}", if *on { "on" } else { "off" }),
        Effect::Close { reason, .. } => {
            let reason = match reason {
                loquat_core::effect::CloseReason::Error(error) => format!("Error {}", error.code),
                other => format!("{other:?}"),
            };
            format!("close {reason}")
        }
        _ => return None,
    })
}
