//! Random days of two doctors, who leave, are late, and send patients to each other: what always holds.

mod invariants;
mod random;

use std::collections::HashMap;

use baari_engine::{Command, Day, DayKey, Decision, Refusal, Status, Token, TokenId, next_lapse};
use proptest::prelude::*;

use crate::support::Hospital;
use random::Step;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_lost_and_nothing_is_given_twice(
        setup in random::setup(),
        steps in prop::collection::vec(random::step(), 1..90),
    ) {
        let mut play = Play { hospital: setup.hospital(), numbers: HashMap::new() };
        for step in &steps {
            play.take(step);
        }
    }
}

struct Play {
    hospital: Hospital,
    /// Whose each number was when it was first seen.
    numbers: HashMap<(DayKey, u32), TokenId>,
}

impl Play {
    fn take(&mut self, step: &Step) {
        let Some(command) = step.prepare(&mut self.hospital) else { return };
        let before: Vec<Day> = self.hospital.days.iter().map(|opd| opd.day.clone()).collect();
        let answer = self.decide_thrice(&command);
        let days = self.hospital.days.iter().map(|opd| &opd.day);
        assert!(days.eq(&before), "deciding changes nothing");
        let Ok(decisions) = answer else { return };
        for (opd, decision) in self.hospital.days.iter_mut().zip(&decisions) {
            says_what_it_changes(&opd.day, decision);
            opd.day.apply(decision);
            assert_eq!(opd.day, rebuilt(&opd.day), "as a store would give it back");
        }
        invariants::nobody_lost(&before, &self.hospital, &decisions);
        invariants::steps_allowed(&before, &self.hospital, &decisions);
        invariants::nobody_left_behind(&before, &self.hospital, &command);
        self.check();
        if command == Command::Lapse {
            let opd = &self.hospital.days[0];
            let next = next_lapse(&opd.day, &opd.settings);
            assert!(next.is_none_or(|next| next > opd.now), "all that was due is done: {next:?}");
        }
    }

    fn check(&mut self) {
        let mut ids: Vec<TokenId> = Vec::new();
        for opd in &self.hospital.days {
            invariants::day(&opd.day);
            invariants::nobody_waits_for_nothing(opd);
            for token in opd.day.tokens() {
                let first = *self.numbers.entry((opd.day.key(), token.token_no)).or_insert(token.id);
                assert_eq!(first, token.id, "number {} is given once", token.token_no);
                assert!(token.token_no < opd.day.next_token_no());
                ids.push(token.id);
            }
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "a token is in one day");
    }

    /// The same inputs give the same decisions, also after a restart.
    fn decide_thrice(&self, command: &Command) -> Result<Vec<Decision>, Refusal> {
        let answer = self.hospital.decide(command);
        assert_eq!(self.hospital.decide(command), answer);
        let mut again = self.hospital.clone();
        again.days.iter_mut().for_each(|opd| opd.day = rebuilt(&opd.day));
        assert_eq!(again.decide(command), answer);
        answer
    }
}

/// The day as a store would give it back, rows in another order.
fn rebuilt(day: &Day) -> Day {
    let slots = day.slots().iter().rev().cloned().collect();
    let tokens = day.tokens().iter().rev().cloned().collect();
    Day::from_parts(day.key(), day.head(), slots, tokens)
}

/// Whatever changes has an event; a decision without events changes nothing.
fn says_what_it_changes(day: &Day, decision: &Decision) {
    if decision.changes_nothing() {
        assert!(decision.tokens.is_empty() && decision.slots.is_empty() && decision.departed.is_empty());
        assert_eq!(decision.resumes_at, day.resumes_at());
    }
    let told = |id| decision.events.iter().any(|event| event.token == Some(id) && !event.reasons.is_empty());
    let rows = decision.tokens.iter().map(|token| token.id).chain(decision.departed.iter().copied());
    rows.for_each(|id| assert!(told(id), "{id} changes, and nobody says why: {:#?}", decision.events));
}

/// All tokens of these days.
fn all(days: &[Day]) -> impl Iterator<Item = &Token> {
    days.iter().flat_map(|day| day.tokens())
}

fn live(token: &&Token) -> bool {
    token.status.is_live() && token.status != Status::Completed
}
