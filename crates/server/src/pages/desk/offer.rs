//! What a patient can have: of each doctor the seat and the time that a booking would give now. The engine says so; the desk
//! only asks it what it would decide.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use baari_access::Action;
use baari_desk::{BookRequest, DeskError, Done};
use baari_engine::{
    DoctorId, DoctorStatus, PassedOver, PatientFacts, PatientId, PatientStatus, Reason, Refusal, Source,
};
use baari_store::{DatedSlot, Doctor, Patient};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::find::{about, token_there_is};
use super::today::{self, Coming, Has};
use super::words::{hours_of, number_behind, phone};
use crate::access::Here;
use crate::body::Params;
use crate::failure::{Answer, Failure};
use crate::pages::shell::Reader;
use crate::pages::texts::Texts;
use crate::wire::typed;

/// For whom, and what is chosen so far.
#[derive(Debug, Deserialize)]
pub(in crate::pages) struct Asked {
    patient: Option<String>,
    doctor: Option<String>,
    /// Whose queue the desk shows.
    prefer: Option<String>,
    source: Option<String>,
    /// Of today, if none is chosen.
    date: Option<String>,
    /// Book it at once, if there is a seat: it was chosen before the patient was on record.
    go: Option<String>,
}

/// What is offered.
#[derive(Template)]
#[template(path = "desk_offer.html")]
struct Offers {
    t: Texts,
    /// None: an emergency whom nobody knows yet, and what it is called meanwhile.
    patient: Option<Arc<Patient>>,
    name: String,
    /// What they have, today and later.
    coming: Vec<Coming>,
    about: String,
    previous: Option<String>,
    today: Date,
    /// For which date.
    date: Date,
    /// The source that was chosen by hand, else each doctor's own.
    asked: Option<Source>,
    sources: Vec<Source>,
    offers: Vec<Offer>,
    chosen: Option<usize>,
    go: bool,
    may_override: bool,
    may_add_doctors: bool,
}

/// One doctor's.
struct Offer {
    doctor: Doctor,
    source: Source,
    seat: Result<Seat, Refused>,
}

/// The seat there would be.
struct Seat {
    label: String,
    slot: uuid::Uuid,
    hours: String,
    count: u32,
    limit: u32,
    at: Option<String>,
    band: Option<String>,
}

/// Why there is none, and what can be done instead.
struct Refused {
    why: String,
    /// Nothing but room is missing.
    no_seat: bool,
    /// With another doctor it may be different.
    elsewhere: bool,
    next: Option<Room>,
    has: Option<Has>,
}

impl Refused {
    const NOTHING: Self = Self { why: String::new(), no_seat: true, elsewhere: true, next: None, has: None };
}

/// The next slot with room.
struct Room {
    slot: uuid::Uuid,
    hours: String,
    /// Of another day than was asked for.
    date: Option<String>,
}

impl Offers {
    fn chosen(&self) -> Option<&Offer> {
        self.offers.get(self.chosen?)
    }

    /// Who of the same speciality has a seat, where the doctor who is chosen has none; and the number they are chosen by.
    fn instead(&self) -> Option<(usize, &Offer, &Seat)> {
        let chosen =
            self.chosen().filter(|chosen| chosen.seat.as_ref().is_err_and(|refused| refused.elsewhere))?;
        let speciality = chosen.doctor.speciality.to_lowercase();
        let same =
            |offer: &Offer| !speciality.is_empty() && offer.doctor.speciality.to_lowercase() == speciality;
        self.offers.iter().enumerate().find_map(|(at, offer)| {
            let seat = offer.seat.as_ref().ok().filter(|_| same(offer))?;
            Some((at + 1, offer, seat))
        })
    }

    fn phone(&self, patient: &Patient) -> String {
        phone(&patient.phone)
    }

    fn is_chosen(&self, offer: &Offer) -> bool {
        self.chosen().is_some_and(|chosen| chosen.doctor.id == offer.doctor.id)
    }

    fn with_doctor(&self, offer: &Offer) -> String {
        self.with(Some(offer.doctor.id), self.asked)
    }

    fn with_source(&self, source: &Source) -> String {
        self.with(self.chosen().map(|offer| offer.doctor.id), Some(*source))
    }

    /// The address of this offer for a date that comes with it.
    fn undated(&self) -> String {
        self.address(self.chosen().map(|offer| offer.doctor.id), self.asked, None)
    }

    /// The address of this offer with something else chosen.
    fn with(&self, doctor: Option<DoctorId>, source: Option<Source>) -> String {
        self.address(doctor, source, Some(self.date).filter(|date| *date != self.today))
    }

    fn address(&self, doctor: Option<DoctorId>, source: Option<Source>, date: Option<Date>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(patient) = &self.patient {
            query.append_pair("patient", &patient.id.to_string());
        }
        if let Some(doctor) = doctor {
            query.append_pair("doctor", &doctor.to_string());
        }
        if let Some(source) = source {
            query.append_pair("source", source.name());
        }
        if let Some(date) = date {
            query.append_pair("date", &date.to_string());
        }
        format!("/desk/offer?{}", query.finish())
    }

