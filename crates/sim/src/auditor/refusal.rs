//! A refusal has its reason: what it says of the day is so.

use baari_engine::{
    Beside, Book, ChangeSlot, Command, DoctorStatus, NewSlot, Next, PatientStatus, Refusal, SlotId,
    SlotStatus, Source, Status, Transfer, WantedStatus,
};

use super::ledger::{Ledger, is_live, is_seated, waits};
use super::order::{goes_before, is_here};
use super::room::{any_in, has_step, takes_place};
use super::seating::Seating;
use super::{Audit, Check, Found, life};

pub(super) fn justified(audit: &Audit<'_>, ledgers: &[Ledger], refusal: &Refusal, found: &mut Found<'_>) {
    let home = &ledgers[audit.step.doctor];
    let unknown = match refusal {
        Refusal::TokenUnknown(id) => home.token(*id).is_none(),
        Refusal::SlotUnknown(id) => match &audit.step.command {
            Command::Transfer(_) => !company(audit, ledgers).any(|ledger| ledger.slot(*id).is_some()),
            _ => home.slot(*id).is_none(),
        },
        _ => false,
    };
    let justified = unknown
        || match &audit.step.command {
            Command::Book(book) => refuses_book(audit, ledgers, book, refusal),
            Command::SetStatus(change) => match refusal {
                Refusal::Impossible { from, next, .. } => {
                    let token = home.token(change.token);
                    token.is_some_and(|token| token.status == *from)
                        && !matches!(change.status, WantedStatus::Exactly(to) if next.contains(&to))
                        && next.iter().all(|to| life::is_line(*from, *to))
                }
                _ => home.token(change.token).is_some_and(|token| {
                    let seating = Seating::new(audit, ledgers);
                    token.status == Status::Waitlisted
                        && seating.first_room(token.slot, token.source).is_none()
                }),
            },
            Command::Place(place) => {
                let (Beside::Before(other) | Beside::Behind(other)) = place.beside;
                let both = [home.token(place.token), home.token(other)];
                match refusal {
                    Refusal::BesideItself => place.token == other,
                    Refusal::NotWaiting { .. } => both.iter().flatten().any(|token| !waits(token.status)),
                    Refusal::EmergenciesFirst => {
                        let emergency = |token: &baari_engine::Token| token.source == Source::Emergency;
                        home.tokens.iter().any(|token| emergency(token) && waits(token.status))
                    }
                    _ => false,
                }
            }
            Command::Next(next) => refuses_next(audit, home, next, refusal),
            Command::Recall(id) => home.token(*id).is_some_and(|token| token.status != Status::Called),
            Command::Undo => match refusal {
                Refusal::NothingToUndo => !has_step(home),
                Refusal::AlreadyBooked { token, .. } => {
                    home.token(*token).is_some_and(|token| is_live(token.status))
                }
                Refusal::SeatGivenAway { .. } => any_in(home, Status::NoShow, None),
                _ => false,
            },
            Command::Delay(_) => !home.slots.iter().any(|slot| takes_place(slot, audit.step.now)),
            Command::Leave(leave) => {
                let takes_place = |slot: &&baari_engine::Slot| slot.status != SlotStatus::Cancelled;
                let mut ahead = home.slots.iter().filter(takes_place);
                !ahead.any(|slot| {
                    let from = leave.from.map_or(audit.step.now, |from| from.max(audit.step.now));
                    from < slot.window.ends_at()
                        && leave.to.is_none_or(|to| from < to && slot.window.starts_at() < to)
                })
            }
            Command::Transfer(transfer) => refuses_transfer(audit, ledgers, transfer, refusal),
            Command::ChangeSlot(change) => refuses_change(home, change, refusal),
            Command::AddSlots(new) => refuses_slots(home, new),
            Command::Lapse | Command::AgreeEarlier { .. } => false,
        };
    if !justified {
        found(Check::Refusal, format!("refused without need: {refusal}"));
    }
}

fn company<'a>(audit: &'a Audit<'_>, ledgers: &'a [Ledger]) -> impl Iterator<Item = &'a Ledger> {
    audit.around.doctors.iter().map(|(doctor, _)| &ledgers[*doctor])
}

fn refuses_book(audit: &Audit<'_>, ledgers: &[Ledger], book: &Book, refusal: &Refusal) -> bool {
    let home = &ledgers[audit.step.doctor];
    let asked = |is: fn(&baari_engine::Slot, jiff::Timestamp) -> bool| {
        let slot = book.slot.and_then(|id: SlotId| home.slot(id));
        slot.is_some_and(|slot| is(slot, audit.step.now))
    };
    match refusal {
        Refusal::DoctorAway(_) => !is_active(audit, audit.step.doctor),
        Refusal::PatientNotActive(_) => book.patient.status != PatientStatus::Active,
        Refusal::DateOver { .. } => home.key.date < audit.around.today,
        Refusal::EmergencyIsToday { .. } => {
            book.source == Source::Emergency && home.key.date != audit.around.today
        }
        Refusal::AlreadyBooked { .. } => {
            home.live_token_of(book.patient.id).is_some() || home.token(book.token).is_some()
        }
        Refusal::NoSlots(_) => home.slots.is_empty(),
        Refusal::SlotOver(_) => asked(|slot, now| slot.window.ends_at() <= now),
        Refusal::SlotNotOpen(..) => asked(|slot, _| slot.status != SlotStatus::Open),
        Refusal::NoSeat { .. } => {
            let mut seating = Seating::new(audit, ledgers);
            let class = super::rows::class(home, book);
            seating.give_way(audit.settings.bands[class].number(), book.source, book.slot);
            let beyond = book.override_why.as_deref().is_some_and(|why| !why.trim().is_empty());
            let by_override = beyond && seating.beyond_limits(book.slot).is_some();
            seating.first_room(book.slot, book.source).is_none() && !by_override && !book.waitlist
        }
        _ => false,
    }
}

