//! Tables for spreadsheets: how they are written, and what no cell may be.

use csv::{Terminator, Writer, WriterBuilder};

/// What a spreadsheet knows UTF-8 by: without it, it takes a name in Devanagari for something else.
pub(crate) const MARK: &str = "\u{feff}";

/// A table in memory, row by row.
pub(crate) fn table(begin: &str) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(begin.as_bytes().to_vec())
}

/// A text that somebody typed, as a cell: a spreadsheet takes what begins like this for a formula.
pub(super) fn harmless(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["Asha", "", "3=3", "डॉ. राव"] {
            assert_eq!(harmless(text), text);
        }
    }
}
