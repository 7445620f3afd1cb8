//! Whose turn is next: a policy gives each token a standing; the queue is sorted by standings.
//!
//! To add a policy: one file beside the others here, one line in [`PolicyKind::registry`].

mod apq;
mod band;
mod fcfs;
mod strict;
mod target;

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::settings::Settings;
use crate::slot::Slot;
use crate::source::Source;
use crate::token::Token;

/// Where a token stands: a priority that grows in a straight line with time.
///
/// Tokens of a lower tier go first. Within a tier the one with the largest `rate × (now − from)` goes first; a token whose
/// `from` has not come yet ranks by `now − from` itself. Then the lower `minor` goes first. With equal rates the order never
/// changes as time passes: the earlier `from` goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The lower goes first, whatever else.
    pub tier: u8,
    /// Since when its priority grows, in nanoseconds since the epoch.
    pub from_ns: i64,
    /// How fast it grows, in thousandths.
    pub rate_milli: u32,
    /// Decides between equals; the lower goes first.
    pub minor: i64,
}

impl Standing {
    /// What the queue is sorted by at `now`.
    pub fn rank(&self, now: Timestamp) -> (u8, Reverse<i128>, i64) {
        let waited = i128::from(nanoseconds(now)) - i128::from(self.from_ns);
        let urgency = if waited > 0 { waited * i128::from(self.rate_milli) } else { waited };
        (self.tier, Reverse(urgency), self.minor)
    }
}

/// A rule for whose turn is next.
pub trait Policy: Sync {
    /// Where this token of this slot stands.
    fn standing(&self, token: &Token, slot: &Slot, settings: &Settings) -> Standing;

    /// Keeps emergencies before all others, whatever anybody does by hand.
    fn emergencies_first(&self) -> bool;

    /// Sorts by the sequence number inside a slot, so that a place by hand is a sequence number too.
    fn by_sequence(&self) -> bool {
        false
    }
}

/// The policies that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Emergencies, then slot start, then sequence number. The default.
    Band,
    /// Emergencies, then by the time at which each has fairly waited.
    Target,
    /// By arrival.
    Fcfs,
    /// By band, then arrival.
    Strict,
    /// By accumulated priority.
    Apq,
}

impl PolicyKind {
    const fn registry() -> [(Self, &'static str, &'static dyn Policy); 5] {
        [
            (Self::Band, "band", &band::BandPolicy),
            (Self::Target, "target", &target::TargetPolicy),
            (Self::Fcfs, "fcfs", &fcfs::FcfsPolicy),
            (Self::Strict, "strict", &strict::StrictPolicy),
            (Self::Apq, "apq", &apq::ApqPolicy),
        ]
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::registry().into_iter().map(|(kind, ..)| kind)
    }

    /// The name used in settings and on the command line.
    pub fn name(self) -> &'static str {
        Self::registry()[self as usize].1
    }

    /// The rule itself.
    pub fn policy(self) -> &'static dyn Policy {
        Self::registry()[self as usize].2
    }
}

impl fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for PolicyKind {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPolicy> {
        Self::all()
            .find(|kind| kind.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownPolicy(text.chars().take(40).collect()))
    }
}

/// A policy that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a policy: use band, target, fcfs, strict or apq")]
pub struct UnknownPolicy(String);

/// Where a token stands under the facility's policy; where it was put by hand, if it was.
pub(crate) fn standing(token: &Token, slot: &Slot, settings: &Settings) -> Standing {
    match token.placed {
        Some(placed) if placed.policy == settings.policy => placed.standing,
        _ => settings.policy.policy().standing(token, slot, settings),
    }
}

/// When the patient came, or is expected: the check-in, else the appointment, else the slot's start.
fn arrival(token: &Token, slot: &Slot) -> Timestamp {
    token.arrived_at.or(token.appointment_at).unwrap_or(slot.window.starts_at())
}

/// From when on the patient may fairly expect to be called: not before they came, not before their time.
pub fn ready(token: &Token, slot: &Slot) -> Timestamp {
    let arrival = arrival(token, slot);
    token.appointment_at.map_or(arrival, |due| arrival.max(due))
}

fn emergency_tier(token: &Token) -> u8 {
    u8::from(token.class != Source::Emergency)
}

/// Beyond the year 2262 all times are one: no queue is that long.
fn nanoseconds(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX)
}
