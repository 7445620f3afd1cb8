//! When a token will be called: a median and an 80 % band, for a whole queue in one pass.
//!
//! A patient's turn comes when the doctor has begun or is done with the visit in progress (`estimate/session.rs`), and has
//! seen everybody who stands before: those who are here, and those who are not here yet with the chance that they come in
//! time (`estimate/absent.rs`). Emergencies that come meanwhile go first, if the policy says so. The visits take as long as
//! today's pace lets expect (`estimate/tempo.rs`). Mean and variance of all that make a Gamma distribution, whose 10, 50 and
//! 90 % quantiles are the prediction.
//!
//! The chances are added up as in a fluid: a share of somebody who may come at a minute counts for those whose turn is
//! expected after that minute. As turns come later and later along the queue, one pass and a heap of arrivals do it.
//!
//! Sources of the formulas are named beside them; `docs/rules.md` has the measured accuracy.

mod absent;
mod line;
mod normal;
mod session;
mod tempo;
mod time;
mod work;

use jiff::{SignedDuration, Timestamp};

use crate::day::Day;
use crate::decide::DoctorFacts;
use crate::policy::standing;
use crate::queue::{Place, Rank, place};
use crate::settings::Settings;
use crate::slot::Slot;
use crate::source::Source;
use crate::status::Status;
use crate::token::Token;
use absent::{Absent, TIMES, due};
use line::{Behind, Line};
use session::Session;
use time::after;
use work::Work;

/// The standard normal's 90 % quantile: 10 and 90 % lie this far out.
const BAND: f64 = 1.281_551_6;

/// When a token will be called, as far as one can tell now; of a token that was called, when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prediction {
    /// The predicted call time: as likely too early as too late.
    pub at: Timestamp,
    /// With 10 % probability it is earlier.
    pub p10: Timestamp,
    /// With 10 % probability it is later.
    pub p90: Timestamp,
}

impl Prediction {
    /// What is certain.
    const fn certain(at: Timestamp) -> Self {
        Self { at, p10: at, p90: at }
    }

    fn not_before(self, earliest: Timestamp) -> Self {
        Self { at: self.at.max(earliest), p10: self.p10.max(earliest), p90: self.p90.max(earliest) }
    }
}

/// How many go before somebody.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ahead {
    /// All of them.
    pub(crate) people: u32,
    /// Emergencies among them.
    pub(crate) emergencies: u32,
}

/// Predicts call times for one doctor-day, as it is now.
#[derive(Debug, Clone)]
pub struct Estimator<'a> {
    settings: &'a Settings,
    now: Timestamp,
    sessions: Vec<Session>,
    absent: Absent,
}

impl<'a> Estimator<'a> {
    /// From the state of the day now.
    pub fn new(day: &Day, settings: &'a Settings, doctor: DoctorFacts, now: Timestamp) -> Self {
        let sessions = Session::of(day, &doctor.history.sane(), now);
        Self { settings, now, sessions, absent: Absent::new(settings, now) }
    }

    /// For every place of the queue, as [`crate::queue()`] gives it.
    pub fn all(&self, places: &[Place<'_>]) -> Vec<Option<Prediction>> {
        let mut lines: Vec<Line> = self.sessions.iter().map(Self::line).collect();
        let mut behind = Behind::default();
        let mut predictions = Vec::with_capacity(places.len());
        for (index, place) in places.iter().enumerate() {
            while let Some((whose, nth)) = behind.take(index) {
                let arrivals = self.absent.arrivals(&places[whose]);
                let line = &mut lines[self.session(places[whose].slot)];
                line.expect(arrivals.times[nth], &arrivals.work(places[whose].token, nth));
            }
            if !place.token.status.is_waiting() {
                predictions.push(settled(place.token));
                continue;
            }
            let session = self.session(place.slot);
            let line = &mut lines[session];
            predictions.push(Some(self.predict(session, line, place)));
            if place.present {
                line.add(&Work::of(place.token));
                continue;
            }
            let own = place.rank(self.now);
            let arrivals = self.absent.arrivals(place);
            for (nth, rank) in self.ranks(place, &arrivals.times).into_iter().enumerate() {
                if rank <= own {
                    line.expect(arrivals.times[nth], &arrivals.work(place.token, nth));
                } else {
                    let passed = places[index + 1..].partition_point(|other| other.rank(self.now) < rank);
                    behind.put(index + 1 + passed, index, nth);
                }
            }
        }
        predictions
    }

    /// For one token of this day.
    pub fn of(&self, day: &Day, token: &Token, slot: &Slot) -> Option<Prediction> {
        let others = day.tokens().iter().filter_map(|other| Some((other, day.slot(other.slot?)?)));
        self.one(others, token, slot)
    }

    /// For one token, of the day or one that is being booked, among these others (it may be one of them): what
    /// [`Estimator::all`] would say of it.
    pub fn one<'t>(
        &self,
        others: impl Iterator<Item = (&'t Token, &'t Slot)>,
        token: &Token,
        slot: &Slot,
    ) -> Option<Prediction> {
        if token.status.is_waiting() { Some(self.turn(others, token, slot)?.0) } else { settled(token) }
    }

