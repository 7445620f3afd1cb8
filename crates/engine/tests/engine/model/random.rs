//! Random days: settings, and steps that mostly make sense. Ids come from small pools, so that doubles happen.

use baari_engine::{
    Band, Beside, Book, ChangeSlot, Command, DoctorStatus, NewSlot, PatientFacts, PatientStatus, PerSource,
    Place, PolicyKind, SetStatus, Settings, SlotStatus, Source, Status, Token, TokenId, WantedStatus,
};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{DATE, Opd, doctor, instant, new_slot, patient_id, slot_id, token_id};

/// How a day begins.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    settings: Settings,
    slots: Vec<(u32, u32)>,
    the_day_before: bool,
}

pub(super) fn setup() -> impl Strategy<Value = Setup> {
    let few = || prop::collection::vec((1..8_u32, 0..4_u32), 1..4);
    let slots = prop_oneof![1 => Just(Vec::new()), 25 => few()];
    (settings(), slots, prop::bool::weighted(0.08)).prop_map(|(settings, slots, the_day_before)| Setup {
        settings,
        slots,
        the_day_before,
    })
}

fn policy() -> impl Strategy<Value = PolicyKind> {
    select(PolicyKind::all().collect::<Vec<_>>())
}

fn settings() -> impl Strategy<Value = Settings> {
    let bands = prop::array::uniform5((1..=9_u8).prop_map(|band| Band::new(band).unwrap()));
    let bands = prop_oneof![Just(Settings::default().bands), bands.prop_map(PerSource::new)];
    let minutes = prop::array::uniform5((0..60_i64).prop_map(SignedDuration::from_mins));
    let rates = prop_oneof![Just([8_000, 4_000, 2_000, 1_000, 1_000]), prop::array::uniform5(1..9_000_u32)];
    (bands, policy(), prop::bool::weighted(0.8), minutes, rates, 0..4_u8, 0..3_u8).prop_map(
        |(bands, policy, check_in, allowances, rates, rejoin_behind, rejoins_max)| {
            let mut settings =
                Settings { bands, policy, check_in, rejoin_behind, rejoins_max, ..Settings::default() };
            settings.allowances = PerSource::new(allowances);
            settings.rates_milli = PerSource::new(rates);
            settings
        },
    )
}

impl Setup {
    pub(super) fn opd(&self) -> Opd {
        let hours = ["09:00-10:00", "10:00-10:50", "11:00-12:00"];
        let slots = self.slots.iter().zip(hours).map(|((max, buffer), hours)| (hours, *max, max + buffer));
        let mut opd = Opd::new(&slots.collect::<Vec<_>>());
        opd.settings = self.settings.clone();
        if self.the_day_before {
            opd.days_later(-1);
        } else {
            opd.at("08:30");
        }
        opd
    }
}

/// Time passes, then something is asked.
#[derive(Debug, Clone)]
pub(super) struct Step {
    minutes: i64,
    ask: Ask,
}

#[derive(Debug, Clone)]
enum Ask {
    Book {
        patient: u128,
        book: Box<Book>,
        due_minutes: Option<i64>,
        old_id: bool,
    },
    /// To one of the statuses that come next.
    Next(usize, usize),
    /// Is called, does not come, comes back.
    Miss(usize),
    Want(usize, WantedStatus),
    Place(usize, usize, bool),
    /// Two tokens in turn to the same spot, many times.
    Crowd([usize; 3], bool),
    AddSlots(Vec<NewSlot>),
    ChangeSlot(ChangeSlot),
    Policy(PolicyKind),
    Doctor(DoctorStatus),
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let minutes = prop_oneof![20 => Just(0), 20 => 0..6_i64, 1 => 20..90_i64];
    let minutes = prop_oneof![700 => minutes, 1 => Just(24 * 60)];
    (minutes, ask()).prop_map(|(minutes, ask)| Step { minutes, ask })
}

fn ask() -> impl Strategy<Value = Ask> {
    let which = || 0..1_000_usize;
    prop_oneof![
        80 => book(),
        90 => (which(), which()).prop_map(|(token, to)| Ask::Next(token, to)),
        20 => which().prop_map(Ask::Miss),
        14 => (which(), wanted()).prop_map(|(token, wanted)| Ask::Want(token, wanted)),
        30 => (which(), which(), any::<bool>()).prop_map(|(token, other, behind)| Ask::Place(token, other, behind)),
        2 => (prop::array::uniform3(which()), any::<bool>()).prop_map(|(three, behind)| Ask::Crowd(three, behind)),
        5 => prop::collection::vec(slot(), 0..3).prop_map(Ask::AddSlots),
        14 => change().prop_map(Ask::ChangeSlot),
        4 => policy().prop_map(Ask::Policy),
        1 => select(DoctorStatus::ALL).prop_map(Ask::Doctor),
        12 => Just(Ask::Doctor(DoctorStatus::Active)),
    ]
}

fn book() -> impl Strategy<Value = Ask> {
    let why =
        prop_oneof![8 => Just(None), 1 => Just(Some("fainted".to_owned())), 1 => Just(Some(" ".to_owned()))];
    let asked = prop::option::weighted(0.3, prop_oneof![30 => 0..3_u128, 1 => 3..9_u128]);
    let said = prop::option::weighted(0.3, any::<bool>());
    let due_minutes = prop::option::weighted(0.2, 0..180_i64);
    let patient = (1..60_u128, prop::bool::weighted(0.98), any::<bool>());
    let flags = (prop::bool::weighted(0.6), prop::bool::weighted(0.02));
    let parts = (patient, select(&Source::ALL[..]), asked, flags, why, said, due_minutes);
    parts.prop_map(|(patient, source, asked, (waitlist, old_id), override_why, checked_in, due_minutes)| {
        let (patient, in_use, returning) = patient;
        let status = if in_use { PatientStatus::Active } else { PatientStatus::Inactive };
        let previous_doctor = returning.then(doctor);
        let book = Book {
            token: token_id(0),
            patient: PatientFacts { id: patient_id(patient), status, previous_doctor, last_seen_by: None },
            source,
            slot: asked.map(slot_id),
            waitlist,
            override_why,
            checked_in,
            appointment_at: None,
            earlier_ok: false,
        };
        Ask::Book { patient, book: Box::new(book), due_minutes, old_id }
    })
}

