//! Who stands at the counter: found by phone, name, label, or the code on the slip; else registered.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use baari_engine::{DoctorId, PatientId, TokenId};
use baari_store::search::is_same_phone;
use baari_store::{Doctor, LastSeen, Patient, PatientQuery, Sex};
use jiff::civil::Date;
use serde::Deserialize;

use super::today::{self, Coming, Has};
use super::words::{Typed, code_in, label_in, phone};
use crate::access::Here;
use crate::body::Params;
use crate::failure::Answer;
use crate::pages::shell::Reader;
use crate::pages::texts::Texts;
use crate::phone::people_of;
use crate::wire::words;

/// People shown at once.
const HITS_MAX: u32 = 8;

/// What was typed.
#[derive(Debug, Deserialize)]
pub(in crate::pages) struct Asked {
    #[serde(default)]
    q: String,
    /// Whoever is meant is not among those found.
    new: Option<String>,
    /// Who was to be registered, when somebody with that phone was on record already.
    name: Option<String>,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    sex: String,
    /// As it is typed: the age.
    #[serde(default)]
    birth_year: String,
}

impl Asked {
    /// Who was to be registered, as the form had it.
    fn form(&self) -> Option<Typed> {
        let name = self.name.clone()?;
        let (sex, age) = (Sex::parse(&self.sex), self.birth_year.parse().ok());
        Some(Typed { name, phone: self.phone.clone(), sex, age })
    }
}

/// Who was found.
#[derive(Template)]
#[template(path = "desk_found.html")]
struct Found {
    t: Texts,
    q: String,
    /// The first letter of an emergency was typed, and nothing else.
    emergency: bool,
    /// A token of today that was scanned or named by its label.
    tokens: Vec<Scanned>,
    /// The token of a slip for another day: nobody is checked in by it.
    other_day: Option<OtherDay>,
    people: Vec<Person>,
    /// Who was typed, where others have that phone: one of the family, or the same person again.
    kin: Option<Typed>,
    /// By their names, they are others.
    others: bool,
    /// Whom to register.
    new: Option<Typed>,
    /// Those with that phone were shown, and are not meant.
    knows_kin: bool,
    this_year: i16,
    /// A code that is of no token here.
    unknown: bool,
}

struct Scanned {
    has: Has,
    name: String,
}

struct OtherDay {
    of: Scanned,
    date: String,
    /// Still to come, so that it can be moved.
    moves: bool,
}

struct Person {
    patient: Patient,
    previous: Option<String>,
    /// F 52
    about: String,
    seen: Option<String>,
    has: Vec<Has>,
    /// On later days.
    coming: Vec<Coming>,
}

impl Person {
    fn phone(&self) -> String {
        phone(&self.patient.phone)
    }
}

impl Found {
    fn is_empty(&self) -> bool {
        !self.emergency && self.tokens.is_empty() && self.people.is_empty()
    }

    /// All who were found have the phone that was typed, and none the name.
    fn is_kin(&self, typed: &Typed) -> bool {
        let name = typed.name.to_lowercase();
        let other = |person: &Person| {
            is_same_phone(&person.patient.phone, &typed.phone) && person.patient.name.to_lowercase() != name
        };
        !self.people.is_empty() && !name.is_empty() && self.people.iter().all(other)
    }

    /// Nobody who was found is called by the first name that was typed.
    fn are_others(&self, typed: &Typed) -> bool {
        let name = typed.name.to_lowercase();
        let Some(first) = name.split_whitespace().next() else { return false };
        let is = |person: &Person| {
            person.patient.name.to_lowercase().split_whitespace().any(|word| word.starts_with(first))
        };
        !self.people.iter().any(is)
    }

    /// Where whoever is none of these is registered.
    fn new_at(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("new", "1");
        if let Some(kin) = &self.kin {
            let age = kin.age.map(|age| age.to_string()).unwrap_or_default();
            query.append_pair("name", &kin.name).append_pair("phone", &kin.phone);
            query.append_pair("sex", kin.sex.map_or("", Sex::name)).append_pair("birth_year", &age);
        }
        format!("/desk/find?{}", query.finish())
    }
}

