//! The same day through a desk and a real store: every decision is committed before the next one is made, and in the end
//! the store must remember the day as it was played.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result, ensure};
use baari_desk::{Clock, Config, Desk, DeskError, Order};
use baari_engine::{Command, Day, DayKey, Decision, DoctorStatus, FacilityId, PatientStatus, Scene};
use baari_sim::{Executor, Failure, Scenario};
use baari_store::{Along, Doctor, Facility, Group, Patient, PatientWrite};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::database::Database;

/// A desk on a store, with a clock that stands where the replay puts it.
pub(super) struct Stored {
    runtime: Runtime,
    desk: Arc<Desk>,
    hand: Arc<AtomicI64>,
    facility: FacilityId,
    /// The days as the decisions make them, to be compared with what the store remembers.
    played: BTreeMap<DayKey, Day>,
    _folder: Option<TempDir>,
}

impl Stored {
    pub(super) fn open(store: &str, scenario: &Scenario) -> Result<Self> {
        let runtime = Runtime::new()?;
        let folder =
            if store == "sqlite" { Some(TempDir::new().context("making a temporary folder")?) } else { None };
        let database = match &folder {
            Some(folder) => Database::sqlite(folder.path()),
            None => runtime.block_on(Database::postgres(store)),
        };
        let database = database.context("--store takes sqlite or postgres://…")?;
        // The new facility gets an id of today: the oldest one is the hospital that `serve` opens.
        let hand = Arc::new(AtomicI64::new(Clock::system().now().as_microsecond()));
        let config = Config { clock: Clock::by_hand(Arc::clone(&hand)), ..Config::default() };
        let made = async {
            let desk = Desk::open(Arc::clone(&database.store), config);
            let facility = make(&desk, scenario).await?;
            anyhow::Ok((desk, facility))
        };
        let (desk, facility) = runtime.block_on(made).context("making the simulated hospital")?;
        Ok(Self { runtime, desk, hand, facility, played: BTreeMap::new(), _folder: folder })
    }

    /// What the store remembers is what was played.
    pub(super) fn compare(&self) -> Result<()> {
        for (key, played) in &self.played {
            let zone = self.runtime.block_on(self.desk.facility_get(self.facility))?.zone;
            let kept = self.runtime.block_on(self.desk.store().day_load(*key, &zone))?;
            ensure!(kept == *played, "the store remembers the day of doctor {} differently", key.doctor);
        }
        Ok(())
    }
}

impl Executor for Stored {
    fn execute(&mut self, scenes: &[Scene<'_>], command: &Command) -> Result<Vec<Decision>, Failure> {
        let (day, on) = (scenes[0].day, &scenes[0].on);
        self.hand.store(on.now.as_microsecond(), Ordering::Release);
        let keys: Vec<DayKey> =
            scenes.iter().map(|scene| DayKey { facility: self.facility, ..scene.day.key() }).collect();
        let order = Order {
            command: command.clone(),
            actor: "simulate".into(),
            if_match: Some(day.version()),
            keyed: None,
        };
        let done = match self.runtime.block_on(self.desk.execute_together(&keys, &order)) {
            Ok(done) => done,
            Err(DeskError::Refused { refusal, .. }) => return Err(Failure::Refused(refusal)),
            Err(error) => return Err(Failure::Broken(error.to_string())),
        };
        for (key, decision) in done.decisions() {
            self.played.entry(key).or_insert_with(|| Day::empty(key)).apply(decision);
        }
        let of = |(key, scene): (&DayKey, &Scene<'_>)| {
            let found = done.decisions().find(|(changed, _)| changed == key);
            found.map_or_else(|| Decision::nothing(scene.day), |(_, decision)| decision.clone())
        };
        Ok(keys.iter().zip(scenes).map(of).collect())
    }
}

/// A facility of its own, with the scenario's doctors and patients.
async fn make(desk: &Desk, scenario: &Scenario) -> Result<FacilityId> {
    let ids = scenario.ids()?;
    let slug = format!("simulated-{}", desk.mint_id().simple());
    let name = format!("Simulated: {}", scenario.name);
    let facility = desk.facility_new(slug, name, scenario.zone.clone());
    let facility = Facility { settings: scenario.settings.clone(), ..facility };
    desk.store().facility_put(&facility, &Along::default()).await?;
    for (index, doctor) in scenario.doctors.iter().enumerate() {
        let doctor = Doctor {
            id: ids.doctor(index),
            name: doctor.name.clone(),
            speciality: doctor.speciality.clone(),
            room: String::new(),
            letter: format!("D{index}"),
            status: DoctorStatus::Active,
            mean_visit_minutes: doctor.mean_visit_minutes,
            created_at: desk.now(),
        };
        desk.doctor_put(facility.id, &doctor, &Along::default()).await?;
    }
    let patient = |(index, patient): (usize, &baari_sim::Patient)| PatientWrite {
        facility: facility.id,
        patient: Patient {
            id: ids.patient(index),
            name: patient.name.clone(),
            phone: String::new(),
            status: PatientStatus::Active,
            previous_doctor: None,
            mrn: None,
            abha: None,
            sex: None,
            birth_year: None,
            erased_at: None,
            created_at: desk.now(),
        },
        along: Along::default(),
    };
    let patients = scenario.patients.iter().enumerate().map(patient).collect();
    desk.store().commit(Group { patients, ..Group::default() }).await?;
    Ok(facility.id)
}
