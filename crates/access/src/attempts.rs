//! How often somebody may try to sign in. Whoever guesses is slowed down; whoever works here is not shut out by them.
//!
//! A browser from which an account was signed in to before is *known* to it (a signed cookie, `secret.rs`), and its failures
//! count for itself alone. All others are strangers: their failures count for the account and for the network that they come
//! from. So an attacker can shut strangers out of an account, but nobody who has been there before; and a strange address can't
//! try many accounts. (OWASP, "Slow down online guessing attacks with device cookies".)

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

use crate::secret::Device;

/// Kept at most; when there are more, those that were quiet for longest are forgotten.
const KEPT_MAX: usize = 50_000;
/// After so long without a failure all is forgiven.
const FORGIVEN_AFTER: Duration = Duration::from_secs(3_600);
/// The first wait; each further failure doubles it.
const WAIT_FIRST: Duration = Duration::from_secs(15);
/// The longest wait.
const WAIT_MAX: Duration = Duration::from_secs(15 * 60);

/// Whose failures are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Bucket {
    /// A browser that the account knows.
    Device(Device),
    /// Strangers who try this account: a digest of facility and name, whether there is such a name or not.
    Account([u8; 32]),
    /// Strangers from this network.
    Network(IpAddr),
}

impl Bucket {
    /// Failures without a wait.
    const fn free(self) -> u32 {
        match self {
            Self::Device(_) | Self::Account(_) => 8,
            // Many people may sit behind one address.
            Self::Network(_) => 30,
        }
    }
}

/// Where a password is checked. Checking takes a while, so strangers and known browsers don't stand in one queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// For browsers that the account knows.
    Known,
    /// For all others.
    Stranger,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last: Timestamp,
}

/// What is remembered of attempts to sign in.
#[derive(Debug, Default)]
pub struct Attempts {
    counts: HashMap<Bucket, Count>,
}

impl Attempts {
    /// Lets an attempt through, or says how long to wait. One that is let through counts as a failure until
    /// [`Attempts::succeeded`] is told: so many at once are no way around it.
    ///
    /// # Errors
    /// How long to wait.
    pub fn admit(
        &mut self,
        device: Option<Device>,
        account: [u8; 32],
        network: IpAddr,
        now: Timestamp,
    ) -> Result<Lane, Duration> {
        let (buckets, lane) = buckets(device, account, network);
        let wait = buckets.iter().filter_map(|bucket| self.wait(*bucket, now)).max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        for bucket in buckets {
            self.make_room(bucket, now);
            let count = self.counts.entry(bucket).or_insert(Count { failures: 0, last: now });
            if elapsed(count.last, now) >= FORGIVEN_AFTER {
                count.failures = 0;
            }
            *count = Count { failures: count.failures.saturating_add(1), last: now };
        }
        Ok(lane)
    }

    /// The attempt was right: it was no failure, and the person is no guesser. Those from the same network may be.
    pub fn succeeded(&mut self, device: Option<Device>, account: [u8; 32], network: IpAddr) {
        for bucket in buckets(device, account, network).0 {
            match bucket {
                Bucket::Device(_) | Bucket::Account(_) => drop(self.counts.remove(&bucket)),
                Bucket::Network(_) => {
                    if let Some(count) = self.counts.get_mut(&bucket) {
                        count.failures = count.failures.saturating_sub(1);
                    }
                }
            }
        }
    }

    /// The attempt came to no end (the database was away, the server was busy): it says nothing about anybody.
    pub fn withdrawn(&mut self, device: Option<Device>, account: [u8; 32], network: IpAddr) {
        for bucket in buckets(device, account, network).0 {
            if let Some(count) = self.counts.get_mut(&bucket) {
                count.failures = count.failures.saturating_sub(1);
            }
        }
    }

    fn wait(&self, bucket: Bucket, now: Timestamp) -> Option<Duration> {
        let count = self.counts.get(&bucket)?;
        let over = count.failures.checked_sub(bucket.free())?;
        let wait = WAIT_FIRST.saturating_mul(1_u32.checked_shl(over).unwrap_or(u32::MAX)).min(WAIT_MAX);
        wait.checked_sub(elapsed(count.last, now)).filter(|wait| !wait.is_zero())
    }

    fn make_room(&mut self, bucket: Bucket, now: Timestamp) {
        if self.counts.len() < KEPT_MAX || self.counts.contains_key(&bucket) {
            return;
        }
        self.counts.retain(|_, count| elapsed(count.last, now) < FORGIVEN_AFTER);
        if self.counts.len() >= KEPT_MAX {
            let mut lasts: Vec<Timestamp> = self.counts.values().map(|count| count.last).collect();
            let (_, oldest, _) = lasts.select_nth_unstable(KEPT_MAX / 4);
            let oldest = *oldest;
            self.counts.retain(|_, count| count.last > oldest);
        }
    }
}

