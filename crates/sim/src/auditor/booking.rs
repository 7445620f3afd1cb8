//! Bookings in a second wording: the first slot with room, a supervisor's seat beyond it, and who gives way.

use baari_engine::{Book, Decision, SlotId, SlotStatus, Source, Status, TokenId};

use super::Check;
use super::seating::{Person, Room, Seating};

impl Seating<'_> {
    /// The first slot with room: the one asked for, or any.
    pub(super) fn first_room(&self, asked: Option<SlotId>, source: Source) -> Option<usize> {
        self.own_rooms()
            .filter(|room| asked.is_none_or(|asked| asked == self.rooms[*room].id))
            .find(|room| self.has_room(*room, source))
    }

    pub(super) fn book(&mut self, book: &Book, home: &Decision) {
        let Some(row) = home.tokens.iter().find(|token| token.id == book.token) else { return };
        let mut newcomer = Person::of(row, self.home);
        (newcomer.slot, newcomer.by_override) = (book.slot, false);
        newcomer.by = Some(Check::FirstRoom);
        newcomer.status = Status::Waitlisted;
        self.give_way(newcomer.band, newcomer.source, book.slot);
        self.people.push(newcomer);
        let newcomer = self.people.len() - 1;
        let rule = self.first_room(book.slot, book.source);
        let beyond = book.override_why.as_deref().is_some_and(|why| !why.trim().is_empty());
        let room = rule.or_else(|| self.beyond_limits(book.slot).filter(|_| beyond));
        if let Some(room) = room {
            self.people[newcomer].by_override = rule.is_none();
            self.sit_last(newcomer, room, Check::FirstRoom);
            self.people[newcomer].status = row.status;
        }
    }

    /// A supervisor's seat: in the slot asked for, else the current one, else the last of the day; never in a cancelled one.
    pub(super) fn beyond_limits(&self, asked: Option<SlotId>) -> Option<usize> {
        let takes_place = |room: &usize| self.rooms[*room].status != SlotStatus::Cancelled;
        match asked {
            Some(asked) => self.own_room(asked).filter(takes_place),
            None => {
                let current =
                    self.own_rooms().filter(takes_place).find(|room| self.rooms[*room].end > self.now());
                current.or(self.own_rooms().filter(takes_place).last())
            }
        }
    }

    /// Displacement: in the current slot, if it lacks one seat for the newcomer, the last of the lowest band who is not here,
    /// and has not given way before, takes the next slot that has room.
    pub(super) fn give_way(&mut self, band: u8, source: Source, asked: Option<SlotId>) {
        let Some(current) = self.own_rooms().find(|room| self.rooms[*room].end > self.now()) else { return };
        let Room { id, start, status, max, hard, .. } = self.rooms[current];
        let seats = if source == Source::Emergency { hard } else { max };
        let full = status == SlotStatus::Open && self.taken(current) == seats as usize;
        if !self.audit.settings.displacement || !self.today || !full || asked.is_some_and(|asked| asked != id)
        {
            return;
        }
        let present = !self.audit.settings.check_in && start <= self.now();
        let may = |person: &&Person| {
            person.sits_in(&self.rooms[current])
                && person.status == Status::Booked
                && person.band > band
                && !person.displaced
                && !person.by_override
                && !present
                && person.source != Source::Emergency
        };
        let rank = |person: &&Person| (person.band, person.place, person.token_no);
        let Some(victim) = self.people.iter().filter(may).max_by_key(rank).copied() else { return };
        let next = self
            .own_rooms()
            .filter(|room| self.rooms[*room].start > start)
            .find(|room| self.has_room(*room, victim.source));
        if let (Some(victim), Some(next)) = (self.at(victim.id), next) {
            self.people[victim].displaced = true;
            self.sit_by_seniority(victim, next, Check::Displaced);
        }
    }

    /// A waitlisted token asks for a seat.
    pub(super) fn ask_in(&mut self, id: TokenId) {
        let Some(person) = self.at(id).filter(|at| self.people[*at].status == Status::Waitlisted) else {
            return;
        };
        let Person { slot, source, .. } = self.people[person];
        if let Some(room) = self.first_room(slot, source) {
            self.sit_last(person, room, Check::FirstRoom);
        }
    }
}
