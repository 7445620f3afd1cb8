//! Who looks at a doctor-day is told when it has changed: by a commit here, or by another server's.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use baari_engine::{DayKey, FacilityId};
use tokio::sync::watch;

/// For each doctor-day that somebody looks at, how often it has changed since. Nobody who is slow holds anything up: a change
/// is a number that goes up, and whoever comes late sees the last one.
#[derive(Default)]
pub(crate) struct Changes(Mutex<HashMap<DayKey, watch::Sender<u64>>>);

impl Changes {
    /// Resolves to a new value after each change, or after several.
    pub(crate) fn subscribe(&self, key: DayKey) -> watch::Receiver<u64> {
        let mut known = self.lock();
        // Whom nobody looks at any more is forgotten before somebody new is kept.
        if !known.contains_key(&key) {
            known.retain(|_, sender| sender.receiver_count() > 0);
        }
        known.entry(key).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// The doctor-days of a facility that somebody looks at.
    pub(crate) fn watched(&self, facility: FacilityId) -> Vec<DayKey> {
        let known = self.lock();
        let watched = known.iter().filter(|(_, sender)| sender.receiver_count() > 0);
        watched.map(|(key, _)| *key).filter(|key| key.facility == facility).collect()
    }

    /// How often it has changed since somebody looks at it.
    pub(crate) fn count(&self, key: DayKey) -> u64 {
        self.lock().get(&key).map_or(0, |sender| *sender.borrow())
    }

    /// The doctor-day has changed.
    pub(crate) fn tell(&self, key: DayKey) {
        let mut known = self.lock();
        if known.get(&key).is_some_and(|sender| sender.receiver_count() == 0) {
            known.remove(&key);
        }
        if let Some(sender) = known.get(&key) {
            sender.send_modify(|changes| *changes += 1);
        }
    }

    /// Something that the answers of all doctor-days of a facility rest on has changed.
    pub(crate) fn tell_all(&self, facility: FacilityId) {
        let keys: Vec<DayKey> = self.lock().keys().filter(|key| key.facility == facility).copied().collect();
        keys.into_iter().for_each(|key| self.tell(key));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DayKey, watch::Sender<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
