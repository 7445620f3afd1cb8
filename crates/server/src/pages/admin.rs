//! Where the facility is set up: doctors, their hours and slots, the rules, the people and keys, the trail. A page each, with
//! one navigation; whoever may not do what a page is for neither sees it nor gets it. Every change is a call of the API.
//!
//! A list refreshes itself after a change: it fetches its own page again and takes its part out of it.

pub(super) mod advice;
pub(super) mod audit;
pub(super) mod doctor;
pub(super) mod hours;
pub(super) mod key;
pub(super) mod leave;
mod list;
pub(super) mod setting;
pub(super) mod slot;
mod told;
pub(super) mod user;

use askama::Template;
use axum::response::Response;
use axum::routing::get;
use baari_access::Action;
use baari_engine::DoctorStatus;
use baari_store::Doctor;

pub use told::ACTIONS;

use super::Pages;
use super::shell::{Reader, Shell};
use crate::access::Here;
use crate::failure::Answer;

/// As many doctors and people as a facility can have.
const PEOPLE_MAX: u32 = 5_000;

/// The parts, each with the action that it is for.
const PARTS: [(&str, &str, Action); 7] = [
    ("doctor", "/admin/doctor", Action::DoctorChange),
    ("hours", "/admin/hours", Action::ScheduleChange),
    ("slot", "/admin/slot", Action::SlotChange),
    ("setting", "/admin/setting", Action::SettingChange),
    ("user", "/admin/user", Action::UserManage),
    ("key", "/admin/key", Action::KeyManage),
    ("audit", "/admin/audit", Action::AuditRead),
];

/// A part of the settings, in their navigation.
pub(super) struct Part {
    name: &'static str,
    address: &'static str,
    here: bool,
}

/// The parts that whoever looks at it may use.
fn parts(shell: &Shell, name: &str) -> Vec<Part> {
    let may = PARTS.into_iter().filter(|(.., action)| shell.may(*action));
    may.map(|(part, address, _)| Part { name: part, address, here: part == name }).collect()
}

/// All doctors there are and were.
async fn all_doctors(here: &Here) -> Answer<Vec<Doctor>> {
    Ok(here.desk.store().doctor_list(here.facility, None, PEOPLE_MAX).await?)
}

/// Whether this one works here.
fn is_here(doctor: &Doctor) -> bool {
    doctor.status != DoctorStatus::Inactive
}

/// The doctors who work here.
async fn doctors(here: &Here) -> Answer<Vec<Doctor>> {
    Ok(all_doctors(here).await?.into_iter().filter(is_here).collect())
}

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct Overview {
    shell: Shell,
    parts: Vec<Part>,
}

async fn overview(here: Here, reader: Reader) -> Answer<Response> {
    let shell = Shell::new(&here, &reader, "admin").await?;
    Ok(reader.page(&Overview { parts: parts(&shell, ""), shell }))
}

pub(super) fn routes(pages: Pages) -> Pages {
    use Action::{
        AuditRead, DoctorChange, DoctorLeave, KeyManage, ScheduleChange, SettingChange, SlotChange,
        UserManage,
    };
    pages
        .to(SlotChange, "/admin", get(overview))
        .to(DoctorChange, "/admin/doctor", get(doctor::page))
        .to(DoctorChange, "/admin/doctor/{id}", get(doctor::one))
        .to(ScheduleChange, "/admin/hours", get(hours::page))
        .to(ScheduleChange, "/admin/hours/advice", get(hours::advised))
        .to(DoctorLeave, "/admin/doctor/{id}/leave", get(leave::plan))
        .to(SlotChange, "/admin/slot", get(slot::page))
        .to(SlotChange, "/admin/slot/{id}", get(slot::one))
        .to(SlotChange, "/admin/slot/{id}/plan", get(slot::plan))
        .to(SettingChange, "/admin/setting", get(setting::page))
        .to(UserManage, "/admin/user", get(user::page))
        .to(UserManage, "/admin/user/{id}", get(user::one))
        .to(KeyManage, "/admin/key", get(key::page))
        .to(KeyManage, "/admin/key/far", get(key::far))
        .to(AuditRead, "/admin/audit", get(audit::page))
}
