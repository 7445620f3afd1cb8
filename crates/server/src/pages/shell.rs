//! What is around every page: the language, whose hospital it is, who is signed in, where they can go.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use baari_access::{Action, Reach, Who};
use baari_store::Role;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::texts::{Text, Texts, asked};
use crate::access::Here;
use crate::failure::Answer;

/// A page loads from this server only, and runs nothing that is written into it.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; media-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";
/// The same for what is printed from a hidden frame of a page.
const FRAME_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/// The same page in another language.
#[derive(Debug)]
pub(crate) struct Other {
    texts: Texts,
    pub(crate) address: String,
}

impl Other {
    pub(crate) fn code(&self) -> &'static str {
        self.texts.code()
    }

    pub(crate) fn name(&self) -> Text {
        self.texts.say("language-name")
    }
}

/// The reader's language.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub(crate) texts: Texts,
    /// What the page was asked for with.
    query: String,
}

impl Reader {
    pub(crate) fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        Self { texts: Texts::of(query, headers), query: query.unwrap_or_default().to_owned() }
    }

    /// The same page, asked for with the same, in the other languages.
    pub(crate) fn others(&self) -> Vec<Other> {
        self.others_with(&[])
    }

    /// The same, asked for with these instead of what has the same names.
    pub(crate) fn others_with(&self, with: &[(&str, &str)]) -> Vec<Other> {
        let asked = form_urlencoded::parse(self.query.as_bytes());
        let stays = |name: &str| name != "lang" && with.iter().all(|(other, _)| *other != name);
        let kept: Vec<_> = asked.filter(|(name, _)| stays(name)).collect();
        let address = |texts: Texts| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(&kept).extend_pairs(with).append_pair("lang", texts.code());
            Other { texts, address: format!("?{}", query.finish()) }
        };
        self.texts.others().into_iter().map(address).collect()
    }

    /// Answers with a page in that language.
    pub(crate) fn page(&self, page: &impl Template) -> Response {
        let mut response = html(page, PAGE_POLICY);
        // It was chosen by this very request.
        if asked(&self.query).is_some() {
            response.headers_mut().append(header::SET_COOKIE, self.texts.cookie());
        }
        response
    }

    /// Answers with a page that other pages of ours show in a frame, to print it.
    pub(crate) fn framed(&self, page: &impl Template) -> Response {
        let mut response = html(page, FRAME_POLICY);
        response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
        response
    }

    /// Answers with a part of a page.
    pub(crate) fn part(&self, part: &impl Template) -> Response {
        html(part, PAGE_POLICY)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.query(), &parts.headers))
    }
}

fn html(template: &impl Template, policy: &'static str) -> Response {
    let text = match template.render() {
        Ok(text) => text,
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::VARY, "Accept-Language, Cookie"),
        // No other site is told of an address. But a browser that may tell nobody sends the page's own forms as if they came
        // from nowhere, and older ones say nothing else by which they could be told from another site's.
        (header::REFERRER_POLICY, "same-origin"),
        // The board speaks.
        (
            HeaderName::from_static("permissions-policy"),
            "autoplay=(self), camera=(), geolocation=(), microphone=()",
        ),
    ];
    (headers, Html(text)).into_response()
}

/// A place to go.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) address: String,
    pub(crate) here: bool,
}

/// What is around a page of somebody who works here.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(crate) t: Texts,
    pub(crate) facility: String,
    pub(crate) zone: TimeZone,
    pub(crate) now: Timestamp,
    /// Who is signed in; nobody on an open server.
    pub(crate) called: Option<String>,
    pub(crate) role: Option<&'static str>,
    pub(crate) places: Vec<Place>,
    pub(crate) others: Vec<Other>,
    may: Vec<Action>,
}

impl Shell {
    /// Around the page with this name (`desk`, `board`, …).
    pub(crate) async fn new(here: &Here, reader: &Reader, name: &str) -> Answer<Self> {
        let facility = here.desk.facility_get(here.facility).await?;
        let principal = &here.caller.principal;
        let may: Vec<Action> =
            Action::ALL.iter().copied().filter(|action| principal.reach(*action) != Reach::No).collect();
        let mut shell = Self {
            t: reader.texts,
            facility: facility.name,
            zone: facility.zone,
            now: here.desk.now(),
            called: matches!(principal.who, Who::User(_)).then(|| principal.called.clone()),
            role: principal.role.map(Role::name),
            places: Vec::new(),
            others: reader.others(),
            may,
        };
        let all = [
            ("desk", "/desk", Action::PatientFind),
            ("room", "/doctor", Action::RoomRun),
            ("board", "/board", Action::BoardRead),
            ("kiosk", "/kiosk", Action::KioskUse),
            ("report", "/report", Action::ReportRead),
            ("admin", "/admin", Action::SlotChange),
        ];
        let place = |(place, address, _): (&'static str, &str, _)| Place {
            name: place,
            address: address.to_owned(),
            here: place == name,
        };
        shell.places = all.into_iter().filter(|(.., action)| shell.may(*action)).map(place).collect();
        Ok(shell)
    }

    /// Whether who is signed in may do this, at least with their own doctors.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.may.contains(&action)
    }

    /// Mon 2 Feb
    pub(crate) fn today(&self) -> String {
        self.t.date(self.zone.to_datetime(self.now).date())
    }

    /// 09:42
    pub(crate) fn clock(&self) -> String {
        self.t.clock(self.now, &self.zone)
    }

    /// By how many minutes the facility's clock is ahead of UTC, and where it stands: what the page's own clock goes by.
    pub(crate) fn offset_minutes(&self) -> i32 {
        self.zone.to_offset(self.now).seconds() / 60
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_language_is_the_same_page() {
        let reader = |query| Reader::of(query, &HeaderMap::new());
        let address = |others: Vec<Other>| others.into_iter().map(|other| other.address).collect::<Vec<_>>();
        assert_eq!(address(reader(None).others()), ["?lang=hi"]);
        let asked = reader(Some("from=2026-02-01&patient=R%26D+50%25&lang=en"));
        assert_eq!(address(asked.others()), ["?from=2026-02-01&patient=R%26D+50%25&lang=hi"]);
        let next = "/report?from=2026-02-01&to=2026-02-02";
        let asked = reader(Some("next=/desk"));
        assert_eq!(
            address(asked.others_with(&[("next", next)])),
            ["?next=%2Freport%3Ffrom%3D2026-02-01%26to%3D2026-02-02&lang=hi"]
        );
    }
}
