//! Every parser over random bytes: the entry points of the fuzzer, with the property runner's inputs.

use loquat_protocol::fuzz;
use proptest::{collection::vec, prelude::*};

use crate::generate::frame;

proptest! {
    #[test]
    fn any_bytes(data in vec(any::<u8>(), 0..200)) {
        for target in [
            fuzz::fuzz_json_frame, fuzz::fuzz_msgpack_frame, fuzz::fuzz_entry, fuzz::fuzz_capability,
            fuzz::fuzz_serial, fuzz::fuzz_params,
        ] {
            target(&data);
        }
    }

    /// Near misses: a frame with some bytes changed.
    #[test]
    fn almost_frames(frame in frame(), changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        for (format, target) in [
            (loquat_protocol::Format::Json, fuzz::fuzz_json_frame as fn(&[u8])),
            (loquat_protocol::Format::Msgpack, fuzz::fuzz_msgpack_frame),
        ] {
            let mut bytes = format.encode(&frame);
            for (place, byte) in &changes {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            target(&bytes);
        }
    }
}
