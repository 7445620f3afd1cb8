//! The model: plain rows, everything recomputed from scratch, written from the words of `DESIGN.md`.

use baari_engine::{
    Band, Circumstances, Command, DoctorId, Slot, SlotId, SlotStatus, Source, Status, Token, TokenId,
};
use jiff::Timestamp;

use super::numbers;

/// What the model says of a command.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// For any one of these reasons.
    Refused(Vec<&'static str>),
    /// With the statuses that are possible.
    Impossible(Vec<Status>),
    /// It is so already.
    Nothing,
    /// The rows of the model have changed.
    Changed,
    /// The waiting now stand in this order.
    Placed(Vec<TokenId>),
}

/// A doctor-day as rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) slots: Vec<Slot>,
    pub(super) tokens: Vec<Token>,
    /// Every sequence number that was ever issued, and by which slot.
    pub(super) issued: Vec<(SlotId, Band)>,
}

impl Model {
    pub(super) fn step(&mut self, on: &Circumstances<'_>, doctor: DoctorId, command: &Command) -> Verdict {
        let verdict = match command {
            Command::Book(book) => self.book(on, doctor, book),
            Command::SetStatus(change) => self.set_status(on, change),
            Command::Place(place) => self.place(on, place),
            Command::AddSlots(new) => self.add_slots(new),
            Command::ChangeSlot(change) => self.change_slot(change),
            other => unreachable!("{other:?} is not one of the commands that this model knows"),
        };
        if verdict == Verdict::Changed {
            self.fill(on);
            self.recount();
        }
        verdict
    }

    pub(super) fn slot(&self, id: SlotId) -> &Slot {
        self.slots.iter().find(|slot| slot.id == id).unwrap()
    }

    /// Seats taken in a slot.
    pub(super) fn seats(&self, slot: SlotId) -> u32 {
        use Status::{Arrived, Booked, Called, Completed, InConsultation, Passed};
        let holding = [Booked, Arrived, Called, Passed, InConsultation, Completed];
        self.tokens.iter().filter(|token| token.slot == Some(slot) && holding.contains(&token.status)).count()
            as u32
    }

    /// This slot has a seat for this source.
    pub(super) fn has_seat(&self, slot: &Slot, source: Source, now: Timestamp) -> bool {
        let limit = if source == Source::Emergency { slot.hard_limit } else { slot.max_count };
        slot.status == SlotStatus::Open && slot.window.ends_at() > now && self.seats(slot.id) < limit
    }

    /// Seats a token and gives it the next number of its band.
    pub(super) fn sit(&mut self, token: &mut Token, slot: SlotId) {
        let n = self.issued.iter().filter(|issued| **issued == (slot, token.band)).count();
        token.slot = Some(slot);
        token.sequence = Some(numbers::nth(token.band, n));
        self.issued.push((slot, token.band));
    }

    /// While somebody waits for a seat that there is: the first by band, then by who asked first, gets it.
    fn fill(&mut self, on: &Circumstances<'_>) {
        let mut waiting: Vec<Token> =
            self.tokens.iter().filter(|token| token.status == Status::Waitlisted).cloned().collect();
        waiting.sort_by_key(|token| (token.band, token.booked_at, token.token_no));
        for mut token in waiting {
            let wanted = self.slots.iter().filter(|slot| token.slot.is_none_or(|asked| asked == slot.id));
            let Some(slot) = wanted.into_iter().find(|slot| self.has_seat(slot, token.source, on.now)) else {
                continue;
            };
            self.sit(&mut token, slot.id);
            token.status = if token.arrived_at.is_some() { Status::Arrived } else { Status::Booked };
            self.replace(token);
        }
    }

    pub(super) fn replace(&mut self, token: Token) {
        let id = token.id;
        *self.tokens.iter_mut().find(|old| old.id == id).unwrap() = token;
    }

    /// What a slot says of itself is what its tokens say.
    pub(super) fn recount(&mut self) {
        self.slots.sort_by_key(|slot| slot.window.start());
        for n in 0..self.slots.len() {
            let id = self.slots[n].id;
            let in_slot = self.tokens.iter().filter(|token| token.slot == Some(id));
            self.slots[n].override_count = in_slot.filter(|token| token.by_override).count() as u32;
            self.slots[n].current_count = self.seats(id);
            for band in (1..=9).filter_map(Band::new) {
                let issued = self.issued.iter().filter(|issued| **issued == (id, band)).count();
                self.slots[n].issued[band.index()] = issued as u32;
            }
        }
    }
}

impl Model {
    /// Renumbering issues new numbers; which ones, `invariants` checks.
    pub(super) fn issued_again(&mut self, slots: &[Slot]) {
        for slot in slots {
            for band in (1..=9).filter_map(Band::new) {
                let known = self.issued.iter().filter(|issued| **issued == (slot.id, band)).count();
                let more = (slot.issued[band.index()] as usize)
                    .checked_sub(known)
                    .expect("numbers are not taken back");
                self.issued.extend(std::iter::repeat_n((slot.id, band), more));
            }
        }
        self.recount();
    }
}
