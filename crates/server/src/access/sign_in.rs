//! Signing in by name and password, and out again. Guessing is slowed down where it does not hurt those who work here
//! (`baari_access::Attempts`); passwords are checked one at a time in each of two lanes, so that the desk keeps a core.

use std::convert::Infallible;
use std::mem::discriminant;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use baari_access::{Browser, Credential, CredentialKind, Device, Lane, Who, password};
use baari_engine::{AuditId, Command, FacilityId, TokenId};
use baari_store::{Along, AuditRow, Ended, Facility, Session, User};
use jiff::SignedDuration;
use tokio::time::{Duration, Instant};

use super::here::{Caller, NO_ADDRESS};
use super::{Access, LASTS};
use crate::address::ClientAddress;
use crate::failure::Answer;
use crate::problem::{self, Problem};

/// `__Host-`: the browser sends it over an encrypted connection (or loopback), to this host, and to nobody else.
pub(super) const SESSION: &str = "__Host-baari";
const BROWSER: &str = "__Host-baari-browser";
/// How long a browser is remembered.
const BROWSER_LASTS: SignedDuration = SignedDuration::from_hours(24 * 90);
/// How long somebody waits for their password to be checked before being told to come back.
const CHECK_PATIENCE: Duration = Duration::from_secs(10);
/// After a stranger's password was checked the next one waits this many times as long as that took: however many guess, from
/// however many addresses, they get a fifth of one core.
const STRANGERS_PAUSE: u32 = 4;
/// Characters of a browser's own description that are kept.
const AGENT_CHARACTERS: usize = 120;

/// From where somebody wants to come in.
pub(crate) struct Door {
    pub(crate) address: IpAddr,
    /// Whose attempts are counted together: the address, or its network.
    pub(crate) network: IpAddr,
    pub(crate) browser: Option<String>,
    pub(crate) agent: String,
}

impl Door {
    fn new(headers: &HeaderMap, address: IpAddr, network: IpAddr) -> Self {
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let agent = agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARACTERS).collect();
        Self { address, network, browser: cookie(headers, BROWSER).map(str::to_owned), agent }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Door {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let client = ClientAddress::of(&parts.extensions);
        Ok(Self::new(&parts.headers, client.0, client.network()))
    }
}

/// What the browser shows of a session.
pub(super) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION)
}

pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

pub(super) fn set_cookie(name: &str, value: &str, lasts: SignedDuration) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax", lasts.as_secs());
    HeaderValue::from_str(&text).expect("a cookie of ours is letters, digits and hyphens")
}

/// The browser forgets its session.
pub(crate) fn clear_cookie() -> HeaderValue {
    set_cookie(SESSION, "", SignedDuration::ZERO)
}

impl Access {
    /// Checks a name and a password, and opens a session: who it is, and the cookies that the browser keeps.
    pub(crate) async fn sign_in(
        &self,
        slug: Option<&str>,
        name: &str,
        password: String,
        door: &Door,
    ) -> Answer<(Facility, User, [HeaderValue; 2])> {
        let name = name.trim().to_lowercase();
        let facility = self.facility_named(slug).await?;
        // One account, whether its facility is named or not.
        let named = facility.as_ref().map_or(slug.unwrap_or_default(), |facility| &facility.slug);
        let account = self.secret.account(named, &name);
        let now = self.now();
        let browser = door.browser.as_deref().and_then(|text| self.secret.known_browser(text, now));
        let device = browser.as_ref().and_then(|browser| browser.device(account));
        let lane = self.admit(device, account, door.network)?;
        let found = self.found(facility.as_ref(), &name, password, lane).await;
        // An outage says nothing about who wants to come in.
        let (user, right) =
            found.inspect_err(|_| self.attempts().withdrawn(device, account, door.network))?;
        let (Some(facility), Some(user), true) = (&facility, &user, right) else {
            self.refused(facility.as_ref(), user.as_ref(), door).await;
            let detail =
                "name and password don't go together: try again, or ask an administrator to reset it";
            return Err(Problem::new(problem::SIGN_IN_WRONG, detail).into());
        };
        self.attempts().succeeded(device, account, door.network);
        let session = self.open_session(facility.id, user, door).await?;
        let browser = browser.unwrap_or_else(|| Browser::new(self.desk.random())).with(account);
        let remembered = self.secret.browser(&browser, now + BROWSER_LASTS);
        let cookies = [set_cookie(SESSION, &session, LASTS), set_cookie(BROWSER, &remembered, BROWSER_LASTS)];
        Ok((facility.clone(), user.clone(), cookies))
    }

    /// Who has this name, and whether this is their password.
    async fn found(
        &self,
        facility: Option<&Facility>,
        name: &str,
        password: String,
        lane: Lane,
    ) -> Answer<(Option<User>, bool)> {
        let user = match facility {
            Some(facility) => self.desk.store().user_by_name(facility.id, name).await?,
            None => None,
        };
        let kept = user.as_ref().filter(|user| user.active).and_then(|user| user.password.clone());
        let right = self.check(lane, password, kept).await?;
        Ok((user, right))
    }

    /// A session of somebody who has shown who they are.
    pub(super) async fn open_session(
        &self,
        facility: FacilityId,
        user: &User,
        door: &Door,
    ) -> Answer<String> {
        let (credential, now) =
            (Credential::new(CredentialKind::Session, facility, self.desk.random()), self.now());
        let session = Session {
            digest: credential.digest(),
            user: user.id,
            created_at: now,
            seen_at: now,
            address: shown(door.address),
            agent: door.agent.clone(),
        };
        let along = Along { audit: vec![self.entry(user, "signed_in", door)], ..Along::default() };
        let store = self.desk.store();
        store.session_put(facility, &session, &along).await?;
        // Whoever was disabled, or was given another password, while this one was checked does not come in by it.
        let now = store.user_get(facility, user.id).await?;
        if now.is_none_or(|now| !now.active || now.password != user.password) {
            store.session_end(facility, Ended::One(session.digest), &Along::default()).await?;
            let detail = "the password has just become another one: try again";
            return Err(Problem::new(problem::SIGN_IN_WRONG, detail).into());
        }
        Ok(credential.reveal())
    }

