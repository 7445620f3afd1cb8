//! The suite that every store passes on its real database.
//!
//! A store crate implements [`Harness`] in its tests and calls [`conformance!`](crate::conformance!) once; that makes one
//! `#[tokio::test]` of each case, each on a database of its own. Every case is named as the rule that it states.
//!
//! ```text
//! async fn fresh() -> MyHarness { … }     // a new, empty, migrated database
//! baari_store::conformance!(fresh);
//! ```
//!
//! To add a case: write the function, and name it in the list of the macro (a test here sees to that).

#![expect(clippy::unwrap_used, reason = "an unexpected answer of the store is a failing test")]
#![expect(missing_docs, reason = "the name of a case is the rule that it states")]

pub mod account;
pub mod day;
pub mod failure;
pub mod feed;
pub mod group;
pub mod guard;
pub mod hospital;
pub mod list;
pub mod moved;
pub mod patient;
pub mod people;
pub mod race;
pub mod receipt;
pub mod records;
pub mod rehearsal;
pub mod tenancy;
pub mod trail;

use std::sync::Arc;

use async_trait::async_trait;

use crate::Store;

pub use hospital::Hospital;
pub use rehearsal::Rehearsal;

/// One database, and what can be done to it from outside.
#[async_trait]
pub trait Harness: Send + Sync {
    /// A further store on the same database, as another server would open it.
    async fn open(&self) -> Arc<dyn Store>;
    /// Ends every connection to the database from the server's side, where there is such a thing.
    async fn break_connections(&self);
    /// While on, the database itself refuses every new event, so that transactions fail half way.
    async fn fail_commits(&self, on: bool);
}

/// Makes a `#[tokio::test]` of every case. Takes the path of an `async fn() -> impl Harness` that makes a new, empty
/// database. The calling crate needs `tokio` with `macros` and `rt-multi-thread`.
#[macro_export]
macro_rules! conformance {
    ($fresh:path) => {
        $crate::conformance! { $fresh;
            account: a_user_is_changed_only_as_last_read;
            account: sessions_end_along_with_a_record;
            account: no_session_ends_if_the_record_is_not_written;
            account: the_last_active_administrator_stays_one;
            account: of_two_who_take_away_the_last_two_administrators_one_wins;
            day: a_day_that_nobody_has_touched_is_empty;
            day: a_day_reads_back_exactly_as_written;
            day: the_largest_values_read_back_as_written;
            day: what_a_day_and_its_tokens_have_by_the_way_reads_back;
            day: a_doctors_pace_is_kept_until_it_changes_and_listed_newest_first;
            day: a_finished_visit_shows_in_the_pace;
            day: versions_are_told_of_the_days_that_exist;
            failure: a_store_answers_a_ping;
            failure: a_reopened_database_has_everything;
            failure: what_another_handle_has_written_is_seen_at_once;
            failure: a_killed_connection_is_survived;
            feed: the_feed_is_read_in_order_of_commit_in_pages;
            feed: a_group_that_fails_leaves_nothing_in_the_feed;
            feed: a_facilitys_feed_holds_its_own_events_only;
            feed: the_moves_of_a_date_are_told_in_order_of_commit;
            feed: who_follows_the_feed_misses_nothing_of_what_several_servers_write;
            feed: who_writes_into_several_feeds_does_not_wait_in_a_circle;
            group: an_empty_group_succeeds;
            group: a_stale_day_is_left_out_and_the_others_are_written;
            group: a_failing_transaction_writes_nothing_and_says_so;
            group: a_day_is_created_once;
            group: a_version_that_was_never_there_is_stale;
            group: a_patient_can_be_booked_in_the_group_that_registers_them;
            group: a_patient_is_written_even_if_every_day_of_the_group_is_stale;
            group: tokens_of_a_commit_may_swap_their_sequence_numbers;
            group: tokens_are_renumbered_when_no_room_is_left_between_them;
            group: who_cancels_can_be_booked_again_in_the_same_commit;
            guard: what_breaks_no_rule_is_written;
            guard: a_token_number_is_given_once_a_day;
            guard: a_token_id_is_given_once;
            guard: a_sequence_number_stands_once_in_a_slot;
            guard: a_patient_has_one_live_token_with_a_doctor_on_a_date;
            guard: slots_of_a_doctor_do_not_overlap;
            guard: the_counts_of_a_slot_stay_within_its_limits;
            guard: what_is_to_be_changed_must_be_there;
            list: slots_are_listed_by_date_start_and_id_in_pages;
            list: tokens_are_listed_by_id_as_asked_in_pages;
            list: a_slot_and_a_token_know_their_doctor_day;
            list: a_tokens_events_are_told_oldest_first;
            list: the_doctor_days_of_some_dates_are_listed;
            list: patients_last_completed_visits_are_told;
            moved: a_token_that_moves_keeps_its_id_and_its_past;
            moved: the_number_that_a_moved_token_leaves_can_be_given_in_the_same_group;
            moved: a_moved_token_goes_on_in_its_new_day;
            moved: tokens_may_move_both_ways_at_once_and_make_room;
            moved: a_move_is_not_written_if_one_of_its_days_is_stale;
            moved: staleness_spreads_through_days_that_go_together_with_several;
            moved: a_day_that_was_left_out_is_as_if_nobody_had_touched_it;
            moved: a_moved_token_meets_the_guards;
            moved: what_moves_must_be_there_and_the_facilitys_own;
            patient: patients_are_got_many_at_once;
            patient: a_patient_reads_back_as_changed;
            patient: a_year_of_birth_is_one_that_can_be;
            patient: of_who_is_erased_neither_sex_nor_year_of_birth_is_left;
            patient: who_was_erased_is_found_by_nothing_that_was_known;
            patient: who_was_erased_is_never_written_back;
            patient: patients_are_found_by_any_part_of_their_phone_number;
            patient: patients_are_found_by_the_beginning_of_any_word_of_their_name;
            patient: patients_are_listed_by_id_in_pages;
            patient: a_patient_is_not_written_if_the_receipt_is_not;
            people: a_user_reads_back_as_written_and_as_changed;
            people: a_user_is_found_by_name_and_by_subject;
            people: two_users_do_not_share_a_name_or_a_subject;
            people: users_are_listed_by_id_in_pages;
            people: a_session_reads_back_with_its_user;
            people: a_session_knows_when_it_was_last_used;
            people: a_users_sessions_are_listed_newest_first;
            people: sessions_end_as_told;
            people: an_api_key_reads_back_as_written_and_as_taken_back;
            people: two_api_keys_do_not_share_a_digest;
            people: api_keys_are_listed_by_id_in_pages;
            people: people_and_keys_are_not_written_if_their_receipt_is_not;
            race: of_two_writers_of_a_version_exactly_one_wins;
            race: of_two_who_create_a_day_exactly_one_wins;
            race: groups_that_cross_neither_wait_for_ever_nor_lose_anything;
            receipt: a_receipt_reads_back_as_written;
            receipt: receipts_of_a_commit_read_back;
            receipt: a_key_is_used_once;
            receipt: old_receipts_are_forgotten;
            records: a_facility_reads_back_with_its_zone_and_settings;
            records: two_facilities_do_not_share_a_slug;
            records: a_facilitys_version_goes_up_with_every_change_in_it;
            records: a_doctor_reads_back_as_written_and_as_changed;
            records: two_doctors_do_not_share_a_letter;
            records: doctors_are_listed_by_id_in_pages;
            records: a_schedule_reads_back_as_written_and_as_changed;
            records: a_record_is_not_written_if_its_receipt_is_not;
            tenancy: another_facilitys_ids_find_nothing;
            tenancy: two_facilities_may_have_the_same_ids_letters_and_keys;
            tenancy: a_change_in_one_facility_does_not_raise_anothers_version;
            trail: the_audit_trail_reads_back_newest_first_in_pages;
            trail: the_audit_trail_is_searched_by_actor_patient_and_time;
            trail: an_entry_of_the_audit_trail_is_written_once;
            trail: what_the_audit_trail_says_of_a_record_is_written_with_it;
            trail: the_audit_trail_does_not_speak_of_what_was_not_written;
            trail: nothing_is_written_along_with_a_removal_that_finds_nothing;
            trail: the_audit_trail_of_a_group_is_written_with_it;
            trail: the_feed_is_searched_by_actor_patient_and_time;
        }
    };
    ($fresh:path; $($module:ident: $case:ident;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let harness = $fresh().await;
                $crate::conformance::$module::$case(&harness).await;
            }
        )+
    };
}

