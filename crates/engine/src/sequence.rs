//! Sequence numbers: exact decimals that keep the order of a band for ever.
//!
//! The n-th token of a band gets `band + f(n)` with `f` = .0 … .8, .900 … .989, .99000 … .99899, and so on: k nines, then
//! k + 1 digits that do not begin with a 9. So there is always a next number, it never leaves its band, and the first ones
//! look as people expect: 4.0, 4.1, 4.2.

use std::fmt;

use crate::source::Band;

/// What the queue is sorted by under the default policy, in units of 10⁻¹².
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceNumber(i64);

impl SequenceNumber {
    /// Units in one whole band.
    pub const UNITS: i64 = 1_000_000_000_000;
    /// Every number that a band issues is below its end by more than this many units; room to stand before the next band.
    const MARGIN_UNITS: i64 = 1_000_000;

    /// The number of the `n`-th token (from 0) ever issued in `band` of a slot; none after 999,999 of them.
    pub fn nth(band: Band, n: u32) -> Option<Self> {
        let (mut index, mut nines, mut block) = (i64::from(n), 0_u32, 9_i64);
        while index >= block {
            index -= block;
            block *= 10;
            nines += 1;
        }
        let digits = 2 * nines + 1;
        if digits > 12 {
            return None;
        }
        let head = (10_i64.pow(nines) - 1) * 10_i64.pow(nines + 1);
        let fraction = (head + index) * 10_i64.pow(12 - digits);
        Some(Self(i64::from(band.number()) * Self::UNITS + fraction))
    }

    /// The number half way between two others; none if they are neighbours.
    pub const fn midpoint(low: Self, high: Self) -> Option<Self> {
        let middle = low.0 + (high.0 - low.0) / 2;
        if middle > low.0 && middle < high.0 { Some(Self(middle)) } else { None }
    }

    /// The lower bound for a token that is put before everybody who stands in this number's band.
    pub const fn floor(self) -> Self {
        Self((self.0 + Self::MARGIN_UNITS) / Self::UNITS * Self::UNITS - Self::MARGIN_UNITS)
    }

    /// The band that this number stands in.
    pub fn band(self) -> Band {
        let number = (self.0 + Self::MARGIN_UNITS) / Self::UNITS;
        Band::new(u8::try_from(number).unwrap_or(9)).unwrap_or(const { Band::new(9).expect("9 is a band") })
    }

    /// In units of 10⁻¹², as the databases hold it.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// From units of 10⁻¹².
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }
}

impl fmt::Display for SequenceNumber {
    /// As a decimal with at least one digit behind the point: 4.0, 4.15.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:012}", self.0 % Self::UNITS);
        let shown = fraction.trim_end_matches('0');
        write!(f, "{}.{}", self.0 / Self::UNITS, if shown.is_empty() { "0" } else { shown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nth(band: u8, n: u32) -> String {
        SequenceNumber::nth(Band::new(band).unwrap(), n).unwrap().to_string()
    }

    #[test]
    fn numbers_are_as_people_expect_them() {
        for (n, shown) in [
            (0, "4.0"),
            (1, "4.1"),
            (8, "4.8"),
            (9, "4.9"),
            (10, "4.901"),
            (98, "4.989"),
            (99, "4.99"),
            (100, "4.99001"),
            (998, "4.99899"),
            (999, "4.999"),
        ] {
            assert_eq!(nth(4, n), shown, "n = {n}");
        }
    }

    #[test]
    fn a_band_issues_a_million_numbers_in_order_and_keeps_them() {
        let band = Band::new(4).unwrap();
        let mut last = SequenceNumber::from_units(4 * SequenceNumber::UNITS - 1);
        for n in 0..999_999 {
            let number = SequenceNumber::nth(band, n).unwrap();
            assert!(number > last, "n = {n}");
            assert_eq!(number.band(), band);
            last = number;
        }
        assert!(last < SequenceNumber::nth(Band::new(5).unwrap(), 0).unwrap().floor());
        assert_eq!(SequenceNumber::nth(band, 999_999), None);
    }

    #[test]
    fn a_midpoint_lies_between_or_is_not_given() {
        let at = SequenceNumber::from_units;
        assert_eq!(SequenceNumber::midpoint(at(4), at(8)), Some(at(6)));
        assert_eq!(SequenceNumber::midpoint(at(4), at(6)), Some(at(5)));
        assert_eq!(SequenceNumber::midpoint(at(4), at(5)), None);
        assert_eq!(SequenceNumber::midpoint(at(4), at(4)), None);
    }
}
