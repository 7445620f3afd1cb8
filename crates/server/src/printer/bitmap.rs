//! A picture of black dots, in the order in which printers take them.

/// Rows of a band. A picture goes out in bands, as cheap printers keep a whole one in a small memory before they print it.
pub(crate) const BAND_ROWS: usize = 255;

/// Black dots on white: each row in whole bytes, the leftmost dot in a byte's highest bit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bitmap {
    row_bytes: usize,
    dots: Vec<u8>,
}

impl Bitmap {
    /// A white one.
    pub(crate) fn white(width: usize, height: usize) -> Self {
        let row_bytes = width.div_ceil(8);
        Self { row_bytes, dots: vec![0; row_bytes * height] }
    }

    /// Blackens a dot; beyond the edges there is none.
    pub(crate) fn blacken(&mut self, x: i32, y: i32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x < self.row_bytes * 8
            && let Some(byte) = self.dots.get_mut(y * self.row_bytes + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Bytes of a row.
    pub(crate) const fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// From top to bottom, of at most [`BAND_ROWS`] rows each.
    pub(crate) fn bands(&self) -> impl Iterator<Item = &[u8]> {
        self.dots.chunks(self.row_bytes.max(1) * BAND_ROWS)
    }
}

#[cfg(test)]
impl Bitmap {
    /// Where there is black: the first column and row, the last column and row.
    pub(crate) fn black(&self) -> Option<[usize; 4]> {
        let width = self.row_bytes * 8;
        let is_black = |at: &usize| self.dots[at / 8] & 0x80 >> (at % 8) != 0;
        let black: Vec<usize> = (0..self.dots.len() * 8).filter(is_black).collect();
        let columns = || black.iter().map(|at| at % width);
        let (first, last) = (black.first()? / width, black.last()? / width);
        Some([columns().min()?, first, columns().max()?, last])
    }

    pub(crate) fn height(&self) -> usize {
        self.dots.len() / self.row_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_bits_from_left_to_right_and_rows_are_whole_bytes() {
        let mut bitmap = Bitmap::white(9, 2);
        for (x, y) in [(0, 0), (7, 0), (8, 1), (-1, 0), (0, -1), (16, 0), (0, 2), (i32::MAX, i32::MAX)] {
            bitmap.blacken(x, y);
        }
        assert_eq!(bitmap.bands().collect::<Vec<_>>(), [&[0b1000_0001, 0, 0, 0b1000_0000]]);
    }

    #[test]
    fn high_pictures_go_in_bands() {
        let rows =
            |height: usize| Bitmap::white(16, height).bands().map(|band| band.len() / 2).collect::<Vec<_>>();
        assert!(rows(0).is_empty());
        assert_eq!(rows(255), [255]);
        assert_eq!(rows(511), [255, 255, 1]);
    }
}
