//! `target`: emergencies first; everyone else by `ready + allowance(source)`. Nobody starves: apart from emergencies, nobody
//! is passed by anyone who became ready more than (own − other's allowance) later.

use super::{Policy, Standing, arrival, emergency_tier, nanoseconds, ready};
use crate::settings::Settings;
use crate::slot::Slot;
use crate::source::Source;
use crate::token::Token;

pub(super) struct TargetPolicy;

impl Policy for TargetPolicy {
    fn standing(&self, token: &Token, slot: &Slot, settings: &Settings) -> Standing {
        let allowance_ns = match token.class {
            Source::Emergency => 0,
            class => i64::try_from(settings.allowances[class].as_nanos()).unwrap_or(i64::MAX),
        };
        Standing {
            tier: emergency_tier(token),
            from_ns: nanoseconds(ready(token, slot)).saturating_add(allowance_ns),
            rate_milli: 1_000,
            minor: nanoseconds(arrival(token, slot)),
        }
    }

    fn emergencies_first(&self) -> bool {
        true
    }
}
