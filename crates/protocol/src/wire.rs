//! What messages and presence messages have in common on the wire: fields that are absent rather than null.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde_json::Value;

use crate::Data;

/// Fields of a message, some of which may not be there.
pub(crate) struct Fields<'a> {
    /// Texts by their names.
    pub texts: &'a [(&'static str, &'a Option<String>)],
    pub data: &'a Data,
    /// As it stands beside `data` in the format, see [`crate::data::wire_encoding`].
    pub encoding: Option<Cow<'a, str>>,
    pub timestamp: Option<i64>,
    pub extras: &'a Option<Value>,
}

impl Fields<'_> {
    /// How many of them are there.
    pub fn count(&self) -> usize {
        self.texts.iter().filter(|(_, text)| text.is_some()).count()
            + usize::from(!self.data.is_none())
            + usize::from(self.encoding.is_some())
            + usize::from(self.timestamp.is_some())
            + usize::from(self.extras.is_some())
    }

    /// Writes those that are there, in this order.
    pub fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for (name, text) in self.texts {
            if let Some(text) = text {
                map.serialize_entry(name, text)?;
            }
        }
        if !self.data.is_none() {
            map.serialize_entry("data", self.data)?;
        }
        if let Some(encoding) = &self.encoding {
            map.serialize_entry("encoding", &**encoding)?;
        }
        if let Some(timestamp) = self.timestamp {
            map.serialize_entry("timestamp", &timestamp)?;
        }
        if let Some(extras) = self.extras {
            map.serialize_entry("extras", extras)?;
        }
        Ok(())
    }
}
