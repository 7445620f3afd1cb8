//! Credentials that were looked up a moment ago.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use baari_access::{CredentialKind, Principal, Who};
use baari_engine::FacilityId;
use baari_store::StoreError;
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Duration, Instant};

use super::Access;
use crate::failure::Answer;

/// A session ends this long after it began…
pub(crate) const LASTS: SignedDuration = SignedDuration::from_hours(12);
/// … or after so long without a request.
pub(crate) const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// How often it is written down that a session was used.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(2);
/// After so long a credential is looked up again.
const FRESH: Duration = Duration::from_secs(2);
/// While the database does not answer, what was known this short a time ago still is.
const FRESH_WITHOUT_DATABASE: Duration = Duration::from_secs(15 * 60);
/// Credentials known at once.
const KNOWN_MAX: usize = 50_000;

type Digest = [u8; 32];

/// Credentials that were looked up a moment ago. What opens nothing is not kept: an attacker could fill it.
#[derive(Default)]
pub(super) struct Known(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    principals: HashMap<Digest, (Arc<Principal>, Instant)>,
    /// Of those who only look on: a look that were kept beside the others would keep a session from being noted as used.
    onlookers: HashMap<Digest, (Arc<Principal>, Instant)>,
    /// How often anybody was forgotten: what was looked up before that may be old.
    forgotten: u64,
}

impl Known {
    fn get(&self, digest: &Digest, within: Duration) -> Option<Arc<Principal>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let kept = known.principals.get(digest).filter(|(_, since)| since.elapsed() < within);
        kept.map(|(who, _)| Arc::clone(who))
    }

    fn onlooker(&self, digest: &Digest) -> Option<Arc<Principal>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let kept = known.onlookers.get(digest).filter(|(_, since)| since.elapsed() < FRESH);
        kept.map(|(who, _)| Arc::clone(who))
    }

    fn put_onlooker(&self, digest: Digest, principal: Arc<Principal>, forgotten: u64) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.forgotten == forgotten {
            if known.onlookers.len() >= KNOWN_MAX {
                known.onlookers.retain(|_, (_, since)| since.elapsed() < FRESH);
            }
            known.onlookers.insert(digest, (principal, Instant::now()));
        }
    }

    fn forgotten(&self) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).forgotten
    }

    /// Keeps what was looked up, unless anybody was forgotten since.
    fn put(&self, digest: Digest, principal: Option<Arc<Principal>>, forgotten: u64) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match principal {
            None => drop(known.principals.remove(&digest)),
            Some(_) if known.forgotten != forgotten => {}
            Some(principal) => {
                if known.principals.len() >= KNOWN_MAX {
                    known.principals.retain(|_, (_, since)| since.elapsed() < FRESH);
                }
                known.principals.insert(digest, (principal, Instant::now()));
            }
        }
    }

    /// Whatever this one shows is looked up again.
    pub(super) fn forget(&self, who: Who) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.principals.retain(|_, (principal, _)| principal.who != who);
        known.onlookers.retain(|_, (principal, _)| principal.who != who);
        known.forgotten += 1;
    }
}

impl Access {
    /// Whom the credential with this digest is of; none if it opens nothing, or nothing any more.
    pub(super) async fn principal(
        &self,
        kind: CredentialKind,
        facility: FacilityId,
        digest: &Digest,
    ) -> Answer<Option<Arc<Principal>>> {
        if let Some(known) = self.known.get(digest, FRESH) {
            return Ok(Some(known));
        }
        let forgotten = self.known.forgotten();
        match self.look_up(kind, facility, digest, true).await {
            Ok(found) => {
                let found = found.map(Arc::new);
                self.known.put(*digest, found.clone(), forgotten);
                Ok(found)
            }
            Err(StoreError::Unavailable(why)) => match self.known.get(digest, FRESH_WITHOUT_DATABASE) {
                Some(known) => Ok(Some(known)),
                None => Err(StoreError::Unavailable(why).into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Whose session this is, without it counting as used: a page that is left open does nothing.
    pub(super) async fn session_of(
        &self,
        facility: FacilityId,
        digest: &Digest,
    ) -> Answer<Option<Arc<Principal>>> {
        if let Some(known) = self.known.get(digest, FRESH).or_else(|| self.known.onlooker(digest)) {
            return Ok(Some(known));
        }
        let forgotten = self.known.forgotten();
        let found = self.look_up(CredentialKind::Session, facility, digest, false).await?.map(Arc::new);
        if let Some(found) = &found {
            self.known.put_onlooker(*digest, Arc::clone(found), forgotten);
        }
        Ok(found)
    }

    /// What was known of this one may have changed: it is looked up again.
    pub(crate) fn forget(&self, who: Who) {
        self.known.forget(who);
    }

    async fn look_up(
        &self,
        kind: CredentialKind,
        facility: FacilityId,
        digest: &Digest,
        used: bool,
    ) -> Result<Option<Principal>, StoreError> {
        let (store, now) = (self.desk.store(), self.now());
        match kind {
            CredentialKind::Key => {
                let key = store.key_get(facility, digest).await?;
                let key = key.filter(|key| key.revoked_at.is_none() && now < key.expires_at);
                Ok(key.map(|key| Principal::of_key(facility, &key)))
            }
            CredentialKind::Session => {
                let Some((session, user)) = store.session_get(facility, digest).await? else {
                    return Ok(None);
                };
                if !user.active || is_over(session.created_at, session.seen_at, now) {
                    return Ok(None);
                }
                if used && now.duration_since(session.seen_at) >= SEEN_EVERY {
                    store.session_seen(facility, digest, now).await?;
                }
                Ok(Some(Principal::of_user(facility, &user)))
            }
        }
    }
}

fn is_over(created_at: Timestamp, seen_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(created_at) >= LASTS || now.duration_since(seen_at) >= IDLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_up_before_anybody_was_forgotten_is_not_kept() {
        let known = Known::default();
        let anybody = Arc::new(Principal::open(FacilityId::from_uuid(uuid::Uuid::nil())));
        let looked_up = known.forgotten();
        known.forget(anybody.who);
        known.put([1; 32], Some(Arc::clone(&anybody)), looked_up);
        assert_eq!(known.get(&[1; 32], FRESH), None);
        known.put([1; 32], Some(Arc::clone(&anybody)), known.forgotten());
        assert_eq!(known.get(&[1; 32], FRESH), Some(anybody));
    }

    #[test]
    fn a_session_ends_after_a_shift_and_when_nobody_uses_it() {
        let at = |minute: i64| Timestamp::from_second(1_770_000_000 + 60 * minute).unwrap();
        for (created, seen, now, over) in [
            (0, 0, 0, false),
            (0, 0, 119, false),
            (0, 0, 120, true),
            (0, 700, 719, false),
            (0, 700, 720, true),
        ] {
            assert_eq!(is_over(at(created), at(seen), at(now)), over, "{created} {seen} {now}");
        }
    }
}
