//! Executing a command: decide on the newest state, join the next group, answer when it is durable.

use std::fmt;
use std::sync::{Arc, MutexGuard};

use baari_engine::{
    Circumstances, Command, Day, DayKey, Decision, DoctorFacts, Estimator, Prediction, Refusal, Scene,
    Settings, Slot, Token, decide_together,
};
use baari_store::{Receipt, StoreError};
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::facilities::FacilityState;
use crate::live_day::{LiveDay, State};
use crate::pending::{Outcome, Part, Waiter};

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
    /// What it decided, in one with that, for other doctor-days: those that change.
    pub beside: Vec<(DayKey, Decision)>,
    /// The token that it was about, as it is now, and in which doctor-day.
    pub token: Option<(DayKey, Token)>,
    /// The slot that the token sits in.
    pub slot: Option<Slot>,
    /// When the token will be called, as predicted now.
    pub told: Option<Prediction>,
}

impl Done {
    /// All decisions, each with its doctor-day.
    pub fn decisions(&self) -> impl Iterator<Item = (DayKey, &Decision)> {
        std::iter::once((self.key, &self.decision))
            .chain(self.beside.iter().map(|(key, other)| (*key, other)))
    }
}

enum Attempt {
    Wait(Vec<oneshot::Receiver<Outcome>>, Result<Done, DeskError>),
    /// Nothing is under way, so the answer rests on what is durable.
    Now(Result<Done, DeskError>),
    Dead(Arc<LiveDay>),
}

/// A doctor-day that is decided on, and what else the decision depends on there.
struct Scenery {
    live: Arc<LiveDay>,
    doctor: DoctorFacts,
}

impl Desk {
    /// Executes a command and answers when the result, and all that it rests on, is durable.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was changed, unless the store says that it does not know.
    pub async fn execute(&self, key: DayKey, order: &Order) -> Result<Done, DeskError> {
        let outcome = self.execute_together(&[key], order).await;
        self.pointing_to_room(key, &order.command, outcome).await
    }

    /// The same for a command that may change several doctor-days, all of them or none. The first is the one that it is
    /// about; the others are where its patients may go, in order of preference.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was changed, unless the store says that it does not know.
    pub async fn execute_together(&self, keys: &[DayKey], order: &Order) -> Result<Done, DeskError> {
        let answer = self.tried(keys, order).await;
        if let (Err(DeskError::Refused { .. } | DeskError::Contended), Some(keyed)) = (&answer, &order.keyed)
        {
            // What stands in its way may be this very request, sent before: given up by its client, or on another server.
            self.not_repeated(keys[0].facility, &keyed.key, &keyed.fingerprint).await?;
        }
        if let (Ok(done), Some(keyed)) = (&answer, &order.keyed)
            && done.decisions().all(|(_, decision)| decision.changes_nothing())
        {
            // No commit holds this answer; the same request must get it again all the same.
            self.store.receipt_put(&receipt(keyed, done, self.now())).await?;
        }
        answer
    }

