//! The visits before somebody, some of them certain and some with a chance only.
//!
//! Counted in whole parts of a visit, so that the sum does not depend on the order in which it was made: one token alone gets
//! the same prediction as in its queue.

use crate::source::Source;
use crate::token::Token;

/// Parts of one visit, or of certainty.
pub(super) const WHOLE: u32 = 1 << 16;
/// An emergency is three halves of a visit ([`crate::pace::EMERGENCY_FACTOR`]).
const HALVES: i64 = 2;
const EMERGENCY_HALVES: i64 = 3;

/// Visits to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Work {
    /// In halves, each times its chance.
    halves: i64,
    /// The same with the squares of the halves.
    squares: i64,
    /// The squares of the halves, each times chance × (1 − chance).
    doubts: i64,
}

impl Work {
    pub(super) const NONE: Self = Self { halves: 0, squares: 0, doubts: 0 };

    /// This token's visit, for certain.
    pub(super) fn of(token: &Token) -> Self {
        Self::rise(token, 0, WHOLE)
    }

    /// What is added when the chance of this token's visit rises from one share to another.
    pub(super) fn rise(token: &Token, from: u32, to: u32) -> Self {
        let halves = if token.class == Source::Emergency { EMERGENCY_HALVES } else { HALVES };
        let doubt = |share: u32| i64::from(share) * i64::from(WHOLE - share);
        let more = i64::from(to - from);
        Self {
            halves: halves * more,
            squares: halves * halves * more,
            doubts: halves * halves * (doubt(to) - doubt(from)),
        }
    }

    pub(super) const fn add(&mut self, other: &Self) {
        self.halves += other.halves;
        self.squares += other.squares;
        self.doubts += other.doubts;
    }

    /// The expected number of visits.
    pub(super) fn visits(&self) -> f64 {
        self.halves as f64 / (HALVES as f64 * f64::from(WHOLE))
    }

    /// The same with the squares of their lengths: what the spread of visits is multiplied with.
    pub(super) fn squares(&self) -> f64 {
        self.squares as f64 / ((HALVES * HALVES) as f64 * f64::from(WHOLE))
    }

    /// The variance of the number of visits, in visits².
    pub(super) fn doubts(&self) -> f64 {
        self.doubts as f64 / ((HALVES * HALVES) as f64 * f64::from(WHOLE) * f64::from(WHOLE))
    }
}
