//! MessagePack, with structures as maps by field name.

use serde::{Serialize, de::DeserializeOwned};

use super::DEPTH_MAX;

pub(super) fn encode_into<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    let length = out.len();
    let mut serializer = rmp_serde::Serializer::new(&mut *out).with_struct_map();
    if value.serialize(&mut serializer).is_err() {
        debug_assert!(false, "a wire type that msgpack cannot carry");
        out.truncate(length);
    }
}

pub(super) fn decode<T: DeserializeOwned>(input: &[u8]) -> Result<T, String> {
    let mut deserializer = rmp_serde::Deserializer::from_read_ref(input);
    deserializer.set_max_depth(DEPTH_MAX);
    let value = T::deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    if deserializer.get_ref().is_empty() { Ok(value) } else { Err("bytes follow the value".to_owned()) }
}
