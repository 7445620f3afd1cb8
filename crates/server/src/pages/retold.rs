//! The engine's sentences in the reader's language.
//!
//! The engine tells its reasons in English, and so they stand in the database. What is filled into them is found again by the
//! English pattern in `locales/en.ftl` (`reason-seat_taken = Seat { $count } of { $limit } in { $window }.`), and filled into the
//! same text of the other language. A sentence that no pattern fits, which somebody typed, stays as it is.

use std::sync::LazyLock;

use fluent_templates::fluent_bundle::FluentValue;
use jiff::civil::{Date, Time};

use super::texts::Texts;
use crate::problem::{FIELD_WRONG, Problem};
use crate::wire::ReasonBody;

/// The patterns are the English texts themselves, unfilled.
const ENGLISH: &str = include_str!("../../locales/en.ftl");

/// Texts that stand for sentences of the engine.
const FAMILIES: [&str; 3] = ["reason-", "cause-", "problem-"];

/// 2026-02-02
const DATE_LENGTH: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    Words(&'static str),
    Value(&'static str),
}

struct Pattern {
    name: &'static str,
    pieces: Vec<Piece>,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let (name, text) = line.split_once(" = ")?;
        FAMILIES.iter().any(|family| name.starts_with(family)).then(|| Pattern { name, pieces: pieces(text) })
    };
    let mut patterns: Vec<Pattern> = ENGLISH.lines().filter_map(line).collect();
    // What says more fits better.
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.words()));
    patterns
});

impl Pattern {
    /// How much of it is fixed.
    fn words(&self) -> usize {
        let words = |piece: &Piece| if let Piece::Words(words) = piece { words.len() } else { 0 };
        self.pieces.iter().map(words).sum()
    }

    /// `reason-seat_taken` and `reason-seat_taken-2` are of one kind.
    fn is_of(&self, kind: &str) -> bool {
        self.name.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// What stands where the pattern has values.
    fn values<'t>(&self, text: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
        let (mut rest, mut values) = (text, Vec::new());
        for (at, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Words(words) => rest = rest.strip_prefix(words)?,
                Piece::Value(name) => {
                    let is_last = at + 2 >= self.pieces.len();
                    let end = match self.pieces.get(at + 1) {
                        Some(Piece::Words(words)) if is_last => rest.strip_suffix(words)?.len(),
                        Some(Piece::Words(words)) => rest.find(words)?,
                        _ => rest.len(),
                    };
                    let (value, behind) = rest.split_at(end);
                    values.push((*name, value));
                    rest = behind;
                }
            }
        }
        rest.is_empty().then_some(values)
    }
}

fn pieces(text: &'static str) -> Vec<Piece> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((words, behind)) = rest.split_once("{ $") {
        let (name, behind) = behind.split_once(" }").unwrap_or((behind, ""));
        pieces.extend((!words.is_empty()).then_some(Piece::Words(words)));
        pieces.push(Piece::Value(name));
        rest = behind;
    }
    pieces.extend((!rest.is_empty()).then_some(Piece::Words(rest)));
    pieces
}

impl Texts {
    /// A reason in this language, for the patient whom it is about.
    pub(crate) fn reason(self, reason: &ReasonBody) -> String {
        self.retold(&format!("reason-{}", reason.code), &reason.text)
            .unwrap_or_else(|| self.with_dates(&reason.text))
    }

    /// What a problem says, in this language: with its values where the sentence is one that is known, else what can be said of
    /// every problem of its kind.
    pub(crate) fn problem(self, problem: &Problem) -> String {
        let code = problem.kind.strip_prefix("/problem/").unwrap_or_default();
        let retold = self.retold(&format!("problem-{code}"), &problem.detail);
        if let Some(retold) = retold {
            return retold;
        }
        if self == Self::english() || !self.has("problem", code) {
            return self.with_dates(&problem.detail);
        }
        let field = problem.field.as_deref().and_then(|field| field.rsplit('.').next());
        match field.filter(|field| code == FIELD_WRONG.code && self.has("field", field)) {
            Some(field) => {
                self.say("problem-field_wrong-which").with("field", self.one_of("field", field).to_string())
            }
            None => self.one_of("problem", code),
        }
        .to_string()
    }

