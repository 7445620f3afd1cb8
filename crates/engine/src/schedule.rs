//! A doctor's weekly hours, with exceptions and leave, and the slots that follow for a date.

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

use crate::decide::limits;

/// Hours that come back every week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyHours {
    /// On this day of the week.
    pub weekday: Weekday,
    /// The slots.
    pub template: SlotTemplate,
    /// The first date it holds for.
    pub valid_from: Option<Date>,
    /// The last date it holds for.
    pub valid_to: Option<Date>,
}

/// Hours cut into equal slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotTemplate {
    /// When the hours begin.
    pub start: Time,
    /// When they end.
    pub end: Time,
    /// How long each slot is, in minutes; what is left at the end becomes no slot.
    pub slot_minutes: u16,
    /// Seats for everybody in each slot.
    pub max_count: u32,
    /// Seats with the emergency buffer in each slot.
    pub hard_limit: u32,
}

impl SlotTemplate {
    /// Checks that it gives slots.
    ///
    /// # Errors
    /// A [`ScheduleError`] that says what to change.
    pub fn check(&self) -> Result<(), ScheduleError> {
        if !(5..=720).contains(&self.slot_minutes) {
            return Err(ScheduleError::SlotMinutes(self.slot_minutes));
        }
        if self.max_count == 0 || self.hard_limit < self.max_count || self.hard_limit > limits::SEATS_PER_SLOT
        {
            return Err(ScheduleError::Seats);
        }
        if self.windows().next().is_none() {
            return Err(ScheduleError::NoSlot);
        }
        Ok(())
    }

    /// Start and end of each slot.
    pub fn windows(&self) -> impl Iterator<Item = (Time, Time)> + use<> {
        let (step, end) = (i64::from(self.slot_minutes.max(1)).minutes(), self.end);
        let next =
            move |start: &Time| start.checked_add(step).ok().filter(|next| *next <= end && next > start);
        std::iter::successors(Some(self.start), next).map_while(move |start| Some((start, next(&start)?)))
    }
}

/// A time in which a doctor does not see patients, or sees them at other hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// The first date.
    pub from: Date,
    /// The last date.
    pub to: Date,
    /// The hours that are worked instead; none for a day off.
    pub instead: Vec<SlotTemplate>,
}

/// All that is known of a doctor's hours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// What comes back every week.
    pub weekly: Vec<WeeklyHours>,
    /// Leave, and dates with other hours; these win over the weekly hours.
    pub absences: Vec<Absence>,
}

impl Schedule {
    /// Checks that these weekly hours can be added: none of their slots is at the time of another line's.
    ///
    /// # Errors
    /// [`ScheduleError::Overlap`].
    pub fn check(&self, new: &WeeklyHours) -> Result<(), ScheduleError> {
        let apart = |known: &WeeklyHours| {
            let later =
                |from: Option<Date>, to: Option<Date>| from.zip(to).is_some_and(|(from, to)| to < from);
            known.weekday != new.weekday
                || later(new.valid_from, known.valid_to)
                || later(known.valid_from, new.valid_to)
                || known.template.end <= new.template.start
                || new.template.end <= known.template.start
        };
        if self.weekly.iter().all(apart) { Ok(()) } else { Err(ScheduleError::Overlap) }
    }

    /// Checks that this absence can be added: no hours worked instead are at the time of another one's on the same date.
    ///
    /// # Errors
    /// [`ScheduleError::Overlap`].
    pub fn check_absence(&self, new: &Absence) -> Result<(), ScheduleError> {
        let apart =
            |known: &SlotTemplate, new: &SlotTemplate| known.end <= new.start || new.end <= known.start;
        let apart = |known: &Absence| {
            (known.to < new.from || new.to < known.from)
                || known.instead.iter().all(|known| new.instead.iter().all(|new| apart(known, new)))
        };
        if self.absences.iter().all(apart) { Ok(()) } else { Err(ScheduleError::Overlap) }
    }

