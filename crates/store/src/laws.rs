//! The conformance suite: the traits' laws as functions over any engine.
//!
//! An engine's test file implements [`Fixture`] and calls [`store_laws!`](crate::store_laws), which makes one named
//! test per law. The last law compares random histories with [`MemoryStore`](crate::memory::MemoryStore).

pub mod directory;
pub mod history;
pub mod make;
pub mod members;
pub mod people;
pub mod projection;
pub mod random;
pub mod retention;

use crate::{Directory, History, Projection};

/// An engine under test: one fresh, empty store that can be closed and opened again.
pub trait Fixture: Sized {
    /// The engine.
    type Store: Projection + History + Directory;

    /// A fixture with an empty store.
    fn empty() -> Self;

    /// The store.
    fn store(&self) -> &Self::Store;

    /// Closes the store in good order and opens it again.
    fn reopen(&mut self);
}

/// Makes a `#[test]` per law for a [`Fixture`] type.
#[macro_export]
macro_rules! store_laws {
    ($fixture:ty) => {
        $crate::store_laws!(@ $fixture, projection: [
            an_empty_store_stands_at_zero,
            rows_and_cursor_move_together,
            a_batch_that_does_not_continue_is_refused_whole,
            rows_out_of_place_are_refused,
            a_batch_without_rows_moves_the_cursor,
            sync_moves_the_durable_cursor,
            a_reopened_store_is_the_same,
        ]);
        $crate::store_laws!(@ $fixture, history: [
            rows_come_back_as_they_were,
            both_directions_and_limits,
            bounds_in_sequence_are_inclusive,
            bounds_in_time_are_inclusive,
            kinds_channels_and_apps_are_apart,
            pages_add_up_to_the_whole,
            an_answer_is_complete_up_to_its_cursor,
        ]);
        $crate::store_laws!(@ $fixture, retention: [
            prune_takes_the_oldest_first,
            prune_covers_what_it_deletes_and_no_more,
            classes_are_kept_apart,
            a_channel_lives_on_after_all_of_it_was_pruned,
            remove_app_takes_its_rows_alone,
        ]);
        $crate::store_laws!(@ $fixture, members: [members_are_who_entered_and_did_not_leave]);
        $crate::store_laws!(@ $fixture, directory: [
            an_app_comes_with_its_keys,
            a_conflict_changes_nothing,
            a_key_needs_its_app,
            a_key_is_revoked_once,
            a_deleted_app_takes_its_keys_along,
            the_directory_survives_a_reopen,
        ]);
        $crate::store_laws!(@ $fixture, random: [any_history_agrees_with_the_oracle]);
    };
    (@ $fixture:ty, $family:ident: [$($law:ident),* $(,)?]) => {
        $(
            #[test]
            fn $law() {
                $crate::laws::$family::$law::<$fixture>();
            }
        )*
    };
}