    fn retold(self, kind: &str, text: &str) -> Option<String> {
        if self == Self::english() {
            return None;
        }
        let fitting = PATTERNS.iter().filter(|pattern| pattern.is_of(kind));
        let (pattern, values) =
            fitting.filter_map(|pattern| Some((pattern, pattern.values(text)?))).next()?;
        let filled = values.into_iter().map(|(name, value)| (name, self.value(kind, name, value)));
        Some(filled.fold(self.say(pattern.name), |text, (name, value)| text.with(name, value)).to_string())
    }

    /// With the dates in it as people say them: 2026-02-02 is Mon 2 Feb.
    fn with_dates(self, text: &str) -> String {
        let said = |word: &str| {
            let end = word.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(word.len());
            let (date, behind) = word.split_at(end);
            let date = (date.len() == DATE_LENGTH).then(|| date.parse::<Date>().ok()).flatten();
            date.map_or_else(|| word.to_owned(), |date| format!("{}{behind}", self.date(date)))
        };
        text.split(' ').map(said).collect::<Vec<_>>().join(" ")
    }

    /// 09:00–10:00, or 09:00, as patients say it.
    fn hours_said(self, value: &str) -> Option<String> {
        let time = |text: &str| Time::strptime("%H:%M", text).ok();
        match value.split_once('–') {
            Some((from, to)) => {
                let (from, to) = self.said_both(time(from)?, time(to)?);
                Some(format!("{from}–{to}"))
            }
            None => Some(self.said(time(value)?)),
        }
    }