    /// Lets somebody who is signed in try the current password; whoever has found a session can't try many.
    pub(crate) fn admit_change(&self, user: &User) -> Answer<()> {
        let door = self.own_door(user);
        self.admit(Some(door), door.account, NO_ADDRESS).map(drop)
    }

    /// The current password was right.
    pub(crate) fn knew(&self, user: &User) {
        let door = self.own_door(user);
        self.attempts().succeeded(Some(door), door.account, NO_ADDRESS);
    }

    fn own_door(&self, user: &User) -> Device {
        Device { account: self.secret.account("own password", &user.id.to_string()), nonce: [0; 16] }
    }

    /// Checks a password, one at a time in each lane.
    pub(crate) async fn check(&self, lane: Lane, password: String, kept: Option<String>) -> Answer<bool> {
        let turns = match lane {
            Lane::Known => &self.known_lane,
            Lane::Stranger => &self.strangers_lane,
        };
        let busy = || Problem::new(problem::BUSY, "many want to sign in at once: try again in a moment");
        let turn = Arc::clone(turns).acquire_owned();
        let turn = tokio::time::timeout(CHECK_PATIENCE, turn).await.map_err(|_| busy())?;
        let turn = turn.map_err(|_| busy())?;
        // The turn goes along: whoever hangs up does not let the next one in before the work is done.
        let check = move || {
            let begun = Instant::now();
            let right = password::is_right(&password, kept.as_deref());
            if lane == Lane::Stranger {
                let pause = begun.elapsed() * STRANGERS_PAUSE;
                tokio::spawn(async move {
                    tokio::time::sleep(pause).await;
                    drop(turn);
                });
            }
            right
        };
        Ok(tokio::task::spawn_blocking(check).await.map_err(|_| busy())?)
    }

    /// What is kept of a new password.
    pub(crate) async fn hash(&self, password: String) -> Answer<String> {
        let salt = self.desk.random();
        let hash = move || password::hash(&password, salt);
        let busy = |_| Problem::new(problem::BUSY, "the server is stopping: try again in a moment");
        Ok(tokio::task::spawn_blocking(hash).await.map_err(busy)?)
    }

    pub(super) fn admit(&self, device: Option<Device>, account: [u8; 32], network: IpAddr) -> Answer<Lane> {
        let admitted = self.attempts().admit(device, account, network, self.now());
        Ok(admitted.map_err(|wait| {
            let seconds = wait.as_secs() + 1;
            let detail =
                format!("there were too many attempts to sign in: wait {seconds} seconds and try again");
            Problem::new(problem::SIGN_IN_TOO_OFTEN, detail).retry_after(seconds)
        })?)
    }

    pub(super) fn attempts(&self) -> std::sync::MutexGuard<'_, baari_access::Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The trail says that somebody tried an account that there is. (What was typed for a name may be a password.)
    async fn refused(&self, facility: Option<&Facility>, user: Option<&User>, door: &Door) {
        if let Some((facility, user)) = facility.zip(user) {
            let row = self.entry(user, "sign_in_refused", door);
            // The answer must be the same for a name that there is and for one that there is not.
            if let Err(error) = self.desk.store().audit_append(facility.id, &[row]).await {
                tracing::warn!(%error, "a refused sign-in could not be written down");
            }
        }
    }

    fn entry(&self, user: &User, action: &str, door: &Door) -> AuditRow {
        AuditRow {
            id: AuditId::from_uuid(self.desk.mint_id()),
            at: self.desk.now(),
            actor: Who::User(user.id).to_string(),
            action: action.to_owned(),
            patient: None,
            subject: format!("user {}", user.id),
            detail: String::new(),
            address: shown(door.address),
        }
    }

    /// Counts a change against what this caller may do in a second. On an open server all callers are one, and on this computer.
    pub(super) fn count_change(&self, who: Who) -> Answer<()> {
        if who == Who::Open {
            return Ok(());
        }
        Ok(self.changes.check_key(&who).map_err(|_| {
            let detail = "you change more in a second than one can: wait a second and go on";
            Problem::new(problem::TOO_MANY_REQUESTS, detail).retry_after(1)
        })?)
    }

    /// Counts a change that a patient makes to their own token; each kind for itself, so that whoever ticks and unticks a box can
    /// still give the place back.
    pub(crate) fn count_own(&self, token: TokenId, command: &Command) -> Answer<()> {
        Ok(self.own_changes.check_key(&(token, discriminant(command))).map_err(|_| {
            let detail = "this was changed just now, several times: wait a little and do it once more";
            Problem::new(problem::TOO_MANY_REQUESTS, detail).retry_after(10)
        })?)
    }

    /// Whether a caller of a moment ago would still be let in, and would be the same.
    pub(super) async fn still(&self, caller: &Caller) -> bool {
        let Some(digest) = caller.digest else { return true };
        let facility = caller.principal.facility;
        let now = match caller.principal.who {
            Who::Key(_) => self.principal(CredentialKind::Key, facility, &digest).await,
            _ => self.session_of(facility, &digest).await,
        };
        match now {
            Ok(now) => now.is_some_and(|now| now == caller.principal),
            // While nobody knows, they stay.
            Err(_) => true,
        }
    }
}

fn shown(address: IpAddr) -> String {
    if address.is_loopback() { String::new() } else { address.to_string() }
}
