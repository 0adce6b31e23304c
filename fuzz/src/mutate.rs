//! Changing an input a little.

use crate::random::Random;

/// Longest input; parsers have their own limits, far above.
pub(crate) const INPUT_BYTES_MAX: usize = 4_096;

const EDGY_BYTES: [u8; 12] = [0, 1, 0x7f, 0x80, 0xff, b'"', b'\\', b'{', b'}', b'[', b':', b','];

/// A changed copy of `input`: one to eight small changes, sometimes with a piece of `other`.
pub(crate) fn mutate(input: &[u8], other: &[u8], words: &[&[u8]], random: &mut Random) -> Vec<u8> {
    let mut out = input.to_vec();
    for _ in 0..=random.below(8) {
        change(&mut out, other, words, random);
    }
    out.truncate(INPUT_BYTES_MAX);
    out
}

fn change(out: &mut Vec<u8>, other: &[u8], words: &[&[u8]], random: &mut Random) {
    let at = random.below(out.len() + 1);
    match random.below(10) {
        0 | 1 if at < out.len() => out[at] ^= 1 << random.below(8),
        2 if at < out.len() => out[at] = *random.of(&EDGY_BYTES),
        3 if at < out.len() => out[at] = random.byte(),
        4 if at < out.len() => {
            let end = (at + 1 + random.below(16)).min(out.len());
            out.drain(at..end);
        }
        5 if at < out.len() => {
            let end = (at + 1 + random.below(32)).min(out.len());
            let piece = out[at..end].to_vec();
            insert(out, at, &piece);
        }
        6 if !other.is_empty() => {
            let from = random.below(other.len());
            let to = (from + 1 + random.below(64)).min(other.len());
            insert(out, at, &other[from..to]);
        }
        7 | 8 if !words.is_empty() => insert(out, at, random.of::<&[u8]>(words)),
        9 if random.below(4) == 0 => out.truncate(at),
        _ => {
            let byte = random.byte();
            insert(out, at, &[byte]);
        }
    }
}

fn insert(out: &mut Vec<u8>, at: usize, piece: &[u8]) {
    out.splice(at..at, piece.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::{INPUT_BYTES_MAX, mutate};
    use crate::random::Random;

    #[test]
    fn any_input_can_be_changed_and_stays_within_the_limit() {
        let mut random = Random::new(1);
        let words: [&[u8]; 1] = [b"word"];
        for length in [0, 1, 2, 100, INPUT_BYTES_MAX] {
            for _ in 0..1_000 {
                let changed = mutate(&vec![7; length], b"other", &words, &mut random);
                assert!(changed.len() <= INPUT_BYTES_MAX);
            }
        }
    }
}
