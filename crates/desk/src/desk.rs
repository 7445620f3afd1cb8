//! The desk itself: what is live, what is pending, and the doors in.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baari_engine::DayKey;
use baari_store::Store;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore};

use crate::changes::Changes;
use crate::clock::Clock;
use crate::committer;
use crate::error::DeskError;
use crate::facilities::Facilities;
use crate::gather::Gather;
use crate::keys::{self, Keys};
use crate::live_day::{LiveDay, Rendered, Snapshot, State};
use crate::mint::{self, Mint};
use crate::pending::{DayBatch, Outcome, Pending};
use crate::{timers, watch};

/// How many of a doctor's days before say how fast the doctor works.
const PAST_DAYS: u32 = 30;

/// How a desk is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// What time it is.
    pub clock: Clock,
    /// Commands under way at once; more get [`DeskError::Busy`].
    pub commands_max: usize,
    /// Doctor-days kept in memory; beyond that the longest unused ones are forgotten.
    pub days_max: usize,
    /// How often to look for changes made by other servers on the same database; never if none.
    pub poll: Option<Duration>,
    /// Do what is due when its time has come: calls that nobody came to, slots that have ended.
    pub timers: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { clock: Clock::system(), commands_max: 8_192, days_max: 20_000, poll: None, timers: false }
    }
}

/// Executes commands on doctor-days.
pub struct Desk {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) config: Config,
    pub(crate) facilities: Facilities,
    pub(crate) keys: Keys,
    pub(crate) mint: Mint,
    pub(crate) patients: Gather,
    pub(crate) changes: Changes,
    pub(crate) admission: Arc<Semaphore>,
    pub(crate) wake: Arc<Notify>,
    pending: Mutex<Pending>,
    days: Mutex<HashMap<DayKey, Arc<LiveDay>>>,
    tick: AtomicU64,
}

impl Desk {
    /// A desk on this store. Must be called inside a tokio runtime: it starts its tasks there, and they end with it.
    pub fn open(store: Arc<dyn Store>, config: Config) -> Arc<Self> {
        let (wake, poll, timers) = (Arc::new(Notify::new()), config.poll, config.timers);
        let desk = Arc::new(Self {
            patients: Gather::start(Arc::clone(&store)),
            facilities: Facilities::default(),
            keys: Keys::default(),
            mint: Mint::default(),
            changes: Changes::default(),
            admission: Arc::new(Semaphore::new(config.commands_max)),
            wake: Arc::clone(&wake),
            pending: Mutex::default(),
            days: Mutex::default(),
            tick: AtomicU64::new(0),
            store,
            config,
        });
        tokio::spawn(committer::run(Arc::downgrade(&desk), wake));
        tokio::spawn(keys::prune(Arc::downgrade(&desk)));
        if timers {
            tokio::spawn(timers::run(Arc::downgrade(&desk)));
        }
        if let Some(poll) = poll {
            tokio::spawn(watch::run(Arc::downgrade(&desk), poll));
        }
        desk
    }

    /// What time it is here.
    pub fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    /// A new identifier, later than all before it.
    pub fn mint_id(&self) -> uuid::Uuid {
        self.mint.uuid(self.now())
    }

