//! The doctor's side of a day: calls, visits, breaks, and what the day's timers do.

use baari_engine::{Command, Delay, Leave, Next, Status, TokenId, is_present, next_lapse};
use jiff::Timestamp;

use super::agenda::Happening;
use super::people::Place;
use super::{Replay, ReplayError};
use crate::outcome::Visit;

/// Where a doctor sees patients.
#[derive(Debug, Clone)]
pub(super) struct Chair {
    pub(super) begun: bool,
    pub(super) left: bool,
    /// On a break until then.
    pub(super) away_until_min: f64,
    pub(super) visit_ends_min: Option<f64>,
    /// Was called, and has not come in.
    pub(super) expected: Option<usize>,
    /// Something has happened since the doctor last looked whom to call.
    pub(super) stirred: bool,
    /// The day has changed since its timers were looked at.
    pub(super) aged: bool,
    /// What the agenda knows to be due.
    pub(super) due: Option<Timestamp>,
    pub(super) visits: Vec<Visit>,
}

impl Default for Chair {
    fn default() -> Self {
        Self {
            begun: false,
            left: false,
            away_until_min: f64::NEG_INFINITY,
            visit_ends_min: None,
            expected: None,
            stirred: false,
            aged: false,
            due: None,
            visits: Vec::new(),
        }
    }
}

/// What is said when a doctor leaves.
const LEAVES_WHY: &str = "called away for the rest of the day";

