//! The engine's sentences in the reader's language.
//!
//! The engine tells its reasons in English, and so they stand in the database. What is filled into them is found again by the
//! English pattern in `locales/en.ftl` (`reason-seat_taken = Seat { $count } of { $limit } in { $window }.`), and filled into the
//! same text of the other language. A sentence that no pattern fits, which somebody typed, stays as it is.

use std::sync::LazyLock;

use fluent_templates::fluent_bundle::FluentValue;

use super::texts::Texts;
use crate::problem::Problem;
use crate::wire::ReasonBody;

/// The patterns are the English texts themselves, unfilled.
const ENGLISH: &str = include_str!("../../locales/en.ftl");

/// Texts that stand for sentences of the engine.
const FAMILIES: [&str; 3] = ["reason-", "cause-", "problem-"];

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
    /// A reason in this language.
    pub(crate) fn reason(self, reason: &ReasonBody) -> String {
        self.retold(&format!("reason-{}", reason.code), &reason.text).unwrap_or_else(|| reason.text.clone())
    }

    /// What a problem says, in this language: with its values where the sentence is one that is known, else what can be said of
    /// every problem of its kind.
    pub(crate) fn problem(self, problem: &Problem) -> String {
        let code = problem.kind.strip_prefix("/problem/").unwrap_or_default();
        let retold = self.retold(&format!("problem-{code}"), &problem.detail);
        if let Some(retold) = retold {
            return retold;
        }
        let known = self != Self::english() && self.has("problem", code);
        if known { self.one_of("problem", code).to_string() } else { problem.detail.clone() }
    }

    fn retold(self, kind: &str, text: &str) -> Option<String> {
        if self == Self::english() {
            return None;
        }
        let fitting = PATTERNS.iter().filter(|pattern| pattern.is_of(kind));
        let (pattern, values) =
            fitting.filter_map(|pattern| Some((pattern, pattern.values(text)?))).next()?;
        let filled = values.into_iter().map(|(name, value)| (name, self.value(name, value)));
        Some(filled.fold(self.say(pattern.name), |text, (name, value)| text.with(name, value)).to_string())
    }

    /// Some values are words of the trade, or sentences themselves.
    fn value(self, name: &str, value: &str) -> FluentValue<'static> {
        match name {
            "source" => self.one_of("source", value).to_string().into(),
            "status" | "was" | "is" if self.has("status", value) => {
                self.one_of("status", value).to_string().into()
            }
            "status" if self.has("slot", value) => self.one_of("slot", value).to_string().into(),
            "policy" => self.one_of("policy", value).to_string().into(),
            "cause" => self.retold("cause", value).unwrap_or_else(|| value.to_owned()).into(),
            // "3 people": the language has its own word for them.
            "people" => {
                let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
                digits.parse::<u32>().map_or_else(|_| value.to_owned().into(), Into::into)
            }
            _ => value.to_owned().into(),
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

    /// One of every sentence that the engine can say.
    fn all() -> Vec<Reason> {
        let (nine, ten) = (time(9, 0, 0, 0), time(10, 0, 0, 0));
        let window = Window::new(date(2026, 2, 2), nine, ten, &TimeZone::UTC).unwrap();
        let band = Band::new(4).unwrap();
        let number = SequenceNumber::nth(band, 1).unwrap();
        let why = || "asked for by the ward".to_owned();
        let mut all = vec![
            Reason::SlotPassedOver(window, PassedOver::Full { count: 10, limit: 10 }),
            Reason::SlotPassedOver(window, PassedOver::Over),
            Reason::SlotPassedOver(window, PassedOver::NotOpen(SlotStatus::Closed)),
            Reason::SeatTaken { window, count: 3, limit: 10 },
            Reason::BufferUsed { window, count: 11, limit: 12 },
            Reason::Overridden { window, why: why() },
            Reason::FollowUpElsewhere(band),
            Reason::Numbered { source: Source::WalkIn, band, sequence: number },
            Reason::PresentAtOnce,
            Reason::MustCheckIn,
            Reason::PresentFromStart(window),
            Reason::Ahead { people: 0, emergencies: 0 },
            Reason::Ahead { people: 3, emergencies: 0 },
            Reason::Ahead { people: 3, emergencies: 1 },
            Reason::Waitlisted { before: 2 },
            Reason::Became { from: Status::Booked, to: Status::Arrived },
            Reason::Unchanged(Status::Arrived),
            Reason::SeatFreed(window),
            Reason::FromWaitlist(window),
            Reason::PlacedByHand { behind: Some(3), why: why() },
            Reason::PlacedByHand { behind: None, why: why() },
            Reason::Rejoined { behind: 1 },
            Reason::Rejoined { behind: 2 },
            Reason::RejoinsUsedUp(0),
            Reason::RejoinsUsedUp(1),
            Reason::RejoinsUsedUp(2),
            Reason::MadeRoom { from: number, to: number },
            Reason::SteppedBack,
            Reason::NextInOrder { policy: PolicyKind::Band, absent: 0 },
            Reason::NextInOrder { policy: PolicyKind::Band, absent: 2 },
            Reason::CalledOutOfOrder { passed: 2, why: why() },
            Reason::CalledAlready,
            Reason::CalledAgain,
            Reason::TakenBack { from: Status::Called, to: Status::Arrived },
            Reason::GraceOver(10),
            Reason::SlotEnded(window),
            Reason::NothingDue,
            Reason::RunningLate { minutes: 20, why: None },
            Reason::RunningLate { minutes: 20, why: Some(why()) },
            Reason::OnTimeAgain,
            Reason::DoctorLeaves(String::new()),
            Reason::DoctorLeaves(why()),
            Reason::OtherDoctor { from: 3, to: 4 },
            Reason::KeepsSeniority { before: 7 },
            Reason::EarlierAgreed(true),
            Reason::EarlierAgreed(false),
            Reason::SlotLimits { window, max_count: 10, hard_limit: 12, status: SlotStatus::Open },
        ];
        for cause in [
            MoveCause::DoctorLeaves,
            MoveCause::SlotCancelled,
            MoveCause::FewerSeats,
            MoveCause::Displaced(band),
            MoveCause::CameForward,
            MoveCause::ByHand(String::new()),
            MoveCause::ByHand(why()),
        ] {
            all.push(Reason::Moved { from: Some(window), to: window, cause: cause.clone() });
            all.push(Reason::Moved { from: None, to: window, cause: cause.clone() });
            all.push(Reason::NoRoomLeft(cause));
        }
        all
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
            "there is no seat on 2026-02-02; next room: 2026-02-02 10:00–11:00",
        ));
        assert!(told.contains("10:00–11:00"), "{told}");
    }

    #[test]
    fn what_is_filled_in_stays() {
        let hindi = Texts::named("hi").unwrap();
        let body = |code: &str, text: &str| ReasonBody { code: code.to_owned(), text: text.to_owned() };
        let told = hindi.reason(&body("seat_taken", "Seat 3 of 10 in 09:00–10:00."));
        assert!(told.contains('3') && told.contains("10") && told.contains("09:00–10:00"), "{told}");
        let typed = body("seat_taken", "Somebody typed this.");
        assert_eq!(hindi.reason(&typed), typed.text);
    }
}
