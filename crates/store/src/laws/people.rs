//! The laws of people and rooms as functions over any engine.
//!
//! An engine's test file implements [`PeopleFixture`] and calls [`people_laws!`](crate::people_laws), which makes one
//! named test per law. The last law compares random histories with [`MemoryPeople`](crate::people::MemoryPeople), which
//! counts message by message.

pub mod accounts;
pub mod admission;
pub mod counts;
pub mod direct;
pub mod make;
pub mod members;
pub mod projection;
pub mod random;
pub mod recovery;
pub mod rooms;
pub mod sessions;

use crate::people::PeopleStore;

/// An engine under test: one fresh, empty store that can be closed and opened again.
pub trait PeopleFixture: Sized {
    /// The engine.
    type Store: PeopleStore;

    /// A fixture with nobody in it.
    fn empty() -> Self;

    /// The store.
    fn store(&self) -> &Self::Store;

    /// Closes the store in good order and opens it again.
    fn reopen(&mut self);
}

/// Makes a `#[test]` per law for a [`PeopleFixture`] type.
#[macro_export]
macro_rules! people_laws {
    ($fixture:ty) => {
        $crate::people_laws!(@ $fixture, accounts: [
            a_person_is_found_by_id_handle_and_address,
            a_handle_and_an_address_are_one_persons_alone,
            the_last_administrator_stays,
            a_change_has_a_version_and_no_change_has_none,
            people_are_found_by_what_is_typed,
            people_survive_a_reopen,
        ]);
        $crate::people_laws!(@ $fixture, admission: [
            the_first_person_is_first,
            one_of_many_is_first,
            an_invitation_lets_in_as_often_as_it_says,
            an_invitation_to_a_room_makes_a_member,
            of_two_joins_racing_for_the_last_use_one_wins,
        ]);
        $crate::people_laws!(@ $fixture, recovery: [
            a_reset_code_is_taken_once,
            a_new_password_ends_what_led_to_it,
            who_asked_for_help_is_listed_newest_first,
        ]);
        $crate::people_laws!(@ $fixture, sessions: [
            a_session_is_found_by_its_secret,
            sessions_end_one_by_one_or_all_but_one,
            expired_sessions_end_the_longest_expired_first,
            a_token_is_found_by_its_secret_and_revoked_by_its_person,
            rights_move_when_a_session_ends_and_not_when_it_is_seen,
        ]);
        $crate::people_laws!(@ $fixture, rooms: [
            a_room_comes_with_its_members,
            a_room_that_cannot_be_made_leaves_nothing,
            public_rooms_are_found_by_name,
            all_rooms_are_listed_oldest_first,
            a_room_is_changed,
            invitations_are_listed_newest_first,
            open_invitations_are_counted_and_ended_by_their_maker,
        ]);
        $crate::people_laws!(@ $fixture, direct: [
            a_direct_room_is_found_by_its_people,
            of_two_made_at_once_there_is_one,
            its_people_are_fixed,
        ]);
        $crate::people_laws!(@ $fixture, members: [
            a_member_comes_and_goes,
            what_restricted_somebody_is_remembered_when_they_go,
            the_last_owner_stays_while_others_do,
            the_last_member_of_all_archives_the_room,
            members_come_in_pages,
            rights_are_listed_for_each_room,
        ]);
        $crate::people_laws!(@ $fixture, counts: [
            own_messages_are_not_unread,
            mentions_are_counted_once_and_never_of_oneself,
            a_marker_moves_forwards_unless_told_otherwise,
            whoever_joins_has_read_what_was_there,
            a_listing_tells_what_changed_after_a_version,
        ]);
        $crate::people_laws!(@ $fixture, projection: [
            messages_and_cursors_move_together,
            a_batch_that_does_not_continue_changes_nothing,
            what_is_unknown_counts_for_nothing,
            a_durable_change_makes_batches_durable,
        ]);
        $crate::people_laws!(@ $fixture, random: [any_history_agrees_with_a_recount]);
    };
    (@ $fixture:ty, $family:ident: [$($law:ident),* $(,)?]) => {
        $(
            #[test]
            fn $law() {
                $crate::laws::people::$family::$law::<$fixture>();
            }
        )*
    };
}
