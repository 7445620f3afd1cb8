//! Where a token comes from, and the band that gives it.

use std::fmt;
use std::ops::{Index, IndexMut};
use std::str::FromStr;

/// Where a token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Somebody whose life or limb can't wait. Today only.
    Emergency,
    /// Paid for priority.
    PaidPriority,
    /// Comes back to the doctor who saw them last.
    FollowUp,
    /// Stands at the counter.
    WalkIn,
    /// Booked over the internet.
    Online,
}

impl Source {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 5] =
        [Self::Emergency, Self::PaidPriority, Self::FollowUp, Self::WalkIn, Self::Online];

    /// The name used in the API and in the databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::PaidPriority => "paid_priority",
            Self::FollowUp => "follow_up",
            Self::WalkIn => "walk_in",
            Self::Online => "online",
        }
    }

    /// As people write it at the beginning of a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Emergency => "Emergency",
            Self::PaidPriority => "Paid priority",
            Self::FollowUp => "Follow-up",
            Self::WalkIn => "Walk-in",
            Self::Online => "Online",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Source {
    type Err = UnknownSource;

    /// Any letter case; nothing else is guessed.
    fn from_str(text: &str) -> Result<Self, UnknownSource> {
        Self::ALL
            .into_iter()
            .find(|source| source.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownSource(text.chars().take(40).collect()))
    }
}

/// A source that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a source: use emergency, paid_priority, follow_up, walk_in or online")]
pub struct UnknownSource(String);

/// One value for each source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerSource<T>([T; 5]);

impl<T> PerSource<T> {
    /// The values in the order of [`Source::ALL`].
    pub const fn new(values: [T; 5]) -> Self {
        Self(values)
    }
}

impl<T> Index<Source> for PerSource<T> {
    type Output = T;

    fn index(&self, source: Source) -> &T {
        &self.0[source as usize]
    }
}

impl<T> IndexMut<Source> for PerSource<T> {
    fn index_mut(&mut self, source: Source) -> &mut T {
        &mut self.0[source as usize]
    }
}

/// A source's priority, 1 (first) to 9; the lower goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Band(u8);

impl Band {
    /// How many bands there are.
    pub const COUNT: usize = 9;

    /// The band of this number, if it is 1 to 9.
    pub const fn new(number: u8) -> Option<Self> {
        if number >= 1 && number <= 9 { Some(Self(number)) } else { None }
    }

    /// 1 to 9.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// 0 to 8, to index an array by.
    pub const fn index(self) -> usize {
        self.0 as usize - 1
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_letter_case_is_a_source_and_nothing_else_is() {
        for (text, source) in [
            ("WALK_IN", Some(Source::WalkIn)),
            ("walk_in", Some(Source::WalkIn)),
            ("Paid_Priority", Some(Source::PaidPriority)),
            ("FOO", None),
            ("", None),
            ("walk-in", None),
            (" walk_in", None),
        ] {
            assert_eq!(text.parse::<Source>().ok(), source, "{text:?}");
        }
    }
}
