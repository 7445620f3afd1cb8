//! What the doctor and the desk ask for, in a word.

use baari_engine::{
    Book, ChangeSlot, Command, Decision, Delay, Event, EventKind, Next, Reason, Refusal, Source, Token,
};

use super::{Opd, slot_id};

/// A change of slot 0 that changes nothing.
pub(crate) const AS_IT_IS: ChangeSlot = ChangeSlot {
    slot: baari_engine::SlotId::from_uuid(uuid::Uuid::from_u128(0x5000)),
    max_count: None,
    hard_limit: None,
    status: None,
    move_on: false,
};

/// The event of this kind; there is one.
pub(crate) fn event(decision: &Decision, kind: EventKind) -> &Event {
    let events: Vec<_> = decision.events.iter().filter(|event| event.kind == kind).collect();
    let [one] = events[..] else { panic!("{} events {kind} in {:#?}", events.len(), decision.events) };
    one
}

/// Whether any event of the decision has this reason.
pub(crate) fn said(decision: &Decision, reason: &Reason) -> bool {
    decision.events.iter().any(|event| event.reasons.contains(reason))
}

impl Opd {
    pub(crate) fn next(&mut self) -> Result<Decision, Refusal> {
        self.run(&Command::Next(Next::default()))
    }

    pub(crate) fn finish_and_next(&mut self) -> Result<Decision, Refusal> {
        self.run(&Command::Next(Next { finish: true, ..Next::default() }))
    }

    /// Calls this one, for a reason if there is one.
    pub(crate) fn call(&mut self, token_no: u32, why: Option<&str>) -> Result<Decision, Refusal> {
        let token = Some(self.token(token_no).id);
        self.run(&Command::Next(Next { finish: false, token, why: why.map(str::to_owned) }))
    }

    pub(crate) fn recall(&mut self, token_no: u32) -> Result<Decision, Refusal> {
        self.run(&Command::Recall(self.token(token_no).id))
    }

    pub(crate) fn undo(&mut self) -> Result<Decision, Refusal> {
        self.run(&Command::Undo)
    }

    pub(crate) fn lapse(&mut self) -> Decision {
        self.run(&Command::Lapse).unwrap()
    }

    pub(crate) fn delay(&mut self, minutes: u16) -> Result<Decision, Refusal> {
        self.run(&Command::Delay(Delay { minutes, keeps_later: false, why: Some("in surgery".to_owned()) }))
    }

    /// A new patient's token in this slot, who would come earlier.
    pub(crate) fn book_willing(&mut self, slot: u128, source: Source) -> Token {
        let asking = self.asking(source);
        self.ask(Book { slot: Some(slot_id(slot)), earlier_ok: true, ..asking }).unwrap()
    }

    /// A new patient who waits for this slot and no other.
    pub(crate) fn wait_for(&mut self, slot: u128, source: Source) -> Token {
        let asking = self.asking(source);
        self.ask(Book { slot: Some(slot_id(slot)), waitlist: true, ..asking }).unwrap()
    }

    /// A supervisor's seat beyond the limits.
    pub(crate) fn book_beyond(&mut self, slot: u128, source: Source) -> Token {
        let asking = self.asking(source);
        let override_why = Some("the minister's mother".to_owned());
        self.ask(Book { slot: Some(slot_id(slot)), override_why, ..asking }).unwrap()
    }
}
