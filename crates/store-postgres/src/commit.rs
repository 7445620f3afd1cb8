//! Commits a group: three round trips, however large it is.
//!
//! 1. Begin, make the doctor-days that are not there yet, lock all of them and read their versions.
//! 2. Write what belongs to those that are current: one statement a table and facility; their events, which take the next
//!    numbers of the facility's feed, at the end.
//! 3. Commit, once every statement is known to have written what it must.

use std::collections::{BTreeMap, HashSet};

use baari_engine::{DayKey, FacilityId};
use baari_store::{AuditRow, DayCommit, Ended, Group, Patient, Receipt, StoreError, Verdict};

use crate::connection::Connections;
use crate::fields::each;
use crate::pipeline::{Answer, Step};
use crate::statement::Statement;
use crate::transaction::Transaction;
use crate::{audit, doctor_day, event, patient, receipt, session, slot, token};

/// What a group holds of one facility. Facilities, days, patients and receipts are in the order of their keys, so that all
/// servers lock in the same order.
#[derive(Default)]
struct Part<'g> {
    days: Vec<&'g DayCommit>,
    patients: Vec<&'g Patient>,
    receipts: Vec<&'g Receipt>,
    ends: Vec<Ended>,
    audit: Vec<&'g AuditRow>,
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
    let outcome = write(&mut transaction, group, &mut parts, &answers).await;
    let written = transaction.end(outcome).await?;
    let verdict =
        |day: &DayCommit| if written.contains(&day.key) { Verdict::Committed } else { Verdict::Stale };
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
        part.receipts.extend(&write.along.receipt);
        part.ends.extend(write.along.ends);
        part.audit.extend(&write.along.audit);
    }
    for part in parts.values_mut() {
        part.days.sort_unstable_by_key(|day| day.key);
        part.patients.sort_unstable_by_key(|patient| patient.id);
    }
    parts
}

/// Steps for each facility in the first round trip.
const LOCKS: usize = 3;

/// The steps of the first round trip.
fn locks(facility: FacilityId, part: &Part<'_>) -> [Step; LOCKS] {
    let missing: Vec<_> = part.days.iter().copied().filter(|day| day.expected_version == 0).collect();
    let some = |is_empty: bool, statement: Statement| if is_empty { Step::Nothing } else { statement.into() };
    [
        some(missing.is_empty(), doctor_day::insert_missing(facility, &missing)),
        some(part.days.is_empty(), doctor_day::lock(facility, &part.days)),
        some(part.patients.is_empty(), patient::known(facility, &part.patients)),
    ]
}

async fn write(
    transaction: &mut Transaction,
    group: &Group,
    parts: &mut Parts<'_>,
    answers: &[Answer],
) -> Result<HashSet<DayKey>, StoreError> {
    let written = written(group, parts, answers)?;
    let mut steps = Vec::new();
    for ((&facility, part), answers) in parts.iter_mut().zip(answers.chunks(LOCKS)) {
        let [.., known] = answers else { continue };
        part.days.retain(|day| written.contains(&day.key));
        part.receipts.extend(part.days.iter().flat_map(|day| &day.receipts));
        part.receipts.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        steps.extend(writes(facility, part, known)?);
    }
    // Last of all, facility after facility: who has raised a feed's number makes all who write there wait until the COMMIT,
    // and waits for nobody but who raises the number of a later facility.
    for (&facility, part) in parts.iter() {
        let events = rows(&part.days, |day| &day.events);
        if !events.is_empty() {
            steps.extend(event::append(facility, &events)?);
        }
    }
    transaction.run(&steps).await?;
    Ok(written)
}

/// The days that are current, but for those that go together with a stale one.
fn written(group: &Group, parts: &Parts<'_>, answers: &[Answer]) -> Result<HashSet<DayKey>, StoreError> {
    let mut versions = HashSet::new();
    for (&facility, answers) in parts.keys().zip(answers.chunks(LOCKS)) {
        let [_, locked, _] = answers else { continue };
        for (doctor, date, version) in each(&locked.rows, doctor_day::version)? {
            versions.insert((DayKey { facility, doctor, date }, version));
        }
    }
    let current = group.days.iter().map(|day| versions.contains(&(day.key, day.expected_version)));
    let written = group.days.iter().zip(group.written(current.collect()));
    Ok(written.filter(|(_, is_written)| *is_written).map(|(day, _)| day.key).collect())
}

/// All that a facility gets but its events. Changes come before new rows, and so do moves: the new ones may take what was set
/// free (a patient's one live token, a number). Tokens that move give their numbers back before anything else changes.
fn writes(facility: FacilityId, part: &Part<'_>, known: &Answer) -> Result<Vec<Step>, StoreError> {
    let days = &part.days;
    let aside: Vec<_> = days.iter().copied().filter(|day| day.resequenced).collect();
    let mut steps: Vec<Step> = Vec::new();
    steps.extend(doctor_day::raise(facility, days)?);
    steps.extend(some(&rows(days, |day| &day.slots.changed), |rows| slot::update(facility, rows)));
    steps.extend(some(&rows(days, |day| &day.slots.new), |rows| slot::insert(facility, rows)));
    steps.extend(some(&rows(days, |day| &day.moved_in), |rows| token::set_apart(facility, rows)));
    steps.extend(some(&rows(&aside, |day| &day.tokens.changed), |rows| token::set_aside(facility, rows)));
    steps.extend(some(&rows(days, |day| &day.tokens.changed), |rows| token::update(facility, rows)));
    steps.extend(some(&rows(days, |day| &day.moved_in), |rows| token::move_in(facility, rows)));
    steps.extend(some(&rows(days, |day| &day.tokens.new), |rows| token::insert(facility, rows)));
    if !part.patients.is_empty() {
        steps.extend(patient::put(facility, &part.patients, known)?);
    }
    steps.extend(some(&part.receipts, |rows| receipt::insert(facility, rows)));
    steps.extend(part.ends.iter().map(|which| session::delete(facility, *which).into()));
    steps.extend(some(&part.audit, |rows| audit::insert(facility, rows)));
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
