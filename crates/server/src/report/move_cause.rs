//! What made a token move, told from the sentence that is kept of it. The engine's own words are known; whatever else stands
//! there, somebody has written.

use baari_engine::MoveCause;

/// How a token came to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The planner: the doctor left, the slot was cancelled or has fewer seats, or a seat became free earlier.
    Plan,
    /// Somebody, with a reason.
    Hand,
}

/// What these reasons (code and sentence) of a move say; none if they say that it gave way to a higher band, which the token
/// itself remembers.
pub(super) fn of(reasons: &[(String, String)]) -> Option<Cause> {
    let (_, sentence) = reasons.iter().find(|(code, _)| code == "moved")?;
    match engines_own(sentence) {
        Some(MoveCause::Displaced(_)) => None,
        Some(_) => Some(Cause::Plan),
        None => Some(Cause::Hand),
    }
}

/// What made it move, if the sentence says so in the engine's own words and in no others; none where somebody has typed why.
/// Before the first colon with a space behind it stands nothing that anybody typed, behind it nothing but the cause.
pub(crate) fn engines_own(sentence: &str) -> Option<MoveCause> {
    let (_, said) = sentence.split_once(": ")?;
    let displaced = (1..=9).filter_map(baari_engine::Band::new).map(MoveCause::Displaced);
    let planned =
        [MoveCause::DoctorLeaves, MoveCause::SlotCancelled, MoveCause::FewerSeats, MoveCause::CameForward];
    planned.into_iter().chain(displaced).find(|cause| cause.to_string() == said)
}

#[cfg(test)]
mod tests {
    use baari_engine::{Band, Reason, Window};
    use jiff::civil::{date, time};
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn the_engines_words_are_the_planners_and_all_others_somebodys() {
        let window = |hour| {
            Window::new(date(2026, 2, 2), time(hour, 0, 0, 0), time(hour + 1, 0, 0, 0), &TimeZone::UTC)
                .unwrap()
        };
        let by_hand = |why: &str| MoveCause::ByHand(why.to_owned());
        for (cause, expected) in [
            (MoveCause::DoctorLeaves, Some(Cause::Plan)),
            (MoveCause::SlotCancelled, Some(Cause::Plan)),
            (MoveCause::FewerSeats, Some(Cause::Plan)),
            (MoveCause::CameForward, Some(Cause::Plan)),
            (MoveCause::Displaced(Band::new(1).unwrap()), None),
            (by_hand(""), Some(Cause::Hand)),
            (by_hand("asked for it"), Some(Cause::Hand)),
            (by_hand("Dr Rao: the doctor leaves early."), Some(Cause::Hand)),
            (by_hand("Dr Rao: the doctor leaves."), Some(Cause::Hand)),
            (by_hand("Asha needed the seat."), Some(Cause::Hand)),
        ] {
            for from in [None, Some(window(9))] {
                let moved = Reason::Moved { from, to: window(10), cause: cause.clone() };
                let others = [("slot_full".to_owned(), "full".to_owned())];
                let reasons = [&others[..], &[(moved.code().to_owned(), moved.to_string())]].concat();
                assert_eq!(of(&reasons), expected, "{moved}");
            }
        }
        assert_eq!(of(&[]), None);
    }
}
