//! Several doctor-days that are decided on together.

use baari_engine::{
    Command, Decision, Leave, Refusal, Scene, Settings, Status, Token, TokenId, Transfer, decide_together,
};
use jiff::civil::Date;

use super::{DATE, Opd, instant, slot_id};

/// The slots of one doctor.
type Slots<'a> = &'a [(&'a str, u32, u32)];

/// Several doctor-days with one clock; the first is the one that is spoken of.
#[derive(Clone)]
pub(crate) struct Hospital {
    pub(crate) days: Vec<Opd>,
}

impl Hospital {
    /// One day for each doctor. The slots of the n-th doctor are numbered from 100 × n.
    pub(crate) fn new(doctors: &[Slots<'_>]) -> Self {
        Self { days: (0..).zip(doctors).map(|(n, slots)| Opd::of(n, DATE, slots)).collect() }
    }

    /// One more date, as if of another doctor.
    pub(crate) fn and_on(mut self, date: Date, slots: Slots<'_>) -> Self {
        self.days.push(Opd::of(self.days.len() as u128, date, slots));
        self
    }

    pub(crate) fn home(&mut self) -> &mut Opd {
        &mut self.days[0]
    }

    pub(crate) fn other(&mut self) -> &mut Opd {
        &mut self.days[1]
    }

    pub(crate) fn at(&mut self, time: &str) -> &mut Self {
        for opd in &mut self.days {
            opd.now = instant(DATE, time);
        }
        self
    }

    pub(crate) fn set(&mut self, change: impl Fn(&mut Settings)) -> &mut Self {
        self.days.iter_mut().for_each(|opd| change(&mut opd.settings));
        self
    }

    /// Decides without putting it into effect.
    pub(crate) fn decide(&self, command: &Command) -> Result<Vec<Decision>, Refusal> {
        let scenes: Vec<_> = self.days.iter().map(|opd| Scene { day: &opd.day, on: opd.on() }).collect();
        decide_together(&scenes, command)
    }

    /// Decides, and puts it into effect.
    pub(crate) fn run(&mut self, command: &Command) -> Result<Vec<Decision>, Refusal> {
        let decisions = self.decide(command)?;
        assert_eq!(decisions.len(), self.days.len(), "one for each day");
        self.days.iter_mut().zip(&decisions).for_each(|(opd, decision)| opd.day.apply(decision));
        Ok(decisions)
    }

    /// The first doctor leaves at this time, for the rest of the day.
    pub(crate) fn leave_from(&mut self, time: &str) -> Result<Vec<Decision>, Refusal> {
        self.run(&leave(Some(time), None))
    }

    /// The first doctor leaves now, for the rest of the day.
    pub(crate) fn leave(&mut self) -> Result<Vec<Decision>, Refusal> {
        self.run(&leave(None, None))
    }

    /// A token of the first doctor goes into this slot.
    pub(crate) fn transfer(&mut self, token_no: u32, slot: u128) -> Result<Vec<Decision>, Refusal> {
        self.run(&self.transferring(token_no, slot))
    }

    pub(crate) fn transferring(&self, token_no: u32, slot: u128) -> Command {
        let token = self.days[0].token(token_no).id;
        let why = "asked for the afternoon".to_owned();
        Command::Transfer(Transfer { token, slot: slot_id(slot), why, beyond_limits: false })
    }

    /// In which day the token is (once), and as what.
    pub(crate) fn find(&self, id: TokenId) -> (usize, Token) {
        let found = self.days.iter().enumerate().filter_map(|(n, opd)| Some((n, opd.day.token(id)?.clone())));
        let found: Vec<_> = found.collect();
        let [one] = &found[..] else { panic!("{id} is in {} days", found.len()) };
        one.clone()
    }

    /// In which day, slot and status the token is; the slot is said as its number.
    pub(crate) fn place_of(&self, id: TokenId) -> (usize, Option<u128>, Status) {
        let (day, token) = self.find(id);
        (day, token.slot.map(|slot| slot.as_uuid().as_u128() - 0x5000), token.status)
    }
}

/// The doctor is ill from then until then.
pub(crate) fn leave(from: Option<&str>, to: Option<&str>) -> Command {
    let at = |time: Option<&str>| time.map(|time| instant(DATE, time));
    Command::Leave(Leave { from: at(from), to: at(to), why: "is ill".to_owned() })
}
