//! Booking: a seat, a number, a place in the queue; or the waitlist; or a refusal that points to the next room.

use super::draft::Draft;
use super::{DoctorStatus, PatientStatus, displace, limits, seat};
use crate::command::Book;
use crate::decision::{Decision, EventKind};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::slot::Slot;
use crate::source::Source;
use crate::status::Status;
use crate::token::Token;

pub(super) fn book(mut draft: Draft<'_>, command: &Book) -> Result<Decision, Refusal> {
    admit(&draft, command)?;
    let mut reasons = Vec::new();
    let mut token = blank(&draft, command, &mut reasons);
    let override_why = command.override_why.as_deref().filter(|why| !why.trim().is_empty());
    displace::make_room(&mut draft, &token, command.slot)?;
    let seat = seat::find(&draft, command.source, command.slot, override_why);
    match seat {
        Ok(seat) => {
            let slot = seat::take(&mut draft, &mut token, seat, &mut reasons)?;
            settle(&draft, command, &mut token, &slot, &mut reasons);
            draft.promise(&mut token, &slot, &mut reasons);
            draft.token_event(EventKind::Booked, &token, reasons);
        }
        Err(Refusal::NoSeat { looked_at, .. }) if command.waitlist => {
            reasons.extend(looked_at);
            wait(&draft, command, &mut token, &mut reasons);
            draft.token_event(EventKind::Waitlisted, &token, reasons);
        }
        Err(refusal) => return Err(refusal),
    }
    let subject = token.id;
    draft.put_token(token);
    Ok(draft.finish(Some(subject)))
}

/// What must hold before a seat is looked for.
fn admit(draft: &Draft<'_>, command: &Book) -> Result<(), Refusal> {
    let (date, today) = (draft.day.key().date, draft.on.today);
    if draft.on.doctor.status != DoctorStatus::Active {
        return Err(Refusal::DoctorAway(draft.on.doctor.status.name()));
    }
    if command.patient.status != PatientStatus::Active {
        return Err(Refusal::PatientNotActive(command.patient.status.name()));
    }
    if date < today {
        return Err(Refusal::DateOver { date, today });
    }
    if command.source == Source::Emergency && date != today {
        return Err(Refusal::EmergencyIsToday { date, today });
    }
    // The same command a second time carries the same id: it gets the token that the first one made.
    let first = draft.day.live_token_of(command.patient.id).or_else(|| draft.day.token(command.token));
    if let Some(live) = first {
        return Err(Refusal::AlreadyBooked { token: live.id, token_no: live.token_no });
    }
    if draft.day.next_token_no() > limits::TOKENS_PER_DAY {
        let hint = "choose another doctor or date";
        return Err(Refusal::Limit { what: "this doctor's day", limit: limits::TOKENS_PER_DAY, hint });
    }
    Ok(())
}

fn blank(draft: &Draft<'_>, command: &Book, reasons: &mut Vec<Reason>) -> Token {
    let here_before = command.patient.knows(draft.day.key().doctor);
    let class = draft.settings().class(command.source, here_before);
    let band = draft.settings().bands[class];
    if class != command.source {
        reasons.push(Reason::FollowUpElsewhere(band));
    }
    Token {
        id: command.token,
        patient: command.patient.id,
        slot: None,
        source: command.source,
        class,
        band,
        token_no: draft.day.next_token_no(),
        sequence: None,
        status: Status::Booked,
        by_override: false,
        rejoins: 0,
        earlier_ok: command.earlier_ok,
        displaced: false,
        placed: None,
        booked_at: draft.now(),
        appointment_at: None,
        promised_at: None,
        arrived_at: None,
        called_at: None,
        passed_at: None,
        started_at: None,
        ended_at: None,
    }
}

/// Here already, or asked to come at a time of one's own.
fn settle(draft: &Draft<'_>, command: &Book, token: &mut Token, slot: &Slot, reasons: &mut Vec<Reason>) {
    if is_here(draft, command, Some(slot)) {
        token.status = Status::Arrived;
        token.arrived_at = Some(draft.now());
        token.appointment_at = command.appointment_at;
        reasons.push(Reason::PresentAtOnce);
        return;
    }
    token.appointment_at = command.appointment_at.or_else(|| seat::appointment(draft, token, slot, None));
    reasons.push(draft.how_to_come(slot));
}

/// Kept without a seat. Whoever stands at the counter stays present meanwhile.
fn wait(draft: &Draft<'_>, command: &Book, token: &mut Token, reasons: &mut Vec<Reason>) {
    token.status = Status::Waitlisted;
    token.slot = command.slot;
    token.appointment_at = command.appointment_at;
    token.arrived_at = is_here(draft, command, None).then_some(draft.now());
    let earlier = draft
        .tokens()
        .iter()
        .filter(|other| other.status == Status::Waitlisted && other.waitlist_rank() < token.waitlist_rank());
    reasons.push(Reason::Waitlisted { before: u32::try_from(earlier.count()).unwrap_or(u32::MAX) });
}

/// Emergencies and walk-ins are here; who paid or comes back is here when it is for the current slot; `checked_in` says
/// otherwise. Nobody is here on another day.
fn is_here(draft: &Draft<'_>, command: &Book, slot: Option<&Slot>) -> bool {
    let current = draft.day.slots().iter().find(|slot| !slot.is_over(draft.now())).map(|slot| slot.id);
    let usually = match command.source {
        Source::Emergency | Source::WalkIn => true,
        Source::PaidPriority | Source::FollowUp => slot.is_some_and(|slot| Some(slot.id) == current),
        Source::Online => false,
    };
    draft.day.key().date == draft.on.today && command.checked_in.unwrap_or(usually)
}
