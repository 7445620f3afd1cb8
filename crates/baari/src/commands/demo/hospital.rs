//! The demonstration's hospital: its doctors and their hours, the people who work there, the keys of its screens. Made by the
//! desk's own doors, as an administrator would make it.

use std::sync::Arc;

use anyhow::Context;
use baari_access::{Action, Credential, CredentialKind, Secret, Who};
use baari_desk::{Desk, DeskError, NewDoctor, random};
use baari_engine::{AuditId, DoctorId, FacilityId, KeyId, PatientId, SlotTemplate, WeeklyHours};
use baari_server::Demo;
use baari_sim::{Habit, Practice};
use baari_store::{Along, AuditRow, Key, Role, ScheduleRule};
use jiff::SignedDuration;
use jiff::civil::{Time, Weekday};

use crate::console::{Console, NewUser};

/// What the hospital is called.
pub(super) const NAME: &str = "City Hospital";
/// When doctors begin.
pub(super) const OPENS: Time = Time::constant(9, 0, 0, 0);
/// When the last slot ends.
pub(super) const CLOSES: Time = Time::constant(13, 0, 0, 0);
const SLOT_MINUTES: u16 = 60;
/// Seats for emergencies beside those for everybody, as in the reference day.
const BUFFER: u32 = 2;
const MEAN_VISIT_MINUTES: u16 = 6;
/// Open on these days.
pub(super) const WEEKDAYS: [Weekday; 6] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
];
/// How long the keys of the screens are good for.
const KEYS_LAST: SignedDuration = SignedDuration::from_hours(24 * 3650);

/// The doctors: two of one speciality, one of whom leaves around noon, one who takes a break, one who comes late.
pub(super) const PRACTICES: [Practice; 6] = [
    practice("Dr Rao", "General medicine", 10.0, 10, Habit::Plain),
    practice("Dr Khan", "Orthopaedics", 12.0, 9, Habit::Breaks),
    practice("Dr Iyer", "General medicine", 8.0, 10, Habit::Leaves),
    practice("Dr Banerjee", SEES_CHILDREN, 10.0, 10, Habit::Late { minutes_min: 20.0 }),
    practice("Dr Gill", "Ear, nose and throat", 8.0, 10, Habit::Plain),
    practice("Dr Fernandes", "Skin", 6.0, 10, Habit::Plain),
];
/// The speciality whose patients are children.
pub(super) const SEES_CHILDREN: &str = "Paediatrics";
const ROOMS: [&str; PRACTICES.len()] = ["3", "5", "4", "7", "8", "9"];
const SIGN_IN_NAMES: [&str; PRACTICES.len()] = ["rao", "khan", "iyer", "banerjee", "gill", "fernandes"];

const fn practice(
    name: &'static str,
    speciality: &'static str,
    walk_ins: f64,
    max_count: u32,
    habit: Habit,
) -> Practice {
    Practice { name, speciality, walk_ins, max_count, habit }
}

/// The hospital, as those who act in it know it.
pub(super) struct Hospital {
    pub(super) desk: Arc<Desk>,
    pub(super) facility: FacilityId,
    pub(super) doctors: Vec<DoctorId>,
    /// Who is said to have done what the town does: a program with a key.
    pub(super) actor: String,
}

impl Hospital {
    /// Makes it, and what visitors come in by.
    pub(super) async fn make(
        desk: Arc<Desk>,
        console: &Console,
        facility: FacilityId,
    ) -> anyhow::Result<(Self, Demo)> {
        let (town, _) = key(&desk, facility, "The town", &[], &[]).await?;
        let mut hospital = Self { desk, facility, doctors: Vec::new(), actor: Who::Key(town).to_string() };
        hospital.add_doctors().await.context("making the doctors")?;
        let (desk, doctors) = (&hospital.desk, &hospital.doctors);
        let (_, board) = key(desk, facility, "The board in the corridor", &["board_read"], doctors).await?;
        let kiosk_may = Action::KIOSK.map(Action::name);
        let (_, kiosk) = key(desk, facility, "The kiosk", &kiosk_may, &[]).await?;
        for (name, called, role) in [
            ("asha", "Asha", Role::Reception),
            ("sunil", "Sunil", Role::Supervisor),
            ("admin", "Anita", Role::Admin),
        ] {
            add_user(console, facility, name, called, role, None).await?;
        }
        for ((practice, name), doctor) in PRACTICES.iter().zip(SIGN_IN_NAMES).zip(&hospital.doctors) {
            add_user(console, facility, name, practice.name, Role::Doctor, Some(*doctor)).await?;
        }
        Ok((hospital, Demo { board, kiosk }))
    }

