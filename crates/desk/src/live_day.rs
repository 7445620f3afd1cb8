//! One doctor-day in memory: as it is decided, and as it is durable.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use baari_engine::{Day, DayKey, DayPace, Decision};
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::OnceCell;

/// A doctor-day in memory. Loaded once; dead when it turned out stale or its transaction failed, then loaded anew.
pub(crate) struct LiveDay {
    pub(crate) key: DayKey,
    pub(crate) state: OnceCell<Mutex<State>>,
    pub(crate) rendered: Mutex<Option<Rendered>>,
    /// What the doctor's days before this one show of the pace; set before the state is.
    pub(crate) past: OnceLock<Vec<DayPace>>,
    /// When the next thing is due, for this version of the day and of the facility.
    due: Mutex<Option<(Versions, Option<Timestamp>)>>,
    /// When it was last used, by the desk's own count.
    pub(crate) used: AtomicU64,
    alive: AtomicBool,
}

/// Of a doctor-day, and of its facility.
type Versions = (u64, u64);

pub(crate) struct State {
    /// With every decision so far. Commands run on this.
    pub(crate) newest: Day,
    /// With every committed decision. Readers see this.
    durable: Day,
    /// The decisions between the two.
    under_way: VecDeque<Decision>,
}

/// The last answer to a reader, for as long as it holds.
pub(crate) struct Rendered {
    pub(crate) version: u64,
    pub(crate) stamp: i64,
    pub(crate) bytes: Bytes,
    /// Every answer of this version was this one.
    pub(crate) steady: bool,
}

/// A consistent, durable view of a doctor-day.
#[derive(Debug)]
pub struct Snapshot<'a> {
    /// The doctor-day.
    pub day: &'a Day,
    /// What the doctor's days before this one show of the pace.
    pub past: &'a [DayPace],
}

impl LiveDay {
    pub(crate) fn new(key: DayKey) -> Self {
        Self {
            key,
            state: OnceCell::new(),
            rendered: Mutex::new(None),
            past: OnceLock::new(),
            due: Mutex::new(None),
            used: AtomicU64::new(0),
            alive: AtomicBool::new(true),
        }
    }

    /// The state, if it is loaded and can be built on. After a panic under this lock it can't: nobody knows how far it came.
    pub(crate) fn lock(&self) -> Option<MutexGuard<'_, State>> {
        let state = self.state.get()?.lock().ok()?;
        self.alive.load(Ordering::Acquire).then_some(state)
    }

    /// From when this returns nothing more is built on it, also when it is still being loaded.
    pub(crate) fn kill(&self) {
        self.alive.store(false, Ordering::Release);
        // Whoever was at work on it has finished; whoever comes later sees that it is dead.
        drop(self.state.get().map(Mutex::lock));
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Acquire)
    }

    /// Nothing is under way: it can be forgotten.
    pub(crate) fn is_settled(&self) -> bool {
        self.lock().is_none_or(|state| state.is_durable())
    }

    /// All decisions up to this version are committed.
    pub(crate) fn committed(&self, version: u64) {
        if let Some(mut state) = self.lock() {
            state.committed(version);
        }
    }

    /// When the next thing of the durable day is due; computed once a version.
    pub(crate) fn due(
        &self,
        facility: u64,
        next: impl FnOnce(&Day) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let state = self.lock()?;
        let versions = (state.durable.version(), facility);
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        match *due {
            Some((known, due)) if known == versions => due,
            _ => due.insert((versions, next(&state.durable))).1,
        }
    }

    /// What the doctor's days before this one show of the pace.
    pub(crate) fn past(&self) -> &[DayPace] {
        self.past.get().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn touch(&self, tick: u64) {
        self.used.store(tick, Ordering::Relaxed);
    }
}

impl State {
    pub(crate) fn new(day: Day) -> Self {
        Self { newest: day.clone(), durable: day, under_way: VecDeque::new() }
    }

    pub(crate) const fn durable(&self) -> &Day {
        &self.durable
    }

    /// Everything that was decided is committed.
    pub(crate) fn is_durable(&self) -> bool {
        self.under_way.is_empty()
    }

    pub(crate) fn apply(&mut self, decision: Decision) {
        self.newest.apply(&decision);
        self.under_way.push_back(decision);
    }

    fn committed(&mut self, version: u64) {
        while let Some(decision) = self.under_way.pop_front_if(|decision| decision.made_from < version) {
            self.durable.apply(&decision);
        }
    }
}
