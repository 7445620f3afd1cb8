//! The property of the whole day: after any sequence of 200 commands of all kinds, sensible or not, for two doctors, at any
//! time, under any settings, counts equal tokens, no live token is lost, no number repeats, the order is the policy's, a
//! decision made again from its inputs is identical, and the auditor agrees.
//!
//! 500 sequences in normal runs; with `BAARI_SLOW` set (`cargo xtask test --slow`), 100,000.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod commands;
mod mutations;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use baari_engine::{Command, MoveCause, Reason};
use baari_sim::{Step, audit_steps};

use commands::Draws;
use world::{Timed, World};

const COMMANDS: usize = 200;

#[expect(clippy::disallowed_methods, reason = "how thorough to be is said by who runs the tests")]
fn sequences() -> u64 {
    if std::env::var_os("BAARI_SLOW").is_some() { 100_000 } else { 500 }
}

#[test]
fn any_sequence_of_commands_keeps_the_rules() {
    let count = sequences();
    let mut seen = Seen::default();
    // Each kind of fault once.
    let mut stories = BTreeMap::new();
    for seed in 0..count {
        let mut played = Vec::with_capacity(COMMANDS);
        let Err(what) = caught(|| play(seed, &mut played, &mut seen)) else { continue };
        let kind = what.split(": ").nth(1).unwrap_or(&what).to_owned();
        stories.entry(kind).or_insert_with(|| story(seed, &what, played));
    }
    let stories: Vec<String> = stories.into_values().collect();
    assert!(stories.is_empty(), "{}", stories.join("\n\n"));
    println!("{count} sequences of {COMMANDS} commands: {seen:#?}");
    seen.is_enough(count);
}

#[test]
fn steps_can_be_audited_without_a_scenario() {
    let mut audited = 0;
    for seed in 0..40 {
        let mut draws = Draws::new(seed);
        let setup = draws.setup();
        let mut world = World::new(&setup);
        let before = world.days.clone();
        let mut steps = Vec::new();
        for _ in 0..COMMANDS {
            let timed = Timed { together: true, ..draws.next(&world) };
            if !world.is_plain(&timed) {
                break;
            }
            steps.push(world.step(&timed).unwrap());
        }
        assert_eq!(audit_steps(&setup.settings, &before, &steps), []);
        let booked = |step: &Step| {
            let booking = matches!(step.command, Command::Book(_));
            booking && step.result.as_ref().is_ok_and(|decision| !decision.tokens.is_empty())
        };
        let Some(first) = steps.iter().position(booked) else { continue };
        steps.remove(first);
        assert!(!audit_steps(&setup.settings, &before, &steps).is_empty(), "seed {seed}: a step is missing");
        audited += 1;
    }
    assert!(audited > 10, "{audited} sequences only");
}

/// What happened, by name: a property of days on which nothing happens says nothing.
#[derive(Debug, Default)]
struct Seen {
    events: BTreeMap<&'static str, u64>,
    moves: BTreeMap<&'static str, u64>,
    refusals: BTreeMap<String, u64>,
    unchanged: u64,
}

impl Seen {
    fn take(&mut self, step: &Step) {
        let home = match &step.result {
            Ok(home) => home,
            Err(refusal) => {
                let refusal = format!("{refusal:?}");
                let name = refusal.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
                *self.refusals.entry(name.to_owned()).or_default() += 1;
                return;
            }
        };
        self.unchanged += u64::from(home.changes_nothing());
        for event in home.events.iter().chain(step.beside.iter().flat_map(|(_, other)| &other.events)) {
            *self.events.entry(event.kind.name()).or_default() += 1;
            for move_seen in event.reasons.iter().filter_map(move_seen) {
                *self.moves.entry(move_seen).or_default() += 1;
            }
        }
    }

    /// Everything that can happen has happened often enough.
    fn is_enough(&self, count: u64) {
        let rarest = self.events.iter().chain(&self.moves).min_by_key(|(_, times)| **times);
        assert_eq!((self.events.len(), self.moves.len()), (22, 9), "{self:?}");
        assert!(rarest.is_some_and(|(_, times)| *times >= count / 25), "too seldom: {rarest:?}");
    }
}

const fn move_seen(reason: &Reason) -> Option<&'static str> {
    match reason {
        Reason::Moved { cause: MoveCause::DoctorLeaves, .. } => Some("the doctor leaves"),
        Reason::Moved { cause: MoveCause::SlotCancelled, .. } => Some("the slot is cancelled"),
        Reason::Moved { cause: MoveCause::FewerSeats, .. } => Some("fewer seats"),
        Reason::Moved { cause: MoveCause::Displaced(_), .. } => Some("displaced"),
        Reason::Moved { cause: MoveCause::CameForward, .. } => Some("pulled forward"),
        Reason::Moved { cause: MoveCause::ByHand(_), .. } => Some("by hand"),
        Reason::NoRoomLeft(_) => Some("no room left"),
        Reason::KeepsSeniority { .. } => Some("keeps seniority"),
        Reason::OtherDoctor { .. } => Some("to another doctor"),
        _ => None,
    }
}

/// Draws and plays the commands of a seed; stops at the first that breaks a rule.
fn play(seed: u64, played: &mut Vec<Timed>, seen: &mut Seen) -> Result<(), String> {
    let mut draws = Draws::new(seed);
    let setup = draws.setup();
    let mut world = World::new(&setup);
    for _ in 0..COMMANDS {
        let timed = draws.next(&world);
        played.push(timed.clone());
        seen.take(&world.step(&timed)?);
    }
    Ok(())
}

fn again(seed: u64, commands: &[Timed]) -> Result<(), String> {
    let setup = Draws::new(seed).setup();
    let mut world = World::new(&setup);
    commands.iter().try_for_each(|timed| world.step(timed).map(drop))
}

/// A panic of the engine is a broken rule too.
fn caught(action: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(action))
        .unwrap_or_else(|_| Err("the engine panicked (see above)".to_owned()))
}

/// Leaves commands out for as long as what remains still breaks a rule.
fn shrink(seed: u64, mut commands: Vec<Timed>) -> Vec<Timed> {
    let mut size = commands.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < commands.len() {
            let mut fewer = commands.clone();
            fewer.drain(at..(at + size).min(commands.len()));
            if caught(|| again(seed, &fewer)).is_err() {
                commands = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    commands
}

fn story(seed: u64, what: &str, played: Vec<Timed>) -> String {
    let mut story = format!("seed {seed}, command {}: {what}\n", played.len());
    let shortest = shrink(seed, played);
    let broken = caught(|| again(seed, &shortest)).err().unwrap_or_default();
    writeln!(story, "The shortest that still breaks a rule: {broken}").unwrap();
    writeln!(story, "{:?}", Draws::new(seed).setup()).unwrap();
    for timed in shortest {
        writeln!(story, "{timed:?}").unwrap();
    }
    story
}
