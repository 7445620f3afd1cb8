//! The model of bookings and slots.

use baari_engine::{
    Book, ChangeSlot, Circumstances, DoctorId, DoctorStatus, NewSlot, PatientStatus, Slot, SlotId,
    SlotStatus, Source, Status, Token,
};

use super::rules::{Model, Verdict};
use crate::support::DATE;

impl Model {
    pub(super) fn book(&mut self, on: &Circumstances<'_>, doctor: DoctorId, book: &Book) -> Verdict {
        let no = self.not_admitted(on, book);
        if !no.is_empty() {
            return Verdict::Refused(no);
        }
        let overridden = book.override_why.as_ref().is_some_and(|why| !why.trim().is_empty());
        let mut token = blank(on, doctor, book, self.tokens.len() as u32 + 1);
        let (slot, by_override) = match self.no_seat(on, book.source, book.slot) {
            Ok(slot) => (Some(slot), false),
            Err(_) if overridden && self.override_slot(on, book.slot).is_some() => {
                (self.override_slot(on, book.slot), true)
            }
            Err(no) if no == ["NoSeat"] && book.waitlist => (None, false),
            Err(no) if overridden && no != ["NoSlots"] && no != ["SlotUnknown"] => {
                // Only a cancelled slot stays out of an override's reach.
                return Verdict::Refused(if book.slot.is_some() { vec!["SlotNotOpen"] } else { no });
            }
            Err(no) => return Verdict::Refused(no),
        };
        let here = self.here(on, book, slot);
        token.arrived_at = here.then_some(on.now);
        token.by_override = by_override;
        if let Some(slot) = slot {
            token.status = if here { Status::Arrived } else { Status::Booked };
            self.sit(&mut token, slot);
        }
        self.tokens.push(token);
        Verdict::Changed
    }

    fn not_admitted(&self, on: &Circumstances<'_>, book: &Book) -> Vec<&'static str> {
        let live = [Status::Completed, Status::NoShow, Status::Cancelled];
        let taken = |token: &Token| {
            token.id == book.token || (token.patient == book.patient.id && !live.contains(&token.status))
        };
        [
            (on.doctor.status != DoctorStatus::Active, "DoctorAway"),
            (book.patient.status != PatientStatus::Active, "PatientNotActive"),
            (DATE < on.today, "DateOver"),
            (book.source == Source::Emergency && DATE != on.today, "EmergencyIsToday"),
            (self.tokens.iter().any(taken), "AlreadyBooked"),
        ]
        .into_iter()
        .filter_map(|(holds, why)| holds.then_some(why))
        .collect()
    }

    /// The first slot by start time with a seat, or why there is none.
    pub(super) fn no_seat(
        &self,
        on: &Circumstances<'_>,
        source: Source,
        asked: Option<SlotId>,
    ) -> Result<SlotId, Vec<&'static str>> {
        if self.slots.is_empty() {
            return Err(vec!["NoSlots"]);
        }
        let looked_at: Vec<&Slot> =
            self.slots.iter().filter(|slot| asked.is_none_or(|asked| asked == slot.id)).collect();
        if looked_at.is_empty() {
            return Err(vec!["SlotUnknown"]);
        }
        if let Some(slot) = looked_at.iter().find(|slot| self.has_seat(slot, source, on.now)) {
            return Ok(slot.id);
        }
        let mut no = Vec::new();
        if asked.is_some() && looked_at[0].status != SlotStatus::Open {
            no.push("SlotNotOpen");
        }
        if asked.is_some() && looked_at[0].window.ends_at() <= on.now {
            no.push("SlotOver");
        }
        Err(if no.is_empty() { vec!["NoSeat"] } else { no })
    }

    /// The asked slot, else the current one, else the last; no cancelled one.
    fn override_slot(&self, on: &Circumstances<'_>, asked: Option<SlotId>) -> Option<SlotId> {
        let mut slots: Vec<&Slot> =
            self.slots.iter().filter(|slot| slot.status != SlotStatus::Cancelled).collect();
        if let Some(asked) = asked {
            slots.retain(|slot| slot.id == asked);
        }
        let current = slots.iter().find(|slot| slot.window.ends_at() > on.now);
        current.or(slots.last()).map(|slot| slot.id)
    }

