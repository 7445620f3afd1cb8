//! Who has which seat after a command, worked out a second time: whom a freed seat goes to, who is moved on and where to, and
//! where the moved stand. Slow and obvious; one day of one facility is small.

use jiff::Timestamp;

use baari_engine::{
    Command, Decision, DoctorStatus, EventKind, PatientId, Slot, SlotId, SlotStatus, Source, Status, Token,
    TokenId, WantedStatus,
};

use super::ledger::{Ledger, band_of, is_live, is_seated, waits};
use super::{Audit, Check};

/// A token, as far as seats go.
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub(super) id: TokenId,
    pub(super) patient: PatientId,
    /// With which doctor.
    pub(super) doctor: usize,
    /// The slot it sits in; of a waitlisted one, the slot it asked for.
    pub(super) slot: Option<SlotId>,
    pub(super) status: Status,
    pub(super) source: Source,
    pub(super) band: u8,
    pub(super) token_no: u32,
    /// The sequence number, with so much room between two that there is always a middle.
    pub(super) place: i128,
    pub(super) promised_at: Option<Timestamp>,
    pub(super) booked_at: Timestamp,
    /// When it was asked to come.
    pub(super) due: Option<Timestamp>,
    /// Since when it may claim a seat: the check-in, else the appointment, else the booking.
    pub(super) arrival: Timestamp,
    pub(super) arrived: bool,
    pub(super) earlier_ok: bool,
    pub(super) displaced: bool,
    pub(super) by_override: bool,
    /// The rule by which this command changed its seat.
    pub(super) by: Option<Check>,
}

/// A slot, as far as seats go.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub(super) doctor: usize,
    pub(super) id: SlotId,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) status: SlotStatus,
    pub(super) max: u32,
    pub(super) hard: u32,
}

/// All seats of the doctor-days that are decided on together.
pub(super) struct Seating<'a> {
    pub(super) audit: &'a Audit<'a>,
    /// The doctor that the command is about.
    pub(super) home: usize,
    /// By doctor, then by start.
    pub(super) rooms: Vec<Room>,
    pub(super) people: Vec<Person>,
    /// Other doctors who see patients on the same date, the preferred first.
    others: Vec<usize>,
    /// The date is today.
    pub(super) today: bool,
    /// Was given its slot by hand in this very command, and keeps it.
    pub(super) stays: Option<TokenId>,
    issued: i128,
}

/// Finer than any midpoint that a day needs.
const FINE: i128 = 1 << 60;
const UNITS: i128 = 1_000_000_000_000;

impl Person {
    pub(super) fn of(token: &Token, doctor: usize) -> Self {
        Self {
            id: token.id,
            patient: token.patient,
            doctor,
            slot: token.slot,
            status: token.status,
            source: token.source,
            band: token.band.number(),
            token_no: token.token_no,
            place: token.sequence.map_or(0, |sequence| i128::from(sequence.units()) * FINE),
            promised_at: token.promised_at,
            booked_at: token.booked_at,
            arrival: token.arrived_at.or(token.appointment_at).unwrap_or(token.booked_at),
            due: token.appointment_at,
            arrived: token.arrived_at.is_some(),
            earlier_ok: token.earlier_ok,
            displaced: token.displaced,
            by_override: token.by_override,
            by: None,
        }
    }

    pub(super) fn sits_in(&self, room: &Room) -> bool {
        self.asks_for(room) && is_seated(self.status)
    }

    /// Sits there, or wants to.
    fn asks_for(&self, room: &Room) -> bool {
        self.doctor == room.doctor && self.slot == Some(room.id)
    }
}

impl Room {
    const fn of(slot: &Slot, doctor: usize) -> Self {
        let (start, end) = (slot.window.starts_at(), slot.window.ends_at());
        Self {
            doctor,
            id: slot.id,
            start,
            end,
            status: slot.status,
            max: slot.max_count,
            hard: slot.hard_limit,
        }
    }
}

