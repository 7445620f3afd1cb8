//! `Idempotency-Key`: the same request, sent again, gets the same answer, also when both come at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use baari_engine::FacilityId;
use tokio::sync::OwnedMutexGuard;

use crate::desk::Desk;
use crate::error::DeskError;

type Name = (FacilityId, String);

/// Keys whose requests are under way.
#[derive(Default)]
pub(crate) struct Keys(Arc<Mutex<HashMap<Name, Arc<tokio::sync::Mutex<()>>>>>);

/// Held while a request with a key is under way; the same key waits.
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
        let name = (facility, key.to_owned());
        let turn = {
            let mut keys = self.keys.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(keys.entry(name.clone()).or_default())
        };
        let mut guard = KeyGuard { name, turn: None, keys: Arc::clone(&self.keys.0) };
        guard.turn = Some(turn.lock_owned().await);
        self.not_repeated(facility, key, fingerprint).await?;
        Ok(guard)
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
