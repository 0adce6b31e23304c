//! Masking (RFC 6455 section 5.3), which is its own inverse.

/// XORs `data` with `key` repeated, starting at the key's first byte.
///
/// Works on 32 bytes at a time, a shape that the compiler turns into vector instructions; a plain per-byte loop
/// over `i % 4` does not get there.
pub fn apply_mask(data: &mut [u8], key: [u8; 4]) {
    let word = u64::from_ne_bytes([key[0], key[1], key[2], key[3], key[0], key[1], key[2], key[3]]);
    let (blocks, rest) = data.as_chunks_mut::<32>();
    for block in blocks {
        for eight in block.as_chunks_mut::<8>().0 {
            *eight = (u64::from_ne_bytes(*eight) ^ word).to_ne_bytes();
        }
    }
    for (i, byte) in rest.iter_mut().enumerate() {
        *byte ^= key[i & 3];
    }
}

/// The key to continue with after `consumed` bytes of a payload.
pub(crate) fn rotate_key(mut key: [u8; 4], consumed: usize) -> [u8; 4] {
    key.rotate_left(consumed & 3);
    key
}

#[cfg(test)]
mod tests {
    use super::{apply_mask, rotate_key};

    #[test]
    fn agrees_with_the_definition_at_every_length_and_split() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        let plain: Vec<u8> = (0..131u8).collect();
        let expected: Vec<u8> = plain.iter().enumerate().map(|(i, b)| b ^ key[i % 4]).collect();
        for len in 0..plain.len() {
            for split in 0..=len {
                let mut data = plain[..len].to_vec();
                let (head, tail) = data.split_at_mut(split);
                apply_mask(head, key);
                apply_mask(tail, rotate_key(key, split));
                assert_eq!(data, expected[..len], "len {len} split {split}");
            }
        }
    }
}
