//! What the auditor looks for, and what it has to say.

use std::fmt;

/// A rule that the auditor checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// A decision is made from the current version.
    Version,
    /// Every changed row has an event, every event a row; no events, no rows.
    Rows,
    /// Token numbers are 1, 2, 3 …, and stay.
    TokenNumber,
    /// Patient, source and band of a token are what they were booked as.
    Identity,
    /// A patient has at most one live token with a doctor.
    OneLiveToken,
    /// Statuses change along the lines of the diagram.
    Transition,
    /// What was asked for is what comes out.
    Effect,
    /// Times are those at which things happened.
    Stamp,
    /// `current_count` is the number of tokens that hold a seat, `override_count` those of them by override.
    Count,
    /// Nothing beyond `hard_limit`, overrides apart.
    HardLimit,
    /// Nobody but emergencies beyond `max_count`, overrides apart.
    MaxCount,
    /// Seats are given in open slots that are not over, and overrides only where the rule gives no seat.
    Override,
    /// A cancellation or no-show frees exactly one seat.
    FreesOne,
    /// The first slot with room is taken.
    FirstRoom,
    /// A refusal has its reason.
    Refusal,
    /// The waitlist is let in by band, then by who asked first, and nobody is forgotten.
    Waitlist,
    /// No two tokens of a slot have one sequence number.
    SequenceUnique,
    /// A sequence number lies in its band, unless it was placed.
    SequenceBand,
    /// The n-th token of a band in a slot has the n-th number.
    SequenceNext,
    /// Whoever is called is the first of those present, by the policy.
    CalledFirst,
    /// Under `target`, nobody is passed by anyone who became ready more than (own − other's allowance) later.
    PassingBound,
    /// One patient at a time.
    OneVisit,
    /// The doctor is not idle while somebody present waits.
    Idle,
    /// Whoever is called although others stand before is called for a reason that somebody gave.
    OutOfOrder,
    /// A token that leaves a doctor-day comes to exactly one other, as it was, under the next number there.
    Lost,
    /// Nothing of a token changes but what its events say.
    Untouched,
    /// A decision without events changes nothing.
    Unchanged,
    /// Whoever loses a seat gets the one that the rule gives: the first later slot with room, else another doctor's earliest,
    /// else the waiting list; by band, then arrival.
    PlannedMove,
    /// Whoever is moved stands before those of the band who were promised a later time, and behind the others.
    Seniority,
    /// Only the last, lowest, absent one gives way, once, where the facility wants it, and only in a full slot.
    Displaced,
    /// A freed seat that nobody waits for goes to the first who agreed to come earlier, where the facility wants it.
    PulledForward,
    /// What is due by now happens, and nothing else.
    Lapse,
    /// The last step in the doctor's room is taken back, and nothing else.
    Undo,
    /// The doctor is back when that was said.
    Delay,
    /// A move says from where, to where and why.
    Cause,
    /// Whoever is put somewhere, or comes back after a missed call, stands there; the order of the others stays.
    Place,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 36] = [
        Self::Version,
        Self::Rows,
        Self::TokenNumber,
        Self::Identity,
        Self::OneLiveToken,
        Self::Transition,
        Self::Effect,
        Self::Stamp,
        Self::Count,
        Self::HardLimit,
        Self::MaxCount,
        Self::Override,
        Self::FreesOne,
        Self::FirstRoom,
        Self::Refusal,
        Self::Waitlist,
        Self::SequenceUnique,
        Self::SequenceBand,
        Self::SequenceNext,
        Self::CalledFirst,
        Self::PassingBound,
        Self::OneVisit,
        Self::Idle,
        Self::OutOfOrder,
        Self::Lost,
        Self::Untouched,
        Self::Unchanged,
        Self::PlannedMove,
        Self::Seniority,
        Self::Displaced,
        Self::PulledForward,
        Self::Lapse,
        Self::Undo,
        Self::Delay,
        Self::Cause,
        Self::Place,
    ];
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The index of the step.
    pub step: usize,
    /// The rule.
    pub check: Check,
    /// What was seen instead.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: {:?}: {}", self.step, self.check, self.what)
    }
}
