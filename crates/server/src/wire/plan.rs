//! What a change that takes seats away does, or would do, to whom.

use std::collections::HashMap;
use std::sync::Arc;

use baari_access::Codes;
use baari_desk::Done;
use baari_engine::{DayKey, Decision, DoctorId, EventKind, Slot, SlotId, TokenId};
use baari_store::Doctor;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Marks, ReasonBody, SlotBody, TokenBody, reasons};

/// The doctors that a plan can name.
pub(crate) type Doctors = HashMap<DoctorId, Arc<Doctor>>;

/// What happens to whom.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanBody {
    /// It was only asked what would happen; nothing has changed.
    pub(crate) preview: bool,
    /// The version of the doctor's queue: now, or as it would be.
    pub(crate) version: u64,
    /// Slots that do not take place.
    pub(crate) cancelled: Vec<SlotBody>,
    /// Tokens with another seat.
    pub(crate) moved: Vec<MovedBody>,
    /// Tokens that have lost their seat: the desk should call these patients.
    pub(crate) waitlisted: Vec<MovedBody>,
    pub(crate) reasons: Vec<ReasonBody>,
}

/// A token that has another seat, or none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MovedBody {
    /// As it is now, or would be.
    pub(crate) token: TokenBody,
    /// The name of the doctor whom it is with now.
    pub(crate) doctor: String,
    /// That doctor's room.
    pub(crate) room: String,
    /// The slot that it is in now.
    pub(crate) slot: Option<SlotBody>,
}

impl PlanBody {
    pub(crate) fn new(done: &Done, doctors: &Doctors, codes: &Codes, preview: bool) -> Self {
        let (mut moved, mut waitlisted) = (Vec::new(), Vec::new());
        for (key, decision) in done.decisions() {
            for event in &decision.events {
                let (Some(id), Some(doctor)) = (event.token, doctors.get(&key.doctor)) else { continue };
                let list = match event.kind {
                    EventKind::Moved | EventKind::MovedIn => &mut moved,
                    EventKind::Waitlisted => &mut waitlisted,
                    _ => continue,
                };
                // Whoever never had a seat has lost none.
                let promised =
                    decision.tokens.iter().any(|token| token.id == id && token.promised_at.is_some());
                let body = MovedBody::new(key, decision, id, doctor, codes).filter(|_| promised);
                let reasons = reasons(&event.reasons);
                list.extend(
                    body.map(|body| MovedBody { token: TokenBody { reasons, ..body.token }, ..body }),
                );
            }
        }
        let cancelled = done.decision.slots.iter().filter(|slot| slot.status.name() == "cancelled");
        Self {
            preview,
            version: done.version,
            cancelled: cancelled.map(|slot| SlotBody::new(done.key, slot)).collect(),
            moved,
            waitlisted,
            reasons: reasons(done.decision.reasons()),
        }
    }
}

impl MovedBody {
    fn new(key: DayKey, decision: &Decision, id: TokenId, doctor: &Doctor, codes: &Codes) -> Option<Self> {
        let token = decision.tokens.iter().find(|token| token.id == id)?;
        let slot = token.slot.and_then(|slot| slot_of(decision, slot));
        Some(Self {
            token: TokenBody::new(key, Marks::new(doctor, codes), token, None),
            doctor: doctor.name.clone(),
            room: doctor.room.clone(),
            slot: slot.map(|slot| SlotBody::new(key, slot)),
        })
    }
}

/// A slot that somebody takes a seat in is one that changes.
fn slot_of(decision: &Decision, id: SlotId) -> Option<&Slot> {
    decision.slots.iter().find(|slot| slot.id == id)
}
