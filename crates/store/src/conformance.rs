//! The suite that every store passes on its real database.
//!
//! A store crate implements [`Harness`] in its tests and calls [`conformance!`](crate::conformance!) once; that makes one
//! `#[tokio::test]` of each case, each on a database of its own. Every case is named as the rule that it states.
//!
//! ```ignore
//! async fn fresh() -> MyHarness { … }     // a new, empty, migrated database
//! baari_store::conformance!(fresh);
//! ```
//!
//! To add a case: write the function, and name it in the list of the macro (a test here sees to that).

#![expect(clippy::unwrap_used, reason = "an unexpected answer of the store is a failing test")]
#![expect(missing_docs, reason = "the name of a case is the rule that it states")]

pub mod day;
pub mod failure;
pub mod group;
pub mod hospital;
pub mod records;
pub mod rehearsal;

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
            records: a_facility_reads_back_with_its_zone_and_settings;
            records: a_facilitys_version_goes_up_with_every_change_in_it;
            day: a_day_that_nobody_has_touched_is_empty;
            day: a_day_reads_back_exactly_as_written;
            group: an_empty_group_succeeds;
            group: a_stale_day_is_left_out_and_the_others_are_written;
            group: a_failing_transaction_writes_nothing_and_says_so;
            failure: a_killed_connection_is_survived;
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