#[cfg(test)]
mod tests {
    const SOURCES: &[(&str, &str)] = &[
        ("account", include_str!("conformance/account.rs")),
        ("day", include_str!("conformance/day.rs")),
        ("failure", include_str!("conformance/failure.rs")),
        ("feed", include_str!("conformance/feed.rs")),
        ("group", include_str!("conformance/group.rs")),
        ("guard", include_str!("conformance/guard.rs")),
        ("hospital", include_str!("conformance/hospital.rs")),
        ("list", include_str!("conformance/list.rs")),
        ("moved", include_str!("conformance/moved.rs")),
        ("patient", include_str!("conformance/patient.rs")),
        ("people", include_str!("conformance/people.rs")),
        ("race", include_str!("conformance/race.rs")),
        ("receipt", include_str!("conformance/receipt.rs")),
        ("records", include_str!("conformance/records.rs")),
        ("rehearsal", include_str!("conformance/rehearsal.rs")),
        ("tenancy", include_str!("conformance/tenancy.rs")),
        ("trail", include_str!("conformance/trail.rs")),
    ];

    #[test]
    fn no_case_is_left_out_of_the_list() {
        let list = include_str!("conformance.rs");
        let cases = SOURCES.iter().flat_map(|(module, source)| {
            let lines = source.lines().filter_map(|line| line.strip_prefix("pub async fn "));
            lines.filter_map(move |line| Some((module, line.split_once("(harness: &dyn Harness)")?.0)))
        });
        let mut count = 0;
        for (module, case) in cases {
            assert!(list.contains(&format!(" {module}: {case};")), "{module}: {case}");
            count += 1;
        }
        assert!(count > 40, "the cases are found: {count}");
    }
}
