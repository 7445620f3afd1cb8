//! Lines that have other letters than ASCII, drawn with the fonts of this computer: printers have no Devanagari, and a
//! transliteration is nobody's name. The shaping (which letters join, what comes before what) is cosmic-text's.
//!
//! Fonts are trusted, they are the system's; text is not.

use std::sync::{Mutex, PoisonError};

use cosmic_text::fontdb::Database;
use cosmic_text::{Align, Attrs, Buffer, FontSystem, LayoutGlyph, Metrics, Shaping};

use super::bitmap::Bitmap;
use super::outline::Outline;

/// A letter's size, in dots, so that it looks like a printer's own (24 dots high, most of it capitals).
pub(crate) const USUAL: u8 = 28;
/// The smallest that a text becomes to fit into one line; a longer one is in several lines, of the usual size.
const LEAST: u8 = 22;
/// From one line's foot to the next, in sizes: Devanagari has signs above and below.
const LINE: f32 = 1.3;
/// Dots left white at each side, for what letters have beyond their own width.
const MARGIN: u8 = 4;
/// Characters of a text that is drawn, at most: every name and sentence of a slip is shorter.
const CHARS_MAX: usize = 200;

/// The fonts that there are.
#[derive(Debug)]
pub(crate) struct Fonts(Mutex<FontSystem>);

impl Fonts {
    /// Those of this computer. It looks into every file: some tenths of a second.
    pub(crate) fn of_this_computer() -> Self {
        let mut known = Database::new();
        known.load_system_fonts();
        known.set_sans_serif_family("Noto Sans");
        Self::new(known)
    }

    /// Not one, as on a small server: nothing can be drawn.
    pub(crate) fn none() -> Self {
        Self::new(Database::new())
    }

    fn new(known: Database) -> Self {
        Self(Mutex::new(FontSystem::new_with_locale_and_db("en".to_owned(), known)))
    }

    /// The text in the middle of a paper of so many dots: of this size, smaller so that it fits into one line, or in several lines.
    /// Nothing where no font has one of its letters.
    pub(crate) fn draw(&self, text: &str, size: u8, width: u16) -> Option<Bitmap> {
        if text.chars().count() > CHARS_MAX {
            return None;
        }
        // What is left are lines' and paragraphs' ends, which would be more than one line.
        let text = text.replace(|c: char| c.is_control() || c.is_whitespace(), " ");
        // What is drawn halfway leaves nothing behind that the next text could trip over.
        let mut fonts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if fonts.db().is_empty() {
            return None;
        }
        let between = f32::from(width.saturating_sub(u16::from(MARGIN) * 2));
        let alone = laid(&mut fonts, &text, f32::from(size), None);
        let long = alone.layout_runs().map(|run| run.line_w).fold(0.0, f32::max);
        let fitting = (f32::from(size) * between / long.max(1.0)).floor().min(f32::from(size));
        let size = if fitting < f32::from(LEAST) { f32::from(USUAL) } else { fitting };
        let lines = laid(&mut fonts, &text, size, Some(between));
        let outlines = outlines(&mut fonts, &lines)?;
        // As high as its lines are, higher where letters need it.
        let mut height = [0.0, lines.layout_runs().map(|run| run.line_height).sum::<f32>()];
        for [left, top, right, bottom] in outlines.iter().filter_map(Outline::bounds) {
            let is_beside = left < 0.0 || right > f32::from(width);
            let is_far = top < -size || bottom > height[1] + size;
            if is_beside || is_far {
                return None;
            }
            height = [height[0].min(top.floor()), height[1].max(bottom.ceil())];
        }
        let mut bitmap = Bitmap::white(width.into(), (height[1] - height[0]) as usize);
        for outline in &outlines {
            outline.fill(&mut bitmap, height[0] as i32);
        }
        Some(bitmap)
    }
}

/// The text in one line, or in lines of at most this width.
fn laid(fonts: &mut FontSystem, text: &str, size: f32, width: Option<f32>) -> Buffer {
    let mut buffer = Buffer::new(fonts, Metrics::new(size, (size * LINE).round()));
    buffer.set_size(width, None);
    buffer.set_text(text, &Attrs::new(), Shaping::Advanced, width.map(|_| Align::Center));
    buffer.shape_until_scroll(fonts, false);
    buffer
}

