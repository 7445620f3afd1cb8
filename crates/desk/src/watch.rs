//! Notices what other servers did on the same database: polls versions, which works through every pooler.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use baari_engine::{DayKey, DoctorId, FacilityId};
use jiff::civil::Date;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::live_day::LiveDay;
use crate::pending::Outcome;

/// Runs until the desk is gone.
pub(crate) async fn run(desk: Weak<Desk>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let Some(desk) = desk.upgrade() else { return };
        if let Err(error) = look(&desk).await {
            tracing::warn!(%error, "could not look for other servers' changes");
        }
    }
}

async fn look(desk: &Desk) -> Result<(), DeskError> {
    for (facility, version) in desk.facilities.versions() {
        if desk.store.facility_version(facility).await? != version {
            let before = desk.facility(facility).await?.facility.zone.clone();
            desk.facilities.forget(facility);
            if desk.facility(facility).await?.facility.zone != before {
                desk.reload(facility);
            }
        }
    }
    let mut settled: HashMap<FacilityId, Vec<(DoctorId, Date)>> = HashMap::new();
    let live: HashMap<DayKey, Arc<LiveDay>> =
        desk.days().iter().map(|(key, live)| (*key, Arc::clone(live))).collect();
    for (key, live) in &live {
        if live.lock().is_some_and(|state| state.is_durable()) {
            settled.entry(key.facility).or_default().push((key.doctor, key.date));
        }
    }
    for (facility, days) in settled {
        for (doctor, date, version) in desk.store.day_versions(facility, &days).await? {
            let Some(live) = live.get(&DayKey { facility, doctor, date }) else { continue };
            let behind =
                live.lock().is_some_and(|state| state.is_durable() && state.newest.version() < version);
            if behind {
                desk.bury(live, &Outcome::Again);
            }
        }
    }
    Ok(())
}