    /// What a command would do now. Nothing changes.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn preview(&self, keys: &[DayKey], order: &Order) -> Result<Done, DeskError> {
        let _admitted = self.admit()?;
        let facility = self.facility(keys[0].facility).await?;
        let sceneries = self.sceneries(keys).await?;
        for scenery in &sceneries {
            self.catch_up(scenery.live.key).await?;
        }
        let sceneries = self.sceneries(keys).await?;
        let (now, today) = (self.now(), facility.date(self.now()));
        let mut days = Vec::with_capacity(keys.len());
        for scenery in &sceneries {
            let state = scenery.live.lock().ok_or(DeskError::Contended)?;
            days.push(state.newest.clone());
        }
        let current = days[0].version();
        if order.if_match.is_some_and(|expected| expected != current) {
            return Err(DeskError::Changed { current });
        }
        let settings = &facility.facility.settings;
        let on = |doctor| Circumstances { now, today, settings, doctor };
        let scenes = days.iter().zip(&sceneries);
        let scenes: Vec<_> = scenes.map(|(day, scenery)| Scene { day, on: on(scenery.doctor) }).collect();
        let decisions = decide_together(&scenes, &order.command)?;
        for (day, decision) in days.iter_mut().zip(&decisions) {
            day.apply(decision);
        }
        let after: Vec<(&Day, DoctorFacts)> =
            days.iter().zip(&sceneries).map(|(day, scenery)| (day, scenery.doctor)).collect();
        Ok(describe(&after, decisions, settings, now))
    }

    /// Counts a request against the limit.
    pub(crate) fn admit(&self) -> Result<OwnedSemaphorePermit, DeskError> {
        Arc::clone(&self.admission).try_acquire_owned().map_err(|_| DeskError::Busy)
    }

    async fn sceneries(&self, keys: &[DayKey]) -> Result<Vec<Scenery>, DeskError> {
        let mut sceneries = Vec::with_capacity(keys.len());
        for &key in keys {
            let live = self.live(key).await?;
            let doctor = self.doctor(key.facility, key.doctor).await?.facts(live.past());
            sceneries.push(Scenery { live, doctor });
        }
        Ok(sceneries)
    }

    async fn tried(&self, keys: &[DayKey], order: &Order) -> Result<Done, DeskError> {
        for attempt in 0..TRIES {
            let admitted = Arc::new(self.admit()?);
            if attempt > 0
                && let Some(keyed) = &order.keyed
            {
                self.not_repeated(keys[0].facility, &keyed.key, &keyed.fingerprint).await?;
            }
            let sceneries = self.sceneries(keys).await?;
            let facility = self.facility(keys[0].facility).await?;
            match self.attempt(&sceneries, order, &facility, &admitted) {
                Attempt::Now(answer) => {
                    // An answer that commits nothing is checked by no commit.
                    if !self.any_behind(&sceneries).await? {
                        return answer;
                    }
                }
                Attempt::Dead(live) => self.bury(&live, &Outcome::Again),
                Attempt::Wait(outcomes, answer) => {
                    let mut again = false;
                    for outcome in outcomes {
                        match outcome.await {
                            Ok(Outcome::Durable) => {}
                            Ok(Outcome::Again) => again = true,
                            Ok(Outcome::Failed(error)) => return Err(error.into()),
                            Err(_) => {
                                return Err(StoreError::Unavailable("the commit was lost".to_owned()).into());
                            }
                        }
                    }
                    if !again {
                        return answer;
                    }
                }
            }
        }
        Err(DeskError::Contended)
    }

    /// The store has something newer of one of these, or it was loaded anew meanwhile: an answer from it may be out of date.
    async fn any_behind(&self, sceneries: &[Scenery]) -> Result<bool, DeskError> {
        let mut any = false;
        if self.config.poll.is_some() {
            for Scenery { live, .. } in sceneries {
                let newest = self.stored_version(live.key).await?;
                let known = live.lock().map(|state| (state.durable().version(), state.is_durable()));
                match known {
                    Some((version, _)) if version >= newest => continue,
                    // Somebody else has noticed.
                    None => {}
                    // Another server has changed it.
                    Some((_, true)) => self.bury(live, &Outcome::Again),
                    // It may be this server's own commit, which the next attempt waits for.
                    Some((_, false)) => {}
                }
                any = true;
            }
        }
        Ok(any)
    }

    fn attempt(
        &self,
        sceneries: &[Scenery],
        order: &Order,
        facility: &FacilityState,
        admitted: &Arc<OwnedSemaphorePermit>,
    ) -> Attempt {
        let mut states = match lock(sceneries) {
            Ok(states) => states,
            Err(dead) => return Attempt::Dead(dead),
        };
        // Read under the lock: in one doctor-day time never goes back from one decision to the next.
        let (now, settings) = (self.now(), &facility.facility.settings);
        let version = states[0].newest.version();
        let decided = match order.if_match {
            Some(expected) if expected != version => Err(DeskError::Changed { current: version }),
            _ => {
                let on = |doctor| Circumstances { now, today: facility.date(now), settings, doctor };
                let scenes = states.iter().zip(sceneries);
                let scenes: Vec<_> = scenes
                    .map(|(state, scenery)| Scene { day: &state.newest, on: on(scenery.doctor) })
                    .collect();
                decide_together(&scenes, &order.command).map_err(DeskError::from)
            }
        };
        let mut outcomes = Vec::with_capacity(1);
        let mut wait = || {
            let (waiter, outcome) = Waiter::new(Arc::clone(admitted));
            outcomes.push(outcome);
            waiter
        };
        let answer = match decided {
            Ok(decisions) if decisions.iter().any(|decision| !decision.changes_nothing()) => {
                let changed: Vec<usize> =
                    (0..decisions.len()).filter(|&at| !decisions[at].changes_nothing()).collect();
                let mut pending = self.pending();
                let part = |&at: &usize| {
                    let (before, live) = (&states[at].newest, &sceneries[at].live);
                    Part { before, live, decision: &decisions[at] }
                };
                pending.fold(&changed.iter().map(part).collect::<Vec<_>>(), &order.actor, now);
                for &at in &changed {
                    states[at].apply(decisions[at].clone());
                    let batch = pending.day(&sceneries[at].live);
                    batch.pace(&states[at].newest, &decisions[at]);
                    batch.waiters.push(wait());
                }
                let Some(keyed) = &order.keyed else {
                    // Nobody need wait until the answer is made.
                    drop(pending);
                    self.wake.notify_one();
                    return Attempt::Wait(
                        outcomes,
                        Ok(describe(&after(&states, sceneries), decisions, settings, now)),
                    );
                };
                let done = describe(&after(&states, sceneries), decisions, settings, now);
                pending.day(&sceneries[changed[0]].live).keep(receipt(keyed, &done, now));
                Ok(done)
            }
            other => {
                let answer =
                    other.map(|decisions| describe(&after(&states, sceneries), decisions, settings, now));
                if states.iter().all(|state| state.is_durable()) {
                    return Attempt::Now(answer);
                }
                // What was decided rests on something that is not durable yet: wait for that.
                let mut pending = self.pending();
                for (state, scenery) in states.iter().zip(sceneries) {
                    if !state.is_durable() {
                        pending.day(&scenery.live).waiters.push(wait());
                    }
                }
                answer
            }
        };
        drop(states);
        self.wake.notify_one();
        Attempt::Wait(outcomes, answer)
    }
}