    fn is_source(&self, source: &Source) -> bool {
        self.chosen().is_some_and(|offer| offer.source == *source)
    }

    /// The date, if it is another one than today.
    fn on(&self) -> Option<String> {
        (self.date != self.today).then(|| self.t.date(self.date))
    }

    fn key(&self, source: &Source) -> &'static str {
        match source {
            Source::Emergency => "e",
            Source::PaidPriority => "p",
            Source::FollowUp => "f",
            Source::WalkIn => "w",
            Source::Online => "o",
        }
    }
}

pub(in crate::pages) async fn offer(
    here: Here,
    reader: Reader,
    Params(asked): Params<Asked>,
) -> Answer<Response> {
    let t = reader.texts;
    let patient = match asked.patient.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => Some(here.desk.patient(here.facility, typed::<PatientId>("patient", id)?).await?),
        None => None,
    };
    let source = asked.source.as_deref().filter(|source| !source.is_empty());
    let source: Option<Source> = source.map(|source| typed("source", source)).transpose()?;
    let source = if patient.is_none() { Some(Source::Emergency) } else { source };
    let named = |id: &Option<String>| -> Answer<Option<DoctorId>> {
        let id = id.as_deref().filter(|id| !id.is_empty());
        Ok(id.map(|id| typed("doctor", id)).transpose()?)
    };
    let (doctor, prefer) = (named(&asked.doctor)?, named(&asked.prefer)?);
    let today = here.desk.today(here.facility).await?;
    let zone = here.desk.facility_get(here.facility).await?.zone;
    let date = asked.date.as_deref().filter(|date| !date.is_empty());
    let date: Date = date.map_or(Ok(today), |date| typed("date", date))?;
    let doctors = today::doctors(&here, date).await?;
    let name = match &patient {
        Some(patient) => patient.name.clone(),
        None => next_emergency(&here, t, today, &doctors).await?,
    };
    if let Some(patient) = &patient {
        here.saw("patient_read", [patient.id]).await?;
    }
    let facts = match &patient {
        Some(patient) => here.desk.patient_facts(here.facility, patient.id).await?,
        None => PatientFacts {
            id: PatientId::from_uuid(here.desk.mint_id()),
            status: PatientStatus::Active,
            previous_doctor: None,
            last_seen_by: None,
        },
    };
    let previous = facts.last_seen_by.or(facts.previous_doctor);
    let asker = Asker { here: &here, t, today, date, zone: &zone, facts };
    let mut offers = Vec::with_capacity(doctors.len());
    for doctor in doctors {
        let usual = if facts.knows(doctor.id) { Source::FollowUp } else { Source::WalkIn };
        offers.push(asker.offer(doctor, source.unwrap_or(usual)).await?);
    }
    let chosen = choose(&offers, doctor, prefer, previous);
    let previous = offers.iter().find(|offer| previous == Some(offer.doctor.id));
    let coming = match &patient {
        Some(patient) => today::coming(&here, t, today, patient.id).await?,
        None => Vec::new(),
    };
    let has_seat = chosen.is_some_and(|chosen| offers[chosen].seat.is_ok());
    let offers = Offers {
        t,
        about: patient.as_ref().map(|patient| about(t, today, patient)).unwrap_or_default(),
        previous: previous.map(|offer| offer.doctor.name.clone()),
        coming,
        sources: if patient.is_some() { Source::ALL.to_vec() } else { Vec::new() },
        patient,
        name,
        today,
        date,
        asked: source,
        chosen,
        go: asked.go.is_some() && has_seat,
        may_override: here.require(Action::SeatOverride).is_ok(),
        may_add_doctors: here.require(Action::DoctorChange).is_ok(),
        offers,
    };
    Ok(reader.part(&offers))
}

const fn is_full(why: &Reason) -> bool {
    matches!(why, Reason::SlotPassedOver(_, PassedOver::Full { .. }))
}

/// Who is chosen at first: whoever was asked for; with whom there is a token already, so that nobody gets a second one unawares;
/// the doctor whose queue the desk shows, then the doctor of the previous visit, if there is a seat; the first with a seat.
fn choose(
    offers: &[Offer],
    asked: Option<DoctorId>,
    prefer: Option<DoctorId>,
    previous: Option<DoctorId>,
) -> Option<usize> {
    let is = |offer: &Offer, id: Option<DoctorId>| id == Some(offer.doctor.id);
    let has = |offer: &Offer| offer.seat.as_ref().is_err_and(|refused| refused.has.is_some());
    let first = |wanted: &dyn Fn(&Offer) -> bool| offers.iter().position(wanted);
    first(&|offer| is(offer, asked))
        .or_else(|| first(&has))
        .or_else(|| first(&|offer| is(offer, prefer) && offer.seat.is_ok()))
        .or_else(|| first(&|offer| is(offer, previous) && offer.seat.is_ok()))
        .or_else(|| first(&|offer| offer.seat.is_ok()))
        .or_else(|| first(&|offer| offer.doctor.status == DoctorStatus::Active))
}