    /// For one token that waits, and how many go before it.
    pub(crate) fn turn<'t>(
        &self,
        others: impl Iterator<Item = (&'t Token, &'t Slot)>,
        token: &Token,
        slot: &Slot,
    ) -> Option<(Prediction, Ahead)> {
        let own = place(token, slot, self.settings, self.now)?;
        let own_rank = own.rank(self.now);
        let session = self.session(slot);
        let mut line = Self::line(&self.sessions[session]);
        let mut ahead = Ahead::default();
        for (other, slot) in others.filter(|(other, _)| other.id != token.id) {
            let Some(place) = place(other, slot, self.settings, self.now) else { continue };
            if own_rank < place.rank(self.now) {
                continue;
            }
            ahead.people += 1;
            ahead.emergencies += u32::from(other.class == Source::Emergency);
            if !other.status.is_waiting() || self.session(slot) != session {
                continue;
            }
            if place.present {
                line.add(&Work::of(other));
                continue;
            }
            let arrivals = self.absent.arrivals(&place);
            for (nth, rank) in self.ranks(&place, &arrivals.times).into_iter().enumerate() {
                if rank < own_rank {
                    line.expect(arrivals.times[nth], &arrivals.work(other, nth));
                }
            }
        }
        Some((self.predict(session, &mut line, &own), ahead))
    }

    /// Which session the slot belongs to; the current one, if its own is over.
    fn session(&self, slot: &Slot) -> usize {
        self.sessions.iter().rposition(|session| session.has_begun_by(slot)).unwrap_or(0)
    }

    /// Nobody yet, at the beginning of a session.
    fn line(session: &Session) -> Line {
        Line::new(session.not_before)
    }

    /// Where the policy puts an absent patient who comes at these times; never better than now.
    fn ranks(&self, place: &Place<'_>, times: &[i64; TIMES]) -> [Rank; TIMES] {
        let own = place.rank(self.now);
        if self.settings.policy.policy().by_sequence() {
            return [own; TIMES];
        }
        let mut token = place.token.clone();
        let mut rank = |at: i64| {
            token.arrived_at = self.now.checked_add(SignedDuration::from_millis(at)).ok();
            let then = Place { standing: standing(&token, place.slot, self.settings), ..*place };
            then.rank(self.now).max(own)
        };
        // Who stands no worse when they come last stands no worse when they come earlier.
        let last = rank(times[TIMES - 1]);
        if last == own { [own; TIMES] } else { times.map(rank) }
    }

    /// When the turn of this place comes, after those of the line.
    fn predict(&self, session: usize, line: &mut Line, place: &Place<'_>) -> Prediction {
        let session = &self.sessions[session];
        let overtaken = self.is_overtaken(place);
        let mut turn = session.turn(line.work(), overtaken);
        while line.arrive(turn.after.mean) {
            turn = session.turn(line.work(), overtaken);
        }
        let coming_in = |from, to| line.coming_in(from, to) * session.tempo.mean;
        let far = |z| after(self.now, turn.far(z, coming_in));
        let prediction = Prediction { at: after(self.now, turn.median()), p10: far(-BAND), p90: far(BAND) };
        if place.present { prediction } else { prediction.not_before(due(place).max(self.now)) }
    }

    /// An emergency that comes now would go before.
    fn is_overtaken(&self, place: &Place<'_>) -> bool {
        let emergency = Token {
            class: Source::Emergency,
            band: self.settings.bands[Source::Emergency],
            // Behind those that have a number already.
            sequence: None,
            placed: None,
            appointment_at: None,
            arrived_at: Some(self.now),
            ..place.token.clone()
        };
        let emergency = standing(&emergency, place.slot, self.settings);
        emergency.rank(self.now) < place.standing.rank(self.now)
    }
}

/// The prediction of a token that waits for nothing any more: when it was called, if it was.
fn settled(token: &Token) -> Option<Prediction> {
    match token.status {
        Status::Called | Status::InConsultation | Status::Completed => {
            token.called_at.map(Prediction::certain)
        }
        _ => None,
    }
}