/// The seats as they must be after a command; none when it must leave all seats as they are.
pub(super) fn expected<'a>(audit: &'a Audit<'a>, ledgers: &[Ledger], home: &Decision) -> Option<Seating<'a>> {
    let ends = |event: &baari_engine::Event| {
        matches!(event.kind, EventKind::Became(Status::Cancelled | Status::NoShow) | EventKind::Promoted)
    };
    let keeps_all = match &audit.step.command {
        Command::SetStatus(_) | Command::Lapse => !home.events.iter().any(ends),
        Command::Place(_)
        | Command::Next(_)
        | Command::Recall(_)
        | Command::Delay(_)
        | Command::AgreeEarlier { .. } => true,
        _ => home.events.is_empty(),
    };
    // Nothing of what happened has to do with a seat, and what a token's events do not speak of stays.
    if keeps_all {
        return None;
    }
    let mut seating = Seating::new(audit, ledgers);
    // Whoever is let in or moved by hand is promised a time then.
    let by_hand = |id: TokenId| matches!(&audit.step.command, Command::Transfer(moved) if moved.token == id);
    for person in &mut seating.people {
        let row = home.tokens.iter().find(|row| row.id == person.id);
        let row = row.filter(|_| person.promised_at.is_none() || by_hand(person.id));
        person.promised_at = row.map_or(person.promised_at, |row| row.promised_at);
    }
    match &audit.step.command {
        Command::Book(book) => seating.book(book, home),
        Command::AddSlots(_) => seating.add(home),
        Command::ChangeSlot(change) => seating.change_slot(change),
        Command::Leave(leave) => seating.leave(leave),
        Command::Transfer(transfer) => seating.transfer(transfer),
        Command::Lapse => seating.ends(home),
        Command::SetStatus(change)
            if matches!(change.status, WantedStatus::Pending | WantedStatus::Exactly(Status::Booked)) =>
        {
            seating.ask_in(change.token);
        }
        Command::SetStatus(_) => seating.ends(home),
        Command::Undo => seating.back(home),
        Command::Place(_)
        | Command::Next(_)
        | Command::Recall(_)
        | Command::Delay(_)
        | Command::AgreeEarlier { .. } => {}
    }
    Some(seating)
}

impl<'a> Seating<'a> {
    pub(super) fn new(audit: &'a Audit<'a>, ledgers: &[Ledger]) -> Self {
        let (mut rooms, mut people) = (Vec::new(), Vec::new());
        for (doctor, _) in &audit.around.doctors {
            let ledger = &ledgers[*doctor];
            rooms.extend(ledger.slots.iter().map(|slot| Room::of(slot, *doctor)));
            people.extend(ledger.tokens.iter().map(|token| Person::of(token, *doctor)));
        }
        let (home, around) = (audit.step.doctor, audit.around);
        let date = ledgers[home].key.date;
        let others = around.doctors.iter().filter(|(doctor, status)| {
            *doctor != home && *status == DoctorStatus::Active && ledgers[*doctor].key.date == date
        });
        let others = others.map(|(doctor, _)| *doctor).collect();
        let today = date == around.today;
        Self { audit, home, rooms, people, others, today, stays: None, issued: 0 }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.audit.step.now
    }

    pub(super) fn at(&self, id: TokenId) -> Option<usize> {
        self.people.iter().position(|person| person.id == id)
    }

    /// A slot of the doctor that the command is about.
    pub(super) fn own_room(&self, id: SlotId) -> Option<usize> {
        self.rooms.iter().position(|room| room.doctor == self.home && room.id == id)
    }

    pub(super) fn own_rooms(&self) -> impl Iterator<Item = usize> {
        (0..self.rooms.len()).filter(|at| self.rooms[*at].doctor == self.home)
    }

    pub(super) fn room_of(&self, person: &Person) -> Option<usize> {
        self.rooms.iter().position(|room| person.asks_for(room))
    }

    pub(super) fn taken(&self, room: usize) -> usize {
        self.people.iter().filter(|person| person.sits_in(&self.rooms[room])).count()
    }

    /// Open, not over, and fewer tokens than this source may find there.
    pub(super) fn has_room(&self, room: usize, source: Source) -> bool {
        let Room { end, status, max, hard, .. } = self.rooms[room];
        let seats = if source == Source::Emergency { hard } else { max };
        status == SlotStatus::Open && self.now() < end && self.taken(room) < seats as usize
    }

    /// Sits down at the end of the band.
    pub(super) fn sit_last(&mut self, person: usize, room: usize, by: Check) {
        self.issued += 1;
        let after_all = i128::from(self.people[person].band + 1) * UNITS - 1_100_000;
        self.sit(person, room, (after_all + self.issued) * FINE, by);
    }

    /// Sits down where it stands by what it was promised: before those of the band who were promised a later time.
    pub(super) fn sit_by_seniority(&mut self, person: usize, room: usize, by: Check) {
        let own = self.people[person];
        let band = |other: &Person| i64::try_from(other.place / FINE).map_or(0, band_of);
        let mut line: Vec<&Person> = self
            .people
            .iter()
            .filter(|other| other.sits_in(&self.rooms[room]) && waits(other.status))
            .filter(|other| other.id != own.id && band(other) == i64::from(own.band))
            .collect();
        line.sort_by_key(|other| other.place);
        let Some(next) = line.iter().position(|other| other.promised_at > own.promised_at) else {
            return self.sit_last(person, room, by);
        };
        // Right before that one, whoever else has a number there.
        let high = line[next].place;
        let floor = i128::from(own.band) * UNITS * FINE - 1_000_000 * FINE;
        let there =
            self.people.iter().filter(|other| other.id != own.id && other.asks_for(&self.rooms[room]));
        let low = there.map(|other| other.place).filter(|place| *place < high).fold(floor, i128::max);
        let place = low + (high - low) / 2;
        self.sit(person, room, place, by);
    }

