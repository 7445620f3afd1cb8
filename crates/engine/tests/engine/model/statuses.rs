//! The model of statuses and places.

use baari_engine::{
    Beside, Circumstances, Place, SetStatus, Settings, Source, Status, Token, TokenId, WantedStatus,
};
use jiff::Timestamp;

use super::rules::{Model, Verdict};

/// From, to; §3.5 line by line.
const LIFE: [(Status, Status); 15] = [
    (Status::Waitlisted, Status::Booked),
    (Status::Booked, Status::Arrived),
    (Status::Arrived, Status::Called),
    (Status::Called, Status::InConsultation),
    (Status::InConsultation, Status::Completed),
    (Status::Called, Status::Passed),
    (Status::Passed, Status::Arrived),
    (Status::Passed, Status::NoShow),
    (Status::Booked, Status::NoShow),
    (Status::Waitlisted, Status::Cancelled),
    (Status::Booked, Status::Cancelled),
    (Status::Arrived, Status::Cancelled),
    (Status::Called, Status::Cancelled),
    (Status::Passed, Status::Cancelled),
    // Where nobody checks in, the present are called as they are.
    (Status::Booked, Status::Called),
];

impl Model {
    /// The patient of a waiting token is here.
    pub(super) fn present(&self, token: &Token, settings: &Settings, now: Timestamp) -> bool {
        match token.status {
            Status::Arrived | Status::Called | Status::InConsultation => true,
            Status::Booked => !settings.check_in && self.slot(token.slot.unwrap()).window.starts_at() <= now,
            _ => false,
        }
    }

    pub(super) fn set_status(&mut self, on: &Circumstances<'_>, change: &SetStatus) -> Verdict {
        let Some(mut token) = self.tokens.iter().find(|token| token.id == change.token).cloned() else {
            return Verdict::Refused(vec!["TokenUnknown"]);
        };
        let from = token.status;
        let mut to = match (change.status, from) {
            (WantedStatus::Exactly(to), _) => to,
            (WantedStatus::Pending, Status::Booked | Status::Arrived) => from,
            (WantedStatus::Pending, Status::Passed) => Status::Arrived,
            (WantedStatus::Pending, _) => Status::Booked,
        };
        if to == from {
            return Verdict::Nothing;
        }
        let here = self.present(&token, on.settings, on.now);
        let mut possible =
            LIFE.into_iter().filter(|(start, _)| *start == from).map(|(_, end)| end).collect::<Vec<_>>();
        possible.retain(|to| (from, *to) != (Status::Booked, Status::Called) || here);
        if !possible.contains(&to) {
            return Verdict::Impossible(possible);
        }
        if (from, to) == (Status::Waitlisted, Status::Booked) {
            // Whoever could have a seat has it already.
            return Verdict::Refused(self.no_seat(on, token.source, token.slot).unwrap_err());
        }
        if (from, to) == (Status::Passed, Status::Arrived) {
            return self.rejoin(on, token);
        }
        if to == Status::Passed && token.rejoins >= on.settings.rejoins_max {
            to = Status::NoShow;
        }
        token.status = to;
        match to {
            Status::Arrived => token.arrived_at = Some(on.now),
            Status::Called => token.called_at = Some(on.now),
            Status::Passed => token.passed_at = Some(on.now),
            Status::InConsultation => token.started_at = Some(on.now),
            Status::Completed | Status::NoShow | Status::Cancelled => token.ended_at = Some(on.now),
            _ => {}
        }
        if matches!(to, Status::NoShow | Status::Cancelled) {
            token.by_override = false;
        }
        self.replace(token);
        Verdict::Changed
    }

    fn rejoin(&mut self, on: &Circumstances<'_>, mut token: Token) -> Verdict {
        token.rejoins += 1;
        token.status = Status::Arrived;
        // Where nobody checks in, coming back is the check-in.
        token.arrived_at = token.arrived_at.or(Some(on.now));
        let emergency = |token: &Token| token.class == Source::Emergency;
        let first = super::emergencies_first(on.settings.policy);
        let mut line = self.waiting(on.settings, on.now);
        let held = line.iter().position(|other| other.id == token.id).unwrap();
        line.retain(|other| other.id != token.id);
        // An emergency stands among emergencies, everybody else behind them.
        let (from, until) = match (first, emergency(&token)) {
            (false, _) => (0, line.len()),
            (true, true) => (0, line.iter().filter(|other| emergency(other)).count()),
            (true, false) => (line.iter().filter(|other| emergency(other)).count(), line.len()),
        };
        let here = (0..until).filter(|at| self.present(line[*at], on.settings, on.now));
        let last = here.take(usize::from(on.settings.rejoin_behind)).last();
        let at = last.map_or(0, |last| last + 1).max(from).max(held);
        let mut order: Vec<TokenId> = line.iter().map(|other| other.id).collect();
        order.insert(at, token.id);
        self.replace(token);
        Verdict::Placed(order)
    }

    pub(super) fn place(&self, on: &Circumstances<'_>, place: &Place) -> Verdict {
        let (other, behind) = match place.beside {
            Beside::Before(id) => (id, 0),
            Beside::Behind(id) => (id, 1),
        };
        let mut no = Vec::new();
        let mut order: Vec<TokenId> =
            self.waiting(on.settings, on.now).iter().map(|token| token.id).collect();
        for id in [place.token, other] {
            match self.tokens.iter().find(|token| token.id == id) {
                None => no.push("TokenUnknown"),
                Some(_) if !order.contains(&id) => no.push("NotWaiting"),
                Some(_) => {}
            }
        }
        if place.token == other && !no.contains(&"TokenUnknown") {
            no.push("BesideItself");
        }
        if !no.is_empty() {
            return Verdict::Refused(no);
        }
        order.retain(|id| *id != place.token);
        let at = order.iter().position(|id| *id == other).unwrap() + behind;
        order.insert(at, place.token);
        let urgent = |id: &TokenId| self.tokens.iter().any(|t| t.id == *id && t.class == Source::Emergency);
        let first = order.iter().take_while(|id| urgent(id)).count();
        if super::emergencies_first(on.settings.policy) && order.iter().skip(first).any(urgent) {
            return Verdict::Refused(vec!["EmergenciesFirst"]);
        }
        Verdict::Placed(order)
    }
}
