//! One's own token, by the code of its page: found, followed to other doctors and dates, and given back.

use std::sync::Arc;
use std::time::Duration;

use baari_desk::{DeskError, Done, Order};
use baari_engine::{Command, DayKey, TokenId};
use jiff::ToSpan;

use super::whereabouts::{Place, is_gone};
use crate::access::Here;
use crate::app::App;
use crate::failure::{Answer, Failure};
use crate::live::views;
use crate::problem::{self, Problem};
use crate::wire::Own;

/// For so many days after its date the code of a token's page can be used.
const CODE_LASTS_DAYS: i64 = 1;
/// How often, and after what pause, a token is looked for that the database has and this server does not know yet: longer in
/// all than it takes to hear of what another server did.
const CATCH_UP_LOOKS: usize = 20;
const CATCH_UP_PAUSE: Duration = Duration::from_millis(50);

/// A token that its patient follows.
pub(crate) struct Follow {
    pub(crate) token: TokenId,
    at: Option<DayKey>,
}

/// What a look at it shows.
pub(crate) enum Seen {
    Is(Now),
    /// Its day is long over.
    Over,
    /// There is no such token.
    Unknown,
}

/// Where it is now, and how it stands there.
pub(crate) struct Now {
    pub(crate) day: DayKey,
    version: u64,
    minute: i64,
    pub(crate) own: Arc<Own>,
}

impl Now {
    /// What a stream's message about it is known by.
    pub(crate) fn stamp(&self) -> String {
        format!("{}.{}.{}.{}", self.day.doctor, self.day.date, self.version, self.minute)
    }
}

impl Follow {
    /// The token whose page has this code.
    ///
    /// # Errors
    /// There is none.
    pub(crate) async fn code(app: &App, code: &str) -> Answer<(Here, Self)> {
        let unknown = || Problem::new(problem::TOKEN_UNKNOWN, "there is no token with this code");
        let (facility, token) = app.access.token_of(code).await?.ok_or_else(unknown)?;
        Ok((Here::of_patient(app, facility), Self { token, at: None }))
    }

    /// How it is now. Where it was is looked at first; if it is not there any more, where the database has it. The database may
    /// know of a booking or a move a moment before this server does.
    pub(crate) async fn look(&mut self, here: &Here) -> Answer<Seen> {
        let before = self.at.take().into_iter().map(Some);
        for before in before.chain(std::iter::repeat_n(None, CATCH_UP_LOOKS)) {
            let found = match before {
                Some(at) => Some(at),
                None => here.desk.store().token_day(here.facility, self.token).await?,
            };
            let Some(day) = found else { return Ok(Seen::Unknown) };
            if is_over(here, day).await? {
                return Ok(Seen::Over);
            }
            let ((version, minute), views) = views(here, day).await?;
            if let Some(own) = views.tokens.get(&self.token) {
                self.at = found;
                return Ok(Seen::Is(Now { day, version, minute, own: Arc::clone(own) }));
            }
            if before.is_none() {
                tokio::time::sleep(CATCH_UP_PAUSE).await;
            }
        }
        Err(Problem::new(problem::BUSY, "this token has just changed: try again in a moment").into())
    }
}

/// A code is of use until the day after the visit is over.
async fn is_over(here: &Here, day: DayKey) -> Answer<bool> {
    let last = day.date.saturating_add(CODE_LASTS_DAYS.days());
    Ok(here.desk.today(here.facility).await? > last)
}

/// Does this with one's own token, wherever it is by then: whoever has the code has leave, for this token and no other, and a
/// few times only (every change is news to the doctor's console and the desk).
pub(crate) async fn with_own(here: &Here, token: TokenId, command: Command) -> Answer<Done> {
    let order = Order { command, actor: here.actor(), if_match: None, keyed: None };
    let mut place = Place::find(here, token).await?;
    // Only of tokens that there are: nobody fills the memory with others.
    here.access.count_own(token, &order.command)?;
    loop {
        if is_over(here, place.day).await? {
            return Err(DeskError::Unknown("token").into());
        }
        let outcome = here.desk.execute(place.day, &order).await.map_err(Failure::from);
        if !place.has_changed(here, is_gone(&outcome)).await? {
            return outcome;
        }
    }
}
