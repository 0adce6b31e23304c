//! Reading a frame header, with the checks that need nothing but the header.

use super::{DecodeError, Role};
use crate::{CONTROL_BYTES_MAX, FrameHeader, Opcode};

/// Longest header, in bytes: two, a 64-bit length, a masking key.
pub(super) const HEADER_BYTES_MAX: usize = 14;

/// Reads the header at the start of `bytes` as sent to an endpoint of `role`, and says how long it is. `None` if it
/// isn't complete yet; a mistake is reported as soon as the byte that makes it is there.
pub(super) fn parse(bytes: &[u8], role: Role) -> Result<Option<(FrameHeader, usize)>, DecodeError> {
    let Some(&first) = bytes.first() else { return Ok(None) };
    if first & 0x70 != 0 {
        return Err(DecodeError::ReservedBits);
    }
    let fin = first & 0x80 != 0;
    let opcode = Opcode::from_nibble(first & 0x0F).ok_or(DecodeError::ReservedOpcode(first & 0x0F))?;
    if opcode.is_control() && !fin {
        return Err(DecodeError::ControlFragmented);
    }

    let Some(&second) = bytes.get(1) else { return Ok(None) };
    let masked = second & 0x80 != 0;
    match (role, masked) {
        (Role::Server, false) => return Err(DecodeError::Unmasked),
        (Role::Client, true) => return Err(DecodeError::Masked),
        _ => {}
    }
    let short_len = second & 0x7F;
    if opcode.is_control() && usize::from(short_len) > CONTROL_BYTES_MAX {
        return Err(DecodeError::ControlTooLong);
    }
    if opcode == Opcode::Close && short_len == 1 {
        return Err(DecodeError::ClosePayload);
    }

    let Some((len, at)) = parse_len(short_len, bytes)? else { return Ok(None) };
    if !masked {
        return Ok(Some((FrameHeader { opcode, fin, len, mask: None }, at)));
    }
    let Some(&key) = bytes[at..].first_chunk::<4>() else { return Ok(None) };
    Ok(Some((FrameHeader { opcode, fin, len, mask: Some(key) }, at + 4)))
}

/// The payload length and where the bytes after it begin.
fn parse_len(short_len: u8, bytes: &[u8]) -> Result<Option<(u64, usize)>, DecodeError> {
    let (len, at, len_min) = match short_len {
        126 => match bytes[2..].first_chunk::<2>() {
            Some(field) => (u64::from(u16::from_be_bytes(*field)), 4, 126),
            None => return Ok(None),
        },
        127 => match bytes[2..].first_chunk::<8>() {
            Some(field) => (u64::from_be_bytes(*field), 10, 0x1_0000),
            None => return Ok(None),
        },
        _ => (u64::from(short_len), 2, 0),
    };
    if len >> 63 != 0 {
        return Err(DecodeError::LengthOverflow);
    }
    // "The minimal number of bytes MUST be used": a peer that pads its lengths is either broken or probing.
    if len < len_min {
        return Err(DecodeError::LengthNotMinimal);
    }
    Ok(Some((len, at)))
}
