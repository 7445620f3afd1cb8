//! Databases that have served a test and may serve another: to make and to drop one takes a second each.

use std::sync::{Mutex, PoisonError};

/// Takes every row out, so that it is as good as new; also those that triggers would keep.
pub(super) const EMPTY: &str = "\
DO $$
DECLARE
    name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'baari' AND tablename <> 'migration' LOOP
        EXECUTE format('DELETE FROM baari.%I', name);
    END LOOP;
END $$";

struct Spares {
    in_use: usize,
    idle: Vec<String>,
}

static SPARES: Mutex<Spares> = Mutex::new(Spares { in_use: 0, idle: Vec::new() });

/// One that is idle, if there is one. Counts as in use from now on, also if the caller has to make it.
pub(super) fn take() -> Option<String> {
    let mut spares = SPARES.lock().unwrap_or_else(PoisonError::into_inner);
    spares.in_use += 1;
    spares.idle.pop()
}

/// Gives it back; names those to be dropped: itself if it is `spoiled`, and all of them if nobody uses any, because then
/// the last test may have ended.
pub(super) fn give_back(name: String, spoiled: bool) -> Vec<String> {
    let mut spares = SPARES.lock().unwrap_or_else(PoisonError::into_inner);
    spares.in_use -= 1;
    let mut unused = if spares.in_use == 0 { std::mem::take(&mut spares.idle) } else { Vec::new() };
    if spoiled || spares.in_use == 0 {
        unused.push(name);
    } else {
        spares.idle.push(name);
    }
    unused
}
