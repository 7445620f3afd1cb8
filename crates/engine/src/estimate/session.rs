//! When the doctor is free, and when so much work is done. All times are minutes from now.

use jiff::{SignedDuration, Timestamp};

use super::normal;
use super::tempo::{Span, Tempo, factor};
use super::time::between;
use super::work::Work;
use crate::day::Day;
use crate::pace::{EMERGENCY_FACTOR, History};
use crate::slot::{Slot, SlotStatus};
use crate::status::Status;
use crate::token::Token;

/// A doctor with so much time between two slots is away meanwhile.
const AWAY: SignedDuration = SignedDuration::from_hours(1);
/// Nobody is expected to be late for longer.
const LATE_MINUTES_MAX: f64 = 60.0;
/// What comes in while somebody waits, emergencies or those who stand before and are late, is never taken to be more than
/// this share of what a doctor gets done: beyond, no turn would ever come.
const COMING_IN_MAX: f64 = 0.75;

/// Slots that follow each other, as seen now: a morning or an evening.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Session {
    starts_at: Timestamp,
    pub(super) tempo: Tempo,
    /// Before this nobody is called.
    pub(super) not_before: f64,
    /// After that: the rest of the lateness, or of the visit in progress.
    busy: Span,
    /// Emergencies in a minute, and between which minutes they come.
    emergencies: f64,
    hours: (f64, f64),
}

/// When somebody's turn comes: not before a minute, and then after a time that is Gamma distributed, more or less.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Turn {
    pub(super) not_before: f64,
    pub(super) after: Span,
}

impl Session {
    /// The current session of a day and those that follow; of a day without slots, one that goes on now.
    pub(super) fn of(day: &Day, history: &History, now: Timestamp) -> Vec<Self> {
        let mut hours: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(1);
        for slot in day.slots().iter().filter(|slot| slot.status != SlotStatus::Cancelled) {
            let (starts_at, ends_at) = (slot.window.starts_at(), slot.window.ends_at());
            match hours.last_mut() {
                Some(last) if starts_at.duration_since(last.1) < AWAY => last.1 = last.1.max(ends_at),
                _ => hours.push((starts_at, ends_at)),
            }
        }
        let begun = hours.iter().rposition(|(starts_at, _)| *starts_at <= now).unwrap_or(0);
        hours.drain(..begun);
        if hours.is_empty() {
            hours.push((now, now));
        }
        let tempo = Tempo::of(day, history, now);
        hours.into_iter().map(|hours| Self::new(day, history, tempo, hours, now)).collect()
    }

