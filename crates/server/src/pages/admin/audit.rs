//! Who did, saw and took away what of whom.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use baari_engine::PatientId;
use baari_store::{Patient, PatientQuery, User};
use form_urlencoded::Serializer;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::{DOCTORS_MAX, Part, parts};
use crate::access::Here;
use crate::api::{TrailParams, trail_page};
use crate::body::Params;
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};
use crate::pages::texts::Texts;
use crate::wire::{TrailBody, typed};

/// Entries of a page.
const LINES: usize = 50;
/// Pages that are looked through for one kind of entry before the reader is asked whether to go on.
const LOOKS: usize = 20;
/// People of the list to choose from.
const USERS_MAX: u32 = 500;
/// Keys whose names are told.
const KEYS_MAX: u32 = 500;
/// Patients to choose from when several are meant.
const PATIENTS_MAX: u32 = 8;
/// What can stand in the trail as done: a test finds what is missing here, or has no words.
pub const ACTIONS: &[&str] = &[
    "audit_exported",
    "audit_read",
    "delay_said",
    "doctor_added",
    "doctor_changed",
    "doctor_left",
    "facility_added",
    "key_made",
    "key_revoked",
    "password_changed",
    "password_reset",
    "patient_added",
    "patient_changed",
    "patient_erased",
    "patient_exported",
    "patient_found",
    "patient_read",
    "queue_read",
    "schedule_added",
    "schedule_removed",
    "setting_changed",
    "sign_in_refused",
    "signed_in",
    "signed_out",
    "signed_out_everywhere",
    "slot_added",
    "slot_changed",
    "token_arrived",
    "token_became_booked",
    "token_became_waitlisted",
    "token_booked",
    "token_called",
    "token_cancelled",
    "token_completed",
    "token_earlier_agreed",
    "token_moved",
    "token_moved_away",
    "token_moved_in",
    "token_no_show",
    "token_passed",
    "token_placed",
    "token_promoted",
    "token_read",
    "token_recalled",
    "token_renumbered",
    "token_started",
    "token_undone",
    "token_waitlisted",
    "user_added",
    "user_changed",
    "waitlist_read",
];

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
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct Audit {
    shell: Shell,
    parts: Vec<Part>,
    sought: Sought,
    users: Vec<User>,
    /// Of doctors, users and keys.
    names: HashMap<uuid::Uuid, String>,
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
        let t = self.shell.t;
        let named = |word: &str| match word.parse::<uuid::Uuid>() {
            Ok(id) => self.names.get(&id).cloned().unwrap_or_else(|| "…".to_owned()),
            Err(_) if t.has("thing", word) => t.one_of("thing", word).to_string(),
            Err(_) => word.parse().map_or_else(|_| word.to_owned(), |date: Date| t.date_of_year(date)),
        };
        line.subject.split(' ').map(named).collect::<Vec<_>>().join(" ")
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
        line.detail.split_inclusive([' ', ',', ':']).map(|part| word(t, part)).collect()
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
        let Sought { user, action, from, to, .. } = &self.sought;
        let all = [
            ("patient", patient),
            ("user", user),
            ("action", action),
            ("from", from),
            ("to", to),
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

/// A word of an entry, with what follows it, in this language if it has one for it.
fn word(t: Texts, part: &str) -> String {
    let name = part.trim_end_matches([' ', ',', ':']);
    let last = name.rsplit('.').next().unwrap_or(name);
    let families =
        [("field", last), ("role", name), ("admin-scope", name), ("thing", name), ("admin-user-state", name)];
    let known = families.into_iter().find(|(family, member)| !member.is_empty() && t.has(family, member));
    known.map_or_else(
        || part.to_owned(),
        |(family, member)| format!("{}{}", t.one_of(family, member), &part[name.len()..]),
    )
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
        ..TrailParams::default()
    };
    let export = export(&params);
    let (mut lines, mut next) = (Vec::new(), None);
    if !asked_for_one || params.patient_id.is_some() {
        (lines, next) = trail(&here, params, &sought.action).await?;
    }
    let users = here.desk.store().user_list(here.facility, None, USERS_MAX).await?;
    let names = names(&here, &users).await?;
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

/// Of doctors, users and keys: whom the trail can be about.
async fn names(here: &Here, users: &[User]) -> Answer<HashMap<uuid::Uuid, String>> {
    let store = here.desk.store();
    let doctors = store.doctor_list(here.facility, None, DOCTORS_MAX).await?;
    let keys = store.key_list(here.facility, None, KEYS_MAX).await?;
    let doctors = doctors.into_iter().map(|doctor| (doctor.id.as_uuid(), doctor.name));
    let users = users.iter().map(|user| (user.id.as_uuid(), user.called.clone()));
    Ok(doctors.chain(users).chain(keys.into_iter().map(|key| (key.id.as_uuid(), key.name))).collect())
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

/// The entries of this kind, looked for through several pages of the trail.
async fn trail(
    here: &Here,
    mut params: TrailParams,
    action: &str,
) -> Answer<(Vec<TrailBody>, Option<String>)> {
    let (mut lines, mut next) = (Vec::new(), None);
    for _ in 0..LOOKS {
        let page = trail_page(here, &params).await?;
        lines.extend(page.items.into_iter().filter(|line| action.is_empty() || line.action == action));
        next.clone_from(&page.next);
        params.after = page.next;
        if lines.len() >= LINES || next.is_none() {
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
    fn fields_have_the_readers_words() {
        let told = |t: Texts, text: &str| {
            text.split_inclusive([' ', ',', ':']).map(|part| word(t, part)).collect::<String>()
        };
        let hindi = Texts::named("hi").expect("a language");
        assert_eq!(told(hindi, "name, phone"), "नाम, फ़ोन");
        assert_eq!(told(hindi, "room: x"), "कमरा: x");
        assert_eq!(told(Texts::english(), "name, of nobody"), "Name, of nobody");
    }

    #[test]
    fn dates_are_the_facilitys() {
        let zone = TimeZone::get("Asia/Kolkata").expect("a zone");
        let instant = |later| midnight("from", "2026-02-02", later, &zone).ok().flatten();
        assert_eq!(instant(0).as_deref(), Some("2026-02-01T18:30:00Z"));
        assert_eq!(instant(1).as_deref(), Some("2026-02-02T18:30:00Z"));
    }
}
