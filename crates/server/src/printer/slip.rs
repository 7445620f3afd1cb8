//! A slip for a printer that takes bytes. What is ASCII is text in the printer's own letters, which are sharp and quick; all else is
//! drawn. It has the lines of the page that browsers print, in the same order: English, and the other languages below.

use super::Roll;
use super::escpos::{Paper, largest};
use super::fonts::{Fonts, USUAL};
use super::spelling::is_ascii;
use crate::pages::Texts;
use crate::slip::Slip;

/// Dots of a QR code's module: with 33 modules and more some 25 mm, which a phone reads from a hand's breadth.
const QR_DOTS: u8 = 5;
/// How many times as large as the others a line is that is looked for.
const LARGE: u8 = 2;

/// What a slip is written with.
#[derive(Debug, Clone, Copy)]
struct Ink<'f> {
    roll: Roll,
    fonts: &'f Fonts,
}

impl Slip {
    /// As ESC/POS.
    pub(crate) fn bytes(&self, roll: Roll, fonts: &Fonts) -> Vec<u8> {
        let (ink, columns) = (Ink { roll, fonts }, roll.columns());
        let mut paper = ink.name(Paper::new(), &self.facility, 1);
        paper = paper.size(largest(&self.label, columns)).bold(true).line(&self.label).bold(false).size(1);
        paper = ink.name(paper, &self.doctor, 1);
        for t in self.languages() {
            if !self.room.is_empty() {
                paper = ink.line(paper, t, &self.room_in(&t), LARGE);
            }
            paper = ink.line(paper, t, &self.when(&t), 1);
            paper = ink.line(paper, t, &self.source_in(&t), 1);
            if let Some(about) = self.about(&t) {
                paper = ink.line(paper, t, &about, LARGE);
            }
        }
        paper = paper.feed(1);
        if let Some(address) = &self.address {
            paper = paper.qr(address, QR_DOTS);
            for t in self.languages() {
                paper = ink.line(paper, t, &t.say("slip-moves").to_string(), 1);
            }
            paper = paper.feed(1);
        }
        paper.cut()
    }
}

impl Ink<'_> {
    /// A line that there is once, so that it has to be said somehow: spelled, where it can't be drawn.
    fn name(self, paper: Paper, text: &str, times: u8) -> Paper {
        match self.text_or_picture(paper, text, times) {
            Ok(paper) => paper,
            Err(paper) => self.text(paper, text, times),
        }
    }

    /// A line that is in every language: left out, where it can't be drawn, as English has said it.
    fn line(self, paper: Paper, t: Texts, text: &str, times: u8) -> Paper {
        if t == Texts::english() {
            return self.name(paper, text, times);
        }
        self.text_or_picture(paper, text, times).unwrap_or_else(|paper| paper)
    }

    fn text_or_picture(self, paper: Paper, text: &str, times: u8) -> Result<Paper, Paper> {
        if is_ascii(text) {
            return Ok(self.text(paper, text, times));
        }
        match self.fonts.draw(text, USUAL * times, self.roll.dots()) {
            Some(picture) => Ok(paper.picture(&picture)),
            None => Err(paper),
        }
    }

    /// So many times as large, but on one line: a printer breaks words anywhere.
    fn text(self, paper: Paper, text: &str, times: u8) -> Paper {
        if times == 1 {
            return paper.line(text);
        }
        paper.size(largest(text, self.roll.columns()).min(times)).line(text).size(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_fonts_a_slip_is_english_and_spelled() {
        let bytes = Slip::example("डॉ. शर्मा").bytes(Roll::Mm58, &Fonts::none());
        let expected = Paper::new().line("Test").size(8).bold(true).line("A-14").bold(false).size(1);
        let expected =
            expected.line("Dr. Sharma").size(2).line("Room 3").size(1).line("Mon 2 Feb").line("Walk-in");
        let expected =
            expected.size(2).line("about 10:20").size(1).feed(1).qr("https://baari.example/t/code", QR_DOTS);
        assert_eq!(bytes, expected.line("Times move. Scan to see yours.").feed(1).cut());
    }

    #[test]
    fn wide_paper_is_used() {
        let fonts = Fonts::of_this_computer();
        for (roll, times, row_bytes) in [(Roll::Mm58, 4, 48), (Roll::Mm80, 6, 72)] {
            let mut slip = Slip::example("डॉ. शर्मा");
            slip.label = "ABC-1140".to_owned();
            let bytes = slip.bytes(roll, &fonts);
            let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
            assert!(has(&[0x1d, b'!', (times - 1) * 0x11, 0x1b, b'E', 1, b'A']), "{roll:?}");
            assert!(has(&[0x1d, b'v', b'0', 0, row_bytes, 0]), "{roll:?}: install fonts-noto-core");
        }
    }
}