    async fn add_doctors(&mut self) -> Result<(), DeskError> {
        for (practice, room) in PRACTICES.iter().zip(ROOMS) {
            let new = NewDoctor {
                name: practice.name.to_owned(),
                speciality: practice.speciality.to_owned(),
                room: room.to_owned(),
                mean_visit_minutes: MEAN_VISIT_MINUTES,
            };
            let along = |id: DoctorId| self.along("doctor_added", None, format!("doctor {id}"));
            let doctor = self.desk.doctor_add(self.facility, new, |doctor| along(doctor.id)).await?.id;
            let template = SlotTemplate {
                start: OPENS,
                end: CLOSES,
                slot_minutes: SLOT_MINUTES,
                max_count: practice.max_count,
                hard_limit: practice.max_count + BUFFER,
            };
            for weekday in WEEKDAYS {
                let hours = WeeklyHours { weekday, template, valid_from: None, valid_to: None };
                let rule = ScheduleRule::Weekly(hours);
                let along = |_: &_| self.along("schedule_added", None, format!("doctor {doctor}"));
                self.desk.schedule_add(self.facility, doctor, rule, String::new(), along).await?;
            }
            self.doctors.push(doctor);
        }
        Ok(())
    }

    /// How the trail tells it.
    pub(super) fn along(&self, action: &str, patient: Option<PatientId>, subject: String) -> Along {
        let row = AuditRow {
            id: AuditId::from_uuid(self.desk.mint_id()),
            at: self.desk.now(),
            actor: self.actor.clone(),
            action: action.to_owned(),
            patient,
            subject,
            detail: String::new(),
            address: String::new(),
        };
        Along { audit: vec![row], ..Along::default() }
    }
}

/// Nobody has a password: people come in by a click, and by nothing else.
async fn add_user(
    console: &Console,
    facility: FacilityId,
    name: &str,
    called: &str,
    role: Role,
    doctor: Option<DoctorId>,
) -> anyhow::Result<()> {
    let (name, called) = (name.to_owned(), called.to_owned());
    let new = NewUser { name, called, role, doctor, hashed: None, must_change: false, subject: None };
    console.user_add(facility, new).await.map(drop)
}

/// A key for a program or a screen, and what it shows.
async fn key(
    desk: &Desk,
    facility: FacilityId,
    name: &str,
    scopes: &[&str],
    doctors: &[DoctorId],
) -> anyhow::Result<(KeyId, String)> {
    let credential = Credential::new(CredentialKind::Key, facility, random());
    let (id, now) = (KeyId::from_uuid(desk.mint_id()), desk.now());
    let key = Key {
        id,
        name: name.to_owned(),
        digest: credential.digest(),
        scopes: scopes.iter().map(ToString::to_string).collect(),
        doctors: doctors.to_vec(),
        created_at: now,
        expires_at: now + KEYS_LAST,
        revoked_at: None,
    };
    desk.store().key_put(facility, &key, &Along::default()).await.context("making a key")?;
    Ok((id, credential.reveal()))
}

/// The hospital begins with this secret.
pub(super) async fn begin(console: &Console, secret: &Secret) -> anyhow::Result<FacilityId> {
    let zone = jiff::tz::TimeZone::get(ZONE).context("the time zones that are built in")?;
    let made = console.facility_add("main", NAME, zone, Some(secret)).await?;
    Ok(made
        .context("this folder holds a hospital already: a demonstration begins with its own, so name an empty folder, or none")?
        .id)
}

/// India, as in the reference day.
pub(super) const ZONE: &str = "Asia/Kolkata";
