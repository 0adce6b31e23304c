//! WebSocket frames (RFC 6455, section 5.2), as much as a trusted generator needs: no fragments, no extensions.

/// Frame types.
pub mod opcode {
    /// Text (UTF-8).
    pub const TEXT: u8 = 1;
    /// Binary.
    pub const BINARY: u8 = 2;
    /// Close.
    pub const CLOSE: u8 = 8;
    /// Ping.
    pub const PING: u8 = 9;
    /// Pong.
    pub const PONG: u8 = 10;
}

/// The mask of every client frame. It protects proxies from scripts in browsers (section 10.3), which a generator on
/// loopback is not; so it is fixed, but not zero, for the server shall have the work of unmasking.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// One whole frame inside a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its type.
    pub opcode: u8,
    /// Its payload, still masked if it came from a client.
    pub payload: &'a [u8],
    /// The mask, if it came from a client.
    pub mask: Option<[u8; 4]>,
    /// Bytes of the whole frame, header included.
    pub length: usize,
}

/// The frame at the start of `bytes`, or `None` when more bytes are needed.
pub fn first(bytes: &[u8]) -> Option<Frame<'_>> {
    let (&head, &second) = (bytes.first()?, bytes.get(1)?);
    let (mut at, size) = match second & 0x7f {
        126 => (4, u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?) as usize),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize),
        short => (2, short as usize),
    };
    let mask = match second & 0x80 {
        0 => None,
        _ => Some(bytes.get(at..at + 4)?.try_into().ok()?),
    };
    at += if mask.is_some() { 4 } else { 0 };
    let end = at.checked_add(size)?;
    Some(Frame { opcode: head & 0x0f, payload: bytes.get(at..end)?, mask, length: end })
}

/// Appends a whole unmasked frame, as a server sends it.
pub fn push_server(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    push_header(out, opcode, payload.len(), 0);
    out.extend_from_slice(payload);
}

/// Appends a whole masked frame, as a client sends it.
pub fn push_client(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    push_header(out, opcode, payload.len(), 0x80);
    out.extend_from_slice(&MASK);
    let at = out.len();
    out.extend_from_slice(payload);
    apply_mask(&mut out[at..], MASK);
}

/// Masks or unmasks in place.
pub fn apply_mask(payload: &mut [u8], mask: [u8; 4]) {
    let mut chunks = payload.chunks_exact_mut(4);
    for chunk in &mut chunks {
        chunk.iter_mut().zip(mask).for_each(|(byte, key)| *byte ^= key);
    }
    chunks.into_remainder().iter_mut().zip(mask).for_each(|(byte, key)| *byte ^= key);
}

/// Payload bytes of a server frame that is `length` bytes long with its header; the nearest below where a length
/// cannot occur.
pub fn payload_size(length: usize) -> usize {
    match length {
        0..=127 => length.saturating_sub(2),
        128..=65_539 => length - 4,
        _ => length - 10,
    }
}

fn push_header(out: &mut Vec<u8>, opcode: u8, size: usize, masked: u8) {
    out.push(0x80 | opcode);
    match size {
        0..=125 => out.push(masked | size as u8),
        126..=65_535 => {
            out.push(masked | 126);
            out.extend_from_slice(&(size as u16).to_be_bytes());
        }
        _ => {
            out.push(masked | 127);
            out.extend_from_slice(&(size as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_at_each_length_form() {
        for size in [0, 1, 125, 126, 65_535, 65_536] {
            let payload: Vec<u8> = (0..size).map(|at| at as u8).collect();
            let mut server = Vec::new();
            push_server(&mut server, opcode::BINARY, &payload);
            let frame = first(&server).unwrap();
            assert_eq!((frame.opcode, frame.payload, frame.mask), (opcode::BINARY, &payload[..], None));
            assert_eq!((frame.length, payload_size(frame.length)), (server.len(), size));
            assert_eq!(first(&server[..server.len() - 1]), None);

            let mut client = Vec::new();
            push_client(&mut client, opcode::TEXT, &payload);
            let frame = first(&client).unwrap();
            let mut plain = frame.payload.to_vec();
            apply_mask(&mut plain, frame.mask.unwrap());
            assert_eq!((frame.opcode, plain), (opcode::TEXT, payload));
        }
        assert_eq!(first(&[]), None);
    }
}
