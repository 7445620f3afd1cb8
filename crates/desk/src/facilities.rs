//! Facilities and their doctors, kept in memory until their version changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use baari_engine::{DoctorId, FacilityId, Settings};
use baari_store::{Along, Doctor, Facility, StoreError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::pending::Outcome;

/// What the first facility is called in addresses and at sign-in.
const FIRST_SLUG: &str = "main";

/// A facility as it was when last looked at.
pub(crate) struct FacilityState {
    pub(crate) facility: Facility,
    doctors: Mutex<HashMap<DoctorId, Arc<Doctor>>>,
}

impl FacilityState {
    /// The date there.
    pub(crate) fn date(&self, at: Timestamp) -> Date {
        self.facility.zone.to_datetime(at).date()
    }
}

#[derive(Default)]
pub(crate) struct Facilities(RwLock<Known>);

#[derive(Default)]
struct Known {
    states: HashMap<FacilityId, Arc<FacilityState>>,
    /// How often anything was forgotten: what was read before that may be old.
    forgotten: u64,
}

impl Facilities {
    /// What is known, and how often anything was forgotten so far.
    fn get(&self, id: FacilityId) -> (Option<Arc<FacilityState>>, u64) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (known.states.get(&id).cloned(), known.forgotten)
    }

    /// Keeps what was read, unless something was forgotten since.
    fn put(&self, state: Arc<FacilityState>, forgotten: u64) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.forgotten == forgotten {
            known.states.insert(state.facility.id, state);
        }
    }

    /// Forgets a facility; it is read again when it is next needed.
    pub(crate) fn forget(&self, id: FacilityId) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.states.remove(&id);
        known.forgotten += 1;
    }

    /// Those in memory, with their versions.
    pub(crate) fn versions(&self) -> Vec<(FacilityId, u64)> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.states.values().map(|state| (state.facility.id, state.facility.version)).collect()
    }
}

impl Desk {
    pub(crate) async fn facility(&self, id: FacilityId) -> Result<Arc<FacilityState>, DeskError> {
        let (known, forgotten) = self.facilities.get(id);
        if let Some(known) = known {
            return Ok(known);
        }
        let all = self.store.facility_list().await?;
        let facility =
            all.into_iter().find(|facility| facility.id == id).ok_or(DeskError::Unknown("facility"))?;
        let state = Arc::new(FacilityState { facility, doctors: Mutex::default() });
        self.facilities.put(Arc::clone(&state), forgotten);
        Ok(state)
    }

    /// The facility's record.
    ///
    /// # Errors
    /// [`DeskError::Unknown`], or the store's.
    pub async fn facility_get(&self, id: FacilityId) -> Result<Facility, DeskError> {
        Ok(self.facility(id).await?.facility.clone())
    }

    /// The version of the facility's record, which goes up with its doctors' records too.
    ///
    /// # Errors
    /// [`DeskError::Unknown`], or the store's.
    pub async fn facility_version(&self, id: FacilityId) -> Result<u64, DeskError> {
        Ok(self.facility(id).await?.facility.version)
    }

    /// The date there now.
    ///
    /// # Errors
    /// [`DeskError::Unknown`], or the store's.
    pub async fn today(&self, id: FacilityId) -> Result<Date, DeskError> {
        Ok(self.facility(id).await?.date(self.now()))
    }

    /// A doctor's record.
    ///
    /// # Errors
    /// [`DeskError::Unknown`], or the store's.
    pub async fn doctor(&self, facility: FacilityId, id: DoctorId) -> Result<Arc<Doctor>, DeskError> {
        let state = self.facility(facility).await?;
        let doctors = || state.doctors.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = doctors().get(&id) {
            return Ok(Arc::clone(known));
        }
        let doctor = self.store.doctor_get(facility, id).await?.ok_or(DeskError::Unknown("doctor"))?;
        let doctor = Arc::new(doctor);
        doctors().insert(id, Arc::clone(&doctor));
        Ok(doctor)
    }

    /// Changes a facility's name, zone or settings: `change` gets the record as it is now. One change at a time.
    ///
    /// # Errors
    /// What `change` answers; else the desk's.
    pub async fn facility_change<E: From<DeskError>>(
        &self,
        id: FacilityId,
        change: impl FnOnce(&mut Facility) -> Result<Along, E>,
    ) -> Result<Facility, E> {
        let _turn = self.turn(id, "facility").await;
        self.facilities.forget(id);
        let mut facility = self.facility(id).await?.facility.clone();
        let zone = facility.zone.clone();
        let along = change(&mut facility)?;
        self.store.facility_put(&facility, &along).await.map_err(DeskError::from)?;
        self.facilities.forget(id);
        if facility.zone != zone {
            self.reload(id);
        }
        self.changes.tell_all(id);
        Ok(facility)
    }

    /// A new facility, not kept yet, with the default settings.
    pub fn facility_new(&self, slug: String, name: String, zone: TimeZone) -> Facility {
        let id = FacilityId::from_uuid(self.mint_id());
        Facility { id, slug, name, seal: None, zone, settings: Settings::default(), version: 0 }
    }

    /// Loads the facility's doctor-days anew: their slots are at other instants in another zone.
    pub(crate) fn reload(&self, id: FacilityId) {
        let live: Vec<_> =
            self.days().values().filter(|live| live.key.facility == id).map(Arc::clone).collect();
        for live in live {
            self.bury(&live, &Outcome::Again);
        }
    }

    /// The facility with the lowest id; created with this name and zone if there is none yet.
    ///
    /// # Errors
    /// The store's.
    pub async fn first_facility(&self, name: &str, zone: TimeZone) -> Result<Facility, DeskError> {
        if let Some(first) = self.store.facility_list().await?.into_iter().min_by_key(|facility| facility.id)
        {
            return Ok(first);
        }
        let facility = self.facility_new(FIRST_SLUG.to_owned(), name.to_owned(), zone);
        match self.store.facility_put(&facility, &Along::default()).await {
            Ok(()) | Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
        // Two servers may have started at once: the first one counts for both.
        let first = self.store.facility_list().await?.into_iter().min_by_key(|facility| facility.id);
        first.ok_or(DeskError::Unknown("facility"))
    }
}
