//! The lab's figures as a text table.

use std::fmt::Write;

use baari_engine::PolicyKind;

use super::estimates::{Estimates, Figure, Goal};

/// Columns of what a figure is.
const WHAT: usize = 75;
/// Columns of a value and its mark.
const VALUE: usize = 8;

const POLICIES: [PolicyKind; 2] = [PolicyKind::Band, PolicyKind::Target];

/// The table. A value with a cross is not what it shall be.
pub(super) fn render(estimates: &Estimates) -> String {
    let mut text = String::new();
    write_all(&mut text, estimates).expect("a String takes all that is written to it");
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn write_all(text: &mut String, estimates: &Estimates) -> std::fmt::Result {
    let Estimates { days, seed, figures } = estimates;
    writeln!(text, "Estimates at check-in · {days} days of each world from seed {seed}")?;
    let mut world = "";
    for figure in figures {
        if figure.world != world {
            world = figure.world;
            let [band, target] = POLICIES.map(PolicyKind::name);
            writeln!(text, "\n{world:WHAT$}{band:>VALUE$}{target:>VALUE$}  goal")?;
        }
        line(text, figure)?;
    }
    Ok(())
}

fn line(text: &mut String, figure: &Figure) -> std::fmt::Result {
    let Figure { what, goal, values, .. } = figure;
    let value_of = |policy| values.iter().find(|(other, _)| *other == policy).map(|(_, value)| *value);
    let other = values.iter().find(|(policy, _)| !POLICIES.contains(policy));
    let named = other
        .map_or_else(|| what.name().to_owned(), |(policy, _)| format!("{}, under {policy}", what.name()));
    write!(text, "{named:WHAT$}")?;
    for value in [value_of(POLICIES[0]), value_of(POLICIES[1]).or(other.map(|(_, value)| *value))] {
        let Some(value) = value else {
            write!(text, "{:>VALUE$}", "")?;
            continue;
        };
        let digits = if value < 2.0 { 3 } else { 1 };
        let mark = if goal.is_met(value) { ' ' } else { '✗' };
        write!(text, "{value:>width$.digits$}{mark}", width = VALUE - 1)?;
    }
    match goal {
        Goal::AtMost(most) => writeln!(text, "  ≤ {most:.2}"),
        Goal::Within(least, most) => writeln!(text, "  {least:.2} to {most:.2}"),
        Goal::Shown => writeln!(text),
    }
}
