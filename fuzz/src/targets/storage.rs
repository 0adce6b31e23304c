//! What the log's SQLite engine packs into its rows.

use loquat_log_sqlite as storage;

use super::Target;

/// Two runs of `partition, epoch, count, first_seq`, each with one `time_ms, length`.
const HEAD: &[u8] = b"\x01\0\x01\0\x01\0\0\0\x09\0\0\0\0\0\0\0\xff\0\0\0\0\0\0\0\x03\0\0\0\
\x02\0\x01\0\x01\0\0\0\x01\0\0\0\0\0\0\0\xff\0\0\0\0\0\0\0\0\0\0\0";
/// One run of `partition, count, first_seq` with one `key, time_ms`.
const IDS: &[u8] = b"\x01\0\x01\0\0\0\x09\0\0\0\0\0\0\0abcdef0123456789\xff\0\0\0\0\0\0\0";

pub(super) const BLOCK: Target = Target {
    name: "block",
    run: storage::fuzz_block,
    seeds: &[HEAD, &[]],
    words: &[b"\xff\xff\xff\xff", b"\xff\xff\xff\xff\xff\xff\xff\xff", b"\x01\0\0\0", b"\0\0\0\0"],
};

pub(super) const KEY_BATCH: Target = Target {
    name: "key-batch",
    run: storage::fuzz_keys,
    seeds: &[IDS, &[]],
    words: &[b"\xff\xff\xff\xff", b"\x01\0\0\0", b"\0\0\0\0"],
};
