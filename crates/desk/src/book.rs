//! Booking, as the desk is asked for it: looks up who and where, lets the engine decide, points to the next room.

use baari_engine::{
    Book, Command, DayKey, DoctorId, FacilityId, PatientFacts, PatientId, Refusal, SetStatus, SlotId, Source,
    TokenId, next_room,
};
use baari_store::{DatedSlot, SlotQuery};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::execute::{Done, Keyed, Order, is_no_seat};

/// How far ahead a refusal looks for the next room.
const LOOK_AHEAD_DAYS: i64 = 60;
/// Slots read at a time while looking.
const LOOK_AHEAD_SLOTS: u32 = 64;

/// Who wants a token for whom.
#[derive(Debug, Clone)]
pub struct BookRequest {
    /// The patient.
    pub patient: PatientId,
    /// The doctor.
    pub doctor: DoctorId,
    /// Where it comes from.
    pub source: Source,
    /// On this date; of the asked slot, or today, if none.
    pub date: Option<Date>,
    /// In this slot.
    pub slot: Option<SlotId>,
    /// Keep it on the waitlist when there is no seat.
    pub waitlist: bool,
    /// A supervisor's reason for a seat beyond the limits.
    pub override_why: Option<String>,
    /// Says whether the patient is here.
    pub checked_in: Option<bool>,
    /// The patient agrees to come earlier, should a seat become free.
    pub earlier_ok: bool,
}

impl Desk {
    /// Books a token.
    ///
    /// # Errors
    /// [`DeskError`]; when there is no seat it names the next slot with room, up to 60 days ahead.
    pub async fn book(
        &self,
        facility: FacilityId,
        request: BookRequest,
        actor: String,
        if_match: Option<u64>,
        keyed: Option<Keyed>,
    ) -> Result<Done, DeskError> {
        let key = self.day_of(facility, &request).await?;
        // Who has seen them matters to follow-ups only.
        let patient = match request.source {
            Source::FollowUp => self.patient_facts(facility, request.patient).await?,
            _ => self.patients.get(facility, request.patient).await?.facts(),
        };
        let order = Order { command: self.command(request, patient), actor, if_match, keyed };
        self.execute(key, &order).await
    }

    /// What [`Desk::book`] would do now for this patient, who need not be on record yet. Nothing changes.
    ///
    /// # Errors
    /// As [`Desk::book`].
    pub async fn preview_book(
        &self,
        facility: FacilityId,
        request: BookRequest,
        patient: PatientFacts,
    ) -> Result<Done, DeskError> {
        let key = self.day_of(facility, &request).await?;
        let command = self.command(request, patient);
        let order = Order { command, actor: String::new(), if_match: None, keyed: None };
        let outcome = self.preview(&[key], &order).await;
        self.pointing_to_room(key, &order.command, outcome).await
    }

    /// What the engine needs to know of a patient on record, with who has seen them here.
    ///
    /// # Errors
    /// [`DeskError::Unknown`], or the store's.
    pub async fn patient_facts(
        &self,
        facility: FacilityId,
        patient: PatientId,
    ) -> Result<PatientFacts, DeskError> {
        let facts = self.patients.get(facility, patient).await?.facts();
        let tomorrow = self.today(facility).await?.saturating_add(1.day());
        let seen = self.store.patient_last_seen(facility, &[patient], tomorrow).await?;
        Ok(PatientFacts { last_seen_by: seen.first().map(|seen| seen.doctor), ..facts })
    }

    fn command(&self, request: BookRequest, patient: PatientFacts) -> Command {
        Command::Book(Book {
            token: TokenId::from_uuid(self.mint.uuid(self.now())),
            patient,
            source: request.source,
            slot: request.slot,
            waitlist: request.waitlist,
            override_why: request.override_why,
            checked_in: request.checked_in,
            appointment_at: None,
            earlier_ok: request.earlier_ok,
        })
    }

    /// A refusal for want of a seat names the next room.
    pub(crate) async fn pointing_to_room(
        &self,
        key: DayKey,
        command: &Command,
        outcome: Result<Done, DeskError>,
    ) -> Result<Done, DeskError> {
        match outcome {
            Err(DeskError::Refused { refusal, .. }) if is_no_seat(&refusal) => {
                let next_room = match self.seated_as(key, command).await? {
                    Some(source) => self.next_room(key, source, &refusal).await?.map(Box::new),
                    None => None,
                };
                Err(DeskError::Refused { refusal, next_room })
            }
            other => other,
        }
    }

    /// As what a command asks for a seat: a booking's own source, or that of the token that waits for one.
    async fn seated_as(&self, key: DayKey, command: &Command) -> Result<Option<Source>, DeskError> {
        match command {
            Command::Book(book) => Ok(Some(book.source)),
            Command::SetStatus(SetStatus { token, .. }) => {
                self.look(key, |snapshot| snapshot.day.token(*token).map(|token| token.source)).await
            }
            _ => Ok(None),
        }
    }

    async fn day_of(&self, facility: FacilityId, request: &BookRequest) -> Result<DayKey, DeskError> {
        self.doctor(facility, request.doctor).await?;
        let date = match (request.slot, request.date) {
            (None, None) => self.today(facility).await?,
            (None, Some(date)) => date,
            (Some(slot), date) => {
                let day = self.store.slot_day(facility, slot).await?.ok_or(DeskError::Unknown("slot"))?;
                if day.doctor != request.doctor || date.is_some_and(|date| date != day.date) {
                    return Err(Refusal::SlotUnknown(slot).into());
                }
                day.date
            }
        };
        Ok(DayKey { facility, doctor: request.doctor, date })
    }

    /// The engine says which slot has room; this only reads slots for it, page by page.
    async fn next_room(
        &self,
        key: DayKey,
        source: Source,
        refusal: &Refusal,
    ) -> Result<Option<DatedSlot>, DeskError> {
        if let Refusal::NoSeat { next: Some(next), .. } = refusal {
            let slot = self.look(key, |snapshot| snapshot.day.slot(*next).cloned()).await?;
            return Ok(slot.map(|slot| DatedSlot { day: key, slot }));
        }
        let zone = self.facility(key.facility).await?.facility.zone.clone();
        let tomorrow = key.date.max(self.today(key.facility).await?).checked_add(1.day());
        let (Ok(from), true) = (tomorrow, source != Source::Emergency) else { return Ok(None) };
        let Ok(to) = from.checked_add(LOOK_AHEAD_DAYS.days()) else { return Ok(None) };
        let mut query =
            SlotQuery { doctor: Some(key.doctor), from, to, after: None, limit: LOOK_AHEAD_SLOTS };
        loop {
            let page = self.store.slot_list(key.facility, &query, &zone).await?;
            if let Some(slot) = next_room(page.iter().map(|dated| &dated.slot), source, self.now()) {
                let found = page.iter().find(|dated| dated.slot.id == slot.id);
                return Ok(found.cloned());
            }
            match page.last() {
                Some(last) if page.len() == LOOK_AHEAD_SLOTS as usize => {
                    query.after = Some((last.day.date, last.slot.window.start(), last.slot.id));
                }
                _ => return Ok(None),
            }
        }
    }
}
