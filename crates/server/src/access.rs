//! Who asks: credentials become a principal here, and nothing but `guard.rs` lets a request through to its handler.
//!
//! A credential that was looked up stays known for a few seconds, so that a booking costs no further query, and a sign-out on
//! another server counts soon. When the database is away, what is known stays known for a while: the boards go on.

mod audit;
mod demo;
mod display;
#[cfg(feature = "oidc")]
pub(crate) mod elsewhere;
mod guard;
mod here;
mod known;
mod sign_in;

use std::collections::HashMap;
use std::mem::Discriminant;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use baari_access::{Attempts, Codes, Secret, Who, tag_of};
use baari_desk::{Clock, Desk};
use baari_engine::{Command, FacilityId, TokenId};
use baari_store::{Along, Ended, Facility, StoreError};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::time::{Duration, Instant};

pub(crate) use audit::Told;
pub use demo::Demo;
pub(crate) use demo::Visitor;
pub(crate) use display::{Screen, shows_key};
pub(crate) use guard::{Guarded, guard_one, whoever};
pub(crate) use here::Here;
pub(crate) use known::{IDLE, LASTS};
pub(crate) use sign_in::{Door, clear_cookie, cookie};

use crate::app::Limits;
use crate::failure::Answer;
use crate::printer::Printers;

/// How often what is over is forgotten.
const KEPT_UP: Duration = Duration::from_secs(15 * 60);
/// How long the list of facilities may be old.
const LISTED: Duration = Duration::from_secs(5);
/// A writer may save up this many seconds of changes.
const BURST_SECONDS: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");

/// What a patient may change of their own token: three times at once, then once in ten seconds.
fn own_quota() -> Quota {
    let quota = Quota::with_period(Duration::from_secs(10)).expect("10 seconds are a time");
    quota.allow_burst(NonZeroU32::new(3).expect("3 is not 0"))
}

/// Who may come in.
pub struct Access {
    desk: Arc<Desk>,
    pub(crate) secret: Secret,
    /// What sessions and attempts are counted by: the machine's time, also where the desk's clock runs faster.
    clock: Clock,
    /// On a demonstration people come in by a click.
    demo: Option<Demo>,
    /// Without sign-in, everybody works in this facility.
    open: Option<FacilityId>,
    /// The address that browsers know this server by, if it was said.
    origin: Option<String>,
    /// Where slips are printed.
    pub(crate) printers: Printers,
    known: known::Known,
    seen: audit::Seen,
    attempts: Mutex<Attempts>,
    known_lane: Arc<Semaphore>,
    strangers_lane: Arc<Semaphore>,
    changes: DefaultKeyedRateLimiter<Who>,
    /// What patients change of their own tokens.
    own_changes: DefaultKeyedRateLimiter<(TokenId, Discriminant<Command>)>,
    facilities: Mutex<Option<(Instant, Arc<Facilities>)>>,
    codes: RwLock<HashMap<FacilityId, Arc<Codes>>>,
    #[cfg(feature = "oidc")]
    elsewhere: Option<elsewhere::Elsewhere>,
}

/// All facilities, found by what names them.
struct Facilities {
    all: Vec<Facility>,
    by_tag: HashMap<[u8; 4], Vec<FacilityId>>,
}

impl Access {
    /// Closed: whoever wants anything shows who they are. `origin` is how browsers see this server (`https://baari.example`),
    /// where that is not what the `Host` header says.
    pub fn closed(desk: Arc<Desk>, secret: Secret, limits: Limits, origin: Option<String>) -> Self {
        let a_second = limits.changes_per_second;
        let quota = Quota::per_second(a_second).allow_burst(a_second.saturating_mul(BURST_SECONDS));
        Self {
            desk,
            secret,
            clock: Clock::system(),
            demo: None,
            open: None,
            origin,
            printers: Printers::default(),
            known: known::Known::default(),
            seen: audit::Seen::default(),
            attempts: Mutex::default(),
            known_lane: Arc::new(Semaphore::new(1)),
            strangers_lane: Arc::new(Semaphore::new(1)),
            changes: RateLimiter::keyed(quota),
            own_changes: RateLimiter::keyed(own_quota()),
            facilities: Mutex::default(),
            codes: RwLock::default(),
            #[cfg(feature = "oidc")]
            elsewhere: None,
        }
    }

    /// With a provider at which people sign in too. `config.redirect_url` is where browsers reach this server, and
    /// `/sign-in/oidc/done`.
    #[cfg(feature = "oidc")]
    #[must_use]
    pub fn with_provider(self, config: crate::oidc::OidcConfig) -> Self {
        Self { elsewhere: Some(elsewhere::Elsewhere::new(config)), ..self }
    }

