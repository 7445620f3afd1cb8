//! What patients do, and doctors on their way: book, come, cancel, come back; say to be late, leave.

use baari_desk::{BookRequest, DeskError, NewPatient, Order};
use baari_engine::{
    Command, DayKey, Delay, Leave, PatientId, SetStatus, Source, Status, TokenId, WantedStatus,
};
use baari_store::Patient;

use super::super::day::{Day, Happening};
use super::super::hospital::Hospital;
use super::{Town, done};

/// What is said when a doctor leaves.
const LEAVES_WHY: &str = "called to the operating theatre";

impl Town {
    pub(super) async fn happens(&mut self, happening: Happening) -> Result<(), DeskError> {
        match happening {
            Happening::Books(index) => self.hospital.book(&mut self.today, index).await,
            Happening::BooksNext(index) => self.hospital.book(&mut self.next, index).await,
            Happening::Comes(index) => self.comes(index).await,
            Happening::Cancels(index) => self.cancels(index).await,
            Happening::Returns(index) => self.returns(index).await,
            Happening::Begins(room) => self.begins(room).await,
            Happening::Says(room, nth) => self.says(room, nth).await,
            Happening::Leaves(room) => self.leaves(room).await,
        }
    }

    async fn comes(&mut self, index: usize) -> Result<(), DeskError> {
        let Some(token) = self.today.people[index].token else { return Ok(()) };
        match self.hospital.status(token).await? {
            Some(Status::Booked) => self.hospital.becomes(token, Status::Arrived).await,
            // Too late for the appointment: some take a new token, the others go home.
            Some(Status::NoShow) if self.today.patient(index).books_anew > 0 => {
                self.today.people[index].anew = true;
                self.hospital.book(&mut self.today, index).await
            }
            _ => Ok(()),
        }
    }

    async fn cancels(&mut self, index: usize) -> Result<(), DeskError> {
        let Some(token) = self.today.people[index].token else { return Ok(()) };
        let status = self.hospital.status(token).await?;
        match status {
            Some(Status::Waitlisted | Status::Booked | Status::Arrived) => {
                self.hospital.becomes(token, Status::Cancelled).await
            }
            _ => Ok(()),
        }
    }

    /// Whoever has missed a call is back: the desk puts them into the queue again.
    async fn returns(&mut self, index: usize) -> Result<(), DeskError> {
        let Some(token) = self.today.people[index].token else { return Ok(()) };
        match self.hospital.status(token).await? {
            Some(Status::Passed) => self.hospital.becomes(token, Status::Arrived).await,
            Some(Status::Called) => {
                let is_here = |room: &super::Room| room.awaits(token);
                if let Some(room) = self.rooms.iter_mut().find(|room| is_here(room)) {
                    room.is_at_the_door();
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The doctor is here, whatever was said before.
    async fn begins(&mut self, room: usize) -> Result<(), DeskError> {
        let (day, now) = (self.hospital.day(room, self.today.date), self.hospital.desk.now());
        self.rooms[room].has_begun = true;
        let resumes = self.hospital.desk.look(day, |snapshot| snapshot.day.resumes_at()).await?;
        if resumes.is_some_and(|at| at > now) && !self.rooms[room].is_left_alone(now) {
            let here = Delay { minutes: 0, keeps_later: false, why: None };
            self.hospital.execute(day, Command::Delay(here)).await?;
        }
        Ok(())
    }

    async fn says(&mut self, room: usize, nth: usize) -> Result<(), DeskError> {
        let Some(said) = self.today.plan.doctors[room].delays.get(nth) else { return Ok(()) };
        let delay = Delay { minutes: said.minutes, keeps_later: false, why: said.why.clone() };
        if self.rooms[room].is_left_alone(self.hospital.desk.now()) {
            return Ok(());
        }
        self.hospital.execute(self.hospital.day(room, self.today.date), Command::Delay(delay)).await.map(drop)
    }

    async fn leaves(&mut self, room: usize) -> Result<(), DeskError> {
        if self.rooms[room].is_left_alone(self.hospital.desk.now()) {
            return Ok(());
        }
        let desk = &self.hospital.desk;
        let days = desk.with_colleagues(self.hospital.day(room, self.today.date)).await?;
        let leave = Leave { from: None, to: None, why: LEAVES_WHY.to_owned() };
        let actor = self.hospital.actor.clone();
        let order = Order { command: Command::Leave(leave), actor, if_match: None, keyed: None };
        if done(desk.execute_together(&days, &order).await)?.is_some() {
            self.rooms[room].has_left = true;
        }
        Ok(())
    }
}

impl Hospital {
    /// Somebody gets a token: in the slot that was agreed, else in whichever has room.
    pub(in super::super) async fn book(&self, day: &mut Day, index: usize) -> Result<(), DeskError> {
        let patient = self.registered(day, index).await?;
        let plan = day.patient(index).clone();
        let is_ahead = plan.books_ahead() && !day.people[index].anew;
        let slot = plan.slot.filter(|_| is_ahead).and_then(|slot| day.slots[plan.doctor].get(slot).copied());
        let request = BookRequest {
            patient,
            doctor: self.doctors[plan.doctor],
            source: if day.people[index].anew { Source::WalkIn } else { plan.source },
            date: Some(day.date),
            slot,
            waitlist: plan.waitlist || is_ahead,
            override_why: None,
            checked_in: is_ahead.then_some(false),
            earlier_ok: plan.earlier_ok,
        };
        let mut booked = None;
        if slot.is_some() {
            booked =
                done(self.desk.book(self.facility, request.clone(), self.actor.clone(), None, None).await)?;
        }
        if booked.is_none() {
            let request = BookRequest { slot: None, ..request };
            booked = done(self.desk.book(self.facility, request, self.actor.clone(), None, None).await)?;
        }
        if let Some((_, token)) = booked.and_then(|done| done.token) {
            day.has_token(index, token.id);
        }
        Ok(())
    }

    /// The patient's record, made when they come for the first time.
    async fn registered(&self, day: &mut Day, index: usize) -> Result<PatientId, DeskError> {
        if let Some(id) = day.people[index].id {
            return Ok(id);
        }
        let who = &day.people[index].who;
        let previous = day.patient(index).previous_doctor;
        let new = NewPatient {
            name: who.name.clone(),
            phone: who.phone.clone(),
            previous_doctor: previous.map(|doctor| self.doctors[doctor]),
            mrn: None,
            abha: None,
            sex: Some(who.sex),
            birth_year: Some(day.date.year() - who.age),
        };
        let along = |patient: &Patient| self.along("patient_added", Some(patient.id), String::new());
        let id = self.desk.patient_add(self.facility, new, along).await?.id;
        day.people[index].id = Some(id);
        Ok(id)
    }

    /// Where the token is by now: another doctor may have taken it over.
    async fn place(&self, token: TokenId) -> Result<Option<DayKey>, DeskError> {
        Ok(self.desk.store().token_day(self.facility, token).await?)
    }

    async fn status(&self, token: TokenId) -> Result<Option<Status>, DeskError> {
        let Some(day) = self.place(token).await? else { return Ok(None) };
        self.desk.look(day, |snapshot| snapshot.day.token(token).map(|token| token.status)).await
    }

    pub(super) async fn becomes(&self, token: TokenId, status: Status) -> Result<(), DeskError> {
        let Some(day) = self.place(token).await? else { return Ok(()) };
        let status = WantedStatus::Exactly(status);
        self.execute(day, Command::SetStatus(SetStatus { token, status })).await.map(drop)
    }
}
