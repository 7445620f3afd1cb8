//! The doctors: who they are, where they sit, how long a visit takes them.

use askama::Template;
use axum::response::Response;
use baari_engine::DoctorId;
use baari_store::Doctor;

use super::list::{Find, Listed};
use super::{Part, all_doctors, parts};
use crate::access::Here;
use crate::body::{Id, Params};
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};
use crate::pages::texts::Texts;

/// What a doctor's status can be.
const STATUSES: [&str; 3] = ["active", "on_leave", "inactive"];

#[derive(Template)]
#[template(path = "admin/doctors.html")]
struct Doctors {
    shell: Shell,
    parts: Vec<Part>,
    list: Listed<Doctor>,
}

pub(crate) async fn page(here: Here, reader: Reader, Params(find): Params<Find>) -> Answer<Response> {
    let doctors = all_doctors(&here).await?;
    let list = Listed::new("/admin/doctor", doctors, find, |doctor| [&doctor.name, &doctor.room]);
    let shell = Shell::new(&here, &reader, "admin").await?;
    Ok(reader.page(&Doctors { parts: parts(&shell, "doctor"), shell, list }))
}

/// A doctor to be changed.
#[derive(Template)]
#[template(path = "admin/doctor.html")]
struct One {
    t: Texts,
    doctor: std::sync::Arc<Doctor>,
    statuses: [&'static str; 3],
}

pub(crate) async fn one(here: Here, reader: Reader, Id(id): Id<DoctorId>) -> Answer<Response> {
    let doctor = here.desk.doctor(here.facility, id).await?;
    Ok(reader.part(&One { t: reader.texts, doctor, statuses: STATUSES }))
}
