//! What is measured of the estimates, with the goals of `docs/science.md`.

use baari_engine::PolicyKind;

use super::measure::Plain;
use super::single;
use super::{Days, World, days, learned, on_all_cores, table, unknown};
use crate::replay::ReplayError;

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimates {
    /// Over so many days of each world.
    pub days: usize,
    /// Beginning with the day of this seed.
    pub seed: u64,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// In which world.
    pub world: &'static str,
    /// Of what.
    pub what: What,
    /// What it shall be.
    pub goal: Goal,
    /// What it is, by policy.
    pub values: Vec<(PolicyKind, f64)>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// How far call times were from what was told, on average, in minutes.
    Error,
    /// That, divided by the same of *people ahead × configured mean* in this definition.
    AgainstPlain(Plain),
    /// Divided by the same of *the wait of the last one called*, among those who came when somebody had been called.
    AgainstLastWait,
    /// The share of calls inside the 80 % band, of those who were told one.
    InBand,
    /// The same of all: who finds the doctor free is told to go in, and is called at once.
    InBandOfAll,
    /// The share of those who were told to be called more than ten minutes before they were.
    TooEarly,
    /// What walk-ins wait on average, in minutes.
    WalkInMean,
    /// What 95 of 100 walk-ins wait at most, in minutes.
    WalkInP95,
    /// The mean squared error of *people ahead × mean*, divided by m²ρ/(1 − ρ).
    Squares,
}

impl What {
    /// What reports call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "mean error, minutes",
            Self::AgainstPlain(Plain::ListFromStart) => {
                "error ÷ people ahead × configured mean (the list, from the planned start)"
            }
            Self::AgainstPlain(Plain::HereFromStart) => {
                "error ÷ people ahead × configured mean (who is here, from the start)"
            }
            Self::AgainstPlain(Plain::ListFromNow) => {
                "error ÷ people ahead × configured mean (the list, from now)"
            }
            Self::AgainstPlain(Plain::HereFromNow) => {
                "error ÷ people ahead × configured mean (who is here, from now)"
            }
            Self::AgainstLastWait => "error ÷ the wait of the last one called",
            Self::InBand => "called inside the 80 % band",
            Self::InBandOfAll => "the same, with those who are told to go in at once",
            Self::TooEarly => "told more than 10 minutes too early",
            Self::WalkInMean => "walk-ins wait, minutes",
            Self::WalkInP95 => "walk-ins wait, P95",
            Self::Squares => "squared error of people ahead × mean ÷ m²ρ/(1−ρ)",
        }
    }

    fn of(self, days: &Days) -> f64 {
        let measure = &days.measure;
        match self {
            Self::Error => measure.error_min(),
            Self::AgainstPlain(definition) => measure.against_plain(definition),
            Self::AgainstLastWait => measure.against_last_wait(),
            Self::InBand => measure.in_band(),
            Self::InBandOfAll => measure.in_band_of_all(),
            Self::TooEarly => measure.told_too_early(),
            Self::WalkInMean => days.walk_in_waits.iter().sum::<f64>() / days.walk_in_waits.len() as f64,
            Self::WalkInP95 => walk_in_p95(days),
            Self::Squares => f64::NAN,
        }
    }
}

/// What a figure shall be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Not more than this.
    AtMost(f64),
    /// From this to that.
    Within(f64, f64),
    /// Only looked at.
    Shown,
}

impl Goal {
    /// Whether this value is what it shall be.
    pub fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::Within(least, most) => (least..=most).contains(&value),
            Self::Shown => true,
        }
    }
}

impl Estimates {
    /// The figure of this name in this world.
    pub fn value(&self, world: &str, what: What, policy: PolicyKind) -> Option<f64> {
        let figure = self.figures.iter().find(|figure| figure.world == world && figure.what == what)?;
        figure.values.iter().find(|(other, _)| *other == policy).map(|(_, value)| *value)
    }

    /// As a table, at most 110 columns wide.
    pub fn table(&self) -> String {
        table::render(self)
    }
}

