//! From how far a board can be read, and how it is laid out. `assets/board.css` has the same numbers.

/// The widest board.
pub(super) const COLUMNS_MAX: usize = 6;
/// The diagonals of the usual screens, in inches.
pub(super) const SCREENS: [u8; 5] = [32, 43, 50, 55, 65];
/// Of the height of a 16:9 screen, what its tiles have: the rest is the band on top.
const TILES: f64 = 0.9;
/// A tile's label, in parts of its height and of its width, whichever is smaller: beside the room, or above it where the
/// tile is no wider than high.
const WIDE: (f64, f64) = (0.40, 0.25);
const TALL: (f64, f64) = (0.36, 0.40);
/// Where all of a tile stands in one line.
const FLAT: (f64, f64) = (0.78, 0.06);
/// So many times as wide as high, a tile is one line.
const FLAT_FROM: f64 = 7.0;
/// A digit's height in a sans-serif type of height 1.
const DIGIT: f64 = 0.72;
/// A millimetre of a digit's height reads comfortably at so many metres.
const METRES: f64 = 0.4;
const INCH_MM: f64 = 25.4;

/// How many columns so many doctors have, if nobody said otherwise.
pub(super) fn columns_for(tiles: usize) -> usize {
    match tiles {
        0 | 1 => 1,
        2 | 4 => 2,
        3 | 5 | 6 | 9 => 3,
        _ => 4,
    }
}

/// Whether so many columns and rows make tiles that are no wider than high.
pub(super) fn is_tall(columns: usize, rows: usize) -> bool {
    let (width, height) = tile_mm(1.0, columns, rows);
    width <= height * 1.25
}

/// Whether so many columns and rows make tiles that have room for one line only.
pub(super) fn is_flat(columns: usize, rows: usize) -> bool {
    let (width, height) = tile_mm(1.0, columns, rows);
    width >= height * FLAT_FROM
}

/// The height of the label's digits in millimetres, on a 16:9 screen of this diagonal.
fn digit_mm(diagonal_inches: f64, columns: usize, tiles: usize) -> f64 {
    let columns = columns.clamp(1, tiles.max(1));
    let rows = tiles.max(1).div_ceil(columns);
    let (width, height) = tile_mm(diagonal_inches, columns, rows);
    let (of_height, of_width) = match (is_tall(columns, rows), is_flat(columns, rows)) {
        (true, _) => TALL,
        (_, true) => FLAT,
        _ => WIDE,
    };
    (height * of_height).min(width * of_width) * DIGIT
}

fn tile_mm(diagonal_inches: f64, columns: usize, rows: usize) -> (f64, f64) {
    let count = |n: usize| u32::try_from(n).map_or(f64::from(u32::MAX), f64::from);
    let inch_mm = diagonal_inches * INCH_MM / 9_f64.hypot(16.0);
    (16.0 * inch_mm / count(columns), 9.0 * inch_mm * TILES / count(rows))
}

/// From how many metres the tokens on a board with so many tiles in so many columns read comfortably, on a 16:9 screen of
/// this diagonal.
pub(super) fn reads_at_metres(diagonal_inches: f64, columns: usize, tiles: usize) -> f64 {
    digit_mm(diagonal_inches, columns, tiles) * METRES
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In millimetres: the usual screens, 1 to 6 columns in one row.
    #[test]
    fn digits_on_the_usual_screens() {
        let row = |inches: f64| [1, 2, 3, 4, 5, 6].map(|columns| digit_mm(inches, columns, columns).round());
        for (inches, expected) in [
            (32.0, [103.0, 93.0, 68.0, 51.0, 41.0, 34.0]),
            (43.0, [139.0, 125.0, 91.0, 69.0, 55.0, 46.0]),
            (50.0, [161.0, 145.0, 106.0, 80.0, 64.0, 53.0]),
            (55.0, [178.0, 160.0, 117.0, 88.0, 70.0, 58.0]),
            (65.0, [210.0, 189.0, 138.0, 104.0, 83.0, 69.0]),
        ] {
            assert_eq!(row(inches), expected, "{inches} inches");
        }
    }

    #[test]
    fn twelve_doctors_read_at_six_metres_on_every_usual_screen() {
        for inches in [32.0, 43.0, 50.0, 55.0, 65.0] {
            for columns in 2..=6 {
                let metres = reads_at_metres(inches, columns, 12);
                assert!(metres >= 6.0, "{inches} inches, {columns} columns: {metres}");
            }
        }
    }

    #[test]
    fn one_column_of_many_doctors_has_lines() {
        let flat: Vec<usize> = (1..=12).filter(|rows| is_flat(1, *rows)).collect();
        assert_eq!(flat, [4, 5, 6, 7, 8, 9, 10, 11, 12]);
        assert!(!is_flat(2, 6) && is_flat(2, 12));
        assert!(reads_at_metres(43.0, 1, 12) > 8.5, "{}", reads_at_metres(43.0, 1, 12));
    }

    #[test]
    fn a_larger_screen_reads_from_farther_and_more_tiles_from_nearer() {
        for columns in 1..=6 {
            assert!(reads_at_metres(43.0, columns, 12) > reads_at_metres(32.0, columns, 12));
            assert!(reads_at_metres(43.0, columns, 6) >= reads_at_metres(43.0, columns, 12));
        }
        assert!(reads_at_metres(43.0, 0, 0) > 0.0);
    }

    #[test]
    fn a_board_without_columns_has_sensible_ones() {
        let all: Vec<usize> = (1..=12).map(columns_for).collect();
        assert_eq!(all, [1, 2, 3, 2, 3, 3, 4, 4, 3, 4, 4, 4]);
    }
}
