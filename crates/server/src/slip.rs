//! What stands on a slip: the number, whom it is for, when and where, and the way to the patient's own page. Nobody's name but
//! the doctor's and the hospital's: slips are lost.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use baari_desk::DeskError;
use baari_engine::{Estimator, TokenId, Window};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::access::Here;
use crate::address::{Encrypted, is_loopback};
use crate::api::whereabouts::Place;
use crate::app::App;
use crate::failure::{Answer, Failure};
use crate::pages::Texts;
use crate::problem::{self, Problem};
use crate::wire::label;

/// How phones reach this server: `https://baari.example`, as it was said at the start; else as this request did. Nothing where
/// that is this computer's own name for itself, which on a phone is the phone; but on a demonstration there is nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Site(Option<String>);

impl Site {
    fn new(said: Option<&str>, seen: Option<(&str, &Authority)>, is_demo: bool) -> Self {
        let seen = seen.filter(|(_, host)| is_demo || !is_loopback(host.host()));
        let seen = seen.map(|(scheme, host)| format!("{scheme}://{host}"));
        Self(said.map(str::to_owned).or(seen))
    }

    /// The address of the page of the token with this code.
    fn own(&self, code: &str) -> Option<String> {
        Some(format!("{}/t/{code}", self.0.as_ref()?))
    }

    /// Whether slips have the way to the patient's page.
    pub(crate) fn is_known(&self) -> bool {
        self.0.is_some()
    }
}

impl FromRequestParts<App> for Site {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        if let Some(origin) = app.access.origin() {
            return Ok(Self::new(Some(origin), None, false));
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.and_then(|host| host.parse::<Authority>().ok());
        let unknown = || Problem::new(problem::HOST_UNKNOWN, "say which host is meant").field("Host");
        let host = host.ok_or_else(unknown)?;
        let scheme = if Encrypted::of(&parts.extensions).0 { "https" } else { "http" };
        Ok(Self::new(None, Some((scheme, &host)), app.access.demo().is_some()))
    }
}

/// A slip.
#[derive(Debug)]
pub(crate) struct Slip {
    pub(crate) facility: String,
    zone: TimeZone,
    pub(crate) label: String,
    pub(crate) doctor: String,
    pub(crate) room: String,
    date: Date,
    window: Option<Window>,
    at: Option<Timestamp>,
    source: &'static str,
    /// Of the patient's own page; none where no phone would get there.
    pub(crate) address: Option<String>,
}

impl Slip {
    /// The slip of this token, as it is now. Whose it is is written down as seen.
    pub(crate) async fn read(here: &Here, site: &Site, id: TokenId) -> Answer<Self> {
        let facility = here.desk.facility_get(here.facility).await?;
        let now = here.desk.now();
        let mut place = Place::find(here, id).await?;
        let found = loop {
            let Place { day, ref doctor, .. } = place;
            here.desk.catch_up(day).await?;
            let look = here.desk.look(day, |snapshot| {
                let token = snapshot.day.token(id)?;
                let slot = token.slot.and_then(|slot| snapshot.day.slot(slot));
                let facts = doctor.facts(snapshot.past);
                let estimator = Estimator::new(snapshot.day, &facility.settings, facts, now);
                let told = slot.and_then(|slot| estimator.of(snapshot.day, token, slot));
                let told = told.filter(|_| token.status.is_waiting()).map(|told| told.at);
                Some((token.clone(), slot.map(|slot| slot.window), told))
            });
            let found = look.await?;
            if !place.has_changed(here, found.is_none()).await? {
                break found;
            }
        };
        let (token, window, at) = found.ok_or(DeskError::Unknown("token"))?;
        here.saw("token_read", [token.patient]).await?;
        Ok(Self {
            facility: facility.name,
            zone: facility.zone,
            label: label(&place.doctor.letter, &token),
            doctor: place.doctor.name.clone(),
            room: place.doctor.room.clone(),
            date: place.day.date,
            window,
            at,
            source: token.source.name(),
            address: site.own(&here.codes.code(id)),
        })
    }

    /// English, and below it the others: whoever reads the slip may not be who had it printed.
    pub(crate) fn languages(&self) -> Vec<Texts> {
        let english = Texts::english();
        std::iter::once(english).chain(english.others()).collect()
    }

    /// Room 3
    pub(crate) fn room_in(&self, t: &Texts) -> String {
        t.say("room-number").with("room", self.room.clone()).to_string()
    }

    /// Mon 2 Feb · 10:00–11:00
    pub(crate) fn when(&self, t: &Texts) -> String {
        let date = t.date(self.date);
        let hours = |window: Window| t.said_both(window.start(), window.end());
        let told = |(from, to)| format!("{date} · {from}–{to}");
        self.window.map_or_else(|| date.clone(), |window| told(hours(window)))
    }

    /// about 10:20
    pub(crate) fn about(&self, t: &Texts) -> Option<String> {
        Some(t.say("own-about").with("time", t.said(self.zone.to_datetime(self.at?).time())).to_string())
    }

    /// Paid
    pub(crate) fn source_in(&self, t: &Texts) -> String {
        t.one_of("source", self.source).to_string()
    }
}

#[cfg(test)]
impl Slip {
    /// One with everything, on Mon 2 Feb.
    pub(crate) fn example(doctor: &str) -> Self {
        let date = jiff::civil::date(2026, 2, 2);
        Self {
            facility: "Test".to_owned(),
            zone: TimeZone::UTC,
            label: "A-14".to_owned(),
            doctor: doctor.to_owned(),
            room: "3".to_owned(),
            date,
            window: None,
            at: date.at(10, 20, 0, 0).to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp()),
            source: "walk_in",
            address: Some("https://baari.example/t/code".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_slip_sends_a_phone_to_itself() {
        let own = |said: Option<&str>, host: &str, is_demo: bool| {
            Site::new(said, Some(("http", &host.parse().unwrap())), is_demo).own("code")
        };
        for host in ["localhost:8080", "LOCALHOST", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080"] {
            assert_eq!(own(None, host, false), None, "{host}");
            assert_eq!(own(None, host, true), Some(format!("http://{host}/t/code")), "a demonstration");
            let said = Some("https://baari.example".to_owned() + "/t/code");
            assert_eq!(own(Some("https://baari.example"), host, false), said, "{host}");
        }
        for host in ["192.0.2.7:8080", "baari.example", "localhost.example", "[2001:db8::1]"] {
            assert_eq!(own(None, host, false), Some(format!("http://{host}/t/code")), "{host}");
        }
    }
}
