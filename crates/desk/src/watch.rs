//! Notices what other servers did on the same database: reads the feed of events, which works through every pooler.

use std::collections::{HashMap, HashSet};
use std::sync::Weak;
use std::time::Duration;

use baari_engine::{DayKey, FacilityId};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::pending::Outcome;

/// Events read at a time.
const PAGE: u32 = 1_000;

/// Runs until the desk is gone.
pub(crate) async fn run(desk: Weak<Desk>, every: Duration) {
    // Up to which event each facility's feed has been read.
    let mut seen = HashMap::new();
    loop {
        tokio::time::sleep(every).await;
        let Some(desk) = desk.upgrade() else { return };
        for (facility, version) in desk.facilities.versions() {
            if let Err(error) = look(&desk, &mut seen, facility, version).await {
                tracing::warn!(%error, "could not look for other servers' changes");
            }
        }
    }
}

async fn look(
    desk: &Desk,
    seen: &mut HashMap<FacilityId, u64>,
    facility: FacilityId,
    version: u64,
) -> Result<(), DeskError> {
    if desk.store.facility_version(facility).await? != version {
        let before = desk.facility(facility).await?.facility.zone.clone();
        desk.facilities.forget(facility);
        if desk.facility(facility).await?.facility.zone != before {
            desk.reload(facility);
        }
        desk.changes.tell_all(facility);
    }
    let Some(seen) = seen.get_mut(&facility) else {
        // What is in memory may be older than the first look: everything live is looked at once.
        let head = desk.store.event_head(facility).await?;
        let keys: Vec<DayKey> = desk.days().keys().filter(|key| key.facility == facility).copied().collect();
        refresh(desk, facility, keys.into_iter().collect()).await?;
        seen.insert(facility, head);
        return Ok(());
    };
    loop {
        let events = desk.store.event_list(facility, *seen, PAGE).await?;
        let Some(last) = events.last() else { return Ok(()) };
        refresh(desk, facility, events.iter().map(|event| event.day).collect()).await?;
        *seen = last.number;
        if events.len() < PAGE as usize {
            return Ok(());
        }
    }
}

/// Those of these doctor-days that are in memory as they were before are loaded anew.
async fn refresh(desk: &Desk, facility: FacilityId, days: HashSet<DayKey>) -> Result<(), DeskError> {
    let live: Vec<_> = {
        let known = desk.days();
        days.iter().filter_map(|key| known.get(key).map(std::sync::Arc::clone)).collect()
    };
    let keys: Vec<_> = live.iter().map(|live| (live.key.doctor, live.key.date)).collect();
    if !keys.is_empty() {
        let versions = desk.store.day_versions(facility, &keys).await?;
        for live in &live {
            let DayKey { doctor, date, .. } = live.key;
            let newest = versions.iter().find(|(d, on, _)| (*d, *on) == (doctor, date));
            let newest = newest.map_or(0, |(.., version)| *version);
            let settled = live.lock().map(|state| (state.is_durable(), state.newest.version()));
            // While something is under way its own commit finds out. One that is still being loaded may have been read before.
            if settled.is_none_or(|(durable, version)| durable && version < newest) {
                desk.bury(live, &Outcome::Again);
            }
        }
    }
    days.into_iter().for_each(|key| desk.changes.tell(key));
    Ok(())
}
