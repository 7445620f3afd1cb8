//! One doctor-day in memory: as it is decided, and as it is durable.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use baari_engine::{Day, DayKey, Decision};
use bytes::Bytes;
use tokio::sync::OnceCell;

/// A doctor-day in memory. Loaded once; dead when it turned out stale or its transaction failed, then loaded anew.
pub(crate) struct LiveDay {
    pub(crate) key: DayKey,
    pub(crate) state: OnceCell<Mutex<State>>,
    pub(crate) rendered: Mutex<Option<Rendered>>,
    /// When it was last used, by the desk's own count.
    pub(crate) used: AtomicU64,
}

pub(crate) struct State {
    /// With every decision so far. Commands run on this.
    pub(crate) newest: Day,
    /// With every committed decision. Readers see this.
    durable: Day,
    /// The decisions between the two.
    under_way: VecDeque<Decision>,
    pub(crate) alive: bool,
}

/// The last answer to a reader, for as long as it holds.
pub(crate) struct Rendered {
    pub(crate) version: u64,
    pub(crate) stamp: i64,
    pub(crate) bytes: Bytes,
}

/// A consistent, durable view of a doctor-day.
#[derive(Debug)]
pub struct Snapshot<'a> {
    /// The doctor-day.
    pub day: &'a Day,
}

impl LiveDay {
    pub(crate) fn new(key: DayKey) -> Self {
        Self { key, state: OnceCell::new(), rendered: Mutex::new(None), used: AtomicU64::new(0) }
    }

    /// The state, if it is loaded. After a panic under this lock the day is dead: nobody knows how far it came.
    pub(crate) fn lock(&self) -> Option<MutexGuard<'_, State>> {
        let state = self.state.get()?;
        match state.lock() {
            Ok(state) => Some(state),
            Err(poisoned) => {
                let mut state = PoisonError::into_inner(poisoned);
                state.alive = false;
                Some(state)
            }
        }
    }

    /// Nothing is under way: it can be forgotten.
    pub(crate) fn is_settled(&self) -> bool {
        self.lock().is_none_or(|state| state.is_durable() || !state.alive)
    }

    pub(crate) fn touch(&self, tick: u64) {
        self.used.store(tick, Ordering::Relaxed);
    }
}

impl State {
    pub(crate) fn new(day: Day) -> Self {
        Self { newest: day.clone(), durable: day, under_way: VecDeque::new(), alive: true }
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

    /// All decisions up to this version are committed.
    pub(crate) fn committed(&mut self, version: u64) {
        while let Some(decision) = self.under_way.pop_front_if(|decision| decision.made_from < version) {
            self.durable.apply(&decision);
        }
    }
}
