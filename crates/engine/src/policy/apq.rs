//! `apq`: accumulating priority (Kleinrock 1964): everybody gains priority from the moment they are ready, the urgent faster.

use super::{Policy, Standing, arrival, nanoseconds, ready};
use crate::settings::Settings;
use crate::slot::Slot;
use crate::token::Token;

pub(super) struct ApqPolicy;

impl Policy for ApqPolicy {
    fn standing(&self, token: &Token, slot: &Slot, settings: &Settings) -> Standing {
        Standing {
            tier: 0,
            from_ns: nanoseconds(ready(token, slot)),
            rate_milli: settings.rates_milli[token.class],
            minor: nanoseconds(arrival(token, slot)),
        }
    }

    fn emergencies_first(&self) -> bool {
        false
    }
}
