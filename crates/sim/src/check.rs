//! The laws, checked over what each client has seen and what the log holds, when all is at rest.

use std::collections::BTreeMap;

use loquat_protocol::{AppId, ChannelId, ChannelName, PartitionId, entry::EntryKind};

use crate::{
    Broken,
    client::{Client, Span, State, text},
    server::PARTITIONS,
    world::{CHANNELS, World},
};

fn broken<T>(law: &'static str, what: String) -> Result<T, Broken> {
    Err(Broken { law, what })
}

fn channel_id(name: &str) -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted(name))
}

/// The message entries of a channel: sequence number and texts.
fn stored(world: &World, name: &str) -> Vec<(u64, Vec<String>)> {
    let id = channel_id(name);
    let entries = world.log.entries(PartitionId::of(&id, PARTITIONS)).iter();
    entries
        .filter(|entry| entry.channel == id && entry.kind == EntryKind::Message)
        .map(|entry| (entry.serial.seq, entry.messages().messages.iter().map(text).collect()))
        .collect()
}

/// Checks every law.
///
/// # Errors
/// The first that is broken.
pub fn at_rest(world: &World) -> Result<(), Broken> {
    for name in CHANNELS {
        let stored = stored(world, name);
        acknowledged_is_stored(world, name, &stored)?;
        stored_once(world, &stored)?;
        for client in &world.clients {
            everything_promised_came(world, client, name, &stored)?;
        }
        presence_agrees(world, name)?;
    }
    Ok(())
}

/// DUR-1, and that an ACK's serial is that of its message.
fn acknowledged_is_stored(world: &World, name: &str, stored: &[(u64, Vec<String>)]) -> Result<(), Broken> {
    for acknowledged in world.clients.iter().flat_map(|client| &client.acknowledged) {
        if acknowledged.channel != name {
            continue;
        }
        let serial: Option<loquat_protocol::MessageSerial> = acknowledged.serial.parse().ok();
        let found = serial.and_then(|serial| {
            let (_, texts) = stored.iter().find(|(seq, _)| *seq == serial.entry.seq)?;
            texts.get(usize::from(serial.index))
        });
        if found != Some(&acknowledged.text) {
            return broken("DUR-1", format!("{acknowledged:?}, but {found:?} is stored there"));
        }
    }
    Ok(())
}

/// DUP-1: a message is stored as often as it was sent under different ids, at most.
fn stored_once(world: &World, stored: &[(u64, Vec<String>)]) -> Result<(), Broken> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    stored.iter().flat_map(|(_, texts)| texts).for_each(|text| *count.entry(text).or_default() += 1);
    for (text, times) in count {
        let ids = world.clients.iter().find_map(|client| client.sent_as.get(text)).map_or(0, |ids| ids.len());
        if times > ids {
            return broken("DUP-1", format!("{text:?} is stored {times} times, sent under {ids} ids"));
        }
    }
    Ok(())
}

/// GAP-1 and CUT-1 for every stretch of continuity, TAIL-1 for the one that goes on, and that continuity is not given
/// up without a reason.
fn everything_promised_came(
    world: &World,
    client: &Client,
    name: &str,
    stored: &[(u64, Vec<String>)],
) -> Result<(), Broken> {
    let Some(channel) = client.channels.get(name) else { return Ok(()) };
    let head = stored.last().map_or(0, |(seq, _)| *seq);
    for (at, span) in channel.spans.iter().enumerate() {
        let goes_on = at + 1 == channel.spans.len() && channel.state == State::Attached;
        let received_until = span.rows.last().map_or(span.start, |(seq, _)| *seq);
        let until = if goes_on { head } else { received_until };
        let promised = stored.iter().filter(|(seq, _)| span.start < *seq && *seq <= until);
        if !promised.clone().eq(&span.rows) && !only_a_rewind_differs(span, promised.clone()) {
            let law = if goes_on && received_until < head { "TAIL-1" } else { "GAP-1" };
            let promised: Vec<_> = promised.collect();
            let what =
                format!("{} on {name} from {}: {:?}, not {promised:?}", client.name, span.start, span.rows);
            return broken(law, what);
        }
    }
    let pruned = world.server.shared.pruned.iter().any(|seq| *seq > 0);
    if world.tally.lost > 0 && !pruned {
        return broken("GAP-1", "continuity was given up though nothing was removed".to_owned());
    }
    Ok(())
}

/// A rewind by count leaves out the beginning of the first entry.
fn only_a_rewind_differs<'a>(span: &Span, promised: impl Iterator<Item = &'a (u64, Vec<String>)>) -> bool {
    let promised: Vec<_> = promised.collect();
    let ([first, rest @ ..], [promised_first, promised_rest @ ..]) = (&span.rows[..], &promised[..]) else {
        return false;
    };
    span.rewound
        && first.0 == promised_first.0
        && promised_first.1.ends_with(&first.1)
        && rest.iter().eq(promised_rest.iter().copied())
}

/// PRS-1: everybody sees the members that there are, and there are those who want to be.
fn presence_agrees(world: &World, name: &str) -> Result<(), Broken> {
    let key = |client: &Client| (client.id.clone().unwrap_or_default(), client.name.clone());
    let mut wanted = BTreeMap::new();
    for client in &world.clients {
        let channel = client.channels.get(name).filter(|channel| channel.state == State::Attached);
        if let Some(data) = channel.and_then(|channel| channel.entered.clone()) {
            wanted.insert(key(client), loquat_protocol::Data::Text(data));
        }
    }
    let mut table = BTreeMap::new();
    for member in world.server.shared.members.members(&channel_id(name)).present {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        table.insert((text(&member.connection_id), text(&member.client_id)), member.data.clone());
    }
    if table != wanted {
        return broken("PRS-1", format!("on {name} are {table:?}, but {wanted:?} want to be"));
    }
    for client in &world.clients {
        let channel = client.channels.get(name).filter(|channel| channel.state == State::Attached);
        if let Some(view) = channel.map(|channel| channel.view.members())
            && view != table
        {
            return broken(
                "PRS-1",
                format!("{} sees {view:?} on {name}, but there are {table:?}", client.name),
            );
        }
    }
    Ok(())
}
