//! A publisher on a connection.

use std::sync::atomic::{AtomicBool, Ordering};

use super::Options;
use crate::{Client, Dice, client::numbered};

/// Publishes until it is stopped: alone and together, with an id of its own and without, and now and then the same
/// message with the same id again.
pub(super) fn run(client: &Client, stop: &AtomicBool, options: &Options, publisher: u64, mut dice: Dice) {
    let mut next = publisher << 40;
    while !stop.load(Ordering::Acquire) {
        let channel = &options.channels[dice.below(options.channels.len() as u64) as usize];
        let count = if dice.below(8) == 0 { 3 } else { 1 };
        let mut messages: Vec<_> =
            (next..next + count).map(|number| numbered(number, 16 + dice.below(300) as usize)).collect();
        next += count;
        let with_id = dice.below(3) == 0;
        if with_id {
            for (index, message) in messages.iter_mut().enumerate() {
                message.id = Some(format!("own-{publisher}-{next}:{index}"));
            }
        }
        let again = (with_id && dice.below(4) == 0).then(|| messages.clone());
        for messages in std::iter::once(messages).chain(again) {
            assert!(client.publish(channel, messages).is_some(), "nothing is acknowledged for a minute");
        }
        std::thread::park_timeout(options.pace);
    }
}
