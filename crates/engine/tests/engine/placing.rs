//! §3.4: a token placed between two others stands there, under every policy, and keeps that place.

mod exhaustion;
mod kept;

use baari_engine::{PolicyKind, Source};

use super::rules::refusal;
use crate::support::{Opd, instant};

const MIXED: [(u128, Source); 8] = [
    (0, Source::WalkIn),
    (0, Source::Online),
    (1, Source::WalkIn),
    (0, Source::PaidPriority),
    (0, Source::Emergency),
    (1, Source::FollowUp),
    (0, Source::WalkIn),
    (1, Source::Emergency),
];

/// Eight tokens in two slots, some of them absent, some booked in the same instant.
fn mixed(policy: PolicyKind) -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 20, 25), ("10:00-11:00", 20, 25)]);
    opd.settings.policy = policy;
    for (n, (slot, source)) in MIXED.into_iter().enumerate() {
        opd.now = instant(crate::support::DATE, ["09:00", "09:05", "09:20"][n * 3 / MIXED.len()]);
        opd.book_in(slot, source);
    }
    opd.at("09:30");
    opd
}

/// The queue as it shall be: the old one with the token at the asked place.
fn with_token_at(mut queue: Vec<u32>, token_no: u32, beside: u32, behind: bool) -> Vec<u32> {
    queue.retain(|no| *no != token_no);
    let at = queue.iter().position(|no| *no == beside).unwrap() + usize::from(behind);
    queue.insert(at, token_no);
    queue
}

fn put(opd: &mut Opd, token_no: u32, beside: u32, behind: bool) -> Result<(), baari_engine::Refusal> {
    let done = if behind { opd.behind(token_no, beside) } else { opd.before(token_no, beside) };
    done.map(drop)
}

fn emergencies_are_first(opd: &Opd, queue: &[u32]) -> bool {
    let urgent: Vec<bool> = queue.iter().map(|no| opd.token(*no).class == Source::Emergency).collect();
    urgent.is_sorted_by(|one, next| one >= next)
}

/// No slot gives a number to two of its tokens, whatever has become of them.
fn numbers_are_unique(opd: &Opd) {
    let mut used: Vec<_> =
        opd.day.tokens().iter().filter_map(|token| Some((token.slot?, token.sequence?))).collect();
    let count = used.len();
    used.sort();
    used.dedup();
    assert_eq!(used.len(), count, "a sequence number was used twice");
}

#[test]
fn the_queue_is_the_old_one_with_the_token_at_the_asked_place() {
    for policy in PolicyKind::all() {
        let start = mixed(policy);
        for token_no in 1..=8 {
            for (beside, behind) in (1..=8).flat_map(|beside| [(beside, false), (beside, true)]) {
                let mut opd = start.clone();
                let case = format!("{policy}: {token_no} beside {beside}, behind: {behind}");
                if token_no == beside {
                    assert_eq!(refusal(put(&mut opd, token_no, beside, behind)), "BesideItself");
                    continue;
                }
                let asked = with_token_at(start.queue(), token_no, beside, behind);
                let first = matches!(policy, PolicyKind::Band | PolicyKind::Target);
                if first && !emergencies_are_first(&opd, &asked) {
                    assert_eq!(
                        refusal(put(&mut opd, token_no, beside, behind)),
                        "EmergenciesFirst",
                        "{case}"
                    );
                } else {
                    put(&mut opd, token_no, beside, behind).unwrap();
                    assert_eq!(opd.queue(), asked, "{case}");
                    numbers_are_unique(&opd);
                }
            }
        }
    }
}

#[test]
fn many_placements_in_a_row_each_come_out_as_asked() {
    for policy in PolicyKind::all() {
        let mut opd = mixed(policy);
        for n in 0..400_u32 {
            let (token_no, beside, behind) = (n * 5 % 8 + 1, n * n * 3 % 7 + 1, n % 3 == 0);
            if token_no == beside {
                continue;
            }
            let asked = with_token_at(opd.queue(), token_no, beside, behind);
            let before = opd.day.clone();
            match put(&mut opd, token_no, beside, behind) {
                Ok(()) => {
                    assert_eq!(opd.queue(), asked, "{policy}, {n}: {token_no} beside {beside}, {behind}");
                }
                Err(_) => assert_eq!(opd.day, before),
            }
            numbers_are_unique(&opd);
        }
    }
}

#[test]
fn only_the_waiting_can_be_placed_and_only_beside_the_waiting() {
    use baari_engine::Status::{Called, Cancelled, Completed, InConsultation};
    for gone in [&[Cancelled][..], &[Called], &[Called, InConsultation], &[Called, InConsultation, Completed]]
    {
        let mut opd = mixed(PolicyKind::Band);
        opd.set(1, gone);
        assert_eq!(refusal(opd.before(1, 2)), "NotWaiting");
        assert_eq!(refusal(opd.before(2, 1)), "NotWaiting");
    }
}

#[test]
fn the_reason_given_by_hand_is_kept_and_its_length_limited() {
    use baari_engine::{Beside, Command, Place, Reason, limits::WHY_CHARACTERS};
    let mut opd = mixed(PolicyKind::Band);
    let (token, beside) = (opd.token(7).id, Beside::Behind(opd.token(4).id));
    let place = Place { token, beside, why: "ठ".repeat(5_000) };
    let decision = opd.run(&Command::Place(place)).unwrap();
    let [Reason::PlacedByHand { behind: Some(4), why }] = decision.reasons() else { panic!("{decision:?}") };
    assert_eq!(why.chars().count(), WHY_CHARACTERS);
}
