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

/// From which hour on it is which part of the day; before the first it is the last.
const DAY_PARTS: [(i8, &str); 4] = [(4, "morning"), (12, "noon"), (16, "evening"), (20, "night")];

fn part_of_day(time: Time) -> &'static str {
    let begun = DAY_PARTS.iter().rev().find(|(hour, _)| time.hour() >= *hour);
    begun.map_or("night", |(_, part)| part)
}

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

    /// The other languages there are.
    pub(crate) fn others(self) -> Vec<Self> {
        Self::all().into_iter().filter(|other| *other != self).collect()
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

    /// The time of the day for those who work here: 13:20.
    pub(crate) fn clock(self, at: Timestamp, zone: &TimeZone) -> String {
        self.time(zone.to_datetime(at).time())
    }

    /// The same of a time.
    pub(crate) fn time(self, time: Time) -> String {
        time.strftime(&self.say("format-time").to_string()).to_string()
    }

    /// The time of the day as patients say it: 13:20, दोपहर 1:20.
    pub(crate) fn said(self, time: Time) -> String {
        self.in_words(&self.say("format-said").to_string(), time)
    }

    /// From when until when, as patients say it. The part of the day is said once: सुबह 10:00, 11:30.
    pub(crate) fn said_both(self, from: Time, to: Time) -> (String, String) {
        let format = self.say("format-said").to_string();
        let until = if part_of_day(from) == part_of_day(to) { format.replace("%p ", "") } else { format };
        (self.said(from), self.in_words(&until, to))
    }

    fn in_words(self, format: &str, time: Time) -> String {
        let part = self.one_of("day-part", part_of_day(time)).to_string();
        time.strftime(&format.replace("%p", &part)).to_string()
    }

    /// When each part of the day begins, for the page's own clock: `4 सुबह,12 दोपहर`.
    pub(crate) fn day_parts(self) -> String {
        let each = DAY_PARTS.iter().map(|(hour, part)| format!("{hour} {}", self.one_of("day-part", part)));
        each.collect::<Vec<_>>().join(",")
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

    /// Mon 2 Feb; of another year than today's with that.
    pub(crate) fn date_from(self, today: Date, date: Date) -> String {
        if date.year() == today.year() { self.date(date) } else { self.date_of_year(date) }
    }

    /// Mon 2 Feb 2026
    pub(crate) fn date_of_year(self, date: Date) -> String {
        let year = date.year().to_string();
        self.say("format-date-year").with("date", self.date(date)).with("year", year).to_string()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patients_hear_the_part_of_the_day_where_the_language_has_twelve_hours() {
        let hindi = Texts::named("hi").expect("a language");
        let at = |hour, minute| Time::constant(hour, minute, 0, 0);
        for (hour, staff, patient) in [
            (3, "03:20", "रात 3:20"),
            (10, "10:20", "सुबह 10:20"),
            (13, "13:20", "दोपहर 1:20"),
            (17, "17:20", "शाम 5:20"),
            (21, "21:20", "रात 9:20"),
        ] {
            assert_eq!((hindi.time(at(hour, 20)), hindi.said(at(hour, 20))), (staff.into(), patient.into()));
            assert_eq!(Texts::english().said(at(hour, 20)), staff);
        }
        assert_eq!(hindi.said_both(at(10, 0), at(11, 0)), ("सुबह 10:00".into(), "11:00".into()));
        assert_eq!(hindi.said_both(at(11, 0), at(12, 0)), ("सुबह 11:00".into(), "दोपहर 12:00".into()));
        assert_eq!(hindi.day_parts(), "4 सुबह,12 दोपहर,16 शाम,20 रात");
    }
}
