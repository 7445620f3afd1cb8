//! What happens because time has passed: a call that nobody came to, a slot that ended without its patient.

use jiff::Timestamp;

use super::draft::Draft;
use super::status;
use crate::day::Day;
use crate::decision::Decision;
use crate::queue;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::slot::Slot;
use crate::status::Status;
use crate::token::Token;

/// When the first thing of this day is due.
pub fn next_lapse(day: &Day, settings: &Settings) -> Option<Timestamp> {
    let seated = day.tokens().iter().filter_map(|token| Some((token, day.slot(token.slot?)?)));
    seated.filter_map(|(token, slot)| due(token, slot, day.resumes_at(), settings)).min()
}

/// By when a patient who is not here must check in, or come back, to keep the seat; none for those who need not.
pub fn keeps_seat_until(day: &Day, token: &Token, settings: &Settings) -> Option<Timestamp> {
    let slot = day.slot(token.slot?)?;
    let absent = matches!(token.status, Status::Booked | Status::Passed);
    due(token, slot, day.resumes_at(), settings).filter(|_| absent)
}

/// When time runs out for this token. A call: so long after it. Those who did not come, or not come back: when the slot has
/// ended, but not before a doctor who is late, and not before so long after the time that the patient was told.
fn due(token: &Token, slot: &Slot, resumes_at: Option<Timestamp>, settings: &Settings) -> Option<Timestamp> {
    let grace = |from: Option<Timestamp>| from?.checked_add(settings.grace).ok();
    let slot_ends = slot.window.ends_at().max(resumes_at.unwrap_or(Timestamp::MIN));
    match token.status {
        Status::Called => grace(token.called_at),
        Status::Booked if settings.check_in => {
            let told = grace(token.appointment_at.max(token.promised_at));
            Some(told.map_or(slot_ends, |told| told.max(slot_ends)))
        }
        Status::Passed => Some(grace(token.passed_at).map_or(slot_ends, |grace| grace.max(slot_ends))),
        _ => None,
    }
}

/// Does all that is due by now; the same command once more finds nothing.
pub(super) fn lapse(mut draft: Draft<'_>) -> Result<Decision, Refusal> {
    let (now, resumes_at, settings) = (draft.now(), draft.resumes_at, draft.settings());
    let is_due = |(token, slot): &(&Token, &Slot)| {
        due(token, slot, resumes_at, settings).is_some_and(|due| due <= now)
            && (token.status == Status::Called || !queue::is_present(token, slot, settings, now))
    };
    let late: Vec<(Token, Slot)> =
        draft.seated().filter(is_due).map(|(token, slot)| (token.clone(), slot.clone())).collect();
    if late.is_empty() {
        return Ok(draft.unchanged(None, Reason::NothingDue));
    }
    for (token, slot) in late {
        if token.status == Status::Called {
            let minutes = settings.grace.as_mins();
            status::pass(&mut draft, token, Some(Reason::GraceOver(minutes)))?;
        } else {
            status::become_status(&mut draft, token, Status::NoShow, vec![Reason::SlotEnded(slot.window)])?;
        }
    }
    Ok(draft.finish(None))
}