impl Replay<'_> {
    pub(super) fn visit_is_over(&self, doctor: usize) -> bool {
        self.chairs[doctor].visit_ends_min.is_some_and(|end| end <= self.minute)
    }

    /// The doctor looks whom to call, if free to.
    pub(super) fn look(&mut self, doctor: usize) -> Result<(), ReplayError> {
        let chair = &self.chairs[doctor];
        let finish = chair.visit_ends_min.is_some();
        if finish && !self.visit_is_over(doctor) {
            return Ok(());
        }
        let calls = chair.begun && !chair.left && chair.away_until_min <= self.minute;
        if finish && !calls {
            return self.end_visit(doctor);
        }
        if !calls || !finish && (self.is_expecting(doctor) || !self.somebody_waits(doctor)) {
            return Ok(());
        }
        self.chairs[doctor].visit_ends_min = None;
        self.must(doctor, Command::Next(Next { finish, token: None, why: None }))?;
        match self.last_called() {
            Some(token) => self.called(doctor, token),
            None => Ok(()),
        }
    }

    fn end_visit(&mut self, doctor: usize) -> Result<(), ReplayError> {
        self.chairs[doctor].visit_ends_min = None;
        let Some(visit) = self.chairs[doctor].visits.last() else { return Ok(()) };
        self.set_status(visit.patient, Status::Completed)
    }

    /// Somebody was called and may still come in.
    fn is_expecting(&mut self, doctor: usize) -> bool {
        let chair = &mut self.chairs[doctor];
        let Some(patient) = chair.expected else { return false };
        let person = &self.people[patient];
        let called = person.token.and_then(|token| self.days[doctor].token(token));
        let expecting = called.is_some_and(|token| token.status == Status::Called);
        if !expecting {
            chair.expected = None;
        }
        expecting
    }

    fn somebody_waits(&self, doctor: usize) -> bool {
        let (day, settings) = (&self.days[doctor], &self.scenario.settings);
        day.tokens().iter().any(|token| match token.status {
            Status::Arrived => true,
            Status::Booked if !settings.check_in => {
                let slot = token.slot.and_then(|slot| day.slot(slot));
                slot.is_some_and(|slot| is_present(token, slot, settings, self.now))
            }
            _ => false,
        })
    }

    /// Whom the last step called.
    fn last_called(&self) -> Option<TokenId> {
        let decision = self.steps.last()?.result.as_ref().ok()?;
        decision.tokens.iter().find(|token| token.status == Status::Called).map(|token| token.id)
    }

    /// The patient comes in at once, or is away.
    fn called(&mut self, doctor: usize, token: TokenId) -> Result<(), ReplayError> {
        let (minute, patient) = (self.minute, self.ids.patient_index(token));
        let person = &mut self.people[patient];
        let call = person.calls;
        person.calls += 1;
        person.recalled = false;
        person.called_min.get_or_insert(minute);
        if person.place == Place::Here {
            match self.scenario.patients[patient].misses_calls.get(call) {
                None => return self.comes_in(patient),
                Some(Some(minutes)) => {
                    person.place = Place::Away;
                    self.agenda.put(minute + minutes, Happening::Returns { patient });
                }
                Some(None) => person.place = Place::Gone,
            }
        }
        self.chairs[doctor].expected = Some(patient);
        if let Some(minutes) = self.scenario.doctors[doctor].recalls_min {
            self.agenda.put(minute + minutes, Happening::Recalls { doctor, patient });
        }
        self.await_grace(doctor, patient);
        Ok(())
    }

    /// The visit begins.
    pub(super) fn comes_in(&mut self, patient: usize) -> Result<(), ReplayError> {
        let doctor = self.people[patient].doctor;
        self.set_status(patient, Status::InConsultation)?;
        let (start_min, end_min) = (self.minute, self.minute + self.scenario.patients[patient].visit_min);
        let chair = &mut self.chairs[doctor];
        chair.expected = None;
        chair.visits.push(Visit { patient, start_min, end_min });
        chair.visit_ends_min = Some(end_min);
        Ok(())
    }

    /// Whoever was called and has not come is called once more, once.
    pub(super) fn recalls(&mut self, doctor: usize, patient: usize) -> Result<(), ReplayError> {
        let minutes = self.scenario.doctors[doctor].recalls_min.unwrap_or_default();
        let waited = self.called_for(doctor, patient, minutes);
        if !waited || self.people[patient].recalled {
            return Ok(());
        }
        self.people[patient].recalled = true;
        let Some(token) = self.people[patient].token else { return Ok(()) };
        self.must(doctor, Command::Recall(token))?;
        self.await_grace(doctor, patient);
        Ok(())
    }

    /// Without timers, the desk passes whoever does not come.
    fn await_grace(&mut self, doctor: usize, patient: usize) {
        if !self.scenario.timers {
            let grace_min = self.scenario.settings.grace.as_secs_f64() / 60.0;
            self.agenda.put(self.minute + grace_min, Happening::GraceEnds { doctor, patient });
        }
    }

    pub(super) fn grace_ends(&mut self, doctor: usize, patient: usize) -> Result<(), ReplayError> {
        let grace_min = self.scenario.settings.grace.as_secs_f64() / 60.0;
        if self.called_for(doctor, patient, grace_min) {
            self.set_status(patient, Status::Passed)?;
        }
        Ok(())
    }

    /// The patient was called by this doctor so many minutes ago, or earlier, and has not come in.
    fn called_for(&self, doctor: usize, patient: usize, minutes: f64) -> bool {
        let token = self.people[patient].token.and_then(|token| self.days[doctor].token(token));
        let Some(token) = token.filter(|token| token.status == Status::Called) else { return false };
        let instant = |called_at| self.opening.instant(self.opening.minute(called_at) + minutes);
        token.called_at.is_some_and(|called_at| instant(called_at) <= self.now)
    }

    /// The doctor says to be late, or takes a break; after the last slot nobody is there to be told.
    pub(super) fn says_delay(&mut self, doctor: usize, delay: usize) -> Result<(), ReplayError> {
        let said = &self.scenario.doctors[doctor].delays[delay];
        let chair = &mut self.chairs[doctor];
        if chair.left {
            return Ok(());
        }
        if chair.begun {
            chair.away_until_min = self.minute + f64::from(said.minutes);
            let back = chair.away_until_min;
            self.agenda.put(back, Happening::DoctorReturns { doctor });
        }
        let delay = Delay { minutes: said.minutes, keeps_later: false, why: said.why.clone() };
        self.execute(doctor, Command::Delay(delay)).map(drop)
    }

    /// Everybody who waits is moved; with no slot left to leave, the doctor just goes.
    pub(super) fn leaves(&mut self, doctor: usize) -> Result<(), ReplayError> {
        self.chairs[doctor].left = true;
        let why = LEAVES_WHY.to_owned();
        self.execute(doctor, Command::Leave(Leave { from: None, to: None, why })).map(drop)
    }

    /// Without timers: those of the slot who never come are no-shows from now on.
    pub(super) fn slot_ends(&mut self, doctor: usize, slot: usize) -> Result<(), ReplayError> {
        if self.scenario.timers {
            return Ok(());
        }
        let id = self.ids.slot(doctor, slot);
        let absent = |token: &&baari_engine::Token| {
            token.slot == Some(id)
                && token.status == Status::Booked
                && !self.scenario.patients[self.ids.patient_index(token.id)].shows
        };
        let absent: Vec<usize> = self.days[doctor]
            .tokens()
            .iter()
            .filter(absent)
            .map(|token| self.ids.patient_index(token.id))
            .collect();
        absent.into_iter().try_for_each(|patient| self.set_status(patient, Status::NoShow))
    }

    /// Puts on the agenda when the next thing of each changed day is due.
    pub(super) fn wind_timers(&mut self) {
        if !self.scenario.timers {
            return;
        }
        for (doctor, chair) in self.chairs.iter_mut().enumerate() {
            if !std::mem::take(&mut chair.aged) {
                continue;
            }
            let due = next_lapse(&self.days[doctor], &self.scenario.settings);
            if due == chair.due {
                continue;
            }
            chair.due = due;
            if let Some(due) = due {
                let minute = self.opening.minute_from(due).max(self.minute);
                self.agenda.put(minute, Happening::Lapses { doctor });
            }
        }
    }

    pub(super) fn lapses(&mut self, doctor: usize) -> Result<(), ReplayError> {
        let due = next_lapse(&self.days[doctor], &self.scenario.settings);
        if due.is_some_and(|due| due <= self.now) {
            self.must(doctor, Command::Lapse)?;
        }
        Ok(())
    }
}
