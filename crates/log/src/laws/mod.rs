//! The laws as tests, over any engine.
//!
//! Each law is a function over a [`LogFixture`]; [`log_laws!`](crate::log_laws) makes each a test. The laws assume no
//! more than a cluster can keep: a crash is the end of this process's part of the log, whoever else lives on, and an
//! append that fails with a retryable error is repeated with the same keys.

mod append;
mod bound;
mod follow;
mod history;
mod once;
mod tools;
mod trim;

use std::{sync::Arc, time::Duration};

use crate::Log;
pub use crate::laws::{
    append::{
        acknowledged_entries_survive_a_crash, batches_keep_their_order, calls_of_one_thread_keep_their_order,
        concurrent_appends_are_dense, empty_batches_are_done, entries_are_numbered_from_one, heads_are_exact,
        reads_keep_their_limits, times_never_fall,
    },
    bound::{a_closed_log_refuses, close_finishes_what_was_appended, the_queue_is_bounded},
    follow::{
        a_backlog_joins_the_live_entries, a_follower_gets_what_comes, a_partition_has_one_follower,
        entries_are_fed_before_done, followers_are_per_partition, followers_begin_where_the_log_is,
    },
    history::random_histories_match_the_oracle,
    once::{
        duplicates_across_batches, duplicates_after_a_crash, duplicates_in_flight, duplicates_within_a_batch,
        ids_are_per_partition, ids_expire_after_the_window, ids_of_other_epochs_count,
    },
    tools::{Collector, append, append_now, new_entry},
    trim::{
        epochs_rise, everything_can_be_truncated, numbers_are_not_given_twice, truncation_keeps_ids,
        truncation_keeps_the_rest, truncation_spares_followers,
    },
};

/// What the idempotency window of a fixture's logs is measured by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WindowClock {
    /// Entry times: an id is known for exactly so many milliseconds.
    Entries(u64),
    /// The engine's own clock: no test here outlasts it.
    Engine,
}

/// Makes logs of one engine.
pub trait LogFixture {
    /// A new and empty log of so many partitions, that shares nothing with other logs.
    fn open(&self, partitions: u16) -> Box<dyn TestLog>;

    /// The idempotency window of the logs.
    fn window(&self) -> WindowClock;

    /// The bound of the append queue of the logs, in bytes.
    fn queue_bytes_max(&self) -> usize;

    /// How long an outcome may take before a test gives up.
    fn patience(&self) -> Duration {
        Duration::from_secs(20)
    }

    /// How many random histories are compared with the oracle.
    fn histories(&self) -> u32 {
        64
    }
}

/// A log under test.
pub trait TestLog {
    /// The log; another one after each crash.
    fn log(&self) -> Arc<dyn Log>;

    /// Ends the log as kill -9 of this process would, and opens it again. Called when no append is in flight.
    fn crash(&mut self);

    /// Begins a new epoch in every partition, as a restore from a backup does. False if the engine can't be made to.
    fn raise_epoch(&mut self) -> bool {
        false
    }
}

/// Makes each law a test over a fixture, an expression that makes one.
#[macro_export]
macro_rules! log_laws {
    ($fixture:expr) => {
        $crate::log_laws! { @each $fixture;
            acknowledged_entries_survive_a_crash, batches_keep_their_order, calls_of_one_thread_keep_their_order,
            concurrent_appends_are_dense, empty_batches_are_done, entries_are_numbered_from_one, heads_are_exact,
            reads_keep_their_limits, times_never_fall,
            a_closed_log_refuses, close_finishes_what_was_appended, the_queue_is_bounded,
            a_backlog_joins_the_live_entries, a_follower_gets_what_comes, a_partition_has_one_follower,
            entries_are_fed_before_done, followers_are_per_partition, followers_begin_where_the_log_is,
            random_histories_match_the_oracle,
            duplicates_across_batches, duplicates_after_a_crash, duplicates_in_flight, duplicates_within_a_batch,
            ids_are_per_partition, ids_expire_after_the_window, ids_of_other_epochs_count,
            epochs_rise, everything_can_be_truncated, numbers_are_not_given_twice, truncation_keeps_ids,
            truncation_keeps_the_rest, truncation_spares_followers,
        }
    };
    (@each $fixture:expr; $($law:ident),* $(,)?) => {
        $(
            #[test]
            fn $law() {
                $crate::laws::$law(&$fixture);
            }
        )*
    };
}
