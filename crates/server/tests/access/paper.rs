//! What a thermal printer makes of the bytes that it gets: what it knows no command for is a failure.

/// What stands on a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A line, so many times as large as usual.
    Line(String, u8),
    Picture(Picture),
    /// A QR code of this.
    Code(String),
}

/// Whole black dots, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) rows: Vec<Vec<bool>>,
}

impl Picture {
    /// Columns that are white before the first black dot, and behind the last one.
    pub(crate) fn margins(&self) -> (usize, usize) {
        let white = |column: &usize| self.rows.iter().all(|row| !row[*column]);
        ((0..self.width).take_while(white).count(), (0..self.width).rev().take_while(white).count())
    }

    /// How many dots are black.
    pub(crate) fn ink(&self) -> usize {
        self.rows.iter().flatten().filter(|is_black| **is_black).count()
    }
}

/// Everything that comes out, from the top to the cut.
pub(crate) fn read(slip: &[u8]) -> Vec<Piece> {
    let mut rest = slip.strip_prefix(b"\x1b@\x1ba\x01").expect("it begins afresh, centred");
    let (mut pieces, mut times, mut stored) = (Vec::new(), 1, String::new());
    loop {
        let (used, piece) = match *rest {
            [0x1b, b'E', 0 | 1, ..] | [0x1b, b'd', _, ..] => (3, None),
            [0x1d, b'!', size, ..] => {
                assert_eq!(size >> 4, size & 0x0f, "as wide as high");
                times = (size & 0x0f) + 1;
                (3, None)
            }
            [0x1d, b'v', b'0', 0, width_low, width_high, height_low, height_high, ..] => {
                let row_bytes = usize::from(u16::from_le_bytes([width_low, width_high]));
                let height = usize::from(u16::from_le_bytes([height_low, height_high]));
                assert!(height <= 255, "{height} rows at once are too many for cheap printers");
                let dots = &rest[8..][..row_bytes * height];
                (8 + dots.len(), Some(Piece::Picture(picture(dots, row_bytes))))
            }
            [0x1d, b'(', b'k', low, high, b'1', function, ..] => {
                let length = usize::from(u16::from_le_bytes([low, high]));
                match function {
                    80 => stored = String::from_utf8(rest[8..5 + length].to_vec()).unwrap(),
                    _ => assert!(length <= 4, "function {function}"),
                }
                (5 + length, (function == 81).then(|| Piece::Code(stored.clone())))
            }
            [0x1d, b'V', 66, 0] => return pieces,
            [b' '..=b'~', ..] => {
                let length = rest.iter().position(|byte| *byte == b'\n').unwrap();
                assert!(rest[..length].iter().all(|byte| matches!(byte, b' '..=b'~')), "{rest:?}");
                let line = String::from_utf8(rest[..length].to_vec()).unwrap();
                (length + 1, Some(Piece::Line(line, times)))
            }
            _ => panic!("no printer knows this: {rest:?}"),
        };
        rest = &rest[used..];
        pieces.extend(piece);
    }
}

fn picture(dots: &[u8], row_bytes: usize) -> Picture {
    let row =
        |row: &[u8]| row.iter().flat_map(|byte| (0..8).map(move |bit| byte & 0x80 >> bit != 0)).collect();
    Picture { width: row_bytes * 8, rows: dots.chunks(row_bytes).map(row).collect() }
}
