//! JSON values out of msgpack as JavaScript writes it, where `undefined` is an extension type. JSON has no such thing and
//! leaves the field out; so does this.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// A JSON value; `None` for what is undefined.
pub(super) struct Sparse(pub(super) Option<Value>);

impl<'de> Deserialize<'de> for Sparse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SparseVisitor).map(Self)
    }
}

struct SparseVisitor;

impl<'de> Visitor<'de> for SparseVisitor {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(Some(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Option<Value>, E> {
        Ok(Some(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<Value>, E> {
        Ok(Some(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<Value>, E> {
        Ok(Some(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<Value>, E> {
        Ok(Some(value.into()))
    }

    /// What is no number in JSON is null there.
    fn visit_f64<E>(self, value: f64) -> Result<Option<Value>, E> {
        Ok(Some(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<Value>, E> {
        Ok(Some(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Option<Value>, E> {
        Ok(Some(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<Value>, A::Error> {
        let mut values = Vec::new();
        while let Some(Sparse(value)) = seq.next_element()? {
            values.push(value.unwrap_or(Value::Null));
        }
        Ok(Some(Value::Array(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        let mut fields = Map::new();
        while let Some((name, Sparse(value))) = map.next_entry::<String, _>()? {
            if let Some(value) = value {
                fields.insert(name, value);
            }
        }
        Ok(Some(Value::Object(fields)))
    }

    /// An extension of msgpack.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        IgnoredAny.visit_newtype_struct(deserializer).map(|_| None)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Format;

    use super::*;

    /// The extension that JavaScript clients write for `undefined`.
    const UNDEFINED: [u8; 3] = [0xd4, 0, 0];

    fn read(input: &[u8]) -> Option<Value> {
        Format::Msgpack.decode::<Sparse>(input).unwrap().0
    }

    #[test]
    fn what_is_undefined_is_left_out() {
        let fields = [&[0x83, 0xa1, b'a'][..], &UNDEFINED, &[0xa1, b'b', 1, 0xa1, b'c', 0xc0]].concat();
        assert_eq!(read(&fields), Some(json!({"b": 1, "c": null})));
        assert_eq!(read(&[&[0x92, 1][..], &UNDEFINED].concat()), Some(json!([1, null])));
        assert_eq!(read(&UNDEFINED), None);
    }

    #[test]
    fn everything_else_is_as_it_was_written() {
        let value = json!({"text": "ü", "list": [1, -1, 2.5, true, null, [], {}], "deep": {"er": [{}]}});
        for format in Format::ALL {
            assert_eq!(format.decode::<Sparse>(&format.encode(&value)).unwrap().0, Some(value.clone()));
        }
        assert!(Format::Msgpack.decode::<Sparse>(&[0xc4, 1, 0]).is_err(), "bytes are no JSON value");
        assert_eq!(read(&[0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0]), Some(Value::Null), "infinity");
    }
}
