//! JSON (RFC 8259).

use serde::{Serialize, de::DeserializeOwned};

use super::DEPTH_MAX;

pub(super) fn encode_into<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    let length = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        debug_assert!(false, "a wire type that JSON cannot carry");
        out.truncate(length);
    }
}

pub(super) fn decode<T: DeserializeOwned>(input: &[u8]) -> Result<T, String> {
    check_depth(input)?;
    serde_json::from_slice(input).map_err(|error| error.to_string())
}

/// Refuses nesting beyond [`DEPTH_MAX`] before anything is allocated for it.
fn check_depth(input: &[u8]) -> Result<(), String> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in input {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(format!("nested deeper than {DEPTH_MAX} levels"));
                }
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}