fn is_active(audit: &Audit<'_>, doctor: usize) -> bool {
    audit.around.doctors.contains(&(doctor, DoctorStatus::Active))
}

fn refuses_next(audit: &Audit<'_>, home: &Ledger, next: &Next, refusal: &Refusal) -> bool {
    let asked = next.token.and_then(|id| home.token(id));
    match refusal {
        Refusal::NotYet { date } => audit.around.today < *date,
        Refusal::AnotherIsCalled { .. } => next.token.is_some() && any_in(home, Status::Called, next.token),
        Refusal::VisitInProgress { .. } => !next.finish && any_in(home, Status::InConsultation, None),
        Refusal::NobodyToCall { .. } => {
            next.token.is_none() && !home.tokens.iter().any(|token| is_here(audit, home, token))
        }
        Refusal::NotWaiting { .. } => asked.is_some_and(|token| !waits(token.status)),
        Refusal::NotHere { .. } => asked.is_some_and(|token| !is_here(audit, home, token)),
        Refusal::ReasonMissing { .. } => {
            let no_reason = next.why.as_deref().is_none_or(|why| why.trim().is_empty());
            no_reason && asked.is_some_and(|token| goes_before(audit, home, token).is_some())
        }
        _ => false,
    }
}

fn refuses_transfer(audit: &Audit<'_>, ledgers: &[Ledger], transfer: &Transfer, refusal: &Refusal) -> bool {
    let home = &ledgers[audit.step.doctor];
    let Some(token) = home.token(transfer.token) else { return false };
    let there =
        audit.around.doctors.iter().find(|(doctor, _)| ledgers[*doctor].slot(transfer.slot).is_some());
    let Some((doctor, _)) = there else { return false };
    let (to, today) = (&ledgers[*doctor], audit.around.today);
    match refusal {
        Refusal::NotWaiting { .. } => {
            !waits(token.status) && !matches!(token.status, Status::Called | Status::Waitlisted)
        }
        Refusal::SameSlot { .. } => token.slot == Some(transfer.slot) && is_seated(token.status),
        Refusal::DoctorAway(_) => !is_active(audit, *doctor),
        Refusal::DateOver { .. } => to.key.date < today,
        Refusal::EmergencyIsToday { .. } => token.source == Source::Emergency && to.key.date != today,
        Refusal::AlreadyBooked { .. } => {
            *doctor != audit.step.doctor && to.live_token_of(token.patient).is_some()
        }
        Refusal::NoSeat { .. } | Refusal::SlotNotOpen(..) | Refusal::SlotOver(_) => {
            !Seating::new(audit, ledgers).could_transfer(transfer, token.source)
        }
        _ => false,
    }
}

fn refuses_change(home: &Ledger, change: &ChangeSlot, refusal: &Refusal) -> bool {
    let Some(slot) = home.slot(change.slot) else { return false };
    let (max, hard) =
        (change.max_count.unwrap_or(slot.max_count), change.hard_limit.unwrap_or(slot.hard_limit));
    let held = home.tokens.iter().filter(|token| token.slot == Some(slot.id) && is_seated(token.status));
    let held: Vec<_> = held.filter(|token| !token.by_override).collect();
    let ordinary = held.iter().filter(|token| token.source != Source::Emergency).count();
    match refusal {
        Refusal::SeatsOutOfRange { asked, max } => *asked == 0 || asked > max,
        Refusal::LimitsCrossed { .. } => hard < max,
        Refusal::SeatsTaken { .. } => {
            (max < slot.max_count && ordinary > max as usize)
                || (hard < slot.hard_limit && held.len() > hard as usize)
        }
        Refusal::SlotHoldsPatients { .. } => {
            let live = |token: &&baari_engine::Token| token.slot == Some(slot.id) && is_seated(token.status);
            !change.move_on && home.tokens.iter().filter(live).any(|token| is_live(token.status))
        }
        _ => false,
    }
}

fn refuses_slots(home: &Ledger, new: &[NewSlot]) -> bool {
    let windows = home.slots.iter().map(|slot| (slot.id, slot.window));
    let windows: Vec<_> = windows.chain(new.iter().map(|slot| (slot.id, slot.window))).collect();
    let clash = |(at, (id, window)): (usize, &(SlotId, baari_engine::Window))| {
        windows[..at].iter().any(|(known, other)| known == id || window.overlaps(other))
    };
    let wrong =
        |slot: &NewSlot| slot.max_count == 0 || slot.hard_limit < slot.max_count || slot.hard_limit > 10_000;
    windows.iter().enumerate().any(clash) || new.iter().any(wrong)
}