/// Every letter where it stands; nothing if there is one that no font has, or only as a picture in colours.
fn outlines(fonts: &mut FontSystem, lines: &Buffer) -> Option<Vec<Outline>> {
    let mut outlines = Vec::new();
    for run in lines.layout_runs() {
        for glyph in run.glyphs {
            let LayoutGlyph { font_size, x, y, x_offset, y_offset, .. } = *glyph;
            let at = (f32::from(MARGIN) + x + font_size * x_offset, run.line_y + y - font_size * y_offset);
            outlines.push(Outline::of(fonts, glyph, at)?);
        }
    }
    Some(outlines)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: u16 = 384;

    fn fonts() -> Fonts {
        let fonts = Fonts::of_this_computer();
        assert!(fonts.draw("अ", USUAL, WIDTH).is_some(), "no font has Devanagari: install fonts-noto-core");
        fonts
    }

    #[test]
    fn a_line_is_drawn_in_the_middle_of_the_paper() {
        let fonts = fonts();
        let mut drawn = Vec::new();
        for text in ["हिंदी", "डॉ. शर्मा", "कमरा 3", "सिटी अस्पताल", "क्षत्रिय", "José Müller", "Dr शर्मा"]
        {
            for (size, width) in [(USUAL, WIDTH), (USUAL * 2, WIDTH), (USUAL, 576)] {
                let picture = fonts.draw(text, size, width).unwrap();
                let [left, top, right, bottom] = picture.black().expect(text);
                let (before, behind) = (left, usize::from(width) - 1 - right);
                assert!(before.abs_diff(behind) <= 6, "{text}: {before} before and {behind} behind");
                let (high, size) = (bottom - top + 1, usize::from(size));
                assert!((size / 2..size * 8 / 5).contains(&high), "{text} is {high} high");
                assert!(picture.height() <= size * 3 / 2, "{text} has {} rows", picture.height());
                drawn.push(picture);
            }
        }
        for (at, one) in drawn.iter().enumerate() {
            assert!(!drawn[..at].contains(one), "two texts look alike");
        }
    }

    #[test]
    fn a_long_line_becomes_smaller_and_then_two() {
        let fonts = fonts();
        let rows = |text: &str, size| fonts.draw(text, size, WIDTH).unwrap().height();
        let line = rows("कमरा 3", USUAL);
        assert!((35..=40).contains(&line), "{line}");
        assert!((70..=80).contains(&rows("कमरा 3", USUAL * 2)));
        assert!((line + 1..line * 2).contains(&rows("लगभग सुबह 10:20 बजे", USUAL * 2)), "smaller");
        let hours = rows("सोम 2 फ़रवरी · सुबह 10:00–दोपहर 12:00", USUAL);
        assert!((line * 3 / 4..line).contains(&hours), "{hours}: smaller than usual");
        let name = "श्री सिद्धिविनायक मल्टीस्पेशलिटी हॉस्पिटल एंड रिसर्च सेंटर";
        assert!((line * 2 - 1..=line * 3).contains(&rows(name, USUAL * 2)), "in lines");
        let word = "क".repeat(CHARS_MAX);
        assert!(rows(&word, USUAL) > line * 5, "a word that is longer than the paper");
    }

    #[test]
    fn what_has_no_letters_is_not_drawn() {
        let fonts = fonts();
        assert_eq!(Fonts::none().draw("हिंदी", USUAL, WIDTH), None);
        for text in ["हिंदी \u{378}", "हिंदी \u{10fffe}", &"क".repeat(CHARS_MAX + 1)] {
            assert_eq!(fonts.draw(text, USUAL, WIDTH), None, "{text}");
        }
    }

    #[test]
    fn ends_of_lines_and_commands_are_spaces() {
        let fonts = fonts();
        let plain = fonts.draw("डॉ  शर्मा", USUAL, WIDTH).unwrap();
        for text in [
            "डॉ\r\nशर्मा",
            "डॉ\u{1b}@शर्मा".replace('@', " ").as_str(),
            "डॉ\u{2029}\u{85}शर्मा",
            "डॉ\u{1d}\0शर्मा",
        ] {
            assert_eq!(fonts.draw(text, USUAL, WIDTH).as_ref(), Some(&plain), "{text:?}");
        }
    }
}
