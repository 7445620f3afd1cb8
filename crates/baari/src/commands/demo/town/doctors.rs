//! What doctors do: call, wait for who was called, see them, finish, call the next one.

use baari_desk::DeskError;
use baari_engine::{Command, Next, Status, Token, TokenId};
use jiff::{SignedDuration, Timestamp};

use super::super::day::Happening;
use super::Town;

/// Whoever is called and does not come is called once more after this.
const RECALLS_AFTER: SignedDuration = SignedDuration::from_mins(3);
/// After this the doctor goes on to the next one.
const PASSES_AFTER: SignedDuration = SignedDuration::from_mins(6);
/// The way from the waiting room, in seconds: at least, and by how much more at most.
const WAY_SECONDS: (i64, u32) = (20, 50);

/// A doctor's room, as the town runs it.
#[derive(Default)]
pub(super) struct Room {
    pub(super) has_begun: bool,
    pub(super) has_left: bool,
    /// A visitor runs it.
    pub(super) left_alone_until: Option<Timestamp>,
    expected: Option<Expected>,
}

/// Was called, and has not come in.
struct Expected {
    token: TokenId,
    since: Timestamp,
    /// When they are at the door; never, if they have missed the call.
    comes: Option<Timestamp>,
    was_recalled: bool,
}

impl Room {
    pub(super) fn is_left_alone(&self, now: Timestamp) -> bool {
        self.left_alone_until.is_some_and(|until| now < until)
    }

    pub(super) fn awaits(&self, token: TokenId) -> bool {
        self.expected.as_ref().is_some_and(|expected| expected.token == token)
    }

    pub(super) fn is_at_the_door(&mut self) {
        if let Some(expected) = &mut self.expected {
            expected.comes = Some(expected.since);
        }
    }
}

/// What a doctor sees of the queue.
struct Seen {
    served: Option<Token>,
    somebody_waits: bool,
    resumes_at: Option<Timestamp>,
}

impl Town {
    /// The doctor does what there is to be done; whether anybody is in the room, or waits for it.
    pub(super) async fn look_after_room(&mut self, at: usize, now: Timestamp) -> Result<bool, DeskError> {
        let day = self.hospital.day(at, self.today.date);
        let look = |day: &baari_engine::Day| Seen {
            served: day.tokens().iter().find(|token| token.status.is_being_served()).cloned(),
            somebody_waits: day.tokens().iter().any(|token| token.status == Status::Arrived),
            resumes_at: day.resumes_at(),
        };
        let seen = self.hospital.desk.look(day, |snapshot| look(snapshot.day)).await?;
        let busy = seen.served.is_some() || seen.somebody_waits;
        let room = &mut self.rooms[at];
        if room.is_left_alone(now) {
            room.expected = None;
            return Ok(busy);
        }
        let is_here = room.has_begun && !room.has_left && seen.resumes_at.is_none_or(|back| back <= now);
        let calls = is_here && seen.somebody_waits;
        match seen.served {
            Some(token) if token.status == Status::Called => self.expects(at, &token, now).await?,
            Some(token) => {
                let over = token
                    .started_at
                    .is_none_or(|began| began + self.today.visit(token.id, token.token_no) <= now);
                if over && calls {
                    self.hospital
                        .execute(day, Command::Next(Next { finish: true, ..Next::default() }))
                        .await?;
                } else if over {
                    self.hospital.becomes(token.id, Status::Completed).await?;
                }
            }
            None if calls => drop(self.hospital.execute(day, Command::Next(Next::default())).await?),
            None => {}
        }
        Ok(busy)
    }

    /// Somebody was called: comes in, or is called once more, or has missed it.
    async fn expects(&mut self, at: usize, token: &Token, now: Timestamp) -> Result<(), DeskError> {
        let known = self.rooms[at].expected.take().filter(|expected| expected.token == token.id);
        let mut expected = match known {
            Some(expected) => expected,
            None => self.called(token, now),
        };
        let waited = now.duration_since(expected.since);
        let day = self.hospital.day(at, self.today.date);
        if expected.comes.is_some_and(|at| at <= now) {
            self.hospital.becomes(token.id, Status::InConsultation).await?;
            return Ok(());
        }
        if expected.comes.is_none() && waited >= PASSES_AFTER {
            self.hospital.becomes(token.id, Status::Passed).await?;
            return Ok(());
        }
        if expected.comes.is_none() && waited >= RECALLS_AFTER && !expected.was_recalled {
            expected.was_recalled = true;
            self.hospital.execute(day, Command::Recall(token.id)).await?;
        }
        self.rooms[at].expected = Some(expected);
        Ok(())
    }

    /// Whoever is called is on the way, or away for a while, or has gone home.
    fn called(&mut self, token: &Token, now: Timestamp) -> Expected {
        let since = token.called_at.unwrap_or(now);
        let (least, more) = WAY_SECONDS;
        let way = SignedDuration::from_secs(least + i64::from(token.token_no * 37 % more));
        let mut comes = Some(since + way);
        if let Some(index) = self.today.whose(token.id) {
            let call = self.today.people[index].calls;
            self.today.people[index].calls += 1;
            let missed = self.today.patient(index).misses_calls.get(call).copied();
            if let Some(back) = missed {
                comes = None;
                if let Some(minutes) = back {
                    let back = since + SignedDuration::from_secs_f64(60.0 * minutes);
                    self.today.put(back, Happening::Returns(index));
                }
            }
        }
        Expected { token: token.id, since, comes, was_recalled: false }
    }
}
