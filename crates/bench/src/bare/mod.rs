//! The bare loops: the least that any server must do, as the measure for ours. Each runs in a process of its own, so
//! that its CPU is counted in the same way as the server's.
//!
//! * `fanout`: accept, upgrade, and on a publish write the frame to each member of the channel; one thread, no
//!   session, no acknowledgement, nothing stored.
//! * `fanout-joined`: the same, but the frames that came in one turn of the loop leave in one write per member.
//! * `catchup`: accept, and answer the upgrade together with one frame of the bytes that a resumed client gets.
//! * `durable`: append and fdatasync as group commit, in process.

pub mod conn;
pub mod durable;
pub mod serve;
