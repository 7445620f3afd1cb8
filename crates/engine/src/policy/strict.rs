//! `strict`: by band, then arrival, whatever the slot. Starves the last band on a busy day. For the lab.

use super::{Policy, Standing, arrival, nanoseconds};
use crate::settings::Settings;
use crate::slot::Slot;
use crate::token::Token;

pub(super) struct StrictPolicy;

impl Policy for StrictPolicy {
    fn standing(&self, token: &Token, slot: &Slot, _: &Settings) -> Standing {
        Standing {
            tier: token.band.number(),
            from_ns: nanoseconds(arrival(token, slot)),
            rate_milli: 1_000,
            minor: 0,
        }
    }

    fn emergencies_first(&self) -> bool {
        false
    }
}