    /// The hours of a date.
    pub fn on(&self, date: Date) -> Vec<SlotTemplate> {
        let mut exceptions =
            self.absences.iter().filter(|absence| (absence.from..=absence.to).contains(&date)).peekable();
        if exceptions.peek().is_some() {
            // A day off wins over other hours for the same date.
            let off = exceptions.clone().any(|absence| absence.instead.is_empty());
            return if off {
                Vec::new()
            } else {
                exceptions.flat_map(|absence| absence.instead.clone()).collect()
            };
        }
        let holds = |hours: &&WeeklyHours| {
            hours.weekday == date.weekday()
                && hours.valid_from.is_none_or(|from| from <= date)
                && hours.valid_to.is_none_or(|to| date <= to)
        };
        self.weekly.iter().filter(holds).map(|hours| hours.template).collect()
    }
}

/// Hours that give no slots.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Slots too short or too long.
    #[error("slots are 5 to 720 minutes long, not {0}")]
    SlotMinutes(u16),
    /// Limits that a slot can't have.
    #[error(
        "a slot has 1 to {} seats, and with emergencies not fewer seats than without",
        limits::SEATS_PER_SLOT
    )]
    Seats,
    /// Two lines give slots at the same time.
    #[error("these hours overlap other hours of the same doctor: change those, or let them end before")]
    Overlap,
    /// No slot fits between start and end.
    #[error("no slot fits: let the hours end later than they begin, by one slot at least")]
    NoSlot,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn template(start: i8, end: i8) -> SlotTemplate {
        let (start, end) = (time(start, 0, 0, 0), time(end, 0, 0, 0));
        SlotTemplate { start, end, slot_minutes: 60, max_count: 10, hard_limit: 12 }
    }

    #[test]
    fn hours_are_cut_into_slots_and_the_rest_is_left() {
        let hours = SlotTemplate { slot_minutes: 45, ..template(9, 11) };
        let starts: Vec<_> = hours.windows().map(|(start, end)| format!("{start}-{end}")).collect();
        assert_eq!(starts, ["09:00:00-09:45:00", "09:45:00-10:30:00"]);
        assert_eq!(SlotTemplate { slot_minutes: 4, ..hours }.check(), Err(ScheduleError::SlotMinutes(4)));
        assert_eq!(template(11, 9).check(), Err(ScheduleError::NoSlot));
        assert_eq!(template(22, 23).windows().count(), 1);
    }

    #[test]
    fn other_hours_of_a_date_do_not_overlap_those_that_there_are() {
        let absence = |from: i8, to: i8, instead: Vec<SlotTemplate>| Absence {
            from: date(2026, 2, from),
            to: date(2026, 2, to),
            instead,
        };
        let absences = vec![absence(2, 4, vec![template(9, 11)]), absence(6, 6, Vec::new())];
        let schedule = Schedule { weekly: Vec::new(), absences };
        for (new, expected) in [
            (absence(4, 5, vec![template(10, 12)]), Err(ScheduleError::Overlap)),
            (absence(4, 5, vec![template(11, 12)]), Ok(())),
            (absence(5, 6, vec![template(10, 12)]), Ok(())),
            (absence(2, 4, Vec::new()), Ok(())),
        ] {
            assert_eq!(schedule.check_absence(&new), expected, "{new:?}");
        }
    }

    #[test]
    fn leave_and_exceptions_win_over_the_week() {
        let monday = date(2026, 2, 2);
        let weekly = WeeklyHours {
            weekday: Weekday::Monday,
            template: template(9, 13),
            valid_from: None,
            valid_to: None,
        };
        let mut schedule = Schedule { weekly: vec![weekly], absences: Vec::new() };
        assert_eq!(schedule.on(monday), [template(9, 13)]);
        assert_eq!(schedule.on(date(2026, 2, 3)), []);
        schedule.absences.push(Absence { from: monday, to: monday, instead: vec![template(14, 16)] });
        assert_eq!(schedule.on(monday), [template(14, 16)]);
        schedule.absences.push(Absence { from: monday, to: date(2026, 2, 8), instead: Vec::new() });
        assert_eq!(schedule.on(monday), []);
        assert_eq!(schedule.on(date(2026, 2, 9)), [template(9, 13)]);
    }
}
