//! The rules of `DESIGN.md` §3, one test each, named as the rule.

mod calling;
mod capacity;
mod delay;
mod displacement;
mod forward;
mod lapse;
mod leave;
mod numbers;
mod order;
mod rejoin;
mod seats;
mod slots;
mod sources;
mod statuses;
mod transfer;
mod undo;
mod waitlist;

use baari_engine::{Decision, Refusal};

/// The codes of the reasons for what was asked.
pub(crate) fn codes(decision: &Decision) -> Vec<&'static str> {
    decision.reasons().iter().map(baari_engine::Reason::code).collect()
}

/// The name of a refusal, and its sentence is never empty.
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> String {
    let refusal = answer.unwrap_err();
    assert!(!refusal.to_string().is_empty());
    crate::support::kind(&refusal)
}
