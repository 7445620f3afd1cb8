//! Ids and random bytes. UUIDv7, strictly increasing within one process, so that the order of ids is the order of creation.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rand::RngExt;
use uuid::{Builder, Uuid};

/// Gives ids.
#[derive(Debug, Default)]
pub struct Mint {
    /// Milliseconds since the epoch, and 12 bits that count within a millisecond.
    last: AtomicU64,
}

impl Mint {
    /// An identifier, later than all before it, whatever the clock shows.
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let floor = u64::try_from(now.as_millisecond()).unwrap_or(0) << 12;
        let next = |last: u64| Some(floor.max(last + 1));
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        let ticket = floor.max(last.unwrap_or_default() + 1);
        let mut random = [0_u8; 10];
        rand::rng().fill(&mut random);
        let counter = (ticket & 0xfff) as u16;
        random[..2].copy_from_slice(&counter.to_be_bytes());
        Builder::from_unix_timestamp_millis(ticket >> 12, &random).into_uuid()
    }
}

/// Random bytes, for what must not be guessed.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_even_within_a_millisecond_and_when_the_clock_stands_still() {
        let mint = Mint::default();
        let now: Timestamp = "2026-02-02T03:30:00Z".parse().unwrap();
        let ids: Vec<Uuid> = (0..10_000).map(|_| mint.uuid(now)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids[0].get_version_num(), 7);
    }
}