    /// With printers for those who come in.
    #[must_use]
    pub fn with_printers(self, printers: Printers) -> Self {
        Self { printers, ..self }
    }

    /// How browsers see this server, if that was said.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Open: everybody may do everything in this facility. For development, on loopback addresses.
    pub fn open(desk: Arc<Desk>, secret: Secret, limits: Limits, facility: FacilityId) -> Self {
        Self { open: Some(facility), ..Self::closed(desk, secret, limits, None) }
    }

    /// As a demonstration.
    #[must_use]
    pub fn for_demo(self, demo: Demo) -> Self {
        Self { demo: Some(demo), ..self }
    }

    /// With sessions and attempts counted by this clock: for tests.
    #[must_use]
    pub fn by_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// What time it is for sessions, attempts and cookies.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What there is on a demonstration.
    pub(crate) fn demo(&self) -> Option<&Demo> {
        self.demo.as_ref()
    }

    /// Forgets, every now and then, what is over: sessions, and who has changed how much. Runs for ever.
    pub async fn keep_up(&self) {
        loop {
            tokio::time::sleep(KEPT_UP).await;
            self.changes.retain_recent();
            self.own_changes.retain_recent();
            self.own_changes.shrink_to_fit();
            match self.end_old_sessions().await {
                Ok(ended) => tracing::debug!(ended, "forgot sessions that are over"),
                Err(error) => tracing::warn!(%error, "could not forget sessions that are over"),
            }
        }
    }

    async fn end_old_sessions(&self) -> Result<u64, StoreError> {
        let (store, now) = (self.desk.store(), self.now());
        let (created, seen) = (now - LASTS, now - IDLE);
        let mut ended = 0;
        for facility in store.facility_list().await? {
            ended += store.session_end(facility.id, Ended::Old { created, seen }, &Along::default()).await?;
        }
        Ok(ended)
    }

    /// Whether nobody signs in.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether people can sign in at a provider too.
    pub(crate) fn has_provider(&self) -> bool {
        #[cfg(feature = "oidc")]
        return self.elsewhere.is_some();
        #[cfg(not(feature = "oidc"))]
        return false;
    }

    /// What makes and reads the codes of a facility's pages.
    pub(crate) fn codes(&self, facility: FacilityId) -> Arc<Codes> {
        if let Some(codes) = self.codes.read().unwrap_or_else(PoisonError::into_inner).get(&facility) {
            return Arc::clone(codes);
        }
        let codes = Arc::new(self.secret.codes(facility));
        self.codes.write().unwrap_or_else(PoisonError::into_inner).insert(facility, Arc::clone(&codes));
        codes
    }

    /// The token, and its facility, that a code would be of. There may be no such token.
    pub(crate) async fn token_of(&self, code: &str) -> Answer<Option<(FacilityId, TokenId)>> {
        let Some(tag) = tag_of(code) else { return Ok(None) };
        let facilities = self.facilities().await?;
        let candidates = facilities.by_tag.get(&tag).into_iter().flatten();
        Ok(candidates.copied().find_map(|id| Some((id, self.codes(id).token(code)?))))
    }

    /// The facility that is named so; the only one, if none is named.
    pub(crate) async fn facility_named(&self, slug: Option<&str>) -> Answer<Option<Facility>> {
        let facilities = self.facilities().await?;
        Ok(match slug {
            Some(slug) => facilities.all.iter().find(|facility| facility.slug == slug).cloned(),
            None if facilities.all.len() == 1 => facilities.all.first().cloned(),
            None => None,
        })
    }

    async fn facilities(&self) -> Answer<Arc<Facilities>> {
        let kept = || self.facilities.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read, facilities)) = &*kept()
            && read.elapsed() < LISTED
        {
            return Ok(Arc::clone(facilities));
        }
        let all = match self.desk.store().facility_list().await {
            Ok(all) => all,
            // While the database is away, those that were there are.
            Err(StoreError::Unavailable(why)) => {
                let old = kept().as_ref().map(|(_, facilities)| Arc::clone(facilities));
                return old.ok_or_else(|| StoreError::Unavailable(why).into());
            }
            Err(error) => return Err(error.into()),
        };
        let mut by_tag: HashMap<[u8; 4], Vec<FacilityId>> = HashMap::new();
        for facility in &all {
            by_tag.entry(self.codes(facility.id).tag()).or_default().push(facility.id);
        }
        let facilities = Arc::new(Facilities { all, by_tag });
        *kept() = Some((Instant::now(), Arc::clone(&facilities)));
        Ok(facilities)
    }
}
