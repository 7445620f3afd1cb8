//! Planned moves in a second wording: whose seat goes away, and where each of them goes; and moves by hand.

use baari_engine::{ChangeSlot, DoctorStatus, Leave, SlotStatus, Source, Status, TokenId, Transfer};

use super::Check;
use super::ledger::{is_seated, waits};
use super::seating::{Person, Room, Seating};

impl Seating<'_> {
    /// The slots of that time do not take place.
    pub(super) fn leave(&mut self, leave: &Leave) {
        let from = leave.from.map_or(self.now(), |from| from.max(self.now()));
        let meets = |room: &Room| {
            room.status != SlotStatus::Cancelled
                && room.end > from
                && leave.to.is_none_or(|until| from < until && room.start < until)
        };
        let cancelled: Vec<usize> = self.own_rooms().filter(|room| meets(&self.rooms[*room])).collect();
        // Whoever leaves now leaves those as well who still wait though their slot has ended.
        let at_once = from == self.now() && leave.to.is_none_or(|until| self.now() < until);
        let ended = |room: &Room| at_once && (room.end <= self.now() || room.status == SlotStatus::Cancelled);
        let ended: Vec<usize> = self.own_rooms().filter(|room| ended(&self.rooms[*room])).collect();
        let overdue = ended.into_iter().flat_map(|room| self.movable(room).collect::<Vec<_>>()).collect();
        self.cancel(&cancelled, overdue);
    }

    /// A slot's limits or status change.
    pub(super) fn change_slot(&mut self, change: &ChangeSlot) {
        let Some(room) = self.own_room(change.slot) else { return };
        let (max, hard) = (self.rooms[room].max, self.rooms[room].hard);
        let status = change.status.unwrap_or(self.rooms[room].status);
        let cancelled = status == SlotStatus::Cancelled && self.rooms[room].status != SlotStatus::Cancelled;
        if cancelled {
            self.cancel(&[room], Vec::new());
        }
        let (new_max, new_hard) = (change.max_count.unwrap_or(max), change.hard_limit.unwrap_or(hard));
        if !cancelled {
            self.shrink(room, (new_max < max).then_some(new_max), (new_hard < hard).then_some(new_hard));
        }
        (self.rooms[room].max, self.rooms[room].hard, self.rooms[room].status) = (new_max, new_hard, status);
        if !cancelled {
            self.refill(room);
        }
    }

    fn cancel(&mut self, rooms: &[usize], mut victims: Vec<TokenId>) {
        for room in rooms {
            self.rooms[*room].status = SlotStatus::Cancelled;
            victims.extend(self.movable(*room));
        }
        self.move_on(victims);
        self.release(rooms);
    }

    /// Whoever waited for one of these slots gets a later one, or waits for any.
    fn release(&mut self, rooms: &[usize]) {
        let asked = |person: &Person| self.room_of(person).filter(|room| rooms.contains(room));
        let waiting = self.people.iter().filter(|person| person.status == Status::Waitlisted);
        let mut waiting: Vec<(Person, Room)> =
            waiting.filter_map(|person| Some((*person, self.rooms[asked(person)?]))).collect();
        waiting.sort_by_key(|(person, _)| (person.band, person.booked_at, person.token_no));
        for (person, old) in waiting {
            let Some(at) = self.at(person.id) else { continue };
            let later = self.own_seat(&person, &old, person.arrived);
            match later {
                Some(room) => self.sit_last(at, room, Check::Waitlist),
                None => (self.people[at].slot, self.people[at].by) = (None, Some(Check::PlannedMove)),
            }
        }
    }

    /// Everybody who sits there and is neither with the doctor nor seen.
    fn movable(&self, room: usize) -> impl Iterator<Item = TokenId> {
        let room = self.rooms[room];
        let sits = move |person: &&Person| {
            person.sits_in(&room) && (waits(person.status) || person.status == Status::Called)
        };
        self.people.iter().filter(sits).map(|person| person.id)
    }

    /// The lowest-banded, then the last, until the others fit.
    fn shrink(&mut self, room: usize, max: Option<u32>, hard: Option<u32>) {
        let ordinary = |person: &Person| person.source != Source::Emergency;
        let limited: Vec<Person> = {
            let sits = |person: &&Person| person.sits_in(&self.rooms[room]) && !person.by_override;
            self.people.iter().filter(sits).copied().collect()
        };
        let beyond =
            |taken: usize, limit: Option<u32>| limit.map_or(0, |limit| taken.saturating_sub(limit as usize));
        let too_many = beyond(limited.iter().filter(|person| ordinary(person)).count(), max);
        let too_many_in_all = beyond(limited.len(), hard);
        let movable: Vec<TokenId> = self.movable(room).collect();
        let mut last_first: Vec<Person> =
            limited.into_iter().filter(|person| movable.contains(&person.id)).collect();
        // Who is at the door goes last.
        last_first.sort_by_key(|person| {
            std::cmp::Reverse((person.status != Status::Called, person.band, person.place, person.token_no))
        });
        let (mut victims, mut gone_ordinary) = (Vec::new(), 0);
        for person in last_first {
            let helps = (ordinary(&person) && gone_ordinary < too_many) || victims.len() < too_many_in_all;
            if helps {
                gone_ordinary += usize::from(ordinary(&person));
                victims.push(person.id);
            }
        }
        self.move_on(victims);
    }

    /// By band, then arrival: a later slot, else another doctor's, else the waiting list. All leave their seats first.
    fn move_on(&mut self, victims: Vec<TokenId>) {
        let mut victims: Vec<(Person, Room)> = victims
            .into_iter()
            .filter_map(|id| self.people.iter().find(|person| person.id == id))
            .filter_map(|person| Some((*person, self.rooms[self.room_of(person)?])))
            .collect();
        victims.sort_by_key(|(person, _)| (person.band, person.arrival, person.token_no));
        for (victim, _) in &victims {
            if let Some(at) = self.at(victim.id) {
                (self.people[at].slot, self.people[at].by_override) = (None, false);
            }
        }
        for (victim, old) in victims {
            let Some(at) = self.at(victim.id) else { continue };
            match self.next_seat(&victim, &old) {
                Some(room) => self.sit_by_seniority(at, room, Check::PlannedMove),
                None => {
                    let person = &mut self.people[at];
                    (person.status, person.slot, person.by) =
                        (Status::Waitlisted, None, Some(Check::PlannedMove));
                }
            }
        }
    }

    fn next_seat(&self, victim: &Person, old: &Room) -> Option<usize> {
        let here = matches!(victim.status, Status::Arrived | Status::Called);
        let own = self.own_seat(victim, old, here);
        if own.is_some() || !self.audit.settings.other_doctors {
            return own;
        }
        let told = victim.due.map_or(old.start, |due| due.max(old.start));
        self.best_elsewhere(victim, |room| here || room.end > told)
    }

    /// A later slot of the same doctor; else, for those who are here, an earlier one that still runs.
    fn own_seat(&self, person: &Person, old: &Room, here: bool) -> Option<usize> {
        // Nobody who is not here is asked to come before the time that was theirs.
        let told = person.due.map_or(old.start, |due| due.max(old.start));
        let fits = |room: &usize| {
            let Room { id, end, .. } = self.rooms[*room];
            id != old.id && (here || end > told) && self.has_room(*room, person.source)
        };
        let later = |room: &usize| self.rooms[*room].start > old.start;
        let first = self.own_rooms().find(|room| later(room) && fits(room));
        first.or_else(|| self.own_rooms().find(|room| here && fits(room)))
    }

    /// By hand: a seat by the rule or beyond it, at the end of the band.
    pub(super) fn transfer(&mut self, transfer: &Transfer) {
        let Some(person) =
            self.people.iter().position(|person| person.id == transfer.token && person.doctor == self.home)
        else {
            return;
        };
        let Some(to) = self.rooms.iter().position(|room| room.id == transfer.slot) else { return };
        let by_rule = self.has_room(to, self.people[person].source);
        let from = self.room_of(&self.people[person]).filter(|_| is_seated(self.people[person].status));
        self.people[person].by_override = !by_rule;
        self.sit_last(person, to, Check::Effect);
        self.stays = Some(transfer.token);
        if let Some(from) = from {
            self.refill(from);
        }
    }

    /// Whether a transfer would find a seat.
    pub(super) fn could_transfer(&self, transfer: &Transfer, source: Source) -> bool {
        let Some(to) = self.rooms.iter().position(|room| room.id == transfer.slot) else { return false };
        let doctor = self.rooms[to].doctor;
        let active = self.audit.around.doctors.contains(&(doctor, DoctorStatus::Active));
        let beyond = transfer.beyond_limits && self.rooms[to].status != SlotStatus::Cancelled;
        active && (beyond || self.has_room(to, source))
    }
}
