//! The engine against a slow obvious model: the same random commands to both, then row by row the same.

mod booking;
mod invariants;
mod numbers;
mod order;
mod random;
mod rules;
mod statuses;

use baari_engine::{
    ChangeSlot, Circumstances, Command, Day, Decision, DoctorFacts, PolicyKind, Refusal, SlotStatus, Status,
    TokenId, queue,
};
use proptest::prelude::*;

use crate::support::{Opd, doctor, kind};
use random::Step;
use rules::{Model, Verdict};

/// Under these nobody goes before an emergency, whatever anybody does by hand.
fn emergencies_first(policy: PolicyKind) -> bool {
    matches!(policy, PolicyKind::Band | PolicyKind::Target)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_does_what_the_model_does(
        setup in random::setup(),
        steps in prop::collection::vec(random::step(), 1..80),
    ) {
        let mut opd = setup.opd();
        let slots = opd.day.slots().to_vec();
        let mut both = Both { model: Model { slots, ..Model::default() }, opd: &mut opd, placed: Vec::new() };
        for step in &steps {
            both.take(step);
        }
    }
}

/// The engine's day and the model's.
struct Both<'a> {
    opd: &'a mut Opd,
    model: Model,
    /// Tokens that were placed or renumbered, ever.
    placed: Vec<TokenId>,
}

impl Both<'_> {
    fn take(&mut self, step: &Step) {
        for command in step.prepare(self.opd) {
            self.run(&command);
            self.check();
        }
        self.check();
    }

    fn check(&self) {
        self.same_queue();
        invariants::check(self.opd, &self.model, &self.placed);
    }

    fn run(&mut self, command: &Command) {
        // Who waits for a slot that is cancelled is moved on; that is the auditor's model, not this one.
        if let Command::ChangeSlot(ChangeSlot { slot, status: Some(SlotStatus::Cancelled), .. }) = command
            && self
                .model
                .tokens
                .iter()
                .any(|token| token.status == Status::Waitlisted && token.slot == Some(*slot))
        {
            return;
        }
        let before = self.opd.day.clone();
        let answer = decide_thrice(self.opd, command);
        assert_eq!(self.opd.day, before, "deciding changes nothing");
        let facts = DoctorFacts::new(self.opd.doctor, 10);
        let (settings, now, today) = (self.opd.settings.clone(), self.opd.now, self.opd.today());
        let on = Circumstances { now, today, settings: &settings, doctor: facts };
        match (self.model.step(&on, doctor(), command), answer) {
            (Verdict::Refused(kinds), Err(refusal)) => {
                assert!(
                    kinds.contains(&kind(&refusal).as_str()),
                    "{command:?}: {refusal:?}, expected {kinds:?}"
                );
            }
            (Verdict::Impossible(possible), Err(Refusal::Impossible { next, .. })) => {
                assert!(
                    possible.len() == next.len() && possible.iter().all(|to| next.contains(to)),
                    "{next:?}"
                );
            }
            (Verdict::Nothing, Ok(decision)) => {
                assert!(
                    decision.changes_nothing() && decision.slots.is_empty() && decision.tokens.is_empty()
                );
                self.opd.day.apply(&decision);
                assert_eq!(self.opd.day, before);
            }
            (verdict @ (Verdict::Changed | Verdict::Placed(_)), Ok(decision)) => {
                self.apply(&decision);
                self.same_rows(matches!(verdict, Verdict::Placed(_)));
                if let Verdict::Placed(order) = verdict {
                    let line = self.model.waiting(&settings, now);
                    assert_eq!(line.iter().map(|token| token.id).collect::<Vec<_>>(), order, "{command:?}");
                }
                invariants::seats_freed(&before, &self.opd.day, command, &decision);
            }
            (verdict, answer) => panic!("{command:?}: the model says {verdict:?}, the engine {answer:?}"),
        }
    }

    fn apply(&mut self, decision: &Decision) {
        let day = &mut self.opd.day;
        assert_eq!(decision.made_from, day.version());
        assert!(!decision.events.is_empty(), "a change is an event");
        day.apply(decision);
        assert_eq!(day.version(), decision.made_from + 1);
        assert_eq!(*day, rebuilt(day));
    }

    /// Row by row the same. What the rules leave open (the time of an appointment, the first estimate, which number lies
    /// between two others) is checked elsewhere and taken from the engine.
    fn same_rows(&mut self, placing: bool) {
        let mut model = self.model.clone();
        for row in &mut model.tokens {
            let actual = self.opd.day.token(row.id).unwrap();
            if row.promised_at.is_none() && row.status.holds_seat() {
                row.promised_at = actual.promised_at;
                assert!(row.promised_at.is_some(), "whoever gets a seat is told when");
            }
            if row.status == Status::Booked && row.appointment_at.is_none() {
                row.appointment_at = actual.appointment_at;
                invariants::appointment(self.opd, actual);
            }
            let waiting = [Status::Booked, Status::Arrived, Status::Passed].contains(&row.status);
            if placing && waiting && (row.sequence, row.placed) != (actual.sequence, actual.placed) {
                (row.sequence, row.placed) = (actual.sequence, actual.placed);
                self.placed.push(row.id);
            }
        }
        if placing {
            model.issued_again(self.opd.day.slots());
        }
        for (row, actual) in model.tokens.iter().zip(self.opd.day.tokens()) {
            assert_eq!(actual, row);
        }
        assert_eq!(self.opd.day.tokens().len(), model.tokens.len());
        assert_eq!(self.opd.day.slots(), model.slots);
        self.model = model;
    }

    fn same_queue(&self) {
        let (settings, now) = (&self.opd.settings, self.opd.now);
        let model = self.model.queue(settings, now);
        let model = model.iter().map(|token| (token.token_no, self.model.present(token, settings, now)));
        let places = queue(&self.opd.day, settings, now);
        let engine = places.iter().map(|place| (place.token.token_no, place.present));
        assert_eq!(engine.collect::<Vec<_>>(), model.collect::<Vec<_>>(), "under {}", settings.policy);
    }
}

/// The day as a store would give it back, rows in another order.
fn rebuilt(day: &Day) -> Day {
    let slots = day.slots().iter().rev().cloned().collect();
    let tokens = day.tokens().iter().rev().cloned().collect();
    Day::from_parts(day.key(), day.head(), slots, tokens)
}

/// The same inputs give the same decision, also after a restart.
fn decide_thrice(opd: &mut Opd, command: &Command) -> Result<Decision, Refusal> {
    let answer = opd.decide(command);
    assert_eq!(opd.decide(command), answer);
    let again = rebuilt(&opd.day);
    let live = std::mem::replace(&mut opd.day, again);
    assert_eq!(opd.decide(command), answer);
    opd.day = live;
    answer
}
