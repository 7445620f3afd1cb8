//! The kiosk: a screen in the hall at which people give themselves a number. Others look on, so nobody's name or number is shown
//! whole, and nothing stays on the screen when its person has gone.
//!
//! Who is not known yet is sent to the desk: a record needs a name that somebody has asked for and spelled, and one that was
//! typed standing, in a queue, is the second record of somebody who has one already.

mod masked;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use baari_desk::{BookRequest, DeskError};
use baari_engine::{DoctorId, DoctorStatus, PatientFacts, PatientId, PatientStatus, Source, Status, TokenId};
use baari_store::search::phone_end;
use baari_store::{DatedToken, Doctor, Patient, TokenQuery};
use serde::Deserialize;

use self::masked::Masked;
use super::prints::Prints;
use super::shell::Reader;
use super::texts::Texts;
use crate::access::Here;
use crate::api::own::{Follow, Seen};
use crate::app::App;
use crate::body::Id;
use crate::failure::Answer;
use crate::phone::people_of;
use crate::problem::{self, Problem};
use crate::slip::{Site, Slip};
use crate::wire::label;

/// Whoever types fewer digits of a number, without the zeros before it, does not know it.
const DIGITS_LEAST: usize = 8;
/// No number has more.
const DIGITS_MAX: usize = 20;
/// Doctors to choose from: more don't fit the screen.
const DOCTORS_MAX: u32 = 24;
/// Tokens of one person on one day.
const TOKENS_MAX: u32 = 24;

/// The screen, with its first step.
#[derive(Template)]
#[template(path = "kiosk.html")]
struct Kiosk {
    t: Texts,
    all: Vec<Texts>,
    facility: String,
    printer: Option<String>,
    mm: &'static str,
}

impl Kiosk {
    /// The same kiosk, printing where it prints, in this language.
    fn query(&self, t: &Texts) -> String {
        let mut query = form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
        query.append_pair("lang", t.code()).append_pair("mm", self.mm);
        query.extend_pairs(self.printer.as_deref().map(|printer| ("printer", printer))).finish()
    }
}

pub(super) async fn page(here: Here, reader: Reader, Query(prints): Query<Prints>) -> Answer<Response> {
    let facility = here.desk.facility_get(here.facility).await?.name;
    let (t, all, mm) = (reader.texts, Texts::all(), prints.mm());
    Ok(reader.page(&Kiosk { t, all, facility, printer: prints.printer(&here), mm }))
}

/// Who of these?
#[derive(Template)]
#[template(path = "kiosk_people.html")]
struct People {
    t: Texts,
    people: Vec<Masked>,
    /// The number as it was typed; shown where it is nobody's.
    typed: String,
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).take(DIGITS_MAX).collect()
}

/// The number that was typed.
#[derive(Debug, Deserialize)]
pub(super) struct Phone {
    #[serde(default)]
    phone: String,
}

pub(super) async fn people(here: Here, reader: Reader, Query(asked): Query<Phone>) -> Answer<Response> {
    let digits = digits(&asked.phone);
    if phone_end(&digits).len() < DIGITS_LEAST {
        return Err(Problem::new(problem::PATIENT_UNKNOWN, "type the whole phone number").into());
    }
    let theirs = people_at(&here, &digits).await?;
    here.saw("patient_found", theirs.iter().map(|patient| patient.id)).await?;
    Ok(reader.part(&People { t: reader.texts, people: Masked::all(&theirs), typed: digits }))
}

/// Those in use whose number this is.
async fn people_at(here: &Here, phone: &str) -> Answer<Vec<Patient>> {
    let mut found = people_of(here, phone).await?;
    found.retain(|patient| patient.status == PatientStatus::Active);
    Ok(found)
}

/// To whom?
#[derive(Template)]
#[template(path = "kiosk_doctors.html")]
struct Doctors {
    t: Texts,
    patient: Masked,
    /// What they have for today.
    tokens: Vec<Held>,
    tiles: Vec<Tile>,
}

/// A token that somebody has already.
struct Held {
    id: TokenId,
    label: String,
    doctor: Arc<Doctor>,
    status: Status,
}

impl Held {
    /// Has not checked in with it.
    fn is_booked(&self) -> bool {
        self.status == Status::Booked
    }

    /// Was called with it, and was not there: more than a slip is needed.
    fn is_missed(&self) -> bool {
        self.status == Status::Passed
    }

    fn is_waitlisted(&self) -> bool {
        self.status == Status::Waitlisted
    }
}

/// A doctor, and when one would be called.
struct Tile {
    doctor: Doctor,
    source: &'static str,
    /// Not when there is no seat.
    at: Option<String>,
}