    /// Some values are words of the trade, or sentences themselves.
    fn value(self, kind: &str, name: &str, value: &str) -> FluentValue<'static> {
        // Patients read reasons; problems are told to those who work here.
        let hours = if kind.starts_with("problem") { None } else { self.hours_said(value) };
        if let Some(hours) = hours {
            return hours.into();
        }
        // "Walk-in", "no show" and, of days before, "no_show" are names of the API.
        let word = value.to_lowercase().replace([' ', '-'], "_");
        match name {
            "source" => self.one_of("source", &word).to_string().into(),
            "status" | "was" | "is" if self.has("status", &word) => {
                self.one_of("status", &word).to_string().into()
            }
            "status" if self.has("slot", value) => self.one_of("slot", value).to_string().into(),
            "policy" => self.one_of("policy", value).to_string().into(),
            "cause" => self.retold("cause", value).unwrap_or_else(|| value.to_owned()).into(),
            // "End time": the field's name, as a sentence begins.
            "field" => {
                let known = self.has("field", &word);
                if known { self.one_of("field", &word).to_string().into() } else { value.to_owned().into() }
            }
            // "3 people": the language has its own word for them.
            "people" => {
                let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
                digits.parse::<u32>().map_or_else(|_| value.to_owned().into(), Into::into)
            }
            // A language may say it in another way of one than of many.
            _ => match value.parse::<u32>() {
                Ok(number) if number.to_string() == value => number.into(),
                _ => self.with_dates(value).into(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use baari_engine::{
        Band, MoveCause, PassedOver, PolicyKind, Reason, SequenceNumber, SlotStatus, Source, Status, Window,
    };
    use jiff::civil::{date, time};
    use jiff::tz::TimeZone;

    use super::*;
    use crate::problem::{NO_SEAT, PROBLEMS};
    use crate::wire::reasons;

    /// Sentences of every kind that there is: it does not compile when a kind is missing.
    macro_rules! every {
        ($type:ty: $($kind:pat => $sentences:expr),+ $(,)?) => {{
            fn is_there(one: &$type) {
                match one { $($kind => {})+ }
            }
            let mut all: Vec<$type> = Vec::new();
            $(for one in $sentences {
                is_there(&one);
                assert!(matches!(one, $kind), "{one:?} stands with another kind");
                all.push(one);
            })+
            all
        }};
    }

    fn why() -> String {
        "asked for by the ward".to_owned()
    }

    fn window() -> Window {
        Window::new(date(2026, 2, 2), time(9, 0, 0, 0), time(10, 0, 0, 0), &TimeZone::UTC).unwrap()
    }

    fn passed_over() -> Vec<Reason> {
        let all = every!(PassedOver:
            PassedOver::Full { .. } => [PassedOver::Full { count: 10, limit: 10 }],
            PassedOver::Over => [PassedOver::Over],
            PassedOver::NotOpen(_) => SlotStatus::ALL.map(PassedOver::NotOpen),
        );
        all.into_iter().map(|why| Reason::SlotPassedOver(window(), why)).collect()
    }

    fn moved(band: Band) -> Vec<Reason> {
        let all = every!(MoveCause:
            MoveCause::DoctorLeaves => [MoveCause::DoctorLeaves],
            MoveCause::SlotCancelled => [MoveCause::SlotCancelled],
            MoveCause::FewerSeats => [MoveCause::FewerSeats],
            MoveCause::Displaced(_) => [MoveCause::Displaced(band)],
            MoveCause::CameForward => [MoveCause::CameForward],
            MoveCause::ByHand(_) => [MoveCause::ByHand(String::new()), MoveCause::ByHand(why())],
        );
        let each = |cause: MoveCause| {
            let to = window();
            [
                Reason::Moved { from: Some(to), to, cause: cause.clone() },
                Reason::Moved { from: None, to, cause: cause.clone() },
                Reason::NoRoomLeft(cause),
            ]
        };
        all.into_iter().flat_map(each).collect()
    }

    /// Every sentence that the engine can say.
    fn all() -> Vec<Reason> {
        let (window, band) = (window(), Band::new(4).unwrap());
        let number = SequenceNumber::nth(band, 1).unwrap();
        every!(Reason:
            Reason::SlotPassedOver(..) => passed_over(),
            Reason::SeatTaken { .. } => [Reason::SeatTaken { window, count: 3, limit: 10 }],
            Reason::BufferUsed { .. } => [Reason::BufferUsed { window, count: 11, limit: 12 }],
            Reason::Overridden { .. } => [Reason::Overridden { window, why: why() }],
            Reason::FollowUpElsewhere(_) => [Reason::FollowUpElsewhere(band)],
            Reason::Numbered { .. } => [Reason::Numbered { source: Source::WalkIn, band, sequence: number }],
            Reason::PresentAtOnce => [Reason::PresentAtOnce],
            Reason::MustCheckIn => [Reason::MustCheckIn],
            Reason::PresentFromStart(_) => [Reason::PresentFromStart(window)],
            Reason::Ahead { .. } => [(0, 0), (1, 0), (3, 0), (3, 1)]
                .map(|(people, emergencies)| Reason::Ahead { people, emergencies }),
            Reason::Waitlisted { .. } => [Reason::Waitlisted { before: 2 }],
            Reason::Became { .. } => [Reason::Became { from: Status::Booked, to: Status::Arrived }],
            Reason::Unchanged(_) => [Reason::Unchanged(Status::Arrived)],
            Reason::SeatFreed(_) => [Reason::SeatFreed(window)],
            Reason::FromWaitlist(_) => [Reason::FromWaitlist(window)],
            Reason::PlacedByHand { .. } => [Some(3), None]
                .map(|behind| Reason::PlacedByHand { behind, why: why() }),
            Reason::Rejoined { .. } => [1, 2].map(|behind| Reason::Rejoined { behind }),
            Reason::RejoinsUsedUp(_) => [0, 1, 2].map(Reason::RejoinsUsedUp),
            Reason::MadeRoom { .. } => [Reason::MadeRoom { from: number, to: number }],
            Reason::SteppedBack => [Reason::SteppedBack],
            Reason::NextInOrder { .. } => [0, 2]
                .map(|absent| Reason::NextInOrder { policy: PolicyKind::Band, absent }),
            Reason::CalledOutOfOrder { .. } => [1, 2]
                .map(|passed| Reason::CalledOutOfOrder { passed, why: why() }),
            Reason::CalledAlready => [Reason::CalledAlready],
            Reason::CalledAgain => [Reason::CalledAgain],
            Reason::TakenBack { .. } => [Reason::TakenBack { from: Status::Called, to: Status::Arrived }],
            Reason::GraceOver(_) => [Reason::GraceOver(10)],
            Reason::SlotEnded(_) => [Reason::SlotEnded(window)],
            Reason::NothingDue => [Reason::NothingDue],
            Reason::RunningLate { .. } => [None, Some(why())]
                .map(|why| Reason::RunningLate { minutes: 20, why }),
            Reason::OnTimeAgain => [Reason::OnTimeAgain],
            Reason::DoctorLeaves(_) => [String::new(), why()].map(Reason::DoctorLeaves),
            Reason::Moved { .. } | Reason::NoRoomLeft(_) => moved(band),
            Reason::OtherDoctor { .. } => [Reason::OtherDoctor { from: 3, to: 4 }],
            Reason::KeepsSeniority { .. } => [Reason::KeepsSeniority { before: 7 }],
            Reason::EarlierAgreed(_) => [true, false].map(Reason::EarlierAgreed),
            Reason::SlotLimits { .. } => [Reason::SlotLimits {
                window,
                max_count: 10,
                hard_limit: 12,
                status: SlotStatus::Open,
            }],
        )
    }

    #[test]
    fn every_sentence_of_the_engine_is_told_in_hindi() {
        let hindi = Texts::named("hi").unwrap();
        for body in reasons(&all()) {
            let told = hindi.reason(&body);
            assert_ne!(told, body.text, "reason-{} of locales/en.ftl fits no sentence", body.code);
            let words = told.replace("asked for by the ward", "");
            assert!(!words.contains(|c: char| c.is_ascii_alphabetic()), "{} → {told}", body.text);
            assert_eq!(Texts::english().reason(&body), body.text);
        }
    }

    #[test]
    fn every_kind_of_problem_is_told_in_hindi() {
        let hindi = Texts::named("hi").unwrap();
        for kind in PROBLEMS {
            let told = hindi.problem(&Problem::new(*kind, "said in some other way"));
            assert!(
                !told.contains(|c: char| c.is_ascii_alphabetic()) && !told.contains('{'),
                "{}: {told}",
                kind.code
            );
        }
        let told = hindi.problem(&Problem::new(
            NO_SEAT,
            "there is no seat on 2026-02-02; next free seat: 2026-02-03 10:00–11:00",
        ));
        assert!(told.contains("सोम 2 फ़रवरी") && told.contains("मंगल 3 फ़रवरी 10:00–11:00"), "{told}");
    }

    #[test]
    fn dates_are_told_as_people_say_them() {
        let told = |detail| Texts::english().problem(&Problem::new(NO_SEAT, detail));
        let full = "there is no seat on 2026-11-23; next free seat: 2026-11-24 10:00–11:00";
        assert_eq!(told(full), "There is no seat on Mon 23 Nov; next free seat: Tue 24 Nov 10:00–11:00.");
        assert_eq!(told("ward 2026-11-2 has 2026-13-01"), "Ward 2026-11-2 has 2026-13-01.");
    }

    #[test]
    fn a_problem_says_which_field_it_is() {
        let hindi = Texts::named("hi").unwrap();
        let told = |field| hindi.problem(&Problem::new(FIELD_WRONG, "too long").field(field));
        assert_eq!(told("phone"), "फ़ोन: जो लिखा है उसे देखें।");
        assert_eq!(told("hours.start_time"), "कब से: जो लिखा है उसे देखें।");
        assert_eq!(told("something"), hindi.one_of("problem", FIELD_WRONG.code).to_string());
    }

    #[test]
    fn what_is_filled_in_stays() {
        let hindi = Texts::named("hi").unwrap();
        let body = |code: &str, text: &str| ReasonBody { code: code.to_owned(), text: text.to_owned() };
        let told = hindi.reason(&body("seat_taken", "Seat 3 of 10 in 09:00–10:00."));
        assert!(told.contains('3') && told.contains("10") && told.contains("सुबह 9:00–10:00"), "{told}");
        let told = hindi.reason(&body("moved", "Moved from 10:00–11:00 to 12:00–13:00: by hand."));
        assert_eq!(told, "सुबह 10:00–11:00 से दोपहर 12:00–1:00 में रखा गया: हाथ से।");
        let typed = body("seat_taken", "Somebody typed this.");
        assert_eq!(hindi.reason(&typed), typed.text);
    }
}
