//! Bars and lines, drawn by the server: a picture with axes for those who see it, the same numbers as a table for everybody.
//! Pure: numbers in, places on a sheet of 600 × 260 out.

use super::texts::Texts;

/// The sheet, and the part of it between the axes.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 18.0;
const RIGHT: f64 = 8.0;
const BOTTOM: f64 = 34.0;
/// With more groups than that there is no room for a number on each bar.
const VALUES_MAX: usize = 8;
/// With more, not every group has its name.
const NAMES_MAX: usize = 12;

/// How a row of numbers is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Bars,
    Line,
}

/// A row of numbers: one for each group.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) values: Vec<Option<f64>>,
}

/// What is to be drawn.
#[derive(Debug, Clone)]
pub(super) struct Data {
    /// Unique on the page.
    pub(super) id: &'static str,
    pub(super) title: String,
    /// What the picture shows, for those who don't see it.
    pub(super) about: String,
    /// What the groups are, and what the numbers are in.
    pub(super) of: String,
    pub(super) unit: String,
    pub(super) decimals: usize,
    pub(super) groups: Vec<String>,
    pub(super) series: Vec<Series>,
}

/// A picture with its table.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) data: Data,
    t: Texts,
    pub(super) bars: Vec<Bar>,
    pub(super) lines: Vec<Line>,
    pub(super) ticks: Vec<(f64, String)>,
    pub(super) names: Vec<(f64, String)>,
}

/// A bar, and the number on it.
#[derive(Debug, PartialEq)]
pub(super) struct Bar {
    /// Which row it is of.
    pub(super) series: usize,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) middle: f64,
    pub(super) says: String,
    /// What is written on it, where there is room.
    pub(super) label: Option<String>,
}

/// A line through points, broken where there is nothing.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) series: usize,
    pub(super) path: String,
    pub(super) dots: Vec<(f64, f64, String)>,
}

impl Chart {
    pub(super) fn new(t: Texts, data: Data) -> Self {
        let most = data.series.iter().flat_map(|series| &series.values).flatten().copied();
        let step = step(most.fold(0.0, f64::max));
        let most = data.series.iter().flat_map(|series| &series.values).flatten().copied();
        let steps = (most.fold(0.0, f64::max) / step).ceil().max(1.0);
        let y = |value: f64| HEIGHT - BOTTOM - value / (steps * step) * (HEIGHT - TOP - BOTTOM);
        let slot = (WIDTH - LEFT - RIGHT) / data.groups.len().max(1) as f64;
        let middle = |group: usize| LEFT + slot * (group as f64 + 0.5);
        let every = data.groups.len().div_ceil(NAMES_MAX).max(1);
        let named = data.groups.iter().enumerate().step_by(every);
        let names = named.map(|(at, name)| (middle(at), name.clone())).collect();
        let tick_decimals = usize::from(step < 1.0);
        let mut ticks = Vec::new();
        let mut at = 0.0;
        while at <= steps {
            ticks.push((y(at * step), t.number(at * step, tick_decimals)));
            at += 1.0;
        }
        let mut chart = Self { t, data, bars: Vec::new(), lines: Vec::new(), ticks, names };
        chart.draw(slot, y, middle);
        chart
    }

    fn draw(&mut self, slot: f64, y: impl Fn(f64) -> f64, middle: impl Fn(usize) -> f64) {
        let all = &self.data.series;
        let rows = all.iter().filter(|series| series.shape == Shape::Bars).count().max(1);
        let width = (slot * 0.72 / rows as f64).min(56.0);
        let (mut bars, mut lines, mut row) = (Vec::new(), Vec::new(), 0);
        for (at, series) in all.iter().enumerate() {
            let found =
                series.values.iter().enumerate().filter_map(|(group, value)| Some((group, (*value)?)));
            let says = |group: usize, value: f64| {
                format!("{}, {}: {}", self.data.groups[group], series.name, self.value(Some(value)))
            };
            if series.shape == Shape::Line {
                let dots: Vec<_> = found
                    .clone()
                    .map(|(group, value)| (middle(group), y(value), says(group, value)))
                    .collect();
                lines.push(Line { series: at, path: path(&series.values, &y, &middle), dots });
                continue;
            }
            let room = self.data.groups.len() * rows <= 2 * VALUES_MAX;
            bars.extend(found.map(|(group, value)| {
                let x = middle(group) + width * (row as f64 - rows as f64 / 2.0);
                let (top, label) = (y(value), room.then(|| self.number(value)));
                let (height, middle) = (HEIGHT - BOTTOM - top, x + width / 2.0);
                Bar {
                    series: at,
                    x: x + 1.0,
                    y: top,
                    width: width - 2.0,
                    height,
                    middle,
                    says: says(group, value),
                    label,
                }
            }));
            row += 1;
        }
        (self.bars, self.lines) = (bars, lines);
    }

