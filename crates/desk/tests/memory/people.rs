//! Users, sessions, keys and the audit trail in memory.

use baari_engine::{AuditId, UserId};
use baari_store::{AuditRow, Ended, Key, Session, StoreError, TrailQuery, User};
use jiff::Timestamp;

#[derive(Default)]
pub(super) struct People {
    pub(super) users: Vec<User>,
    pub(super) sessions: Vec<Session>,
    pub(super) keys: Vec<Key>,
}

/// Replaces what is the same, or adds it.
pub(super) fn put<T: Clone, I: PartialEq>(kept: &mut Vec<T>, row: &T, id: impl Fn(&T) -> I) {
    kept.retain(|known| id(known) != id(row));
    kept.push(row.clone());
}

/// Those behind `after`, by id.
pub(super) fn page<T: Clone, I: Ord + Copy>(
    kept: &[T],
    id: impl Fn(&T) -> I,
    after: Option<I>,
    limit: u32,
) -> Vec<T> {
    let mut page: Vec<_> = kept.iter().filter(|row| Some(id(row)) > after).cloned().collect();
    page.sort_unstable_by_key(&id);
    page.truncate(limit as usize);
    page
}

/// Those that are asked for, newest first.
pub(super) fn trail(kept: &[AuditRow], query: &TrailQuery<AuditId>) -> Vec<AuditRow> {
    let fits = |row: &&AuditRow| {
        query.before.is_none_or(|before| row.id < before)
            && query.actor.as_ref().is_none_or(|actor| row.actor == *actor)
            && query.patient.is_none_or(|patient| row.patient == Some(patient))
            && query.from.is_none_or(|from| row.at >= from)
            && query.to.is_none_or(|to| row.at < to)
    };
    let mut rows: Vec<_> = kept.iter().filter(fits).cloned().collect();
    rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
    rows.truncate(query.limit as usize);
    rows
}

impl People {
    pub(super) fn put_user(&mut self, user: &User) -> Result<(), StoreError> {
        let kept = self.user(|known| known.id == user.id).map_or(0, |known| known.version);
        if kept != user.version {
            return Err(StoreError::Conflict(format!("the user's version is {kept}")));
        }
        put(&mut self.users, &User { version: kept + 1, ..user.clone() }, |user| user.id);
        Ok(())
    }

    pub(super) fn user(&self, is_it: impl Fn(&User) -> bool) -> Option<User> {
        self.users.iter().find(|user| is_it(user)).cloned()
    }

    pub(super) fn session(&self, digest: &[u8; 32]) -> Option<(Session, User)> {
        let session = self.sessions.iter().find(|session| session.digest == *digest)?;
        Some((session.clone(), self.user(|user| user.id == session.user)?))
    }

    pub(super) fn seen(&mut self, digest: &[u8; 32], at: Timestamp) {
        let session = self.sessions.iter_mut().find(|session| session.digest == *digest);
        session.into_iter().for_each(|session| session.seen_at = at);
    }

    pub(super) fn sessions_of(&self, user: UserId) -> Vec<Session> {
        let mut own: Vec<_> = self.sessions.iter().filter(|session| session.user == user).cloned().collect();
        own.sort_unstable_by_key(|session| std::cmp::Reverse(session.created_at));
        own
    }

    pub(super) fn end(&mut self, which: Ended) -> u64 {
        let before = self.sessions.len();
        self.sessions.retain(|session| match which {
            Ended::One(digest) => session.digest != digest,
            Ended::OfUser(user) => session.user != user,
            Ended::Others(user, but) => session.user != user || session.digest == but,
            Ended::Old { created, seen } => session.created_at >= created && session.seen_at >= seen,
        });
        (before - self.sessions.len()) as u64
    }
}
