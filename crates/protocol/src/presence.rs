//! Presence messages (specification TP).

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::{
    Data, ErrorInfo,
    codec::lenient::{null_as_default, value},
    data::{normalise, wire_encoding},
    wire::Fields,
};

/// What happened to a member.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum PresenceAction {
    /// Not there (never sent by this server).
    #[default]
    Absent = 0,
    /// Was there already; sent in a SYNC.
    Present = 1,
    /// Came.
    Enter = 2,
    /// Went.
    Leave = 3,
    /// Changed its data.
    Update = 4,
}

impl PresenceAction {
    /// The action with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Absent, Self::Present, Self::Enter, Self::Leave, Self::Update]
            .get(usize::from(number))
            .copied()
    }
}

/// One presence message; fields that are `None` are absent on the wire.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PresenceMessage {
    /// `connectionId:msgSerial:index`; decides which of two messages about a member is newer (RTP2b).
    pub id: Option<String>,
    /// A number of [`PresenceAction`].
    #[serde(deserialize_with = "null_as_default")]
    pub action: u8,
    /// The member.
    pub client_id: Option<String>,
    /// The member's connection.
    pub connection_id: Option<String>,
    /// The member's data.
    pub data: Data,
    /// As in a message.
    pub encoding: Option<String>,
    /// Milliseconds since 1970, given by the server.
    pub timestamp: Option<i64>,
    /// A JSON object.
    #[serde(deserialize_with = "value")]
    pub extras: Option<Value>,
}

impl PresenceMessage {
    /// The size that counts towards the limit, in bytes.
    pub fn size(&self) -> usize {
        let extras = self.extras.as_ref().map_or(0, |extras| extras.to_string().len());
        self.client_id.as_ref().map_or(0, String::len) + self.data.size() + extras
    }

    /// Brings the payload into the form in which the server holds it.
    ///
    /// # Errors
    /// 40013, see [`normalise`].
    pub fn normalise(&mut self) -> Result<(), ErrorInfo> {
        normalise(&mut self.data, &mut self.encoding)
    }
}

impl Serialize for PresenceMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let encoding = wire_encoding(&self.data, self.encoding.as_deref(), serializer.is_human_readable());
        let texts = [("id", &self.id), ("clientId", &self.client_id), ("connectionId", &self.connection_id)];
        let (data, timestamp, extras) = (&self.data, self.timestamp, &self.extras);
        let fields = Fields { texts: &texts, data, encoding, timestamp, extras };
        let mut map = serializer.serialize_map(Some(1 + fields.count()))?;
        map.serialize_entry("action", &self.action)?;
        fields.write(&mut map)?;
        map.end()
    }
}
