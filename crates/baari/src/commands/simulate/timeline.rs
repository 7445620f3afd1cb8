//! The day as a picture: one line a doctor, time from left to right, a letter for each source; and in plain words.

use baari_engine::Source;
use baari_sim::{DoctorDay, Opening, Outcome, Scenario, Summary, Visit, story};

use super::table::shorten;

/// Columns of a line: the name, and the time beside it.
const NAME: usize = 12;
const TIME: usize = 86;
/// Columns of a sentence, and how many of them are shown.
const WORDS: usize = 81;
const STORY_LINES: usize = 60;
/// How many minutes a column can stand for, so that hours begin on a column.
const CELL_MINUTES: [u32; 12] = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];
/// How many people wait, from nobody to as many as ever.
const HEIGHTS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The time that is shown.
struct Axis {
    first_min: f64,
    cell_min: f64,
    cells: usize,
}

/// The picture.
pub(super) fn render(scenario: &Scenario, outcome: &Outcome, summary: &Summary, coloured: bool) -> String {
    let (Some(axis), Ok(opening)) = (Axis::of(scenario, outcome), scenario.opening()) else {
        return String::new();
    };
    let mut lines = vec![format!("{:NAME$}{}", "Timeline", axis.hours(&opening))];
    for (plan, day) in scenario.doctors.iter().zip(&outcome.doctors) {
        let last_slot = plan.slots.iter().map(|slot| slot.end_min).fold(plan.starts_min, f64::max);
        let stays_until = plan.leaves_min.map_or(last_slot, |leaves| leaves.min(last_slot));
        let here =
            (plan.starts_min, day.visits.last().map_or(stays_until, |visit| visit.end_min.max(stays_until)));
        let mut line = format!("{:NAME$}", shorten(&plan.name, NAME - 1));
        for cell in 0..axis.cells {
            line.push_str(&axis.cell(cell, here, day, scenario).shown(coloured));
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.push(format!("{:NAME$}{}", "waiting", axis.waiting(summary)).trim_end().to_owned());
    lines.push(String::new());
    let legend = Source::ALL.map(|source| format!("{} {source}", Cell::Visit(source).shown(coloured)));
    lines.push(format!("{} · each column is {} minutes", legend.join("  "), axis.cell_min));
    let most = summary.waiting.iter().map(|(_, people)| *people).max().unwrap_or_default();
    lines.push(format!("· no patient  █ {most} people waiting\n"));
    lines.extend(words(scenario, outcome, &opening));
    lines.join("\n")
}

/// What happened besides people coming and being called.
fn words(scenario: &Scenario, outcome: &Outcome, opening: &Opening) -> Vec<String> {
    let story = story(scenario, outcome);
    if story.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["What happened".to_owned()];
    lines.extend(story.iter().take(STORY_LINES).map(|line| {
        let time = opening.wall_clock(line.minute).strftime("%H:%M");
        let name = shorten(&scenario.doctors[line.doctor].name, NAME - 1);
        format!("{time} {name:NAME$}{}", shorten(&line.text, WORDS))
    }));
    if let Some(more) = story.len().checked_sub(STORY_LINES).filter(|more| *more > 0) {
        lines.push(format!("… and {more} more; --json has them all."));
    }
    lines.push(String::new());
    lines
}

/// What a doctor does for the length of a column.
enum Cell {
    Away,
    Idle,
    Visit(Source),
}

impl Cell {
    fn shown(&self, coloured: bool) -> String {
        let (letter, colour) = match self {
            Self::Away => return " ".to_owned(),
            Self::Idle => ('·', 90),
            Self::Visit(Source::Emergency) => ('E', 31),
            Self::Visit(Source::PaidPriority) => ('P', 33),
            Self::Visit(Source::FollowUp) => ('F', 34),
            Self::Visit(Source::WalkIn) => ('W', 36),
            Self::Visit(Source::Online) => ('O', 35),
        };
        if coloured { format!("\u{1b}[{colour}m{letter}\u{1b}[0m") } else { letter.to_string() }
    }
}

impl Axis {
    /// From the hour before anything happens to when all is over; none if nothing happens.
    fn of(scenario: &Scenario, outcome: &Outcome) -> Option<Self> {
        let slots = scenario.doctors.iter().flat_map(|doctor| &doctor.slots);
        let planned = slots.flat_map(|slot| [slot.start_min, slot.end_min]);
        let visits = outcome.doctors.iter().flat_map(|doctor| &doctor.visits);
        let minutes: Vec<f64> =
            planned.chain(visits.flat_map(|visit| [visit.start_min, visit.end_min])).collect();
        let first_min = (minutes.iter().copied().reduce(f64::min)? / 60.0).floor() * 60.0;
        let span = minutes.iter().copied().reduce(f64::max)? - first_min;
        let days = (1..).map(|hours| 60 * hours);
        let fitting =
            CELL_MINUTES.into_iter().chain(days).find(|cell| span <= f64::from(*cell) * TIME as f64);
        let cell_min = f64::from(fitting?);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it fits TIME, just above"
        )]
        let cells = (span / cell_min).ceil() as usize;
        Some(Self { first_min, cell_min, cells })
    }

    fn minute(&self, cell: usize) -> f64 {
        self.first_min + cell as f64 * self.cell_min
    }

    /// The hours, as many as there is room for.
    fn hours(&self, opening: &Opening) -> String {
        let mut line = String::new();
        for cell in 0..self.cells {
            let on_the_hour = self.minute(cell) % 60.0 == 0.0;
            let shown = line.chars().count();
            if on_the_hour && (shown == 0 || shown < cell) {
                line.extend(std::iter::repeat_n(' ', cell - shown));
                line.push_str(&opening.wall_clock(self.minute(cell)).strftime("%H:%M").to_string());
            }
        }
        line
    }

    /// What fills most of a column.
    fn cell(&self, cell: usize, here: (f64, f64), day: &DoctorDay, scenario: &Scenario) -> Cell {
        let (from, to) = (self.minute(cell), self.minute(cell + 1));
        let share = |start: f64, end: f64| (end.min(to) - start.max(from)).max(0.0);
        // Visits are in the order of time.
        let later = day.visits.partition_point(|visit| visit.end_min <= from);
        let within = day.visits[later..].iter().take_while(|visit| visit.start_min < to);
        let length = |visit: &&Visit| share(visit.start_min, visit.end_min);
        let busy: f64 = within.clone().map(|visit| length(&visit)).sum();
        let longest = within.max_by(|a, b| length(a).total_cmp(&length(b)));
        match longest {
            Some(visit) if busy * 2.0 >= self.cell_min => {
                Cell::Visit(scenario.patients[visit.patient].source)
            }
            _ if share(here.0, here.1) > 0.0 => Cell::Idle,
            _ => Cell::Away,
        }
    }

    /// How many people wait, as a line of bars.
    fn waiting(&self, summary: &Summary) -> String {
        let most = summary.waiting.iter().map(|(_, people)| *people).max().unwrap_or_default().max(1);
        let bar = |cell: usize| {
            let minute = self.minute(cell);
            let known = summary.waiting.partition_point(|(at, _)| *at <= minute);
            let people = known.checked_sub(1).map_or(0, |at| summary.waiting[at].1);
            HEIGHTS[(people * (HEIGHTS.len() - 1)).div_ceil(most)]
        };
        (0..self.cells).map(bar).collect()
    }
}