pub(in crate::pages) async fn find(
    here: Here,
    reader: Reader,
    Params(asked): Params<Asked>,
) -> Answer<Response> {
    let (t, q) = (reader.texts, words("q", &asked.q, 0, 200)?);
    let today = here.desk.today(here.facility).await?;
    let doctors = today::doctors(&here, today).await?;
    let mut found = Found {
        t,
        emergency: q.eq_ignore_ascii_case(&t.one_of("letter", "emergency").to_string()),
        tokens: Vec::new(),
        other_day: None,
        people: Vec::new(),
        kin: None,
        others: false,
        new: None,
        knows_kin: false,
        this_year: today.year(),
        unknown: false,
        q,
    };
    if let Some(code) = code_in(&found.q) {
        match scanned(&here, code).await? {
            Some((date, of)) if date == today => found.tokens.push(of),
            Some((date, of)) => {
                let moves = date > today && matches!(of.has.status, "booked" | "waitlisted");
                found.other_day = Some(OtherDay { of, date: t.date(date), moves });
            }
            None => found.unknown = true,
        }
    } else if !found.q.is_empty() || asked.name.is_some() {
        if let Some((letter, number)) = label_in(&found.q) {
            let wanted = |doctor: &Doctor, token: &baari_engine::Token| {
                doctor.letter == letter && token.token_no == number
            };
            for has in today::tokens(&here, today, &doctors, wanted).await? {
                let name = here.desk.patient(here.facility, has.patient).await?.name.clone();
                found.tokens.push(Scanned { has, name });
            }
        }
        let form = asked.form();
        let typed = form.clone().unwrap_or_else(|| Typed::parse(&found.q));
        if asked.new.is_none() {
            let patients = match &form {
                Some(form) => people_of(&here, &form.phone).await?,
                None => looked_for(&here, &found.q, &typed).await?,
            };
            found.people = people(&here, t, today, &doctors, patients).await?;
            let has_kin = form.is_some() && !found.people.is_empty();
            found.kin = (has_kin || found.is_kin(&typed)).then(|| typed.clone());
            found.others = found.are_others(&typed);
        }
        found.knows_kin = asked.new.is_some() && !typed.phone.is_empty();
        found.new = found.is_empty().then_some(typed);
    }
    let seen = found.people.iter().map(|person| person.patient.id);
    let scanned = found.tokens.iter().chain(found.other_day.as_ref().map(|other| &other.of));
    here.saw("patient_found", seen.chain(scanned.map(|token| token.has.patient))).await?;
    Ok(reader.part(&found))
}

/// The token of the code on a slip, of whatever day.
async fn scanned(here: &Here, code: &str) -> Answer<Option<(Date, Scanned)>> {
    let Some(id) = here.codes.token(code) else { return Ok(None) };
    let Some(day) = here.desk.store().token_day(here.facility, id).await? else { return Ok(None) };
    let doctor: Arc<Doctor> = here.desk.doctor(here.facility, day.doctor).await?;
    let is_it = |_: &Doctor, token: &baari_engine::Token| token.id == id;
    let found = today::tokens(here, day.date, std::slice::from_ref(&*doctor), is_it).await?;
    let Some(has) = found.into_iter().next() else { return Ok(None) };
    let name = here.desk.patient(here.facility, has.patient).await?.name.clone();
    Ok(Some((day.date, Scanned { has, name })))
}

/// By the phone number if one was typed, else by the name.
async fn looked_for(here: &Here, q: &str, typed: &Typed) -> Answer<Vec<Patient>> {
    let store = here.desk.store();
    let list = |text: &str| PatientQuery { text: Some(text.to_owned()), after: None, limit: HITS_MAX };
    let patients = store.patient_list(here.facility, &list(q)).await?;
    let part = if typed.phone.is_empty() { &typed.name } else { &typed.phone };
    if !patients.is_empty() || part.is_empty() || part == q {
        return Ok(patients);
    }
    Ok(store.patient_list(here.facility, &list(part)).await?)
}

/// What is shown of them.
async fn people(
    here: &Here,
    t: Texts,
    today: Date,
    doctors: &[Doctor],
    patients: Vec<Patient>,
) -> Answer<Vec<Person>> {
    let store = here.desk.store();
    let ids: Vec<PatientId> = patients.iter().map(|patient| patient.id).collect();
    let seen = store.patient_last_seen(here.facility, &ids, today).await?;
    let seen: HashMap<PatientId, LastSeen> = seen.into_iter().map(|seen| (seen.patient, seen)).collect();
    let theirs =
        |_: &Doctor, token: &baari_engine::Token| token.status.is_live() && ids.contains(&token.patient);
    let has = today::tokens(here, today, doctors, theirs).await?;
    let mut people = Vec::with_capacity(patients.len());
    for patient in patients {
        let mut coming = today::coming(here, t, today, patient.id).await?;
        coming.retain(|one| one.later);
        let previous = match patient.previous_doctor {
            Some(doctor) => Some(name_of(here, doctor).await?),
            None => None,
        };
        people.push(Person {
            previous,
            about: about(t, today, &patient),
            seen: seen.get(&patient.id).map(|seen| t.date(seen.date)),
            has: has.iter().filter(|has| has.patient == patient.id).cloned().collect(),
            coming,
            patient,
        });
    }
    // Whoever is expected today is asked for most.
    people.sort_by_key(|person| (person.has.is_empty(), person.coming.is_empty()));
    Ok(people)
}

async fn name_of(here: &Here, doctor: DoctorId) -> Answer<String> {
    Ok(here.desk.doctor(here.facility, doctor).await?.name.clone())
}

/// F 52, as far as it is known.
pub(in crate::pages) fn about(t: Texts, today: Date, patient: &Patient) -> String {
    let sex = patient.sex.map(|sex| t.one_of("sex", sex.name()).to_string());
    let age = patient.birth_year.map(|year| (today.year() - year).to_string());
    [sex, age].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What a page needs to know of a token that somebody asks about.
pub(super) async fn token_there_is(
    here: &Here,
    id: TokenId,
    doctor: &Doctor,
    date: Date,
) -> Answer<Option<Has>> {
    let is_it = |_: &Doctor, token: &baari_engine::Token| token.id == id;
    Ok(today::tokens(here, date, std::slice::from_ref(doctor), is_it).await?.into_iter().next())
}