/// The states of these doctor-days, locked in the order of their keys, so that nobody waits for another in a circle.
fn lock(sceneries: &[Scenery]) -> Result<Vec<MutexGuard<'_, State>>, Arc<LiveDay>> {
    let mut order: Vec<usize> = (0..sceneries.len()).collect();
    order.sort_by_key(|&at| sceneries[at].live.key);
    let mut locked = Vec::with_capacity(order.len());
    for at in order {
        let live = &sceneries[at].live;
        locked.push((at, live.lock().ok_or_else(|| Arc::clone(live))?));
    }
    locked.sort_by_key(|(at, _)| *at);
    Ok(locked.into_iter().map(|(_, state)| state).collect())
}

fn after<'a>(states: &'a [MutexGuard<'_, State>], sceneries: &[Scenery]) -> Vec<(&'a Day, DoctorFacts)> {
    states.iter().zip(sceneries).map(|(state, scenery)| (&state.newest, scenery.doctor)).collect()
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

/// What these decisions, which are in effect in these days, have done.
fn describe(
    after: &[(&Day, DoctorFacts)],
    mut decisions: Vec<Decision>,
    settings: &Settings,
    now: Timestamp,
) -> Done {
    let subject = decisions.first().and_then(|decision| decision.subject);
    let found =
        subject.and_then(|id| after.iter().find_map(|(day, doctor)| Some((*day, *doctor, day.token(id)?))));
    let slot = found.and_then(|(day, _, token)| day.slot(token.slot?));
    let told = decisions.iter().find_map(|decision| decision.told).or_else(|| {
        let ((day, doctor, token), slot) = found.zip(slot)?;
        Estimator::new(day, settings, doctor, now).of(day, token, slot)
    });
    let token = found.map(|(day, _, token)| (day.key(), token.clone()));
    let slot = slot.cloned();
    let (key, version) = (after[0].0.key(), after[0].0.version());
    let others =
        after[1..].iter().zip(decisions.drain(1..)).map(|((day, _), decision)| (day.key(), decision));
    let beside = others.filter(|(_, decision)| !decision.changes_nothing()).collect();
    Done { key, version, decision: decisions.swap_remove(0), beside, token, slot, told }
}

/// A refusal that says there is no seat for this token anywhere that day.
pub(crate) const fn is_no_seat(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::NoSeat { .. } | Refusal::NoSlots(_))
}
