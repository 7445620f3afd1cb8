//! A slip for a printer that takes bytes. It is in English: the letters of other languages differ from printer to printer, and
//! the page behind the code speaks them all.

use super::escpos::{Paper, largest};
use crate::slip::Slip;

/// Characters of the usual size on a line of 58 mm; 80 mm have 48, and margins then.
const COLUMNS: usize = 32;
/// Dots of a QR code's module: with 33 modules and more some 25 mm, which a phone reads from a hand's breadth.
const QR_DOTS: u8 = 5;

impl Slip {
    /// As ESC/POS.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let t = self.languages()[0];
        let mut paper = Paper::new().line(&self.facility).size(largest(&self.label, COLUMNS)).bold(true);
        paper = paper.line(&self.label).bold(false).size(1).line(&self.doctor);
        if !self.room.is_empty() {
            paper = large(paper, &self.room_in(&t));
        }
        paper = paper.line(&self.when(&t));
        if let Some(about) = self.about(&t) {
            paper = large(paper, &about);
        }
        paper = paper.line(&self.source_in(&t)).feed(1);
        if let Some(address) = &self.address {
            paper = paper.qr(address, QR_DOTS).line(&t.say("slip-moves").to_string()).feed(1);
        }
        paper.cut()
    }
}

/// Twice as large, but on one line: a printer breaks words anywhere.
fn large(paper: Paper, text: &str) -> Paper {
    paper.size(largest(text, COLUMNS).min(2)).line(text).size(1)
}