    /// Whether there is nothing to draw.
    pub(super) fn is_empty(&self) -> bool {
        !self.data.series.iter().flat_map(|series| &series.values).flatten().any(|value| *value > 0.0)
    }

    /// What is less than one is no nought.
    fn number(&self, value: f64) -> String {
        let is_part = value > 0.0 && value < 1.0;
        self.t.number(value, self.data.decimals.max(usize::from(is_part)))
    }

    /// A number of the table; a dash where there is none.
    pub(super) fn value(&self, value: Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.number(value))
    }

    /// The rows of the table.
    pub(super) fn rows(&self) -> Vec<(&str, Vec<String>)> {
        let cells = |at: usize| {
            let of = |series: &Series| self.value(series.values.get(at).copied().flatten());
            self.data.series.iter().map(of).collect()
        };
        self.data.groups.iter().enumerate().map(|(at, name)| (name.as_str(), cells(at))).collect()
    }
}

/// A tick every 1, 2 or 5 times a power of ten, four to eight of them.
fn step(most: f64) -> f64 {
    let rough = most.max(1.0) / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|nice| nice * power >= rough * 0.999);
    (nice.unwrap_or(10.0) * power).max(0.2)
}

fn path(values: &[Option<f64>], y: &impl Fn(f64) -> f64, middle: &impl Fn(usize) -> f64) -> String {
    let (mut path, mut pen_down) = (String::new(), false);
    for (group, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let letter = if pen_down { 'L' } else { 'M' };
            path.push_str(&format!("{letter}{:.1} {:.1}", middle(group), y(*value)));
        }
        pen_down = value.is_some();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: Vec<Option<f64>>, shape: Shape) -> Chart {
        let groups = (0..values.len()).map(|group| format!("g{group}")).collect();
        let series = vec![Series { name: "n".to_owned(), shape, values }];
        let text = String::new;
        let data = Data {
            id: "c",
            title: text(),
            about: text(),
            of: text(),
            unit: text(),
            decimals: 0,
            groups,
            series,
        };
        Chart::new(Texts::english(), data)
    }

    #[test]
    fn ticks_are_round_and_few() {
        for (most, expected) in
            [(0.0, 0.2), (1.0, 0.2), (4.0, 1.0), (10.0, 2.0), (23.0, 5.0), (60.0, 20.0), (172.0, 50.0)]
        {
            assert!((step(most) - expected).abs() < 1e-9, "{most}: {}", step(most));
        }
    }

    #[test]
    fn a_bar_stands_on_the_axis_and_ends_at_its_number() {
        let drawn = chart(vec![Some(10.0), None, Some(5.0)], Shape::Bars);
        let [high, low] = &drawn.bars[..] else { panic!("two bars") };
        assert!((high.y - TOP).abs() < 1e-9, "the highest reaches the top tick");
        assert!((high.height / low.height - 2.0).abs() < 1e-9);
        assert!((low.y + low.height - (HEIGHT - BOTTOM)).abs() < 1e-9);
        assert_eq!(drawn.rows()[1], ("g1", vec!["–".to_owned()]));
    }

    #[test]
    fn a_line_is_broken_where_there_is_nothing() {
        let drawn = chart(vec![Some(1.0), Some(2.0), None, Some(3.0)], Shape::Line);
        assert_eq!(drawn.lines[0].path.matches('M').count(), 2);
        assert_eq!(drawn.lines[0].dots.len(), 3);
    }

    #[test]
    fn less_than_one_is_no_nought() {
        let drawn = chart(vec![Some(0.4), Some(0.0), Some(1.6)], Shape::Bars);
        let labels: Vec<_> = drawn.bars.iter().filter_map(|bar| bar.label.as_deref()).collect();
        assert_eq!(labels, ["0.4", "0", "2"]);
        assert!(!drawn.is_empty());
    }

    #[test]
    fn nothing_at_all_is_drawn_too() {
        assert!(
            chart(vec![None, Some(0.0)], Shape::Bars).is_empty() && chart(Vec::new(), Shape::Line).is_empty()
        );
        assert!(chart(vec![None, None], Shape::Bars).bars.is_empty());
        assert!(chart(Vec::new(), Shape::Line).lines[0].path.is_empty());
    }
}
