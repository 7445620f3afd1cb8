//! Executing a command: decide on the newest state, join the next group, answer when it is durable.

use std::fmt;
use std::sync::Arc;

use baari_engine::{Circumstances, Command, DayKey, Decision, Estimate, Refusal, Slot, Token, decide};
use baari_store::{Receipt, StoreError};
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::facilities::FacilityState;
use crate::live_day::{LiveDay, State};
use crate::pending::{Outcome, Waiter};

/// How often a command runs again when other writers are first.
const TRIES: usize = 16;

/// Makes the answer to a request, its HTTP status and body, from what was done. The desk keeps it and looks no closer.
pub type Render = Arc<dyn Fn(&Done) -> (u16, Vec<u8>) + Send + Sync>;

/// A command, and how it was asked for.
#[derive(Clone)]
pub struct Order {
    /// What to do.
    pub command: Command,
    /// Who asks.
    pub actor: String,
    /// Only if the doctor-day is at this version.
    pub if_match: Option<u64>,
    /// Keep the answer under this key.
    pub keyed: Option<Keyed>,
}

/// An `Idempotency-Key` with a digest of its request.
#[derive(Clone)]
pub struct Keyed {
    /// The key as given.
    pub key: String,
    /// The digest.
    pub fingerprint: [u8; 32],
    /// Makes the answer that is kept.
    pub render: Render,
}

impl fmt::Debug for Keyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyed").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What was done, and is durable.
#[derive(Debug, Clone)]
pub struct Done {
    /// In which doctor-day.
    pub key: DayKey,
    /// Its version now.
    pub version: u64,
    /// What the engine decided.
    pub decision: Decision,
    /// The token that it was about, as it is now.
    pub token: Option<Token>,
    /// The slot that the token sits in.
    pub slot: Option<Slot>,
    /// When the token will be called, as predicted now.
    pub estimated_at: Option<Timestamp>,
}

enum Attempt {
    Wait(oneshot::Receiver<Outcome>, Result<Done, DeskError>),
    /// Nothing is under way, so the answer rests on what is durable.
    Now(Result<Done, DeskError>),
    Dead,
}

impl Desk {
    /// Executes a command and answers when the result, and all that it rests on, is durable.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was changed, unless the store says that it does not know.
    pub async fn execute(&self, key: DayKey, order: &Order) -> Result<Done, DeskError> {
        let answer = self.tried(key, order).await;
        if let (Err(DeskError::Refused { .. } | DeskError::Contended), Some(keyed)) = (&answer, &order.keyed)
        {
            // What stands in its way may be this very request, sent before: given up by its client, or on another server.
            self.not_repeated(key.facility, &keyed.key, &keyed.fingerprint).await?;
        }
        answer
    }

    /// Counts a request against the limit.
    pub(crate) fn admit(&self) -> Result<OwnedSemaphorePermit, DeskError> {
        Arc::clone(&self.admission).try_acquire_owned().map_err(|_| DeskError::Busy)
    }

    async fn tried(&self, key: DayKey, order: &Order) -> Result<Done, DeskError> {
        for attempt in 0..TRIES {
            let admitted = self.admit()?;
            if attempt > 0
                && let Some(keyed) = &order.keyed
            {
                self.not_repeated(key.facility, &keyed.key, &keyed.fingerprint).await?;
            }
            let live = self.live(key).await?;
            let facility = self.facility(key.facility).await?;
            let doctor = self.doctor(key.facility, key.doctor).await?.facts();
            let now = self.now();
            let on = Circumstances {
                now,
                today: facility.date(now),
                settings: &facility.facility.settings,
                doctor,
            };
            match self.attempt(&live, order, &on, &facility, admitted) {
                // An answer that commits nothing is checked by no commit.
                Attempt::Now(_) if self.config.poll.is_some() && self.is_behind(&live).await? => {
                    self.bury(&live, &Outcome::Again);
                }
                Attempt::Now(answer) => return answer,
                Attempt::Dead => self.bury(&live, &Outcome::Again),
                Attempt::Wait(outcome, answer) => match outcome.await {
                    Ok(Outcome::Durable) => return answer,
                    Ok(Outcome::Again) => {}
                    Ok(Outcome::Failed(error)) => return Err(error.into()),
                    Err(_) => return Err(StoreError::Unavailable("the commit was lost".to_owned()).into()),
                },
            }
        }
        Err(DeskError::Contended)
    }

    fn attempt(
        &self,
        live: &Arc<LiveDay>,
        order: &Order,
        on: &Circumstances<'_>,
        facility: &FacilityState,
        admitted: OwnedSemaphorePermit,
    ) -> Attempt {
        let Some(mut state) = live.lock() else { return Attempt::Dead };
        let version = state.newest.version();
        let decided = match order.if_match {
            Some(expected) if expected != version => Err(DeskError::Changed { current: version }),
            _ => decide(&state.newest, on, &order.command).map_err(DeskError::from),
        };
        let (waiter, outcome) = Waiter::new(admitted);
        let answer = match decided {
            Ok(decision) if !decision.changes_nothing() => {
                let mut done = describe(&state, decision, on, facility);
                done.version = version + 1;
                let receipt = order.keyed.as_ref().map(|keyed| receipt(keyed, &done, on.now));
                let mut pending = self.pending();
                let batch = pending.day(live);
                batch.fold(&state.newest, &done.decision, &order.actor, on.now);
                receipt.into_iter().for_each(|receipt| batch.keep(receipt));
                batch.waiters.push(waiter);
                drop(pending);
                state.apply(done.decision.clone());
                Ok(done)
            }
            other => {
                let answer = other.map(|decision| describe(&state, decision, on, facility));
                if state.is_durable() {
                    return Attempt::Now(answer);
                }
                // What was decided rests on something that is not durable yet: wait for that.
                self.pending().day(live).waiters.push(waiter);
                answer
            }
        };
        drop(state);
        self.wake.notify_one();
        Attempt::Wait(outcome, answer)
    }
}

fn receipt(keyed: &Keyed, done: &Done, now: Timestamp) -> Receipt {
    let (status, body) = (keyed.render)(done);
    let Keyed { key, fingerprint, .. } = keyed;
    Receipt {
        facility: done.key.facility,
        key: key.clone(),
        fingerprint: *fingerprint,
        status,
        body,
        at: now,
    }
}

fn describe(state: &State, decision: Decision, on: &Circumstances<'_>, facility: &FacilityState) -> Done {
    let day = &state.newest;
    let token = decision.subject.and_then(|id| {
        let changed = decision.tokens.iter().find(|token| token.id == id);
        changed.or_else(|| day.token(id)).cloned()
    });
    let slot = token.as_ref().and_then(|token| token.slot).and_then(|id| {
        let changed = decision.slots.iter().find(|slot| slot.id == id);
        changed.or_else(|| day.slot(id)).cloned()
    });
    let estimated_at = token.as_ref().zip(slot.as_ref()).and_then(|(token, slot)| {
        if day.token(token.id).is_none() {
            // What a new token is promised is the estimate of this moment.
            return token.promised_at;
        }
        let settings = &facility.facility.settings;
        Estimate::new(day, on.doctor.mean_visit_minutes, on.now).of(day, token, slot, settings, on.now)
    });
    Done { key: day.key(), version: day.version(), decision, token, slot, estimated_at }
}

/// A refusal that says there is no seat for this token anywhere that day.
pub(crate) const fn is_no_seat(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::NoSeat { .. } | Refusal::NoSlots(_))
}
