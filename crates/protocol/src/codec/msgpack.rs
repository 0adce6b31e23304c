//! MessagePack, with structures as maps by field name.

use rmp_serde::decode::Error;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

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
    // It counts down and refuses at zero.
    deserializer.set_max_depth(DEPTH_MAX + 1);
    let value = T::deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    // The reader does not say what is left. Asking for one more value does: only at the end is there no marker.
    match bool::deserialize(&mut deserializer) {
        Err(Error::InvalidMarkerRead(_)) => Ok(value),
        _ => Err("bytes follow the value".to_owned()),
    }
}
