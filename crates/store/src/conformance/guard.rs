//! The database guards what the engine decided: whatever breaks a rule takes its whole transaction with it.

use baari_engine::{Slot, Source, Token, Window};
use jiff::civil::time;

use super::hospital::{DATE, Hospital, slot_id, zone};
use super::{Harness, Rehearsal};
use crate::{DayCommit, Group, StoreError};

/// A hospital with one written day that has a token, and what goes wrong with it.
struct Guarded {
    hospital: Hospital,
    rehearsal: Rehearsal,
}

impl Guarded {
    async fn new(harness: &dyn Harness) -> Self {
        let hospital = Hospital::new(harness).await;
        let mut rehearsal = hospital.rehearsal(0);
        rehearsal.book(1, Source::WalkIn);
        hospital.write(vec![rehearsal.commit()]).await;
        Self { hospital, rehearsal }
    }

    /// A token of another patient that breaks no rule.
    fn token(&self) -> Token {
        let mut other = Rehearsal::from_store(self.rehearsal.day.clone(), 500);
        let id = other.book(2, Source::WalkIn);
        other.day.token(id).unwrap().clone()
    }

    /// A slot at this hour that breaks no rule.
    fn slot(&self, hour: i8) -> Slot {
        let window = Window::new(DATE, time(hour, 0, 0, 0), time(hour + 1, 0, 0, 0), &zone()).unwrap();
        Slot::new(slot_id(600), window, 3, 4)
    }

    /// Commits this change together with a good one of another day, and expects that neither is written.
    async fn refused(&self, change: impl FnOnce(&mut DayCommit)) -> StoreError {
        let day = &self.rehearsal.day;
        let mut commit = Rehearsal::from_store(day.clone(), 0).commit();
        commit.version += 1;
        change(&mut commit);
        let mut good = self.hospital.rehearsal(1);
        let group = Group { days: vec![good.commit(), commit], ..Group::default() };
        let error = self.hospital.store.commit(group).await.expect_err("the guard stands");
        assert_eq!(&self.hospital.load(day.key()).await, day, "{error}");
        assert_eq!(self.hospital.load(self.hospital.key(1)).await.version(), 0, "{error}");
        error
    }
}

#[track_caller]
fn assert_conflict(error: &StoreError) {
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
}

#[track_caller]
fn assert_refused(error: &StoreError) {
    assert!(matches!(error, StoreError::Refused(_)), "{error}");
}

pub async fn what_breaks_no_rule_is_written(harness: &dyn Harness) {
    let guarded = Guarded::new(harness).await;
    let mut commit = Rehearsal::from_store(guarded.rehearsal.day.clone(), 0).commit();
    commit.version += 1;
    commit.tokens.new.push(guarded.token());
    commit.slots.new.push(guarded.slot(11));
    guarded.hospital.write(vec![commit]).await;
}

pub async fn a_token_number_is_given_once_a_day(harness: &dyn Harness) {
    let guarded = Guarded::new(harness).await;
    let token = Token { token_no: 1, ..guarded.token() };
    assert_conflict(&guarded.refused(|commit| commit.tokens.new.push(token)).await);
}

pub async fn a_token_id_is_given_once(harness: &dyn Harness) {
    let guarded = Guarded::new(harness).await;
    let token = Token { id: guarded.rehearsal.day.tokens()[0].id, ..guarded.token() };
    assert_conflict(&guarded.refused(|commit| commit.tokens.new.push(token)).await);
}

pub async fn a_sequence_number_stands_once_in_a_slot(harness: &dyn Harness) {
    let guarded = Guarded::new(harness).await;
    let token = Token { sequence: guarded.rehearsal.day.tokens()[0].sequence, ..guarded.token() };
    assert_conflict(&guarded.refused(|commit| commit.tokens.new.push(token)).await);
}

pub async fn a_patient_has_one_live_token_with_a_doctor_on_a_date(harness: &dyn Harness) {
    let guarded = Guarded::new(harness).await;
    let token = Token { patient: guarded.rehearsal.day.tokens()[0].patient, ..guarded.token() };
    assert_conflict(&guarded.refused(|commit| commit.tokens.new.push(token)).await);
}

pub async fn slots_of_a_doctor_do_not_overlap(harness: &dyn Harness) {
    let guarded = Guarded::new(harness).await;
    // 09:00–10:00 and 10:00–11:00 are there. The same hours, inside, around, across.
    for (start, end) in
        [((9, 0), (10, 0)), ((9, 15), (9, 45)), ((8, 30), (11, 30)), ((9, 30), (10, 30)), ((9, 0), (9, 30))]
    {
        let time = |(hour, minute)| time(hour, minute, 0, 0);
        let window = Window::new(DATE, time(start), time(end), &zone()).unwrap();
        let slot = Slot::new(slot_id(600), window, 3, 4);
        let error = guarded.refused(|commit| commit.slots.new.push(slot)).await;
        assert!(matches!(error, StoreError::Conflict(_) | StoreError::Refused(_)), "{window}: {error}");
    }
}

pub async fn the_counts_of_a_slot_stay_within_its_limits(harness: &dyn Harness) {
    let guarded = Guarded::new(harness).await;
    for (max_count, hard_limit, current_count, override_count) in [(3, 4, 5, 0), (3, 4, 6, 1), (5, 4, 0, 0)] {
        let counts = |slot: Slot| Slot { max_count, hard_limit, current_count, override_count, ..slot };
        let slot = counts(guarded.slot(11));
        assert_refused(&guarded.refused(|commit| commit.slots.new.push(slot)).await);
        let slot = counts(guarded.rehearsal.day.slots()[0].clone());
        assert_refused(&guarded.refused(|commit| commit.slots.changed.push(slot)).await);
    }
}

pub async fn what_is_to_be_changed_must_be_there(harness: &dyn Harness) {
    let guarded = Guarded::new(harness).await;
    let (token, slot) = (guarded.token(), guarded.slot(11));
    guarded.refused(|commit| commit.tokens.changed.push(token)).await;
    guarded.refused(|commit| commit.slots.changed.push(slot)).await;
}
