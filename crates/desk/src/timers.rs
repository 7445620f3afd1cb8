//! What happens because time has passed: the engine says when something is due, this asks for it. A command like any other,
//! so it happens once, however many servers ask.

use std::sync::{Arc, Weak};
use std::time::Duration;

use baari_engine::{Command, DayKey, next_lapse};
use jiff::ToSpan;
use tokio::task::JoinSet;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::execute::Order;
use crate::live_day::LiveDay;

/// Who is said to have done what the clock did.
const ACTOR: &str = "clock";
/// How often to look, by the machine's own time: the clock of a demonstration may run faster.
const EVERY: Duration = Duration::from_millis(250);
/// How long a server may have been away: what has become due in these days is done when it starts.
const DAYS_AWAY: i64 = 14;
/// Doctor-days in which something is done at a time.
const AT_ONCE: usize = 64;
/// After so many looks the database is asked again which doctor-days there are: somebody else may have made one, or this
/// server has just started.
const LOOKS_PER_LIST: u32 = 120;

/// Runs until the desk is gone.
pub(crate) async fn run(desk: Weak<Desk>) {
    let mut looks = 0;
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(desk) = desk.upgrade() else { return };
        let days_before = if looks == 0 { DAYS_AWAY } else { 1 };
        if looks % LOOKS_PER_LIST == 0
            && let Err(error) = load(&desk, days_before).await
        {
            tracing::warn!(%error, "could not look which doctor-days there are");
            continue;
        }
        looks += 1;
        if let Err(error) = desk.lapse().await {
            tracing::warn!(%error, "what was due could not all be done, and is tried again");
        }
    }
}

/// Today's doctor-days come into memory, and those of the days before: what ended while nobody was here is done now.
async fn load(desk: &Desk, days_before: i64) -> Result<(), DeskError> {
    for facility in desk.store().facility_list().await? {
        let today = desk.today(facility.id).await?;
        let from = today.checked_sub(days_before.days()).unwrap_or(today);
        let mut days = desk.store().day_list(facility.id, from, today).await?;
        days.sort_unstable_by_key(|(_, date)| std::cmp::Reverse(*date));
        for (doctor, date) in days.into_iter().take(desk.config.days_max / 2) {
            desk.live(DayKey { facility: facility.id, doctor, date }).await?;
        }
    }
    Ok(())
}

impl Desk {
    /// Does all that is due by now, also in doctor-days that are not in memory yet, or that another server has changed.
    ///
    /// # Errors
    /// [`DeskError`]; what could be done is done.
    pub async fn lapse_everywhere(self: &Arc<Self>) -> Result<(), DeskError> {
        load(self, 1).await?;
        let keys: Vec<DayKey> = self.days().keys().copied().collect();
        for key in keys {
            self.catch_up(key).await?;
            self.live(key).await?;
        }
        self.lapse().await
    }

    /// Does what is due by now in the doctor-days in memory.
    ///
    /// # Errors
    /// The last one of those that failed; the others are done.
    pub(crate) async fn lapse(self: &Arc<Self>) -> Result<(), DeskError> {
        let (mut due, mut outcome) = (Vec::new(), Ok(()));
        let live: Vec<Arc<LiveDay>> = self.days().values().map(Arc::clone).collect();
        for live in live {
            match is_due(self, &live).await {
                Ok(true) => due.push(live.key),
                Ok(false) => {}
                Err(error) => outcome = Err(error),
            }
        }
        for keys in due.chunks(AT_ONCE) {
            let mut lapses = JoinSet::new();
            for &key in keys {
                let desk = Arc::clone(self);
                lapses.spawn(async move {
                    let (command, actor) = (Command::Lapse, ACTOR.to_owned());
                    desk.execute(key, &Order { command, actor, if_match: None, keyed: None }).await
                });
            }
            for done in lapses.join_all().await {
                outcome = done.map(drop).and(outcome);
            }
        }
        outcome
    }
}

async fn is_due(desk: &Desk, live: &LiveDay) -> Result<bool, DeskError> {
    let (facility, now) = (desk.facility(live.key.facility).await?, desk.now());
    // Days to come have nothing due, and there may be many.
    if live.key.date > facility.date(now) {
        return Ok(false);
    }
    let settings = &facility.facility.settings;
    Ok(live.due(facility.facility.version, |day| next_lapse(day, settings)).is_some_and(|due| due <= now))
}