/// Who was chosen.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    patient: String,
}

pub(super) async fn doctors(here: Here, reader: Reader, Query(chosen): Query<Chosen>) -> Answer<Response> {
    let unknown = |_| DeskError::Unknown("patient");
    let id: PatientId = chosen.patient.parse().map_err(unknown)?;
    let patient = here.desk.patient(here.facility, id).await?;
    here.saw("patient_read", [id]).await?;
    let date = here.desk.today(here.facility).await?;
    let query =
        TokenQuery { patient: Some(id), date: Some(date), limit: TOKENS_MAX, ..TokenQuery::default() };
    let mut tokens = Vec::new();
    for dated in here.desk.store().token_list(here.facility, &query).await? {
        if dated.token.status.is_live() {
            tokens.push(held(&here, &dated).await?);
        }
    }
    let has = |doctor: DoctorId| tokens.iter().any(|held| held.doctor.id == doctor);
    let facts = here.desk.patient_facts(here.facility, id).await?;
    let mut tiles = Vec::new();
    for doctor in here.desk.store().doctor_list(here.facility, None, DOCTORS_MAX).await? {
        if doctor.status == DoctorStatus::Active && !has(doctor.id) {
            tiles.push(tile(&here, reader.texts, facts, doctor).await?);
        }
    }
    // Whom they know first, then who has time.
    tiles.sort_by_key(|tile| (tile.source != Source::FollowUp.name(), tile.at.is_none()));
    // As it stood on what was touched: whoever touched somebody else of the family sees it.
    let family = people_at(&here, &patient.phone).await?;
    let shown = Masked::all(&family).into_iter().find(|one| one.id == id);
    let patient = shown.unwrap_or_else(|| Masked::one(&patient));
    Ok(reader.part(&Doctors { t: reader.texts, patient, tokens, tiles }))
}

async fn held(here: &Here, dated: &DatedToken) -> Answer<Held> {
    let doctor = here.desk.doctor(here.facility, dated.day.doctor).await?;
    let label = label(&doctor.letter, &dated.token);
    Ok(Held { id: dated.token.id, label, doctor, status: dated.token.status })
}

/// The engine says which seat it would be; nothing is kept for anybody until they choose.
async fn tile(here: &Here, t: Texts, facts: PatientFacts, doctor: Doctor) -> Answer<Tile> {
    let source = if facts.knows(doctor.id) { Source::FollowUp } else { Source::WalkIn };
    let zone = here.desk.facility_get(here.facility).await?.zone;
    let request = BookRequest {
        patient: facts.id,
        doctor: doctor.id,
        source,
        date: None,
        slot: None,
        waitlist: false,
        override_why: None,
        checked_in: Some(true),
        earlier_ok: false,
    };
    let at = match here.desk.preview_book(here.facility, request, facts).await {
        Ok(done) => done.told.map(|told| t.said(zone.to_datetime(told.at).time())),
        Err(DeskError::Refused { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Tile { doctor, source: source.name(), at })
}

/// A number, at last.
#[derive(Template)]
#[template(path = "kiosk_token.html")]
struct Given {
    t: Texts,
    token: TokenId,
    slip: Slip,
    printer: Option<String>,
    mm: &'static str,
}

pub(super) async fn token(
    here: Here,
    site: Site,
    reader: Reader,
    Id(token): Id<TokenId>,
    Query(prints): Query<Prints>,
) -> Answer<Response> {
    let slip = Slip::read(&here, &site, token).await?;
    let (t, mm) = (reader.texts, prints.mm());
    Ok(reader.part(&Given { t, token, slip, printer: prints.printer(&here), mm }))
}

/// A slip of before, held under the scanner.
#[derive(Debug, Deserialize)]
pub(super) struct Scanned {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "kiosk_scan.html")]
struct Scan {
    t: Texts,
    held: Option<Held>,
}

pub(super) async fn scan(
    State(app): State<App>,
    here: Here,
    reader: Reader,
    Query(scanned): Query<Scanned>,
) -> Answer<Response> {
    // The code itself opens the token's page, to anybody.
    let (of, mut follow) = Follow::code(&app, &scanned.code).await?;
    let mut found = None;
    // What belongs to another hospital does not exist here.
    if of.facility == here.facility
        && let Seen::Is(now) = follow.look(&here).await?
        && now.own.token.status.is_live()
    {
        here.saw("token_read", [now.own.token.patient]).await?;
        found = Some(held(&here, &DatedToken { day: now.day, token: now.own.token.clone() }).await?);
    }
    Ok(reader.part(&Scan { t: reader.texts, held: found }))
}