fn wanted() -> impl Strategy<Value = WantedStatus> {
    prop_oneof![
        1 => Just(WantedStatus::Pending),
        6 => select(&Status::ALL[..]).prop_map(WantedStatus::Exactly),
    ]
}

fn slot() -> impl Strategy<Value = NewSlot> {
    let hours = select(vec!["08:30-09:00", "09:30-10:10", "12:00-13:00", "13:00-13:30", "23:00-23:59"]);
    (0..9_u128, hours, prop_oneof![12 => 1..4_u32, 1 => Just(0)], prop_oneof![8 => 3..6_u32, 1 => 0..3_u32])
        .prop_map(|(n, hours, max, hard)| new_slot(n, hours, max, hard))
}

fn change() -> impl Strategy<Value = ChangeSlot> {
    let seats = || prop::option::weighted(0.5, prop_oneof![50 => 0..6_u32, 1 => Just(10_001)]);
    let status = prop_oneof![6 => Just(None), 4 => Just(Some(SlotStatus::Open)),
        1 => Just(Some(SlotStatus::Closed)), 1 => Just(Some(SlotStatus::Cancelled))];
    (prop_oneof![20 => 0..3_u128, 1 => 3..9_u128], seats(), seats(), status).prop_map(
        |(n, max_count, hard_limit, status)| ChangeSlot {
            slot: slot_id(n),
            max_count,
            hard_limit,
            status,
            move_on: false,
        },
    )
}

/// One of the tokens there are, now and then one that there is not.
fn pick(opd: &Opd, n: usize) -> TokenId {
    let tokens = opd.day.tokens();
    if n % 41 == 40 {
        token_id(99_999)
    } else {
        tokens.get(n % tokens.len().max(1)).map_or(token_id(0), |t| t.id)
    }
}

/// One of those who wait, mostly.
fn pick_waiting(opd: &Opd, n: usize) -> TokenId {
    let waiting: Vec<TokenId> =
        opd.day.tokens().iter().filter(|token| token.status.is_waiting()).map(|token| token.id).collect();
    if n % 53 == 52 || waiting.is_empty() { pick(opd, n) } else { waiting[n % waiting.len()] }
}

fn place(token: TokenId, other: TokenId, behind: bool) -> Command {
    let beside = if behind { Beside::Behind(other) } else { Beside::Before(other) };
    Command::Place(Place { token, beside, why: "limps".to_owned() })
}

impl Step {
    /// Moves the clock, changes what is not a command, and gives the commands.
    pub(super) fn prepare(&self, opd: &mut Opd) -> Vec<Command> {
        opd.now += SignedDuration::from_mins(self.minutes);
        match &self.ask {
            Ask::Book { patient, book, due_minutes, old_id } => {
                let n = opd.day.tokens().len() as u128;
                let mut book = (**book).clone();
                book.token = if *old_id { pick(opd, *patient as usize) } else { token_id(n + 1) };
                let nine = instant(DATE, "09:00");
                book.appointment_at = due_minutes.map(|minutes| nine + SignedDuration::from_mins(minutes));
                vec![Command::Book(book)]
            }
            Ask::Next(n, to) => {
                let live: Vec<&Token> =
                    opd.day.tokens().iter().filter(|token| token.status.is_live()).collect();
                let token = live.get(n % live.len().max(1)).map_or(pick(opd, *n), |token| token.id);
                let next = opd.day.token(token).map_or(&[][..], |token| token.status.next());
                // The last one is to give up: seldom.
                let choices = if to % 4 == 0 { next.len() } else { next.len().saturating_sub(1) };
                let status = next.get(to / 4 % choices.max(1)).copied().unwrap_or(Status::Arrived);
                vec![Command::SetStatus(SetStatus { token, status: WantedStatus::Exactly(status) })]
            }
            Ask::Miss(n) => {
                let token = pick_waiting(opd, *n);
                let steps = [Status::Arrived, Status::Called, Status::Passed, Status::Arrived];
                let set = |status| SetStatus { token, status: WantedStatus::Exactly(status) };
                steps.map(|status| Command::SetStatus(set(status))).to_vec()
            }
            Ask::Want(n, status) => {
                vec![Command::SetStatus(SetStatus { token: pick(opd, *n), status: *status })]
            }
            Ask::Place(n, other, behind) => {
                vec![place(pick_waiting(opd, *n), pick_waiting(opd, *other), *behind)]
            }
            Ask::Crowd([one, two, spot], behind) => {
                let [one, two, spot] = [one, two, spot].map(|n| pick_waiting(opd, *n));
                (0..45).map(|n| place(if n % 2 == 0 { one } else { two }, spot, *behind)).collect()
            }
            Ask::AddSlots(new) => vec![Command::AddSlots(new.clone())],
            Ask::ChangeSlot(change) => vec![Command::ChangeSlot(*change)],
            Ask::Policy(policy) => {
                opd.settings.policy = *policy;
                Vec::new()
            }
            Ask::Doctor(status) => {
                opd.doctor = *status;
                Vec::new()
            }
        }
    }
}
