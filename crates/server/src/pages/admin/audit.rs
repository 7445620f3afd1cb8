//! Who did, saw and took away what of whom.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use baari_engine::{DoctorId, KeyId, PatientId, UserId};
use baari_store::{Patient, PatientQuery, User};
use form_urlencoded::Serializer;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use uuid::Uuid;

use super::told::{ACTIONS, ENDS, told};
use super::{PEOPLE_MAX, Part, parts};
use crate::access::Here;
use crate::api::{TrailParams, trail_page};
use crate::body::Params;
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};
use crate::wire::{TrailBody, typed};

/// Entries of a page.
const LINES: u32 = 50;
/// So many are read at once at most, where few of them are shown.
const READ_MAX: u32 = 500;
/// Pages that are looked through for some kinds of entries before the reader is asked whether to go on.
const PAGES_MAX: usize = 20;
/// What changes nothing: somebody saw something. One opening of the desk is a line for each patient there, so these stand apart.
const LOOKS: [&str; 6] =
    ["audit_read", "patient_found", "patient_read", "queue_read", "token_read", "waitlist_read"];
/// Patients to choose from when several are meant.
const PATIENTS_MAX: u32 = 8;
/// What is looked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Sought {
    #[serde(default)]
    patient: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// Also who looked at what.
    #[serde(default)]
    looks: String,
    #[serde(default)]
    after: String,
}

impl Sought {
    /// Who looked at what is told of one person, or when asked for.
    fn tells_looks(&self) -> bool {
        let asked = [&self.looks, &self.patient, &self.user];
        asked.into_iter().any(|text| !text.trim().is_empty())
    }

    /// Whether entries of this kind are told.
    fn tells(&self, action: &str) -> bool {
        if self.action.is_empty() {
            self.tells_looks() || !LOOKS.contains(&action)
        } else {
            self.action == action
        }
    }
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct Audit {
    shell: Shell,
    parts: Vec<Part>,
    sought: Sought,
    users: Vec<User>,
    names: HashMap<Uuid, String>,
    /// The only one who is meant.
    about: Option<Patient>,
    /// Several patients that may be meant.
    choice: Vec<Patient>,
    /// Nobody is called like that.
    nobody: bool,
    lines: Vec<TrailBody>,
    next: Option<String>,
    export: String,
}

impl Audit {
    /// In words, where there are some.
    fn action(&self, name: &str) -> String {
        let t = self.shell.t;
        if t.has("action", name) { t.one_of("action", name).to_string() } else { name.replace('_', " ") }
    }

    fn at(&self, line: &TrailBody) -> String {
        let at = self.shell.zone.to_datetime(line.at);
        format!("{} {}", self.shell.t.date_of_year(at.date()), self.shell.t.time(at.time()))
    }

    /// What it is about, with the names of those who are known.
    fn about(&self, line: &TrailBody) -> String {
        told(self.shell.t, &self.names, &line.subject)
    }

    /// Reasons, and names of fields and of what a key may do, in the reader's language; what somebody typed stays as it is.
    fn more(&self, line: &TrailBody) -> String {
        let t = self.shell.t;
        if !line.reasons.is_empty() {
            return line.reasons.iter().map(|reason| t.reason(reason)).collect::<Vec<_>>().join(" ");
        }
        if line.action == "patient_erased" {
            return line.detail.clone();
        }
        told(t, &self.names, &line.detail)
    }

    fn who(&self, line: &TrailBody) -> String {
        let t = self.shell.t;
        let kind = line.actor.split(':').next().unwrap_or_default();
        line.actor_name.clone().unwrap_or_else(|| {
            if t.has("actor", kind) { t.one_of("actor", kind).to_string() } else { line.actor.clone() }
        })
    }

    /// The same search from somewhere else on, or with another patient.
    fn again(&self, patient: &str, after: &str) -> String {
        let Sought { user, action, from, to, looks, .. } = &self.sought;
        let all = [
            ("patient", patient),
            ("user", user),
            ("action", action),
            ("from", from),
            ("to", to),
            ("looks", looks),
            ("after", after),
        ];
        let given = all.into_iter().filter(|(_, value)| !value.is_empty());
        format!("/admin/audit?{}", Serializer::new(String::new()).extend_pairs(given).finish())
    }

    fn with_patient(&self, patient: &PatientId) -> String {
        self.again(&patient.to_string(), "")
    }

