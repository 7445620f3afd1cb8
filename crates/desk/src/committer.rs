//! Commits one group after the other. No timer: idle, a command is a group of its own; busy, groups grow by themselves.

use std::sync::{Arc, Weak};

use baari_engine::DayKey;
use baari_store::{Group, StoreError, Verdict};

use crate::desk::Desk;
use crate::pending::{DayBatch, Outcome, PatientBatch, Pending, Waiter};

/// Runs until the desk is gone.
pub(crate) async fn run(desk: Weak<Desk>, wake: Arc<tokio::sync::Notify>) {
    loop {
        wake.notified().await;
        loop {
            let Some(desk) = desk.upgrade() else { return };
            let pending = std::mem::take(&mut *desk.pending());
            if pending.is_empty() {
                break;
            }
            let committing = {
                let desk = Arc::clone(&desk);
                tokio::spawn(async move { commit(&desk, pending).await })
            };
            if let Err(error) = committing.await {
                // A defect. Nobody knows what was written: forget everything, and go on from what the store remembers.
                tracing::error!(%error, "a commit has panicked");
                desk.bury_all(&Outcome::Failed(StoreError::Unavailable("the commit was lost".to_owned())));
            }
        }
    }
}

async fn commit(desk: &Desk, pending: Pending) {
    let mut batches: Vec<DayBatch> = pending.days.into_values().collect();
    // The same order everywhere: two servers then never wait for each other's rows in a circle.
    batches.sort_by_key(|batch| batch.live.key);
    let days: Vec<_> = batches.iter_mut().filter_map(|batch| batch.commit.take()).collect();
    let place = |key: &DayKey| days.binary_search_by_key(key, |day| day.key).ok();
    let together = pending.together.iter().map(|keys| keys.iter().filter_map(place).collect()).collect();
    let versions: Vec<_> = days.iter().map(|day| (day.key, day.version)).collect();
    let patients = pending.patients.into_values().map(|PatientBatch { write, waiters }| (write, waiters));
    let (patients, patient_waiters): (Vec<_>, Vec<Vec<Waiter>>) = patients.unzip();
    let commands: usize = batches.iter().map(|batch| batch.waiters.len()).sum::<usize>() + patients.len();
    let written = if days.is_empty() && patients.is_empty() {
        Ok(Vec::new())
    } else {
        metrics::histogram!("baari_group_commands").record(u32::try_from(commands).unwrap_or(u32::MAX));
        desk.store.commit(Group { days, together, patients }).await
    };
    let patient_waiters = patient_waiters.into_iter().flatten();
    match written {
        Ok(verdicts) => {
            let mut outcome = versions.into_iter().zip(verdicts).peekable();
            for batch in batches {
                let verdict = outcome.next_if(|((key, _), _)| *key == batch.live.key);
                settle(desk, batch, verdict.map(|((_, version), verdict)| (version, verdict)));
            }
            patient_waiters.for_each(|waiter| waiter.tell(&Outcome::Durable));
        }
        Err(StoreError::Conflict(why)) => {
            tracing::debug!(why, "a group met another writer and runs again");
            metrics::counter!("baari_group_conflicts_total").increment(1);
            fail(desk, batches, patient_waiters, &Outcome::Again);
        }
        Err(error) => {
            tracing::warn!(%error, commands, "a group could not be committed");
            metrics::counter!("baari_group_failures_total").increment(1);
            fail(desk, batches, patient_waiters, &Outcome::Failed(error));
        }
    }
}

fn settle(desk: &Desk, batch: DayBatch, verdict: Option<(u64, Verdict)>) {
    let good = match verdict {
        Some((version, Verdict::Committed)) => {
            batch.live.committed(version);
            // It may have been buried meanwhile, and loaded anew before this commit reached the disk.
            desk.bury_successor(&batch.live);
            desk.changes.tell(batch.live.key);
            true
        }
        Some((_, Verdict::Stale)) => {
            metrics::counter!("baari_stale_days_total").increment(1);
            false
        }
        // Nothing of this day was in the group: those who wait only waited for the one before.
        None => batch.live.is_alive(),
    };
    let outcome = if good { Outcome::Durable } else { Outcome::Again };
    if !good {
        desk.bury(&batch.live, &outcome);
    }
    batch.waiters.into_iter().for_each(|waiter| waiter.tell(&outcome));
}

fn fail(desk: &Desk, batches: Vec<DayBatch>, patients: impl Iterator<Item = Waiter>, outcome: &Outcome) {
    for batch in batches {
        desk.bury(&batch.live, outcome);
        desk.bury_successor(&batch.live);
        batch.waiters.into_iter().for_each(|waiter| waiter.tell(outcome));
    }
    patients.for_each(|waiter| waiter.tell(outcome));
}
