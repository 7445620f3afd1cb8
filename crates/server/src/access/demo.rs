//! A demonstration: people come in by a click, without a password, and nobody but this computer's own browsers is answered.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use baari_access::{Action, Reach};
use baari_engine::FacilityId;
use baari_store::Role;

use super::here::Here;
use super::sign_in::{Door, SESSION, set_cookie};
use super::{Access, LASTS};
use crate::address::ClientAddress;
use crate::api::live::BOARD_MAX;
use crate::app::App;
use crate::failure::Answer;
use crate::problem::{self, Problem};

/// What there is on a demonstration beside its people.
#[derive(Debug, Clone)]
pub struct Demo {
    /// The key of the screen in the corridor.
    pub board: String,
    /// The key of the kiosk at the door.
    pub kiosk: String,
}

/// Whoever looks at a demonstration, signed in or not.
pub(crate) struct Visitor {
    pub(crate) here: Option<Here>,
    /// The browser itself says that one of our own pages asks.
    is_own: bool,
}

/// Where somebody comes in, and what the browser keeps of it; nothing if they stay who they are.
pub(crate) struct Entered {
    pub(crate) place: String,
    pub(crate) cookie: Option<HeaderValue>,
}

impl Access {
    /// Lets a visitor be somebody, or something, of the hospital.
    pub(crate) async fn be(&self, who: &str, visitor: &Visitor, door: &Door) -> Answer<Entered> {
        visitor.require_own()?;
        let Some(demo) = self.demo() else { return Err(no_demo().into()) };
        let facility = self.facility_named(None).await?.ok_or_else(no_demo)?;
        let screen = match who {
            "board" => Some((self.whole_board(facility.id).await?, &demo.board, Action::BoardRead)),
            "kiosk" => Some(("/kiosk".to_owned(), &demo.kiosk, Action::KioskUse)),
            _ => None,
        };
        if let Some((place, key, action)) = screen {
            // Who may look at it anyway stays signed in: one browser is one person in all its windows.
            let may = |here: &Here| here.caller.principal.reach(action) == Reach::All;
            let stays = visitor.here.as_ref().is_some_and(may);
            let cookie = (!stays).then(|| set_cookie(SESSION, key, LASTS));
            return Ok(Entered { place, cookie });
        }
        let user = self.desk.store().user_by_name(facility.id, who).await?.filter(|user| user.active);
        let user = user.ok_or_else(|| {
            Problem::new(problem::USER_UNKNOWN, "nobody here is called so: see /demo for who there is")
        })?;
        let session = self.open_session(facility.id, &user, door).await?;
        let place = match user.role {
            Role::Reception => "/desk",
            Role::Doctor => "/doctor",
            Role::Supervisor => "/report",
            Role::Admin => "/admin",
        };
        Ok(Entered { place: place.to_owned(), cookie: Some(set_cookie(SESSION, &session, LASTS)) })
    }

    /// The board with all doctors.
    async fn whole_board(&self, facility: FacilityId) -> Answer<String> {
        let all = self.desk.store().doctor_list(facility, None, DOCTORS_MAX).await?;
        let doctors: Vec<String> = all.iter().take(BOARD_MAX).map(|doctor| doctor.id.to_string()).collect();
        Ok(format!("/board/{}", doctors.join(",")))
    }
}

/// Doctors of the demonstration.
const DOCTORS_MAX: u32 = 100;

/// Where there is no demonstration there is nothing.
fn no_demo() -> Problem {
    Problem::new(problem::PATH_UNKNOWN, "there is nothing at this address: see /docs")
}

impl Visitor {
    /// Only the demonstration's own pages may change anything about it.
    pub(crate) fn require_own(&self) -> Answer<()> {
        let detail = "another site asked for this in your browser, so it was not done: use the demonstration's own page";
        if self.is_own { Ok(()) } else { Err(Problem::new(problem::CROSS_SITE, detail).into()) }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if app.access.demo().is_none() || !ClientAddress::of(&parts.extensions).0.is_loopback() {
            return Err(no_demo());
        }
        Ok(Self { here: parts.extensions.get::<Here>().cloned(), is_own: is_own(&parts.headers) })
    }
}

/// The guard has refused what says that it is from elsewhere; here also what does not say.
fn is_own(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    site.map_or_else(|| headers.contains_key(header::ORIGIN), |site| site == b"same-origin")
}