    fn further(&self, next: &str) -> String {
        self.again(&self.sought.patient, next)
    }
}

pub(crate) async fn page(here: Here, reader: Reader, Params(sought): Params<Sought>) -> Answer<Response> {
    let zone = here.desk.facility_get(here.facility).await?.zone;
    let found = patients(&here, sought.patient.trim()).await?;
    let asked_for_one = !sought.patient.trim().is_empty();
    let only = match &found[..] {
        [only] => Some(only.id.to_string()),
        _ => None,
    };
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let params = TrailParams {
        patient_id: only,
        user_id: given(&sought.user),
        from: midnight("from", &sought.from, 0, &zone)?,
        to: midnight("to", &sought.to, 1, &zone)?,
        after: given(&sought.after),
        limit: Some(LINES),
        ..TrailParams::default()
    };
    let export = export(&params);
    let (mut lines, mut next) = (Vec::new(), None);
    if !asked_for_one || params.patient_id.is_some() {
        (lines, next) = trail(&here, params, &sought).await?;
    }
    let users = here.desk.store().user_list(here.facility, None, PEOPLE_MAX).await?;
    let names = names(&here, &lines).await?;
    let shell = Shell::new(&here, &reader, "admin").await?;
    let page = Audit {
        parts: parts(&shell, "audit"),
        shell,
        sought,
        users,
        names,
        nobody: asked_for_one && found.is_empty(),
        about: (found.len() == 1).then(|| found[0].clone()),
        choice: if found.len() > 1 { found } else { Vec::new() },
        lines,
        next,
        export,
    };
    Ok(reader.page(&page))
}

/// What those are called now whom these entries name: doctors, users, keys.
async fn names(here: &Here, lines: &[TrailBody]) -> Answer<HashMap<Uuid, String>> {
    let (store, mut names) = (here.desk.store(), HashMap::new());
    for text in lines.iter().flat_map(|line| [&line.subject, &line.detail]) {
        let words: Vec<&str> = text.split(ENDS).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let Ok(id) = pair[1].parse::<Uuid>() else { continue };
            if names.contains_key(&id) {
                continue;
            }
            let name = match pair[0] {
                "doctor" => {
                    let doctor = here.desk.doctor(here.facility, DoctorId::from_uuid(id)).await;
                    doctor.ok().map(|doctor| doctor.name.clone())
                }
                "user" => store.user_get(here.facility, UserId::from_uuid(id)).await?.map(|user| user.called),
                "facility" if id == here.facility.as_uuid() => {
                    Some(here.desk.facility_get(here.facility).await?.name)
                }
                "key" => store.key_by_id(here.facility, KeyId::from_uuid(id)).await?.map(|key| key.name),
                _ => None,
            };
            names.extend(name.map(|name| (id, name)));
        }
    }
    Ok(names)
}

/// Whoever may be meant: by record number, phone or name.
async fn patients(here: &Here, text: &str) -> Answer<Vec<Patient>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let found = match text.parse::<PatientId>() {
        Ok(id) => here.desk.store().patient_get(here.facility, &[id]).await?,
        Err(_) => {
            let query = PatientQuery { text: Some(text.to_owned()), after: None, limit: PATIENTS_MAX };
            here.desk.store().patient_list(here.facility, &query).await?
        }
    };
    here.saw("patient_found", found.iter().map(|patient| patient.id)).await?;
    Ok(found)
}

/// The entries that are told, looked for through several pages of the trail. The fewer there are, the more are read at once.
async fn trail(
    here: &Here,
    mut params: TrailParams,
    sought: &Sought,
) -> Answer<(Vec<TrailBody>, Option<String>)> {
    let (mut lines, mut next) = (Vec::new(), None);
    for _ in 0..PAGES_MAX {
        let page = trail_page(here, &params).await?;
        lines.extend(page.items.into_iter().filter(|line| sought.tells(&line.action)));
        params.limit = params.limit.map(|limit| (limit * 2).min(READ_MAX));
        next.clone_from(&page.next);
        params.after = page.next;
        if lines.len() >= LINES as usize || next.is_none() {
            break;
        }
    }
    Ok((lines, next))
}

/// The beginning of a date, or of so many dates later, as an instant.
fn midnight(field: &str, date: &str, later: i64, zone: &TimeZone) -> Answer<Option<String>> {
    if date.is_empty() {
        return Ok(None);
    }
    let date = typed::<Date>(field, date)?.saturating_add(later.days());
    let at: Option<Timestamp> = date.to_zoned(zone.clone()).ok().map(|at| at.timestamp());
    Ok(at.map(|at| at.to_string()))
}

/// Where the same is as CSV.
fn export(params: &TrailParams) -> String {
    let all = [
        ("patient_id", &params.patient_id),
        ("user_id", &params.user_id),
        ("from", &params.from),
        ("to", &params.to),
    ];
    let given = all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    format!("/api/audit/export?{}", Serializer::new(String::new()).extend_pairs(given).finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_told_of_one_person_or_when_asked_for() {
        let sought = |field: &str| {
            let of = |name: &str| if name == field { "x".to_owned() } else { String::new() };
            let (patient, user, looks) = (of("patient"), of("user"), of("looks"));
            let (action, none) = (of("action"), String::new);
            Sought { patient, user, action, from: none(), to: none(), looks, after: none() }
        };
        for (field, expected) in
            [("", false), ("patient", true), ("user", true), ("looks", true), ("action", false)]
        {
            assert_eq!(sought(field).tells("queue_read"), expected, "{field}");
            assert_eq!(sought(field).tells("signed_in"), field != "action", "{field}");
        }
        assert!(LOOKS.iter().all(|look| super::super::ACTIONS.contains(look)));
    }

    #[test]
    fn dates_are_the_facilitys() {
        let zone = TimeZone::get("Asia/Kolkata").expect("a zone");
        let instant = |later| midnight("from", "2026-02-02", later, &zone).ok().flatten();
        assert_eq!(instant(0).as_deref(), Some("2026-02-01T18:30:00Z"));
        assert_eq!(instant(1).as_deref(), Some("2026-02-02T18:30:00Z"));
    }
}
