//! Leniency towards peers: null reads as absent, and what can still be learned of a frame whose body is wrong, so
//! that its answer reaches the right place: a NACK for a publish, an error for a channel.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::Format;

/// The routing fields of a frame.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Envelope {
    /// The number of the action.
    pub action: Option<u64>,
    /// The number to NACK.
    pub msg_serial: Option<i64>,
    /// The channel.
    pub channel: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Number(u64),
    Signed(i64),
    Text(String),
    Other(IgnoredAny),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct LooseEnvelope {
    action: Option<Loose>,
    msg_serial: Option<Loose>,
    channel: Option<Loose>,
}

impl Loose {
    fn number(&self) -> Option<i64> {
        match self {
            Self::Number(n) => i64::try_from(*n).ok(),
            Self::Signed(n) => Some(*n),
            Self::Text(_) | Self::Other(_) => None,
        }
    }
}

/// Reads the routing fields of a frame whose other fields may have any type; `None` when it is no frame at all.
pub fn envelope(format: Format, input: &[u8]) -> Option<Envelope> {
    let loose: LooseEnvelope = format.decode(input).ok()?;
    Some(Envelope {
        action: loose.action.as_ref().and_then(Loose::number).and_then(|n| u64::try_from(n).ok()),
        msg_serial: loose.msg_serial.as_ref().and_then(Loose::number),
        channel: match loose.channel {
            Some(Loose::Text(text)) => Some(text),
            _ => None,
        },
    })
}

/// Reads null as the default, for fields that have one and are no `Option`.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a map of texts in which null stands for absent.
pub(crate) fn texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, String>>, D::Error> {
    let map: Option<BTreeMap<String, Option<String>>> = Option::deserialize(deserializer)?;
    Ok(map.map(|map| map.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()))
}

/// Reads a JSON value; one that says nothing (null, or a number that JSON has not) is absent.
pub(crate) fn value<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<serde_json::Value>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(value.filter(|value| !value.is_null()))
}