    fn sit(&mut self, person: usize, room: usize, place: i128, by: Check) {
        let Room { doctor, id, .. } = self.rooms[room];
        let person = &mut self.people[person];
        (person.doctor, person.slot, person.place, person.by) = (doctor, Some(id), place, Some(by));
        if matches!(person.status, Status::Called | Status::Waitlisted) {
            person.status = if person.arrived { Status::Arrived } else { Status::Booked };
        }
    }

    /// A free seat goes to the first on the waiting list who can have it, then to whoever agreed to come earlier.
    pub(super) fn refill(&mut self, room: usize) {
        loop {
            let this = self.rooms[room];
            let fits = |person: &&Person| {
                person.status == Status::Waitlisted
                    && person.doctor == this.doctor
                    && (person.slot.is_none() || person.asks_for(&this))
                    && self.has_room(room, person.source)
            };
            let claim = |person: &&Person| (person.band, person.booked_at, person.token_no);
            let first = self.people.iter().filter(fits).min_by_key(claim).map(|person| person.id);
            let Some(first) = first.and_then(|id| self.at(id)) else { break };
            self.sit_last(first, room, Check::Waitlist);
        }
        while let Some((person, from)) = self.agreed(room) {
            self.people[person].by_override = false;
            self.sit_by_seniority(person, room, Check::PulledForward);
            self.refill(from);
        }
    }

    /// The first of the later slots who agreed to come earlier, and could.
    fn agreed(&self, room: usize) -> Option<(usize, usize)> {
        if !self.audit.settings.pull_forward {
            return None;
        }
        let this = self.rooms[room];
        let mut candidates = Vec::new();
        for (at, person) in self.people.iter().enumerate() {
            let agrees = person.earlier_ok
                && self.stays != Some(person.id)
                && matches!(person.status, Status::Booked | Status::Arrived);
            let Some(from) = self.room_of(person).filter(|_| agrees) else { continue };
            let is_later = person.doctor == this.doctor && self.rooms[from].start > this.start;
            if is_later && self.has_room(room, person.source) {
                candidates.push((self.rooms[from].start, person.place, person.token_no, at, from));
            }
        }
        candidates.into_iter().min().map(|(_, _, _, person, from)| (person, from))
    }

    /// The slots that the command added are filled, the earliest first.
    fn add(&mut self, home: &Decision) {
        let Command::AddSlots(new) = &self.audit.step.command else { return };
        let is_new = |slot: &&Slot| new.iter().any(|new| new.id == slot.id);
        let added = home.slots.iter().filter(is_new).map(|slot| Room::of(slot, self.home));
        self.rooms.extend(added);
        self.rooms.sort_by_key(|room| (room.doctor, room.start));
        let mut ids: Vec<_> = new.iter().map(|slot| (slot.window.starts_at(), slot.id)).collect();
        ids.sort_by_key(|(start, _)| *start);
        for (_, id) in ids {
            if let Some(room) = self.own_room(id) {
                self.refill(room);
            }
        }
    }

    /// Those whose day ends leave their seats, in the order of the events.
    fn ends(&mut self, home: &Decision) {
        for event in &home.events {
            let EventKind::Became(status) = event.kind else { continue };
            let Some(person) = event.token.and_then(|id| self.at(id)) else { continue };
            let held = is_seated(self.people[person].status);
            self.people[person].status = status;
            if held && !is_seated(status) {
                self.people[person].by_override = false;
                if let Some(room) = self.room_of(&self.people[person]) {
                    self.refill(room);
                }
            }
        }
    }

    /// Undo may give a no-show the seat back.
    fn back(&mut self, home: &Decision) {
        for event in &home.events {
            let Some(person) = event.token.and_then(|id| self.at(id)) else { continue };
            if self.people[person].status == Status::NoShow {
                self.people[person].status = Status::Called;
                self.people[person].by = Some(Check::Undo);
            }
        }
    }

    /// Has no live token with this doctor.
    pub(super) fn is_free_at(&self, doctor: usize, patient: PatientId) -> bool {
        let there = |person: &&Person| person.doctor == doctor && person.patient == patient;
        !self.people.iter().filter(there).any(|person| is_live(person.status))
    }

    /// Of the other doctors' slots that serve, the earliest with room; of equally early ones the emptiest.
    pub(super) fn best_elsewhere(&self, person: &Person, serves: impl Fn(&Room) -> bool) -> Option<usize> {
        let candidates = (0..self.rooms.len()).filter(|at| {
            let room = &self.rooms[*at];
            self.others.contains(&room.doctor)
                && serves(room)
                && self.is_free_at(room.doctor, person.patient)
                && self.has_room(*at, person.source)
        });
        let filled = |at: usize| self.taken(at) as u64 * 1_000_000 / u64::from(self.rooms[at].max.max(1));
        let preferred = |doctor: usize| self.others.iter().position(|known| *known == doctor);
        candidates.min_by_key(|at| (self.rooms[*at].start, filled(*at), preferred(self.rooms[*at].doctor)))
    }
}
