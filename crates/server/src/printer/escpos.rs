//! The few words of ESC/POS that a slip needs, as bytes. What each is called is in Epson's command reference; other makers'
//! printers understand them too. Text is ASCII: which other characters a printer has, and where, differs from one to the next.
//! What else is to be read comes as a picture.

use super::bitmap::Bitmap;
use super::spelling::ascii;

/// Bytes for a printer.
#[derive(Debug)]
pub(crate) struct Paper(Vec<u8>);

const ESC: u8 = 0x1b;
const GS: u8 = 0x1d;
/// How many times as large as usual a character can be.
const TIMES_MAX: u8 = 8;

impl Paper {
    /// A fresh one: `ESC @` forgets what was set before, `ESC a 1` centres the lines.
    pub(crate) fn new() -> Self {
        Self(vec![ESC, b'@', ESC, b'a', 1])
    }

    /// A line; what is no ASCII is spelled in it, and nothing in it is a command.
    pub(crate) fn line(mut self, text: &str) -> Self {
        self.0.extend(ascii(text).bytes());
        self.0.push(b'\n');
        self
    }

    /// `GS ! n`: so many times as wide and as high, from 1 to 8, from here on.
    pub(crate) fn size(mut self, times: u8) -> Self {
        let more = times.clamp(1, TIMES_MAX) - 1;
        self.0.extend([GS, b'!', more << 4 | more]);
        self
    }

    /// `ESC E n`: bold from here on, or no longer.
    pub(crate) fn bold(mut self, bold: bool) -> Self {
        self.0.extend([ESC, b'E', u8::from(bold)]);
        self
    }

    /// `ESC d n`: so many empty lines.
    pub(crate) fn feed(mut self, lines: u8) -> Self {
        self.0.extend([ESC, b'd', lines]);
        self
    }

    /// `GS v 0`, in bands: a picture, dot by dot. It begins on a new line, as all do here.
    pub(crate) fn picture(mut self, picture: &Bitmap) -> Self {
        let row_bytes = picture.row_bytes();
        let number = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
        for band in picture.bands() {
            self.0.extend([GS, b'v', b'0', 0]);
            self.0.extend(number(row_bytes));
            self.0.extend(number(band.len() / row_bytes));
            self.0.extend_from_slice(band);
        }
        self
    }

    /// `GS ( k`, functions 165, 167, 169, 180 and 181: a QR code (model 2, error correction M) that the printer draws, with
    /// modules of so many dots.
    pub(crate) fn qr(mut self, text: &str, dots: u8) -> Self {
        self.symbol(65, &[50, 0]);
        self.symbol(67, &[dots]);
        self.symbol(69, &[49]);
        let mut store = vec![48];
        store.extend_from_slice(text.as_bytes());
        self.symbol(80, &store);
        self.symbol(81, &[48]);
        self
    }

    /// One function of `GS ( k` for QR codes (cn = 49): the length counts what stands behind it.
    fn symbol(&mut self, function: u8, parameters: &[u8]) {
        let length = u16::try_from(parameters.len() + 2).unwrap_or(u16::MAX);
        self.0.extend([GS, b'(', b'k']);
        self.0.extend(length.to_le_bytes());
        self.0.extend([49, function]);
        self.0.extend_from_slice(parameters);
    }

    /// `GS V 66 0`: feeds to the knife and cuts, but for one point.
    pub(crate) fn cut(mut self) -> Vec<u8> {
        self.0.extend([GS, b'V', 66, 0]);
        self.0
    }
}

/// As many times the usual size as `text` can have on a line of so many characters of the usual one.
pub(crate) fn largest(text: &str, columns: usize) -> u8 {
    let length = ascii(text).len().max(1);
    u8::try_from(columns / length).unwrap_or(TIMES_MAX).clamp(1, TIMES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_command_reference() {
        let bytes = Paper::new().size(2).line("A-14").size(1).bold(true).feed(3).bold(false).cut();
        let expected = [
            &[0x1b, 0x40, 0x1b, 0x61, 0x01][..],
            &[0x1d, 0x21, 0x11],
            b"A-14\x0a",
            &[0x1d, 0x21, 0x00],
            &[0x1b, 0x45, 0x01],
            &[0x1b, 0x64, 0x03],
            &[0x1b, 0x45, 0x00],
            &[0x1d, 0x56, 0x42, 0x00],
        ];
        assert_eq!(bytes, expected.concat());
    }

    #[test]
    fn a_qr_code_is_five_functions() {
        let bytes = Paper(Vec::new()).qr("hello", 6).0;
        let expected = [
            &[0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00][..],
            &[0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x43, 0x06],
            &[0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x45, 0x31],
            &[0x1d, 0x28, 0x6b, 0x08, 0x00, 0x31, 0x50, 0x30],
            b"hello",
            &[0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x51, 0x30],
        ];
        assert_eq!(bytes, expected.concat());
        // 300 bytes and 3 more are 0x012f.
        let long = Paper(Vec::new()).qr(&"x".repeat(300), 6).0;
        assert_eq!(long[25..33], [0x1d, 0x28, 0x6b, 0x2f, 0x01, 0x31, 0x50, 0x30]);
    }

    #[test]
    fn a_picture_is_its_size_and_its_dots_in_bands() {
        let mut picture = Bitmap::white(16, 2);
        picture.blacken(0, 0);
        picture.blacken(15, 1);
        let bytes = Paper(Vec::new()).picture(&picture).0;
        assert_eq!(bytes, [0x1d, 0x76, 0x30, 0, 2, 0, 2, 0, 0x80, 0, 0, 0x01]);
        // 300 rows are 255 and 45, of 48 bytes each.
        let bytes = Paper(Vec::new()).picture(&Bitmap::white(384, 300)).0;
        assert_eq!(bytes[..8], [0x1d, 0x76, 0x30, 0, 48, 0, 255, 0]);
        assert_eq!(bytes[8 + 255 * 48..][..8], [0x1d, 0x76, 0x30, 0, 48, 0, 45, 0]);
        assert_eq!(bytes.len(), 8 + 8 + 300 * 48);
    }

    #[test]
    fn a_name_is_no_command() {
        let bytes = Paper(Vec::new()).line("Dr \u{1b}@\u{1d}V\0 Rao\n\u{7f}").0;
        assert_eq!(bytes, b"Dr  @ V  Rao  \n");
    }

    #[test]
    fn the_number_is_as_large_as_the_paper_allows() {
        for (label, columns, times) in
            [("A-14", 32, 8), ("A-114", 32, 6), ("AB-1140", 32, 4), ("A-14", 48, 8), ("", 32, 8)]
        {
            assert_eq!(largest(label, columns), times, "{label}");
        }
    }
}
