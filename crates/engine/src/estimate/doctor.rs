//! When the doctor is free, and when so much work is done.

use jiff::Timestamp;

use super::tempo::{Span, Tempo, factor, minutes};
use super::work::Work;
use crate::day::Day;
use crate::pace::{EMERGENCY_FACTOR, History};
use crate::slot::SlotStatus;
use crate::status::Status;

/// Nobody is expected to be late for longer.
const LATE_MINUTES_MAX: f64 = 60.0;
/// Emergencies never take more than this share of a doctor's time for good.
const EMERGENCY_SHARE_MAX: f64 = 0.5;

/// The doctor of a day, as seen now. All times are minutes from now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Doctor {
    pub(super) tempo: Tempo,
    /// Before this nobody is called.
    not_before: f64,
    /// After that: the rest of the lateness, or of the visit in progress.
    busy: Span,
    /// Emergencies in a minute.
    emergencies: f64,
    /// Between these they come.
    hours: (f64, f64),
}

/// When somebody's turn comes: not before a minute, and then after a time that is Gamma distributed, more or less.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Turn {
    pub(super) not_before: f64,
    pub(super) after: Span,
}

impl Doctor {
    pub(super) fn of(day: &Day, history: &History, now: Timestamp) -> Self {
        let tempo = Tempo::of(day, history, now);
        let held = || day.slots().iter().filter(|slot| slot.status != SlotStatus::Cancelled);
        let opens = held().map(|slot| minutes(now, slot.window.starts_at())).fold(f64::INFINITY, f64::min);
        let closes = held().map(|slot| minutes(now, slot.window.ends_at())).fold(0.0, f64::max);
        let said = day.resumes_at().map(|at| minutes(now, at)).filter(|at| *at > 0.0);
        let begun = day.tokens().iter().any(|token| token.started_at.or(token.called_at).is_some());
        let (not_before, busy) = if begun {
            let rest = in_progress(day, &tempo, now);
            let until = said.unwrap_or(0.0);
            (until, Span { mean: (rest.mean - until).max(0.0), ..rest })
        } else if let Some(said) = said {
            (said, Span::default())
        } else {
            let planned = held().find(|slot| !slot.is_over(now)).map(|slot| slot.window.starts_at());
            (planned.map_or(0.0, |planned| minutes(now, planned).max(0.0)), lateness(history.late_minutes))
        };
        let from = opens.clamp(0.0, closes);
        let emergencies = history.emergencies_per_hour / 60.0;
        Self { tempo, not_before, busy, emergencies, hours: (from, closes) }
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
        let slowed = (minute - from) / (1.0 - share.min(EMERGENCY_SHARE_MAX));
        self.emergencies * slowed.clamp(0.0, to - from)
    }
}

/// What is left of the visits at the doctor's door and in the room. Nothing, when nobody is there: the doctor is free.
fn in_progress(day: &Day, tempo: &Tempo, now: Timestamp) -> Span {
    let served = day.tokens().iter().filter(|token| token.status.is_being_served());
    served.fold(Span::default(), |sum, token| {
        let began = token.started_at.filter(|_| token.status == Status::InConsultation).unwrap_or(now);
        let left = tempo.left(minutes(began, now), factor(token));
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
