//! Sequence numbers, written out digit by digit.

use baari_engine::{Band, SequenceNumber};

/// What follows the point of the n-th number of a band: k nines, then k + 1 digits that don't begin with a 9.
fn digits(n: usize) -> String {
    let mut all = Vec::new();
    for k in 0.. {
        let width = k + 1;
        let blocks = (0..10_u32.pow(width as u32)).map(|block| format!("{block:0width$}"));
        all.extend(blocks.filter(|block| !block.starts_with('9')).map(|block| "9".repeat(k) + &block));
        if all.len() > n {
            return all.swap_remove(n);
        }
    }
    unreachable!("there is always a next block")
}

/// The n-th number (from 0) of a band.
pub(super) fn nth(band: Band, n: usize) -> SequenceNumber {
    let text = format!("{band}{:0<12}", digits(n));
    SequenceNumber::from_units(text.parse().unwrap())
}

#[test]
fn the_engine_counts_as_one_writes() {
    for band in [1, 4, 9].map(|band| Band::new(band).unwrap()) {
        for n in (0..1_200).chain([9_998, 9_999, 10_000]) {
            assert_eq!(SequenceNumber::nth(band, n as u32), Some(nth(band, n)), "{band}, n = {n}");
        }
    }
}
