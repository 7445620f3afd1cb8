//! The doctors: who they are, where they sit, how long a visit takes them.

use askama::Template;
use axum::response::Response;
use baari_engine::DoctorId;
use baari_store::Doctor;

use super::{DOCTORS_MAX, Part, parts};
use crate::access::Here;
use crate::body::Id;
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
    doctors: Vec<Doctor>,
}

pub(crate) async fn page(here: Here, reader: Reader) -> Answer<Response> {
    let doctors = here.desk.store().doctor_list(here.facility, None, DOCTORS_MAX).await?;
    let shell = Shell::new(&here, &reader, "admin").await?;
    Ok(reader.page(&Doctors { parts: parts(&shell, "doctor"), shell, doctors }))
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