fn buckets(device: Option<Device>, account: [u8; 32], network: IpAddr) -> (Vec<Bucket>, Lane) {
    match device {
        Some(device) => (vec![Bucket::Device(device)], Lane::Known),
        None => (vec![Bucket::Account(account), Bucket::Network(network)], Lane::Stranger),
    }
}

/// None when the clock went back.
fn elapsed(since: Timestamp, now: Timestamp) -> Duration {
    now.duration_since(since).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const ASHA: [u8; 32] = [1; 32];
    const RAVI: [u8; 32] = [2; 32];

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + second).unwrap()
    }

    fn from(n: u8) -> IpAddr {
        Ipv4Addr::new(10, 0, 0, n).into()
    }

    fn device(n: u8) -> Device {
        Device { account: ASHA, nonce: [n; 16] }
    }

    #[test]
    fn a_guesser_waits_longer_and_longer() {
        let mut attempts = Attempts::default();
        assert!((0..8).all(|_| attempts.admit(None, ASHA, from(1), at(0)) == Ok(Lane::Stranger)));
        let mut waits = Vec::new();
        let mut now = 0;
        for _ in 0..8 {
            let wait = attempts.admit(None, ASHA, from(1), at(now)).unwrap_err();
            waits.push(wait.as_secs());
            now += i64::try_from(wait.as_secs()).unwrap();
            assert!(attempts.admit(None, ASHA, from(1), at(now)).is_ok());
        }
        assert_eq!(waits, [15, 30, 60, 120, 240, 480, 900, 900]);
        assert!(attempts.admit(None, ASHA, from(1), at(now + 3_600)).is_ok());
        assert!(attempts.admit(None, ASHA, from(1), at(now + 3_601)).is_ok(), "all is forgiven");
    }

    #[test]
    fn a_guesser_from_everywhere_shuts_out_strangers_and_not_who_was_here_before() {
        let mut attempts = Attempts::default();
        let admitted = (0..200).filter(|n| attempts.admit(None, ASHA, from(*n), at(0)).is_ok()).count();
        assert_eq!(admitted, 8);
        assert_eq!(attempts.admit(Some(device(1)), ASHA, from(250), at(0)), Ok(Lane::Known));
        assert_eq!(attempts.admit(None, RAVI, from(251), at(0)), Ok(Lane::Stranger));
    }

    #[test]
    fn one_network_tries_few_accounts() {
        let mut attempts = Attempts::default();
        let mut admitted = 0;
        for n in 0..100 {
            admitted += u32::from(attempts.admit(None, [n; 32], from(1), at(0)).is_ok());
        }
        assert_eq!(admitted, 30);
        assert!(attempts.admit(Some(device(1)), ASHA, from(1), at(0)).is_ok(), "the desk sits there too");
    }

    #[test]
    fn who_signs_in_starts_afresh() {
        let mut attempts = Attempts::default();
        for n in 0..100 {
            assert!(attempts.admit(None, ASHA, from(1), at(n)).is_ok());
            attempts.succeeded(None, ASHA, from(1));
            assert!(attempts.admit(Some(device(1)), ASHA, from(1), at(n)).is_ok());
            attempts.succeeded(Some(device(1)), ASHA, from(1));
        }
    }

    #[test]
    fn an_outage_is_nobodys_failure() {
        let mut attempts = Attempts::default();
        for n in 0..100 {
            assert!(attempts.admit(None, ASHA, from(1), at(n)).is_ok());
            attempts.withdrawn(None, ASHA, from(1));
        }
    }

    #[test]
    fn a_stolen_device_cookie_guesses_no_faster() {
        let mut attempts = Attempts::default();
        let admitted = (0..50).filter(|_| attempts.admit(Some(device(1)), ASHA, from(1), at(0)).is_ok());
        assert_eq!(admitted.count(), 8);
        assert!(attempts.admit(Some(device(2)), ASHA, from(1), at(0)).is_ok());
    }

    #[test]
    fn memory_stays_bounded() {
        let mut attempts = Attempts::default();
        for n in 0..120_000_u32 {
            let mut account = [0; 32];
            account[..4].copy_from_slice(&n.to_be_bytes());
            let network = IpAddr::from(n.to_be_bytes());
            let _ = attempts.admit(None, account, network, at(i64::from(n / 1_000)));
            assert!(attempts.counts.len() <= KEPT_MAX + 1);
        }
    }
}