    fn new(
        day: &Day,
        history: &History,
        tempo: Tempo,
        (starts_at, ends_at): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Self {
        let mut session = Self {
            starts_at,
            tempo,
            not_before: 0.0,
            busy: Span::default(),
            emergencies: history.emergencies_per_hour / 60.0,
            hours: (between(now, starts_at).max(0.0), between(now, ends_at).max(0.0)),
        };
        let said = day.resumes_at().map_or(0.0, |at| between(now, at).max(0.0));
        let in_it = |slot: &Slot| starts_at <= slot.window.starts_at() && slot.window.starts_at() < ends_at;
        // A doctor who comes early calls before the session has begun, but not long before.
        let earliest = starts_at.checked_sub(AWAY).unwrap_or(starts_at);
        let begun = |token: &Token| token.called_at.is_some_and(|called_at| called_at > earliest);
        if day.tokens().iter().any(begun) {
            // A visit in the room goes on while the doctor says to be late; who is only at the door waits for the doctor.
            let room = in_progress(day, Status::InConsultation, &tempo, now);
            let door = in_progress(day, Status::Called, &tempo, now);
            session.not_before = said;
            session.busy = Span {
                mean: (room.mean - said).max(0.0) + door.mean,
                variance: room.variance + door.variance,
            };
            return session;
        }
        let held = day.slots().iter().filter(|slot| slot.status != SlotStatus::Cancelled);
        let planned = held.filter(|slot| in_it(slot)).find(|slot| !slot.is_over(now));
        let planned = planned.map_or(0.0, |slot| between(now, slot.window.starts_at()).max(0.0));
        session.not_before = planned.max(said);
        // Who says when they come has said how late they are.
        if said <= 0.0 || said < planned {
            session.busy = lateness(history.late_minutes);
        }
        session
    }

    /// Whether the slot is one of this session, or of one that is over.
    pub(super) fn has_begun_by(&self, slot: &Slot) -> bool {
        self.starts_at <= slot.window.starts_at()
    }

    /// When this work is done. `overtaken`: emergencies that come meanwhile go first.
    pub(super) fn turn(&self, work: &Work, overtaken: bool) -> Turn {
        let Tempo { mean: visit, cv_squared, doubt } = self.tempo;
        let square = visit * visit * (1.0 + doubt);
        let visits = work.visits();
        let mut mean = self.busy.mean + visits * visit;
        let mut variance = self.busy.variance
            + square * (cv_squared * work.squares() + work.doubts())
            + doubt * (visits * visit).powi(2);
        if overtaken {
            let expected = self.emergencies_before(self.not_before + mean);
            mean += expected * EMERGENCY_FACTOR * visit;
            variance += expected * EMERGENCY_FACTOR.powi(2) * square * (1.0 + cv_squared);
        }
        Turn { not_before: self.not_before, after: Span { mean, variance } }
    }

    /// How many emergencies come before a turn that would come at this minute without them: the work that they bring lets
    /// more of them come before.
    fn emergencies_before(&self, minute: f64) -> f64 {
        let (from, to) = self.hours;
        let share = self.emergencies * EMERGENCY_FACTOR * self.tempo.mean;
        let slowed = (minute - from) / (1.0 - share.min(COMING_IN_MAX));
        self.emergencies * slowed.clamp(0.0, to - from)
    }
}

impl Turn {
    /// The minute that is as likely too early as too late.
    pub(super) fn median(&self) -> f64 {
        self.not_before + normal::gamma_at(0.0, self.after.mean, self.after.variance)
    }

    /// The minute that lies `z` standard deviations out, when so much work (minutes in a minute) comes in before it.
    ///
    /// The turn is the first minute by which all work before it is done. When it goes more slowly, more of those who stand
    /// before and are late still come in time: each minute away from the mean brings σ minutes of work with it, so that
    /// what is x away without them is y = x/(1 − σ) away. The spread of the work grows with its root:
    /// y(1 − σ) = x·√(1 + σy/mean), solved for y.
    pub(super) fn far(&self, z: f64, coming_in: impl Fn(f64, f64) -> f64) -> f64 {
        let Span { mean, variance } = self.after;
        let away = normal::gamma_at(z, mean, variance) - mean;
        let share = coming_in(mean + away.min(0.0), mean + away.max(0.0)).min(COMING_IN_MAX);
        let straight = away / (1.0 - share);
        let bend = straight * share / (2.0 * mean).max(1e-9);
        self.not_before + (mean + straight * ((1.0 + bend * bend).sqrt() + bend)).max(0.0)
    }
}

/// What is left of the visits at the doctor's door, or in the room. Nothing, when nobody is there: the doctor is free.
fn in_progress(day: &Day, status: Status, tempo: &Tempo, now: Timestamp) -> Span {
    let served = day.tokens().iter().filter(|token| token.status == status);
    served.fold(Span::default(), |sum, token| {
        let began = token.started_at.filter(|_| status == Status::InConsultation).unwrap_or(now);
        let left = tempo.left(between(began, now), factor(token));
        Span { mean: sum.mean + left.mean, variance: sum.variance + left.variance }
    })
}

/// How much later a doctor begins who has not begun: exponential, thus the same however long everybody has waited already,
/// and cut at an hour: τ(1 − e⁻ᶜ), τ²(1 − 2c·e⁻ᶜ − e⁻²ᶜ) with c = 60/τ.
fn lateness(late_minutes: f64) -> Span {
    let cut = LATE_MINUTES_MAX / late_minutes.max(1e-3);
    let beyond = (-cut).exp();
    Span {
        mean: late_minutes * (1.0 - beyond),
        variance: late_minutes.powi(2) * (1.0 - 2.0 * cut * beyond - beyond * beyond).max(0.0),
    }
}