/// The policies that are measured.
const POLICIES: [PolicyKind; 2] = [PolicyKind::Band, PolicyKind::Target];

/// The worlds, each with what is known of the doctor: nothing but what is configured, or twenty days of the world before it in
/// this list.
const WORLDS: [(&str, World, bool); 5] = [
    ("normal", World::NORMAL, false),
    ("normal, 20 days known", World::NORMAL, true),
    ("busy", World::BUSY, false),
    ("35 % slower", World::SLOW, false),
    ("35 % slower, 20 days known", World::SLOW, true),
];

/// Plays so many days of each world under each policy.
///
/// # Errors
/// A day can't be played, or the auditor found a fault.
pub fn estimates(count: usize, seed: u64) -> Result<Estimates, ReplayError> {
    let mut figures = Vec::new();
    let mut unlearned: Vec<Days> = Vec::new();
    for (name, world, known) in WORLDS {
        let mut played = Vec::new();
        for (nth, policy) in POLICIES.into_iter().enumerate() {
            let histories = match unlearned.get(nth) {
                Some(past) if known => learned(&past.paces),
                _ => unknown(count),
            };
            played.push(days(world, policy, seed, &histories)?);
        }
        figures.extend(of_world(name, world, &played));
        unlearned = played;
    }
    figures.extend(references(count, seed)?);
    Ok(Estimates { days: count, seed, figures })
}

fn of_world(name: &'static str, world: World, played: &[Days]) -> Vec<Figure> {
    let slow = world == World::SLOW;
    let plain = Goal::AtMost(if slow { 0.75 } else { 0.80 });
    let usual = |goal| if slow { Goal::Shown } else { goal };
    let normal = |goal| if world == World::NORMAL { goal } else { Goal::Shown };
    let lines = [
        (What::Error, Goal::Shown),
        (What::AgainstPlain(Plain::ListFromStart), plain),
        (What::AgainstPlain(Plain::HereFromStart), plain),
        (What::AgainstPlain(Plain::ListFromNow), plain),
        (What::AgainstPlain(Plain::HereFromNow), plain),
        (What::AgainstLastWait, usual(Goal::AtMost(0.55))),
        (What::InBand, usual(Goal::Within(0.76, 0.84))),
        (What::InBandOfAll, Goal::Shown),
        (What::TooEarly, normal(Goal::AtMost(0.18))),
        (What::WalkInMean, Goal::Shown),
        (What::WalkInP95, Goal::Shown),
    ];
    let figure = |(what, goal): (What, Goal)| {
        let values = POLICIES.into_iter().zip(played).map(|(policy, days)| (policy, what.of(days)));
        Figure { world: name, what, goal, values: values.collect() }
    };
    lines.into_iter().map(figure).collect()
}

/// What the simulator must give whatever the estimator does.
fn references(count: usize, seed: u64) -> Result<Vec<Figure>, ReplayError> {
    let mut figures = Vec::new();
    let strict = days(World::NORMAL, PolicyKind::Strict, seed, &unknown(count))?;
    figures.push(Figure {
        world: "normal",
        what: What::WalkInP95,
        goal: Goal::Shown,
        values: vec![(PolicyKind::Strict, walk_in_p95(&strict))],
    });
    let squares = on_all_cores(count, |day| single::play(seed + day as u64))?;
    let sum: f64 = squares.iter().map(|squares| squares.sum).sum();
    let asked: f64 = squares.iter().map(|squares| squares.count).sum();
    figures.push(Figure {
        world: "M/M/1",
        what: What::Squares,
        goal: Goal::Within(0.98, 1.02),
        values: vec![(PolicyKind::Fcfs, sum / asked / single::EXPECTED)],
    });
    Ok(figures)
}

/// Of n waits in order, the ⌈0.95·n⌉-th.
fn walk_in_p95(days: &Days) -> f64 {
    let rank = (days.walk_in_waits.len() * 95).div_ceil(100).max(1);
    days.walk_in_waits.get(rank - 1).copied().unwrap_or_default()
}
