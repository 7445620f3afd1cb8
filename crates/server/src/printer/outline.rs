//! A letter's outline where it stands on the paper, and the dots within it.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use cosmic_text::skrifa::instance::Size;
use cosmic_text::skrifa::outline::{DrawSettings, OutlinePen};
use cosmic_text::skrifa::{FontRef, GlyphId, MetadataProvider, Tag};
use cosmic_text::{FontSystem, LayoutGlyph};

use super::bitmap::Bitmap;

/// How much of a dot a letter covers where it is black: thermal paper has no grey.
const COVERED: f32 = 0.5;

/// A line or a curve, from its begin over the points that bend it to its end.
#[derive(Debug)]
enum Stroke {
    Line([Point; 2]),
    Quadratic([Point; 3]),
    Cubic([Point; 4]),
}

impl Stroke {
    const fn points(&self) -> &[Point] {
        match self {
            Self::Line(points) => points,
            Self::Quadratic(points) => points,
            Self::Cubic(points) => points,
        }
    }
}

/// A letter's outline. Fonts count upwards from the foot of the line, paper downwards from its top.
#[derive(Debug)]
pub(crate) struct Outline {
    origin: (f32, f32),
    strokes: Vec<Stroke>,
    begun: Point,
    here: Point,
}

impl Outline {
    /// Of this letter, with its foot here; nothing if the font has no such letter, or no outline of it.
    pub(crate) fn of(fonts: &mut FontSystem, glyph: &LayoutGlyph, origin: (f32, f32)) -> Option<Self> {
        // The first one of every font is what it shows for a letter that it does not have.
        if glyph.glyph_id == 0 {
            return None;
        }
        let index = fonts.db().face(glyph.font_id)?.index;
        let font = fonts.get_font(glyph.font_id, glyph.font_weight)?;
        let font = FontRef::from_index(font.data(), index).ok()?;
        let location = font.axes().location([(Tag::new(b"wght"), f32::from(glyph.font_weight.0))]);
        let drawn = font.outline_glyphs().get(GlyphId::from(glyph.glyph_id))?;
        let zero = point(0.0, 0.0);
        let mut outline = Self { origin, strokes: Vec::new(), begun: zero, here: zero };
        drawn.draw(DrawSettings::unhinted(Size::new(glyph.font_size), &location), &mut outline).ok()?;
        Some(outline)
    }

    /// Left, top, right and bottom; nothing of a space.
    pub(crate) fn bounds(&self) -> Option<[f32; 4]> {
        let points = self.strokes.iter().flat_map(Stroke::points);
        points.map(|&Point { x, y }| [x, y, x, y]).reduce(|[left, top, right, bottom], [x, y, ..]| {
            [left.min(x), top.min(y), right.max(x), bottom.max(y)]
        })
    }

    /// Blackens what is within, on paper that begins at this row. Each letter alone: where two overlap, both are black.
    pub(crate) fn fill(&self, bitmap: &mut Bitmap, first_row: i32) {
        let Some([left, top, right, bottom]) = self.bounds() else { return };
        let (left, top) = (left.floor(), top.floor());
        let mut within = Rasterizer::new((right - left) as usize + 2, (bottom - top) as usize + 2);
        let on = |Point { x, y }: Point| point(x - left, y - top);
        for stroke in &self.strokes {
            match *stroke {
                Stroke::Line([from, to]) => within.draw_line(on(from), on(to)),
                Stroke::Quadratic([from, by, to]) => within.draw_quad(on(from), on(by), on(to)),
                Stroke::Cubic([from, by, over, to]) => within.draw_cubic(on(from), on(by), on(over), on(to)),
            }
        }
        within.for_each_pixel_2d(|x, y, covered| {
            if covered >= COVERED {
                bitmap.blacken(left as i32 + x as i32, top as i32 + y as i32 - first_row);
            }
        });
    }

    fn at(&self, x: f32, y: f32) -> Point {
        point(self.origin.0 + x, self.origin.1 - y)
    }

    /// The point where the last stroke ended; the next one begins at this one.
    fn on_to(&mut self, to: Point) -> Point {
        std::mem::replace(&mut self.here, to)
    }
}

impl OutlinePen for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.begun = self.at(x, y);
        self.here = self.begun;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.at(x, y);
        let from = self.on_to(to);
        self.strokes.push(Stroke::Line([from, to]));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let (by, to) = (self.at(cx0, cy0), self.at(x, y));
        let from = self.on_to(to);
        self.strokes.push(Stroke::Quadratic([from, by, to]));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (by, over, to) = (self.at(cx0, cy0), self.at(cx1, cy1), self.at(x, y));
        let from = self.on_to(to);
        self.strokes.push(Stroke::Cubic([from, by, over, to]));
    }

    fn close(&mut self) {
        let from = self.on_to(self.begun);
        self.strokes.push(Stroke::Line([from, self.begun]));
    }
}
