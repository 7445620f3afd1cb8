//! Every sentence that a page shows, in the reader's language. A language is one file in `locales/`; a test finds texts that
//! a language does not have, and texts that no page shows.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use axum::http::{HeaderMap, HeaderValue, header};
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Pages are read, and read aloud: marks that isolate directions only disturb.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// What the browser keeps of the language that was chosen.
const COOKIE: &str = "baari-language";

/// The texts of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Texts(&'static LanguageIdentifier);

impl Texts {
    /// The language that was asked for in the address (`?lang=hi`), was chosen before, or that the browser prefers.
    pub(crate) fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        let asked = query.and_then(asked);
        let chosen = || crate::access::cookie(headers, COOKIE).and_then(Self::named);
        asked.or_else(chosen).unwrap_or_else(|| Self::preferred(headers))
    }

    /// The first of the browser's languages that there is.
    pub(crate) fn preferred(headers: &HeaderMap) -> Self {
        let all = headers.get(header::ACCEPT_LANGUAGE).and_then(|all| all.to_str().ok()).unwrap_or_default();
        let tags = all.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
        let mut primary = tags.map(|tag| tag.split('-').next().unwrap_or_default());
        primary.find_map(Self::named).unwrap_or_else(Self::english)
    }

    /// English, which everything has.
    pub(crate) fn english() -> Self {
        Self::named("en").expect("locales/en.ftl is part of the program")
    }

    /// The language with this code, if there is a file for it.
    pub(crate) fn named(code: &str) -> Option<Self> {
        LOCALES.locales().find(|language| language.language.as_str() == code).map(Self)
    }

    /// All languages there are, by their codes.
    pub(crate) fn all() -> Vec<Self> {
        let mut all: Vec<Self> = LOCALES.locales().map(Self).collect();
        all.sort_by_key(|texts| texts.code());
        all
    }

    /// `en`, `hi`: what HTML calls it.
    pub(crate) fn code(self) -> &'static str {
        self.0.language.as_str()
    }

    /// What has the browser keep this language: a choice of hers, no secret.
    pub(crate) fn cookie(self) -> HeaderValue {
        let text = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", self.code());
        HeaderValue::from_str(&text).expect("a language's code is letters")
    }

    /// The text with this name.
    pub(crate) fn say(self, name: &'static str) -> Text {
        Text { texts: self, name: Cow::Borrowed(name), values: HashMap::new() }
    }

    /// The text of one of a family: a status, a source, a problem.
    pub(crate) fn one_of(self, family: &'static str, member: &str) -> Text {
        Text { texts: self, name: Cow::Owned(format!("{family}-{member}")), values: HashMap::new() }
    }

    /// Whether a family has this member.
    pub(crate) fn has(self, family: &'static str, member: &str) -> bool {
        LOCALES.try_lookup(self.0, &format!("{family}-{member}")).is_some()
    }

    /// The time of the day as people say it.
    pub(crate) fn clock(self, at: Timestamp, zone: &TimeZone) -> String {
        self.time(zone.to_datetime(at).time())
    }

    /// The time of the day as people say it.
    pub(crate) fn time(self, time: Time) -> String {
        time.strftime(&self.say("format-time").to_string()).to_string()
    }

    /// Mon 2 Feb
    pub(crate) fn date(self, date: Date) -> String {
        let weekday = date.weekday().to_monday_one_offset().to_string();
        let weekday = self.one_of("weekday", &weekday).to_string();
        let month = self.one_of("month", &date.month().to_string()).to_string();
        self.say("format-date")
            .with("weekday", weekday)
            .with("day", date.day())
            .with("month", month)
            .to_string()
    }
}

/// `lang` in a query.
pub(crate) fn asked(query: &str) -> Option<Texts> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Texts::named)
}

/// A text, with what is filled into it.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    texts: Texts,
    name: Cow<'static, str>,
    values: HashMap<Cow<'static, str>, FluentValue<'static>>,
}

impl Text {
    /// With a number, or with words, where the text has `{ $name }`.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<FluentValue<'static>>) -> Self {
        self.values.insert(Cow::Borrowed(name), value.into());
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&LOCALES.lookup_complete(self.texts.0, &self.name, Some(&self.values)))
    }
}
