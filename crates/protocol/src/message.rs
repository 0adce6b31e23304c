//! Messages (specification TM) as they travel and as they are held.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::{
    Data, ErrorInfo,
    codec::lenient::value,
    data::{normalise, wire_encoding},
    wire::Fields,
};

/// One message. Fields that are `None` are absent on the wire.
///
/// `id`, `connectionId` and `timestamp` may be absent where the frame around the message gives them (TM2).
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Message {
    /// The message's id: the client's own, or `connectionId:msgSerial:index`.
    pub id: Option<String>,
    /// The event's name.
    pub name: Option<String>,
    /// The payload.
    pub data: Data,
    /// How the payload is encoded, innermost first, separated by `/`; opaque to the server except base64.
    pub encoding: Option<String>,
    /// Who published it.
    pub client_id: Option<String>,
    /// The connection that published it.
    pub connection_id: Option<String>,
    /// Of a REST publish on behalf of a connection (RSL1h, TM2h); never sent out.
    pub connection_key: Option<String>,
    /// Milliseconds since 1970, given by the server.
    pub timestamp: Option<i64>,
    /// A JSON object: headers, push payload, references, the ephemeral mark.
    #[serde(deserialize_with = "value")]
    pub extras: Option<Value>,
    /// The message's serial, given by the server.
    pub serial: Option<String>,
    /// 0 create, 1 update, 2 delete, 3 meta, 4 summary, 5 append (TM5).
    pub action: Option<u8>,
}

impl Message {
    /// The size that counts towards the limit, in bytes: name, clientId, data and extras (TM6).
    pub fn size(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let extras = self.extras.as_ref().map_or(0, |extras| extras.to_string().len());
        text(&self.name) + text(&self.client_id) + self.data.size() + extras
    }

    /// Whether the message is ephemeral: sent to who is there, never stored, resumed or rewound.
    pub fn is_ephemeral(&self) -> bool {
        self.extras.as_ref().and_then(|extras| extras.get("ephemeral")) == Some(&Value::Bool(true))
    }

    /// Brings the payload into the form in which the server holds it.
    ///
    /// # Errors
    /// 40013, see [`normalise`].
    pub fn normalise(&mut self) -> Result<(), ErrorInfo> {
        normalise(&mut self.data, &mut self.encoding)
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let encoding = wire_encoding(&self.data, self.encoding.as_deref(), serializer.is_human_readable());
        let texts = [
            ("id", &self.id),
            ("name", &self.name),
            ("clientId", &self.client_id),
            ("connectionId", &self.connection_id),
            ("serial", &self.serial),
        ];
        let (data, timestamp, extras) = (&self.data, self.timestamp, &self.extras);
        let fields = Fields { texts: &texts, data, encoding, timestamp, extras };
        let mut map = serializer.serialize_map(Some(fields.count() + usize::from(self.action.is_some())))?;
        fields.write(&mut map)?;
        if let Some(action) = self.action {
            map.serialize_entry("action", &action)?;
        }
        map.end()
    }
}