struct Asker<'a> {
    here: &'a Here,
    t: Texts,
    today: Date,
    date: Date,
    zone: &'a TimeZone,
    facts: PatientFacts,
}

impl Asker<'_> {
    async fn offer(&self, doctor: Doctor, source: Source) -> Answer<Offer> {
        let request = BookRequest {
            patient: self.facts.id,
            doctor: doctor.id,
            source,
            date: Some(self.date),
            slot: None,
            waitlist: false,
            override_why: None,
            checked_in: None,
            earlier_ok: false,
        };
        let seat = match self.here.desk.preview_book(self.here.facility, request, self.facts).await {
            // A decision that seats nobody was not asked for: as good as no room.
            Ok(done) => self.seat(&doctor, &done).ok_or(Refused::NOTHING),
            Err(DeskError::Refused { refusal, next_room }) => {
                Err(self.refused(&doctor, refusal, next_room.map(|next| *next)).await?)
            }
            Err(other) => return Err(other.into()),
        };
        Ok(Offer { doctor, source, seat })
    }

    fn seat(&self, doctor: &Doctor, done: &Done) -> Option<Seat> {
        let ((_, token), slot) = done.token.as_ref().zip(done.slot.as_ref())?;
        let beyond = slot.current_count > slot.max_count;
        let clock = |at| self.t.clock(at, self.zone);
        Some(Seat {
            label: crate::wire::label(&doctor.letter, token),
            slot: slot.id.as_uuid(),
            hours: hours_of(slot.window.start(), slot.window.end()),
            count: slot.current_count,
            limit: if beyond { slot.hard_limit } else { slot.max_count },
            at: done.told.map(|told| clock(told.at)),
            band: done.told.and_then(|told| {
                let (from, to) = (clock(told.p10), clock(told.p90));
                (from != to).then(|| format!("{from}–{to}"))
            }),
        })
    }

    async fn refused(&self, doctor: &Doctor, refusal: Refusal, next: Option<DatedSlot>) -> Answer<Refused> {
        let has = match &refusal {
            Refusal::AlreadyBooked { token, .. } => {
                token_there_is(self.here, *token, doctor, self.date).await?
            }
            _ => None,
        };
        // A slot that is full may have room again; those that are over or cancelled won't.
        let no_seat = matches!(&refusal, Refusal::NoSeat { looked_at, .. } if looked_at.iter().any(is_full));
        let elsewhere = matches!(refusal, Refusal::NoSeat { .. })
            || matches!(refusal, Refusal::NoSlots(_) | Refusal::DoctorAway(_));
        let room = next.as_ref().map(|next| Room {
            slot: next.slot.id.as_uuid(),
            hours: hours_of(next.slot.window.start(), next.slot.window.end()),
            date: (next.day.date != self.date).then(|| self.t.date(next.day.date)),
        });
        let why = match &refusal {
            Refusal::NoSeat { .. } if no_seat => self.that_day("desk-full", "desk-full-on", doctor),
            Refusal::NoSeat { .. } => self.that_day("desk-over", "desk-over-on", doctor),
            Refusal::NoSlots(_) => self.that_day("desk-no-hours", "desk-no-hours-on", doctor),
            Refusal::DoctorAway(_) => self.t.say("desk-away").with("doctor", doctor.name.clone()).to_string(),
            Refusal::AlreadyBooked { .. } if has.is_some() => {
                let label = has.as_ref().map(|has| has.label.clone()).unwrap_or_default();
                self.t.say("desk-has").with("label", label).with("doctor", doctor.name.clone()).to_string()
            }
            _ => self.in_words(DeskError::Refused { refusal, next_room: next.map(Box::new) }),
        };
        Ok(Refused { why, no_seat, elsewhere, next: room, has })
    }

    /// What is so of a doctor today, or on the date that is named.
    fn that_day(&self, today: &'static str, on: &'static str, doctor: &Doctor) -> String {
        let name = doctor.name.clone();
        if self.date == self.today {
            return self.t.say(today).with("doctor", name).to_string();
        }
        self.t.say(on).with("doctor", name).with("date", self.t.date(self.date)).to_string()
    }

    fn in_words(&self, error: DeskError) -> String {
        match Failure::from(error) {
            Failure::Problem(problem) => self.t.problem(&problem),
            Failure::Repeated(_) => String::new(),
        }
    }
}

/// What somebody whom nobody knows is called until somebody does: "Emergency 1", by the next number of today.
async fn next_emergency(here: &Here, t: Texts, today: Date, doctors: &[Doctor]) -> Answer<String> {
    let is_one = |_: &Doctor, token: &baari_engine::Token| token.source == Source::Emergency;
    let mut last = 0;
    for has in today::tokens(here, today, doctors, is_one).await? {
        let patient = here.desk.patient(here.facility, has.patient).await?;
        // Whoever was at the desk before may have worked in another language.
        let numbers = Texts::all()
            .into_iter()
            .filter_map(|t| number_behind(&patient.name, &t.say("desk-emergency-name").to_string()));
        last = numbers.fold(last, u32::max);
    }
    Ok(format!("{} {}", t.say("desk-emergency-name"), last + 1))
}
