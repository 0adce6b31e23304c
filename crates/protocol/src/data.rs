//! Message payloads, in the one form in which the server holds them whatever format they came in.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        Error as _, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer, value::SeqAccessDeserializer,
    },
};

use crate::{ErrorCode, ErrorInfo};

/// The payload of a message.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Data {
    /// No payload.
    #[default]
    None,
    /// Text; JSON payloads are text with the encoding `json`.
    Text(String),
    /// Bytes; raw in msgpack, base64 with `/base64` added to the encoding in JSON.
    Binary(Bytes),
    /// A payload that came as a JSON value; [`normalise`] turns objects and arrays into text and refuses the rest.
    Value(serde_json::Value),
}

impl Data {
    /// Whether there is no payload.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The size that counts towards the message size limit, in bytes (TM6).
    pub fn size(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            Self::Value(value) => value.to_string().len(),
        }
    }
}

/// Brings a payload that a client sent into the form in which the server holds it: base64 is decoded, JSON
/// values become text. `encoding` is changed to match.
///
/// # Errors
/// 40013 for base64 that does not decode and for payloads that are numbers or booleans.
pub fn normalise(data: &mut Data, encoding: &mut Option<String>) -> Result<(), ErrorInfo> {
    match data {
        Data::Text(text) => {
            let Some(rest) = encoding.as_deref().and_then(strip_base64) else { return Ok(()) };
            let bytes = STANDARD.decode(text.as_bytes()).map_err(|_| {
                ErrorInfo::new(
                    ErrorCode::InvalidMessageData,
                    "data with the encoding base64 does not decode as base64",
                )
            })?;
            *encoding = rest.map(str::to_owned);
            *data = Data::Binary(Bytes::from(bytes));
        }
        Data::Value(value) if value.is_object() || value.is_array() => {
            let text = value.to_string();
            *encoding = Some(encoding.take().map_or_else(|| "json".to_owned(), |e| format!("{e}/json")));
            *data = Data::Text(text);
        }
        Data::Value(_) => {
            return Err(ErrorInfo::new(
                ErrorCode::InvalidMessageData,
                "data must be text, bytes, a JSON object or a JSON array; numbers and booleans are not possible",
            ));
        }
        Data::None | Data::Binary(_) => {}
    }
    Ok(())
}

/// `Some(rest)` when the outermost encoding is base64; `rest` is what remains of the encoding.
fn strip_base64(encoding: &str) -> Option<Option<&str>> {
    match encoding.strip_suffix("base64")? {
        "" => Some(None),
        rest => rest.strip_suffix('/').map(Some),
    }
}

/// The encoding as it stands beside `data` in a format: JSON carries bytes as base64 and says so.
pub fn wire_encoding<'a>(
    data: &Data,
    encoding: Option<&'a str>,
    human_readable: bool,
) -> Option<std::borrow::Cow<'a, str>> {
    match (data, encoding) {
        (Data::Binary(_), None) if human_readable => Some("base64".into()),
        (Data::Binary(_), Some(encoding)) if human_readable => Some(format!("{encoding}/base64").into()),
        (_, encoding) => encoding.map(Into::into),
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Binary(bytes) if serializer.is_human_readable() => {
                serializer.serialize_str(&STANDARD.encode(bytes))
            }
            Self::Binary(bytes) => serializer.serialize_bytes(bytes),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, bytes or a JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Data, E> {
        Ok(Data::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Data, E> {
        Ok(Data::Text(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Data, E> {
        Ok(Data::Binary(Bytes::copy_from_slice(bytes)))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Data, E> {
        Ok(Data::Binary(Bytes::from(bytes)))
    }

    fn visit_unit<E>(self) -> Result<Data, E> {
        Ok(Data::None)
    }

    fn visit_none<E>(self) -> Result<Data, E> {
        Ok(Data::None)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Data, E> {
        Ok(Data::Value(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Data, E> {
        Ok(Data::Value(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Data, E> {
        Ok(Data::Value(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Data, E> {
        serde_json::Number::from_f64(value)
            .map(|n| Data::Value(n.into()))
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Data, A::Error> {
        serde_json::Value::deserialize(SeqAccessDeserializer::new(seq))
            .map(Data::Value)
            .map_err(A::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Data, A::Error> {
        serde_json::Value::deserialize(MapAccessDeserializer::new(map))
            .map(Data::Value)
            .map_err(A::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(data: Data, encoding: Option<&str>) -> Result<(Data, Option<String>), ErrorInfo> {
        let (mut data, mut encoding) = (data, encoding.map(str::to_owned));
        normalise(&mut data, &mut encoding).map(|()| (data, encoding))
    }

    #[test]
    fn base64_is_held_as_bytes() {
        let bytes = Data::Binary(Bytes::from_static(b"hi"));
        assert_eq!(normalised(Data::Text("aGk=".into()), Some("base64")), Ok((bytes.clone(), None)));
        let (data, encoding) =
            normalised(Data::Text("aGk=".into()), Some("json/utf-8/cipher+aes-128-cbc/base64")).unwrap();
        assert_eq!((data, encoding.as_deref()), (bytes, Some("json/utf-8/cipher+aes-128-cbc")));
    }

    #[test]
    fn json_values_become_text_and_scalars_are_refused() {
        let (data, encoding) = normalised(Data::Value(serde_json::json!({"a": 1})), None).unwrap();
        assert_eq!((data, encoding.as_deref()), (Data::Text(r#"{"a":1}"#.into()), Some("json")));
        assert_eq!(normalised(Data::Value(7.into()), None).unwrap_err().code, 40013);
        assert_eq!(normalised(Data::Text("***".into()), Some("base64")).unwrap_err().code, 40013);
    }
}
