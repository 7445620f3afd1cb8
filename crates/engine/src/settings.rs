//! What a facility can change about the rules.

use jiff::SignedDuration;

use crate::policy::PolicyKind;
use crate::source::{Band, PerSource, Source};

/// What a facility can change about the rules. The default is what `docs/rules.md` describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The band of each source.
    pub bands: PerSource<Band>,
    /// How the queue is ordered.
    pub policy: PolicyKind,
    /// Patients must say that they are here. When off, a token counts as present from its slot's start.
    pub check_in: bool,
    /// Policy `target`: how long each source can fairly wait.
    pub allowances: PerSource<SignedDuration>,
    /// Policy `apq`: how fast each source gains priority, in thousandths.
    pub rates_milli: PerSource<u32>,
    /// How long after a call the token is passed when nobody comes.
    pub grace: SignedDuration,
    /// Tokens of later slots whose patients agreed to come earlier move up when a seat becomes free.
    pub pull_forward: bool,
    /// A higher band that finds the current slot full may move its last, lowest, not yet present token to the next slot.
    pub displacement: bool,
    /// When a doctor leaves, patients who find no later slot go to other doctors of the same speciality.
    pub other_doctors: bool,
    /// Behind how many present people somebody who missed the call rejoins.
    pub rejoin_behind: u8,
    /// How often one may rejoin.
    pub rejoins_max: u8,
}

impl Settings {
    /// The source that a token of this source stands as, given whether its patient's previous doctor is this one.
    pub(crate) fn class(&self, source: Source, sees_previous_doctor: bool) -> Source {
        match source {
            Source::FollowUp if !sees_previous_doctor => Source::WalkIn,
            other => other,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        const fn band(number: u8) -> Band {
            Band::new(number).expect("the default bands are 1 to 9")
        }
        let minutes = SignedDuration::from_mins;
        Self {
            bands: PerSource::new([band(1), band(2), band(3), band(4), band(4)]),
            policy: PolicyKind::Band,
            check_in: true,
            allowances: PerSource::new([minutes(0), minutes(0), minutes(10), minutes(45), minutes(10)]),
            rates_milli: PerSource::new([8_000, 4_000, 2_000, 1_000, 1_000]),
            grace: minutes(10),
            pull_forward: false,
            displacement: false,
            other_doctors: true,
            rejoin_behind: 2,
            rejoins_max: 2,
        }
    }
}
