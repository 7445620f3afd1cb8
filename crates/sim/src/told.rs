//! What a patient is told when they check in: the one place where the replay asks the engine for an estimate.

use baari_engine::{Circumstances, Day, Estimator, Token};

use crate::minutes::Opening;

/// What a patient was told at check-in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// When they were told.
    pub said_min: f64,
    /// When they were told to be called.
    pub at_min: f64,
    /// The 80 % band around it, where one was given.
    pub band_min: Option<(f64, f64)>,
}

/// The estimate for a token that has just checked in; none for one that waits for nothing.
pub(crate) fn told(opening: &Opening, day: &Day, on: &Circumstances<'_>, token: &Token) -> Option<Told> {
    let slot = token.slot.and_then(|slot| day.slot(slot))?;
    let others = day.tokens().iter().filter_map(|other| Some((other, day.slot(other.slot?)?)));
    let told = Estimator::new(day, on.settings, on.doctor, on.now).one(others, token, slot)?;
    let band_min = Some((opening.minute(told.p10), opening.minute(told.p90)));
    Some(Told { said_min: opening.minute(on.now), at_min: opening.minute(told.at), band_min })
}
