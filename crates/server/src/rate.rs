//! So many requests a second for each client and no more: one that goes wrong, or means harm, takes nobody else's place.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::address::{ClientAddress, Proxied};
use crate::problem::{self, Problem};

/// Who was quiet may send this many seconds' worth at once: a page that opens, a desk that comes back from a power cut.
const BURST_SECONDS: NonZeroU32 = NonZeroU32::new(5).expect("5 is not 0");
/// Clients that are remembered without looking who could be forgotten.
const REMEMBERED_MIN: usize = 1024;

/// What each client has sent lately.
pub(crate) struct Rate<C: Clock = DefaultClock> {
    limiter: RateLimiter<IpAddr, DashMapStateStore<IpAddr>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    /// Requests until those who have been quiet are forgotten.
    left: AtomicUsize,
}

impl<C: Clock + Clone> Rate<C> {
    pub(crate) fn new(per_second: NonZeroU32, clock: C) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(per_second.saturating_mul(BURST_SECONDS));
        Self {
            limiter: RateLimiter::dashmap_with_clock(quota, clock.clone()),
            clock,
            left: AtomicUsize::new(REMEMBERED_MIN),
        }
    }

    /// Counts a request of this client; how long to wait when it is one too many.
    fn count(&self, client: IpAddr) -> Result<(), Duration> {
        // As many requests after the last time as there were clients then: one more look for each request, and those who are
        // remembered in vain are never many more than those who are not.
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
            self.left.store(self.limiter.len().max(REMEMBERED_MIN), Ordering::Relaxed);
        }
        self.limiter.check_key(&client).map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

impl Rate {
    /// Counts a request; the answer to it when its client sends too many. Programs on this computer may send what they like;
    /// through a proxy everybody may seem to be one.
    pub(crate) fn refusal(&self, request: &Request) -> Option<Response> {
        let client = ClientAddress::of(request.extensions());
        if client.0.is_loopback() && request.extensions().get::<Proxied>().is_none() {
            return None;
        }
        self.count(client.network()).err().map(too_many)
    }
}

fn too_many(wait: Duration) -> Response {
    let seconds = wait.as_millis().div_ceil(1_000).max(1);
    let unit = if seconds == 1 { "second" } else { "seconds" };
    let detail =
        format!("too many requests come from this address: wait {seconds} {unit}, then go on slower");
    let mut response = Problem::new(problem::TOO_MANY_REQUESTS, detail).into_response();
    let seconds = HeaderValue::from_str(&seconds.to_string()).expect("digits can stand in a header");
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 2));

    fn rate(per_second: u32) -> (Rate<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Rate::new(per_second.try_into().unwrap(), clock.clone()), clock)
    }

    #[test]
    fn a_client_has_five_seconds_worth_at_once_and_then_its_rate() {
        let (rate, clock) = rate(10);
        assert!((0..50).all(|_| rate.count(ONE).is_ok()));
        assert_eq!(rate.count(ONE), Err(Duration::from_millis(100)));
        assert_eq!(rate.count(OTHER), Ok(()), "the other's is its own");
        clock.advance(Duration::from_millis(100));
        assert_eq!(rate.count(ONE), Ok(()));
        assert!(rate.count(ONE).is_err());
        clock.advance(Duration::from_secs(60));
        assert!((0..50).all(|_| rate.count(ONE).is_ok()));
        assert!(rate.count(ONE).is_err(), "who was quiet for a minute has no more than that either");
    }

    #[test]
    fn clients_who_have_been_quiet_are_forgotten() {
        let (rate, clock) = rate(10);
        for round in 0..20_u32 {
            for client in 0..10_000_u32 {
                let client = std::net::Ipv4Addr::from_bits(round << 16 | client);
                assert_eq!(rate.count(client.into()), Ok(()));
            }
            assert!(rate.limiter.len() <= 20_100, "{} in round {round}", rate.limiter.len());
            clock.advance(Duration::from_secs(10));
        }
    }

    #[test]
    fn whoever_is_told_to_wait_is_told_how_long_in_whole_seconds() {
        for (milliseconds, expected) in [(1, "1"), (1_000, "1"), (1_001, "2"), (5_000, "5")] {
            let response = too_many(Duration::from_millis(milliseconds));
            assert_eq!(
                (response.status().as_u16(), &response.headers()["retry-after"]),
                (429, &expected.parse().unwrap())
            );
        }
    }
}
