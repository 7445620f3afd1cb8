//! `fcfs`: first come, first served, emergencies too. For the lab.

use super::{Policy, Standing, arrival, nanoseconds};
use crate::settings::Settings;
use crate::slot::Slot;
use crate::token::Token;

pub(super) struct FcfsPolicy;

impl Policy for FcfsPolicy {
    fn standing(&self, token: &Token, slot: &Slot, _: &Settings) -> Standing {
        Standing { tier: 0, from_ns: nanoseconds(arrival(token, slot)), rate_milli: 1_000, minor: 0 }
    }

    fn emergencies_first(&self) -> bool {
        false
    }
}
