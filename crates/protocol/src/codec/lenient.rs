//! Leniency towards peers: null reads as absent, and what can still be learned of a frame whose body is wrong, so
//! that its answer reaches the right place: a NACK for a publish, an error for a channel.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{Format, sparse::Sparse};

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

/// A value of which only numbers and texts are kept.
enum Loose {
    Number(u64),
    Signed(i64),
    Text(String),
    Other,
}

/// Reads a value of any type without holding it: what is nested is skipped as it comes, so that a declared length
/// costs nothing.
struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
        Ok(Loose::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Loose, E> {
        Ok(Loose::Signed(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
        Ok(Loose::Text(text.to_owned()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Loose, E> {
        Ok(Loose::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Loose, A::Error> {
        IgnoredAny.visit_seq(seq).map(|_| Loose::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Loose, A::Error> {
        IgnoredAny.visit_map(map).map(|_| Loose::Other)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Loose, D::Error> {
        IgnoredAny.visit_newtype_struct(deserializer).map(|_| Loose::Other)
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
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
            Self::Text(_) | Self::Other => None,
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

/// A text as clients without types send it: `rewind: 1` and `echo: false` mean their texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texted {
    Text(String),
    Flag(bool),
    Number(serde_json::Number),
}

/// Reads a map of texts in which null stands for absent, and numbers and booleans for what they look like.
pub(crate) fn texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, String>>, D::Error> {
    let map: Option<BTreeMap<String, Option<Texted>>> = Option::deserialize(deserializer)?;
    let text = |value| match value {
        Texted::Text(text) => text,
        Texted::Flag(flag) => flag.to_string(),
        Texted::Number(number) => number.to_string(),
    };
    Ok(map.map(|map| map.into_iter().filter_map(|(name, value)| Some((name, text(value?)))).collect()))
}

/// Reads a JSON value; one that says nothing (null, undefined, or a number that JSON has not) is absent.
///
/// # Errors
/// When it is no JSON value.
pub fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    let Sparse(value) = Sparse::deserialize(deserializer)?;
    Ok(value.filter(|value| !value.is_null()))
}
