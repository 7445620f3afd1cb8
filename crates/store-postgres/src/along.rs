//! What is written along with a record, in its transaction.

use baari_engine::FacilityId;
use baari_store::{Along, AuditRow};

use crate::pipeline::Step;
use crate::{audit, receipt, session};

/// The steps that write it; none if there is nothing.
pub(crate) fn steps(facility: FacilityId, along: &Along) -> Vec<Step> {
    let mut steps = Vec::new();
    steps.extend(along.receipt.as_ref().map(|receipt| receipt::insert(facility, &[receipt]).into()));
    steps.extend(along.ends.map(|which| session::delete(facility, which).into()));
    let audit: Vec<&AuditRow> = along.audit.iter().collect();
    if !audit.is_empty() {
        steps.push(audit::insert(facility, &audit).into());
    }
    steps
}
