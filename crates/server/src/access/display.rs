//! The key of a screen in a corridor, as the browser of that screen keeps it.

use std::sync::Arc;

use axum::http::HeaderValue;
use baari_access::{Action, Credential, CredentialKind, Principal, Reach};
use jiff::SignedDuration;

use super::Access;
use super::sign_in::{Door, SESSION, set_cookie};
use crate::failure::Answer;

/// How long a screen keeps its key; the key itself may be over sooner.
const LASTS: SignedDuration = SignedDuration::from_hours(24 * 365);

impl Access {
    /// Whose board a key opens, and the cookie by which the screen shows it from now on; none when it opens none. A key that
    /// may do more than show a board has no business on a screen. Whoever tries many is slowed down as at sign-in.
    pub(crate) async fn open_board(
        &self,
        key: &str,
        door: &Door,
    ) -> Answer<Option<(Arc<Principal>, HeaderValue)>> {
        // Strangers elsewhere can't shut this network's screens out.
        let account = self.secret.account("key of a screen", &door.network.to_string());
        self.admit(None, account, door.network)?;
        let found = self.board_of(key).await;
        let found = found.inspect_err(|_| self.attempts().withdrawn(None, account, door.network))?;
        let Some((credential, principal)) = found else { return Ok(None) };
        self.attempts().succeeded(None, account, door.network);
        Ok(Some((principal, set_cookie(SESSION, &credential.reveal(), LASTS))))
    }

    async fn board_of(&self, key: &str) -> Answer<Option<(Credential, Arc<Principal>)>> {
        let credential = Credential::parse(key).filter(|credential| credential.kind == CredentialKind::Key);
        let Some(credential) = credential else { return Ok(None) };
        let (kind, facility) = (credential.kind, credential.facility);
        let principal = self.principal(kind, facility, &credential.digest()).await?;
        Ok(principal.filter(|principal| is_of_screen(principal)).map(|principal| (credential, principal)))
    }
}

fn is_of_screen(principal: &Principal) -> bool {
    let may = |action: Action| principal.reach(action) != Reach::No;
    Action::ALL.iter().all(|action| may(*action) == (*action == Action::BoardRead))
}