    /// Random bytes, for what must not be guessed.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        mint::random()
    }

    /// The store, for reading what needs no decision.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The clock.
    pub const fn clock(&self) -> &Clock {
        &self.config.clock
    }

    /// Resolves to a new value whenever the doctor-day has changed, or something that its answers rest on.
    pub fn subscribe(&self, key: DayKey) -> tokio::sync::watch::Receiver<u64> {
        self.changes.subscribe(key)
    }

    /// How often whoever looks at the doctor-day has been told: also of what leaves its version as it is, such as a name in it.
    pub fn told(&self, key: DayKey) -> u64 {
        self.changes.count(key)
    }

    /// Doctor-days in memory.
    pub fn live_days(&self) -> usize {
        self.days().len()
    }

    /// The answer that `render` makes of the durable doctor-day, with its version; kept, and given again, while version and
    /// `stamp` stay the same. The last value says whether every answer of this version, one at least, was this one.
    ///
    /// # Errors
    /// [`DeskError::Store`] when the day can't be loaded.
    pub async fn rendered(
        &self,
        key: DayKey,
        stamp: i64,
        render: impl FnOnce(Snapshot<'_>) -> Vec<u8>,
    ) -> Result<(u64, Bytes, bool), DeskError> {
        loop {
            let live = self.live(key).await?;
            let Some(state) = live.lock() else {
                self.bury(&live, &Outcome::Again);
                continue;
            };
            let day = state.durable();
            let mut kept = live.rendered.lock().unwrap_or_else(PoisonError::into_inner);
            let before = kept.take().filter(|kept| kept.version == day.version());
            let (rendered, steady) = match before {
                Some(kept) if kept.stamp == stamp => {
                    let steady = kept.steady;
                    (kept, steady)
                }
                before => {
                    let (version, bytes) =
                        (day.version(), Bytes::from(render(Snapshot { day, past: live.past() })));
                    let steady = before.as_ref().is_none_or(|before| before.steady && before.bytes == bytes);
                    (Rendered { version, stamp, bytes, steady }, steady && before.is_some())
                }
            };
            let answer = (rendered.version, rendered.bytes.clone(), steady);
            *kept = Some(rendered);
            return Ok(answer);
        }
    }

    /// Looks at the durable doctor-day.
    ///
    /// # Errors
    /// [`DeskError::Store`] when the day can't be loaded.
    pub async fn look<T>(&self, key: DayKey, look: impl FnOnce(Snapshot<'_>) -> T) -> Result<T, DeskError> {
        loop {
            let live = self.live(key).await?;
            let Some(state) = live.lock() else {
                self.bury(&live, &Outcome::Again);
                continue;
            };
            return Ok(look(Snapshot { day: state.durable(), past: live.past() }));
        }
    }

    /// Makes sure that what is in memory of a doctor-day is not behind what other servers did.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn catch_up(&self, key: DayKey) -> Result<(), DeskError> {
        if self.config.poll.is_none() {
            return Ok(());
        }
        let live = self.live(key).await?;
        let newest = self.stored_version(key).await?;
        // While something is under way its own commit finds out.
        let behind = |state: MutexGuard<'_, State>| state.is_durable() && state.newest.version() < newest;
        if live.lock().is_some_and(behind) {
            self.bury(&live, &Outcome::Again);
        }
        Ok(())
    }

    /// The version that the store has; 0 when it has none.
    pub(crate) async fn stored_version(&self, key: DayKey) -> Result<u64, DeskError> {
        let DayKey { facility, doctor, date } = key;
        let versions = self.store.day_versions(facility, &[(doctor, date)]).await?;
        Ok(versions.first().map_or(0, |(.., version)| *version))
    }

    /// The doctor-day in memory, loaded if it is not there yet.
    pub(crate) async fn live(&self, key: DayKey) -> Result<Arc<LiveDay>, DeskError> {
        let zone = self.facility(key.facility).await?.facility.zone.clone();
        let live = {
            let mut days = self.days();
            if days.len() >= self.config.days_max && !days.contains_key(&key) {
                forget_some(&mut days);
            }
            Arc::clone(days.entry(key).or_insert_with(|| Arc::new(LiveDay::new(key))))
        };
        live.touch(self.tick.fetch_add(1, Ordering::Relaxed));
        let load = async || {
            let DayKey { facility, doctor, date } = key;
            let day = self.store.day_load(key, &zone).await?;
            let past = self.store.pace_list(facility, doctor, date, PAST_DAYS).await?;
            live.past.get_or_init(|| past);
            Ok::<_, DeskError>(Mutex::new(State::new(day)))
        };
        live.state.get_or_try_init(load).await?;
        Ok(live)
    }

    /// A doctor-day that can't be trusted any more: whoever waits for it is told, and the next one loads it anew. What was to
    /// be written together with it goes the same way.
    pub(crate) fn bury(&self, live: &Arc<LiveDay>, outcome: &Outcome) {
        live.kill();
        let batches = loop {
            let mut pending = self.pending();
            let its_own = pending.days.get(&live.key).is_some_and(|batch| Arc::ptr_eq(&batch.live, live));
            let linked = if its_own { pending.linked(live.key) } else { HashSet::new() };
            let batches = || linked.iter().filter_map(|key| pending.days.get(key));
            let alive: Vec<_> = batches()
                .filter(|batch| batch.live.is_alive())
                .map(|batch| Arc::clone(&batch.live))
                .collect();
            if alive.is_empty() {
                // Nothing more is built on any of them, so what is pending now is all there is.
                pending.together.retain(|together| !together.iter().any(|key| linked.contains(key)));
                break linked.iter().filter_map(|key| pending.days.remove(key)).collect::<Vec<DayBatch>>();
            }
            drop(pending);
            alive.iter().for_each(|live| live.kill());
        };
        for batch in batches {
            batch.waiters.into_iter().for_each(|waiter| waiter.tell(outcome));
            self.forget(&batch.live);
        }
        self.forget(live);
    }

    fn forget(&self, live: &Arc<LiveDay>) {
        let mut days = self.days();
        if days.get(&live.key).is_some_and(|known| Arc::ptr_eq(known, live)) {
            days.remove(&live.key);
        }
    }

    /// Buries what was loaded in the place of this doctor-day, if anything was.
    pub(crate) fn bury_successor(&self, live: &Arc<LiveDay>) {
        let successor = self.days().get(&live.key).filter(|known| !Arc::ptr_eq(known, live)).map(Arc::clone);
        if let Some(successor) = successor {
            self.bury(&successor, &Outcome::Again);
        }
    }

    /// Forgets everything that is in memory.
    pub(crate) fn bury_all(&self, outcome: &Outcome) {
        let all: Vec<_> = self.days().values().map(Arc::clone).collect();
        for live in all {
            self.bury(&live, outcome);
        }
    }

    pub(crate) fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn days(&self) -> MutexGuard<'_, HashMap<DayKey, Arc<LiveDay>>> {
        self.days.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets the quarter of the idle doctor-days that was not used for longest.
fn forget_some(days: &mut HashMap<DayKey, Arc<LiveDay>>) {
    let idle = days.values().filter(|live| Arc::strong_count(live) == 1 && live.is_settled());
    let mut idle: Vec<_> = idle.map(|live| (live.used.load(Ordering::Relaxed), live.key)).collect();
    idle.sort_unstable_by_key(|(used, _)| *used);
    for (_, key) in idle.iter().take(days.len() / 4 + 1) {
        days.remove(key);
    }
}
