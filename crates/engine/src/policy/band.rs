//! `band`, the default: emergencies before all others; then slot start, then sequence number.

use super::{Policy, Standing, emergency_tier, nanoseconds};
use crate::settings::Settings;
use crate::slot::Slot;
use crate::token::Token;

pub(super) struct BandPolicy;

impl Policy for BandPolicy {
    fn standing(&self, token: &Token, slot: &Slot, _: &Settings) -> Standing {
        Standing {
            tier: emergency_tier(token),
            from_ns: nanoseconds(slot.window.starts_at()),
            rate_milli: 1_000,
            minor: token.sequence.map_or(i64::MAX, |sequence| sequence.units()),
        }
    }

    fn emergencies_first(&self) -> bool {
        true
    }

    fn by_sequence(&self) -> bool {
        true
    }
}
