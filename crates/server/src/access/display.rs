//! The key of a screen that nobody signs in to, a board or a kiosk, as the browser of that screen keeps it.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue};
use baari_access::{Action, Credential, CredentialKind, Principal, Reach};
use jiff::SignedDuration;

use super::Access;
use super::sign_in::{Door, SESSION, session_cookie, set_cookie};
use crate::failure::Answer;

/// How long a screen keeps its key; the key itself may be over sooner.
const LASTS: SignedDuration = SignedDuration::from_hours(24 * 365);

/// What a screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// The board in a corridor.
    Board,
    /// The kiosk in the hall.
    Kiosk,
}

impl Access {
    /// Which screen a key opens and whose, and the cookie by which the browser shows it from now on; none when it opens none.
    /// A key that may do more or less than its screen needs has no business on one. Whoever tries many is slowed down as at
    /// sign-in.
    pub(crate) async fn open_screen(
        &self,
        key: &str,
        door: &Door,
    ) -> Answer<Option<(Screen, Arc<Principal>, HeaderValue)>> {
        // Strangers elsewhere can't shut this network's screens out.
        let account = self.secret.account("key of a screen", &door.network.to_string());
        self.admit(None, account, door.network)?;
        let found = self.screen_of(key).await;
        let found = found.inspect_err(|_| self.attempts().withdrawn(None, account, door.network))?;
        let Some((credential, screen, principal)) = found else { return Ok(None) };
        self.attempts().succeeded(None, account, door.network);
        Ok(Some((screen, principal, set_cookie(SESSION, &credential.reveal(), LASTS))))
    }

    async fn screen_of(&self, key: &str) -> Answer<Option<(Credential, Screen, Arc<Principal>)>> {
        let credential = Credential::parse(key).filter(|credential| credential.kind == CredentialKind::Key);
        let Some(credential) = credential else { return Ok(None) };
        let (kind, facility) = (credential.kind, credential.facility);
        let principal = self.principal(kind, facility, &credential.digest()).await?;
        Ok(principal.and_then(|principal| Some((credential, screen_for(&principal)?, principal))))
    }
}

/// Whether a browser has a screen's key, be it one that still opens something or not.
pub(crate) fn shows_key(headers: &HeaderMap) -> bool {
    let shown = session_cookie(headers).and_then(Credential::parse);
    shown.is_some_and(|credential| credential.kind == CredentialKind::Key)
}

fn screen_for(principal: &Principal) -> Option<Screen> {
    let may = |action: &Action| principal.reach(*action) != Reach::No;
    let may_exactly =
        |needed: &[Action]| Action::ALL.iter().all(|action| may(action) == needed.contains(action));
    if may_exactly(&[Action::BoardRead]) {
        Some(Screen::Board)
    } else {
        may_exactly(&Action::KIOSK).then_some(Screen::Kiosk)
    }
}
