//! What the laws compare: what is stored and who is there, and what the clients made of it.

use std::collections::BTreeMap;

use loquat_protocol::{AppId, ChannelId, ChannelName, PartitionId, entry::EntryKind};

use super::{
    client::{Span, text},
    history::{CHANNELS, History},
};

impl History {
    /// The message entries of a channel.
    pub fn stored(&self, channel: &str) -> Vec<(u64, Vec<String>)> {
        let id = channel_id(channel);
        let entries = self.node.place.history[PartitionId::of(&id, 2).index()].iter();
        entries
            .filter(|entry| entry.channel == id && entry.kind == EntryKind::Message)
            .map(|entry| {
                let texts = entry.messages().messages.iter().map(|message| text(&message.data)).collect();
                (entry.serial.seq, texts)
            })
            .collect()
    }

    /// Every stretch of continuity of every client.
    pub fn spans(&self) -> impl Iterator<Item = (&str, &'static str, &Span)> {
        self.clients.iter().flat_map(|client| {
            let named = CHANNELS.into_iter().zip(&client.channels);
            named.flat_map(move |(name, seen)| {
                seen.spans.iter().map(move |span| (client.name.as_str(), name, span))
            })
        })
    }

    /// What each attached client thinks who is there.
    pub fn views(&self) -> impl Iterator<Item = (&str, &'static str, BTreeMap<String, String>)> {
        self.clients.iter().flat_map(|client| {
            let named = CHANNELS.into_iter().zip(&client.channels).filter(|(_, seen)| seen.wanted);
            named.map(move |(name, seen)| (client.name.as_str(), name, seen.view.clone()))
        })
    }

    /// Who is there.
    pub fn members(&self, channel: &str) -> BTreeMap<String, String> {
        let present = self.node.place.members.members(&channel_id(channel)).present;
        present.iter().map(|event| (event.client_id.clone().unwrap_or_default(), text(&event.data))).collect()
    }

    /// How much each client has sent, and what was answered.
    pub fn answers(&self) -> impl Iterator<Item = (&str, (i64, Vec<i64>))> {
        self.clients.iter().map(|client| (client.name.as_str(), (client.sent, client.answered.clone())))
    }
}

fn channel_id(name: &str) -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted(name))
}
