//! Log entries.

use loquat_protocol::{
    AppId, ChannelId, ChannelName, PartitionId,
    entry::{
        EntryError, EntryKind, MessagesPayload, PresencePayload, decode_header, decode_messages,
        decode_presence, encode_messages, encode_presence,
    },
};
use proptest::{collection::vec, option::of, prelude::*};

use crate::generate::{message, presence};

fn channel() -> impl Strategy<Value = ChannelId> {
    ("[A-Za-z0-9_-]{1,64}", "[^:\\[\\pC\\s]\\PC{0,300}").prop_filter_map("a channel", |(app, name)| {
        Some(ChannelId::new(AppId::parse(&app)?, ChannelName::parse(&name).ok()?))
    })
}

proptest! {
    #[test]
    fn messages_round_trip(channel in channel(), connection_id in of("\\PC{0,12}"), id in of("\\PC{0,12}"), messages in vec(message(), 0..4)) {
        let payload = MessagesPayload { connection_id, id, messages };
        let bytes = encode_messages(&channel, &payload);
        let header = decode_header(&bytes).unwrap();
        prop_assert_eq!((header.kind, header.key_id), (EntryKind::Message, 0));
        prop_assert_eq!(header.channel_id(), channel);
        prop_assert_eq!(decode_messages(header.payload), Ok(payload));
    }

    #[test]
    fn presence_round_trips(channel in channel(), presence in vec(presence(), 0..4)) {
        let payload = PresencePayload { presence };
        let bytes = encode_presence(&channel, &payload);
        let header = decode_header(&bytes).unwrap();
        prop_assert_eq!((header.kind, header.channel_id()), (EntryKind::Presence, channel));
        prop_assert_eq!(decode_presence(header.payload), Ok(payload));
    }

    #[test]
    fn a_cut_off_entry_is_damaged(channel in channel(), messages in vec(message(), 0..3), cut: prop::sample::Index) {
        let payload = MessagesPayload { messages, ..MessagesPayload::default() };
        let bytes = encode_messages(&channel, &payload);
        let part = &bytes[..cut.index(bytes.len())];
        let read = decode_header(part).and_then(|header| decode_messages(header.payload));
        prop_assert_eq!(read, Err(EntryError::Damaged));
    }

    #[test]
    fn a_channel_keeps_its_partition(channel in channel(), partitions in 0_u16..200) {
        let partition = PartitionId::of(&channel, partitions);
        prop_assert!(partition.0 < partitions.max(1));
        prop_assert_eq!(PartitionId::of(&channel, partitions), partition);
    }
}

/// On disk for good: these places must never change.
#[test]
fn partitions_are_part_of_the_data_on_disk() {
    let partition = |app: &str, name: &str| {
        PartitionId::of(&ChannelId::new(AppId::from_trusted(app), ChannelName::from_trusted(name)), 16).0
    };
    let places =
        [partition("app", "a"), partition("app", "b"), partition("other", "a"), partition("app", "日本")];
    assert_eq!(places, [7, 7, 12, 8]);
}

/// The layout of version 1, byte by byte.
#[test]
fn the_layout_is_fixed() {
    let channel = ChannelId::new(AppId::from_trusted("app"), ChannelName::from_trusted("chat"));
    let bytes = encode_messages(&channel, &MessagesPayload::default());
    assert_eq!(&bytes[..], b"\x01\0\0\0\0\x01\x03app\0\x04chat\x81\xa1m\x90");
    assert_eq!(decode_header(b"\x02anything"), Err(EntryError::Newer(2)));
    assert_eq!(decode_header(b"\0anything"), Err(EntryError::Damaged));
    assert_eq!(decode_header(b"\x01\0\0\0\x07\x01\x03app\0\x04chat\x90"), Err(EntryError::UnknownKey(7)));
    assert_eq!(decode_header(b"\x01\0\0\0\0\x03\x03app\0\x04chat\x90"), Err(EntryError::Damaged));
    assert_eq!(decode_header(b"\x01\0\0\0\0\x01\x03ap\xff\0\x04chat\x90"), Err(EntryError::Damaged));
}