    /// §3.1, who counts as present when booked.
    fn here(&self, on: &Circumstances<'_>, book: &Book, slot: Option<SlotId>) -> bool {
        let current = self.slots.iter().find(|slot| slot.window.ends_at() > on.now).map(|slot| slot.id);
        if on.today != DATE {
            return false;
        }
        match (book.source, book.checked_in) {
            (_, Some(said)) => said,
            (Source::Emergency | Source::WalkIn, None) => true,
            (Source::PaidPriority | Source::FollowUp, None) => slot.is_some() && slot == current,
            (Source::Online, None) => false,
        }
    }

    pub(super) fn add_slots(&mut self, new: &[NewSlot]) -> Verdict {
        let mut no = Vec::new();
        let mut all = self.slots.clone();
        for slot in new {
            no.extend(bad_limits(slot.max_count, slot.hard_limit));
            let (start, end) = (slot.window.start(), slot.window.end());
            let clash =
                |old: &Slot| old.id == slot.id || (old.window.start() < end && start < old.window.end());
            if all.iter().any(clash) {
                no.push("Overlaps");
            }
            all.push(Slot::new(slot.id, slot.window, slot.max_count, slot.hard_limit));
        }
        if !no.is_empty() {
            return Verdict::Refused(no);
        }
        self.slots = all;
        self.slots.sort_by_key(|slot| slot.window.start());
        if new.is_empty() { Verdict::Nothing } else { Verdict::Changed }
    }

    pub(super) fn change_slot(&mut self, change: &ChangeSlot) -> Verdict {
        let Some(at) = self.slots.iter().position(|slot| slot.id == change.slot) else {
            return Verdict::Refused(vec!["SlotUnknown"]);
        };
        let old = self.slots[at].clone();
        let mut new = old.clone();
        new.max_count = change.max_count.unwrap_or(old.max_count);
        new.hard_limit = change.hard_limit.unwrap_or(old.hard_limit);
        new.status = change.status.unwrap_or(old.status);
        if new == old {
            return Verdict::Nothing;
        }
        let mut no = bad_limits(new.max_count, new.hard_limit);
        let gone = [Status::Waitlisted, Status::NoShow, Status::Cancelled];
        let seated: Vec<&Token> =
            self.tokens.iter().filter(|t| t.slot == Some(old.id) && !gone.contains(&t.status)).collect();
        let by_rule = seated.iter().filter(|token| !token.by_override);
        let ordinary = by_rule.clone().filter(|token| token.source != Source::Emergency).count() as u32;
        if (new.max_count < old.max_count && ordinary > new.max_count)
            || (new.hard_limit < old.hard_limit && by_rule.count() as u32 > new.hard_limit)
        {
            no.push("SeatsTaken");
        }
        let cancels = new.status == SlotStatus::Cancelled && old.status != SlotStatus::Cancelled;
        if cancels && seated.iter().any(|token| token.status != Status::Completed) {
            no.push("SlotHoldsPatients");
        }
        if !no.is_empty() {
            return Verdict::Refused(no);
        }
        self.slots[at] = new;
        Verdict::Changed
    }
}

fn bad_limits(max_count: u32, hard_limit: u32) -> Vec<&'static str> {
    let mut no = Vec::new();
    if [max_count, hard_limit].iter().any(|seats| *seats == 0 || *seats > 10_000) {
        no.push("SeatsOutOfRange");
    }
    if hard_limit < max_count {
        no.push("LimitsCrossed");
    }
    no
}

fn blank(on: &Circumstances<'_>, doctor: DoctorId, book: &Book, token_no: u32) -> Token {
    let elsewhere = book.source == Source::FollowUp && book.patient.previous_doctor != Some(doctor);
    let class = if elsewhere { Source::WalkIn } else { book.source };
    Token {
        id: book.token,
        patient: book.patient.id,
        slot: book.slot,
        source: book.source,
        class,
        band: on.settings.bands[class],
        token_no,
        sequence: None,
        status: Status::Waitlisted,
        by_override: false,
        rejoins: 0,
        placed: None,
        booked_at: on.now,
        appointment_at: book.appointment_at,
        promised_at: None,
        arrived_at: None,
        called_at: None,
        started_at: None,
        ended_at: None,
        passed_at: None,
        earlier_ok: false,
        displaced: false,
    }
}
