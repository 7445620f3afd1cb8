//! Commits a group: three round trips, however large it is.
//!
//! 1. Begin, make the doctor-days that are not there yet, lock all of them and read their versions.
//! 2. Write what belongs to those that are current: one statement a table and facility.
//! 3. Commit, once every statement is known to have written what it must.

use std::collections::{BTreeMap, HashSet};

use baari_engine::{DayKey, FacilityId};
use baari_store::{DayCommit, Group, Patient, Receipt, StoreError, Verdict};

use crate::connection::Connections;
use crate::fields::each;
use crate::pipeline::{Answer, Step};
use crate::statement::Statement;
use crate::transaction::Transaction;
use crate::{doctor_day, event, patient, receipt, slot, token};

/// What a group holds of one facility. Facilities, days, patients and receipts are in the order of their keys, so that all
/// servers lock in the same order.
#[derive(Default)]
struct Part<'g> {
    days: Vec<&'g DayCommit>,
    patients: Vec<&'g Patient>,
    receipts: Vec<&'g Receipt>,
}

type Parts<'g> = BTreeMap<FacilityId, Part<'g>>;

/// Writes a group; one verdict for each of its days, in order.
pub(crate) async fn commit(connections: &Connections, group: &Group) -> Result<Vec<Verdict>, StoreError> {
    let mut parts = parts(group);
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let locks = parts.iter().flat_map(|(facility, part)| locks(*facility, part)).collect();
    let (mut transaction, answers) = Transaction::begin(connections, locks).await?;
    let outcome = write(&mut transaction, &mut parts, &answers).await;
    let current = transaction.end(outcome).await?;
    let verdict =
        |day: &DayCommit| if current.contains(&day.key) { Verdict::Committed } else { Verdict::Stale };
    Ok(group.days.iter().map(verdict).collect())
}

fn parts(group: &Group) -> Parts<'_> {
    let mut parts = Parts::new();
    for day in &group.days {
        parts.entry(day.key.facility).or_default().days.push(day);
    }
    for write in &group.patients {
        let part = parts.entry(write.facility).or_default();
        part.patients.push(&write.patient);
        part.receipts.extend(&write.receipt);
    }
    for part in parts.values_mut() {
        part.days.sort_unstable_by_key(|day| day.key);
        part.patients.sort_unstable_by_key(|patient| patient.id);
    }
    parts
}

/// Exactly two steps a facility with days, which [`current`] counts on.
fn locks(facility: FacilityId, part: &Part<'_>) -> Vec<Step> {
    if part.days.is_empty() {
        return Vec::new();
    }
    let missing: Vec<_> = part.days.iter().copied().filter(|day| day.expected_version == 0).collect();
    vec![doctor_day::insert_missing(facility, &missing).into(), doctor_day::lock(facility, &part.days).into()]
}

async fn write(
    transaction: &mut Transaction,
    parts: &mut Parts<'_>,
    locked: &[Answer],
) -> Result<HashSet<DayKey>, StoreError> {
    let current = current(parts, locked)?;
    let mut steps = Vec::new();
    for (facility, part) in parts {
        part.days.retain(|day| current.contains(&day.key));
        part.receipts.extend(part.days.iter().flat_map(|day| &day.receipts));
        part.receipts.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        steps.extend(writes(*facility, part)?);
    }
    transaction.run(&steps).await?;
    Ok(current)
}

/// The days whose versions are the expected ones.
fn current(parts: &Parts<'_>, locked: &[Answer]) -> Result<HashSet<DayKey>, StoreError> {
    let mut versions = HashSet::new();
    let with_days = parts.iter().filter(|(_, part)| !part.days.is_empty());
    for ((&facility, _), answers) in with_days.zip(locked.chunks(2)) {
        for answer in answers {
            let rows = each(&answer.rows, doctor_day::version)?;
            versions.extend(
                rows.into_iter().map(|(doctor, date, version)| (DayKey { facility, doctor, date }, version)),
            );
        }
    }
    let days = parts.values().flat_map(|part| &part.days);
    let current = days.filter(|day| versions.contains(&(day.key, day.expected_version)));
    Ok(current.map(|day| day.key).collect())
}

/// Changes come before new rows: these may take what a change has set free (a patient's one live token, a number).
fn writes(facility: FacilityId, part: &Part<'_>) -> Result<Vec<Step>, StoreError> {
    let days = &part.days;
    let aside: Vec<_> = days.iter().copied().filter(|day| day.resequenced).collect();
    let mut steps: Vec<Step> = Vec::new();
    if !days.is_empty() {
        steps.push(doctor_day::raise(facility, days)?.into());
    }
    steps.extend(some(&rows(days, |day| &day.slots.changed), |rows| slot::update(facility, rows)));
    steps.extend(some(&rows(days, |day| &day.slots.new), |rows| slot::insert(facility, rows)));
    steps.extend(some(&rows(&aside, |day| &day.tokens.changed), |rows| token::set_aside(facility, rows)));
    steps.extend(some(&rows(days, |day| &day.tokens.changed), |rows| token::update(facility, rows)));
    steps.extend(some(&rows(days, |day| &day.tokens.new), |rows| token::insert(facility, rows)));
    let events = rows(days, |day| &day.events);
    if !events.is_empty() {
        steps.push(event::insert(facility, &events)?.into());
    }
    if !part.patients.is_empty() {
        steps.extend(patient::put(facility, &part.patients));
    }
    steps.extend(some(&part.receipts, |rows| receipt::insert(facility, rows)));
    Ok(steps)
}

/// These rows of all days, each with the key of its day.
fn rows<'g, T>(days: &[&'g DayCommit], of_day: impl Fn(&'g DayCommit) -> &'g Vec<T>) -> Vec<(DayKey, &'g T)> {
    days.iter().flat_map(|day| of_day(day).iter().map(|row| (day.key, row))).collect()
}

/// The step, if there are rows.
fn some<R>(rows: &[R], statement: impl FnOnce(&[R]) -> Statement) -> Option<Step> {
    (!rows.is_empty()).then(|| statement(rows).into())
}
