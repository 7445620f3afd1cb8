//! The estimates stay as good as they were measured to be, over few days and with slack: `baari lab estimates` has the
//! figures of many.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use baari_engine::PolicyKind;
use baari_sim::lab::{Measure, Plain, World, days, estimates, learned, unknown};

const DAYS: usize = 150;
const SEED: u64 = 1;

fn measure(world: World, policy: PolicyKind) -> Measure {
    days(world, policy, SEED, &unknown(DAYS)).unwrap().measure
}

#[test]
fn estimates_are_better_than_counting_heads_and_than_the_last_wait() {
    for (world, policy) in [
        (World::NORMAL, PolicyKind::Band),
        (World::NORMAL, PolicyKind::Target),
        (World::BUSY, PolicyKind::Target),
    ] {
        let measure = measure(world, policy);
        let told = measure.told;
        assert!((25..=40).contains(&(told as usize / DAYS)), "{policy}: {told} were told");
        for definition in [Plain::ListFromStart, Plain::HereFromStart] {
            let ratio = measure.against_plain(definition);
            assert!(ratio < 0.83, "{world:?} {policy} {definition:?}: {ratio}");
        }
        let ratio = measure.against_last_wait();
        assert!(ratio < 0.50, "{world:?} {policy}: {ratio}");
        let inside = measure.in_band();
        assert!((0.75..=0.86).contains(&inside), "{world:?} {policy}: {inside}");
        let early = measure.told_too_early();
        assert!(early < 0.21, "{world:?} {policy}: {early}");
    }
}

#[test]
fn a_doctor_who_takes_longer_than_configured_is_learned() {
    let unlearned = days(World::SLOW, PolicyKind::Target, SEED, &unknown(DAYS)).unwrap();
    let ratio = unlearned.measure.against_plain(Plain::ListFromStart);
    assert!(ratio < 0.79, "{ratio}");
    let histories = learned(&unlearned.paces);
    for history in &histories {
        assert!((7.2..=9.0).contains(&history.mean_minutes), "{history:?}");
        assert!((0.5..=0.7).contains(&history.cv), "{history:?}");
    }
    let worth = histories.iter().map(|history| history.worth_visits).sum::<f64>() / DAYS as f64;
    assert!((12.0..=22.0).contains(&worth), "{worth}");
    let known = days(World::SLOW, PolicyKind::Target, SEED, &histories).unwrap();
    assert!(known.measure.error_min() < 0.95 * unlearned.measure.error_min());
}

#[test]
fn the_lab_says_the_same_every_time() {
    let table = || estimates(3, 7).unwrap().table();
    assert_eq!(table(), table());
    assert!(table().lines().all(|line| line.chars().count() <= 110), "{}", table());
}
