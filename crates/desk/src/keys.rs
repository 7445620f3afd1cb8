//! `Idempotency-Key`: the same request, sent again, gets the same answer, also when both come at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use baari_engine::FacilityId;
use baari_store::Receipt;
use jiff::SignedDuration;
use tokio::sync::OwnedMutexGuard;

use crate::desk::Desk;
use crate::error::DeskError;

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often the older ones are forgotten.
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);

type Name = (FacilityId, String);

/// Keys whose requests are under way.
#[derive(Default)]
pub(crate) struct Keys(Arc<Mutex<HashMap<Name, Arc<tokio::sync::Mutex<()>>>>>);

/// Held while a request with a key, or a change of a record, is under way; the same one waits.
pub struct KeyGuard {
    name: Name,
    turn: Option<OwnedMutexGuard<()>>,
    keys: Arc<Mutex<HashMap<Name, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Drop for KeyGuard {
    fn drop(&mut self) {
        self.turn.take();
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.get(&self.name).is_some_and(|turn| Arc::strong_count(turn) == 1) {
            keys.remove(&self.name);
        }
    }
}

impl Desk {
    /// Waits until no other request with this key is under way here, then checks that it was not answered before.
    ///
    /// # Errors
    /// [`DeskError::Repeated`] carries the answer given before; [`DeskError::KeyReused`] if the request was another one.
    pub async fn key_hold(
        &self,
        facility: FacilityId,
        key: &str,
        fingerprint: &[u8; 32],
    ) -> Result<KeyGuard, DeskError> {
        let guard = self.turn(facility, &format!("key {key}")).await;
        self.not_repeated(facility, key, fingerprint).await?;
        Ok(guard)
    }

    /// Waits until nobody else here works on what has this name.
    pub async fn turn(&self, facility: FacilityId, name: &str) -> KeyGuard {
        let name = (facility, name.to_owned());
        let turn = {
            let mut keys = self.keys.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(keys.entry(name.clone()).or_default())
        };
        let mut guard = KeyGuard { name, turn: None, keys: Arc::clone(&self.keys.0) };
        guard.turn = Some(turn.lock_owned().await);
        guard
    }

    /// A conflict may mean that the same request was answered by another server.
    ///
    /// # Errors
    /// [`DeskError::Repeated`] with that answer, [`DeskError::KeyReused`], or the store's.
    pub async fn not_kept(&self, receipt: Option<&Receipt>) -> Result<(), DeskError> {
        match receipt {
            Some(receipt) => self.not_repeated(receipt.facility, &receipt.key, &receipt.fingerprint).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn not_repeated(
        &self,
        facility: FacilityId,
        key: &str,
        fingerprint: &[u8; 32],
    ) -> Result<(), DeskError> {
        match self.store.receipt_get(facility, key).await? {
            None => Ok(()),
            Some(receipt) if receipt.fingerprint == *fingerprint => {
                Err(DeskError::Repeated(Box::new(receipt)))
            }
            Some(_) => Err(DeskError::KeyReused),
        }
    }
}

/// Forgets answers that are older than a week. Runs until the desk is gone.
pub(crate) async fn prune(desk: Weak<Desk>) {
    loop {
        tokio::time::sleep(PRUNE_EVERY).await;
        let Some(desk) = desk.upgrade() else { return };
        let Ok(before) = desk.now().checked_sub(KEPT) else { continue };
        for (facility, _) in desk.facilities.versions() {
            match desk.store.receipt_prune(facility, before).await {
                Ok(pruned) => tracing::debug!(pruned, "forgot old answers"),
                Err(error) => tracing::warn!(%error, "could not forget old answers"),
            }
        }
    }
}
