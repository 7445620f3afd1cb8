//! Who asks, and what they may.

use std::fmt;
use std::str::FromStr;

use baari_engine::{DoctorId, FacilityId, KeyId, UserId};
use baari_store::{Key, Role, User};

use crate::action::{Action, Reach};

/// Who does something, as events and the audit trail name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Whoever reaches an open server.
    Open,
    /// Somebody at the machine itself, by the command line.
    Console,
    /// The patient, by the code of their page.
    Patient,
    /// Somebody who is signed in.
    User(UserId),
    /// A program or a screen with a key.
    Key(KeyId),
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::Console => f.write_str("console"),
            Self::Patient => f.write_str("patient"),
            Self::User(user) => write!(f, "user:{user}"),
            Self::Key(key) => write!(f, "key:{key}"),
        }
    }
}

impl FromStr for Who {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':') {
            Some(("user", id)) => id.parse().map(Self::User).map_err(drop),
            Some(("key", id)) => id.parse().map(Self::Key).map_err(drop),
            Some(_) => Err(()),
            None => [Self::Open, Self::Console, Self::Patient]
                .into_iter()
                .find(|who| who.to_string() == text)
                .ok_or(()),
        }
    }
}

/// Somebody who has shown who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Where. What belongs to another facility does not exist for them.
    pub facility: FacilityId,
    /// Who.
    pub who: Who,
    /// What people call them.
    pub called: String,
    /// What they work as, if they are a person.
    pub role: Option<Role>,
    /// The only doctors that they have to do with, where they may do something with their own only.
    pub doctors: Vec<DoctorId>,
    /// They must change their password before they do anything else.
    pub must_change: bool,
    scopes: u64,
}

impl Principal {
    /// Whoever reaches an open server may do everything.
    pub fn open(facility: FacilityId) -> Self {
        let (called, doctors) = ("open".to_owned(), Vec::new());
        Self { facility, who: Who::Open, called, role: None, doctors, must_change: false, scopes: u64::MAX }
    }

    /// A patient with the code of their page.
    pub fn of_patient(facility: FacilityId) -> Self {
        Self { who: Who::Patient, called: "patient".to_owned(), scopes: 0, ..Self::open(facility) }
    }

    /// Somebody with this record.
    pub fn of_user(facility: FacilityId, user: &User) -> Self {
        Self {
            facility,
            who: Who::User(user.id),
            called: user.called.clone(),
            role: Some(user.role),
            doctors: user.doctor.into_iter().collect(),
            must_change: user.must_change,
            scopes: 0,
        }
    }

    /// The holder of this key.
    pub fn of_key(facility: FacilityId, key: &Key) -> Self {
        let actions = key.scopes.iter().filter_map(|name| Action::named(name));
        Self {
            facility,
            who: Who::Key(key.id),
            called: key.name.clone(),
            role: None,
            doctors: key.doctors.clone(),
            must_change: false,
            scopes: actions.filter(|action| action.is_for_keys()).fold(0, |set, action| set | bit(action)),
        }
    }

    /// How far they may do this.
    pub fn reach(&self, action: Action) -> Reach {
        if self.must_change && action != Action::SessionOwn {
            return Reach::No;
        }
        match (self.who, self.role) {
            (_, Some(role)) => action.reach(role),
            (Who::Open, None) => Reach::All,
            (Who::Key(_), None) if self.scopes & bit(action) == 0 => Reach::No,
            (Who::Key(_), None) if self.doctors.is_empty() => Reach::All,
            // A key for some doctors may do nothing that is about no doctor, except look at who there is.
            (Who::Key(_), None) if action.subject() == crate::Subject::None => match action {
                Action::DoctorList | Action::SettingRead => Reach::All,
                _ => Reach::No,
            },
            (Who::Key(_), None) => Reach::Own,
            (Who::Console | Who::Patient | Who::User(_), None) => Reach::No,
        }
    }
}

const fn bit(action: Action) -> u64 {
    1 << action as u64
}

#[cfg(test)]
mod tests {
    use baari_engine::KeyId;
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn key(scopes: &[Action], doctors: usize) -> Principal {
        let doctors = (0..doctors).map(|n| DoctorId::from_uuid(Uuid::from_u128(n as u128))).collect();
        let key = Key {
            id: KeyId::from_uuid(Uuid::nil()),
            name: "TV".to_owned(),
            digest: [0; 32],
            scopes: scopes.iter().map(|action| action.name().to_owned()).collect(),
            doctors,
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
            revoked_at: None,
        };
        Principal::of_key(FacilityId::from_uuid(Uuid::nil()), &key)
    }

    #[test]
    fn a_display_key_reads_its_board_and_nothing_else() {
        let display = key(&[Action::BoardRead], 2);
        for action in Action::ALL {
            let expected = if *action == Action::BoardRead { Reach::Own } else { Reach::No };
            assert_eq!(display.reach(*action), expected, "{}", action.name());
        }
    }

    #[test]
    fn a_scope_that_is_not_for_keys_gives_nothing() {
        let key = key(&[Action::UserManage, Action::TokenBook], 0);
        assert_eq!(key.reach(Action::UserManage), Reach::No);
        assert_eq!(key.reach(Action::TokenBook), Reach::All);
    }

    #[test]
    fn a_key_for_some_doctors_reaches_these_only() {
        let key = key(&[Action::TokenBook, Action::QueueRead, Action::DoctorList], 1);
        assert_eq!(key.reach(Action::TokenBook), Reach::No);
        assert_eq!(key.reach(Action::QueueRead), Reach::Own);
        assert_eq!(key.reach(Action::DoctorList), Reach::All);
    }

    #[test]
    fn the_names_of_actors_read_back() {
        let id = Uuid::from_u128(7);
        let all = [
            Who::Open,
            Who::Console,
            Who::Patient,
            Who::User(UserId::from_uuid(id)),
            Who::Key(KeyId::from_uuid(id)),
        ];
        for who in all {
            assert_eq!(who.to_string().parse(), Ok(who));
        }
        for text in ["", "user:", "user:asha", "clock", "patient:1"] {
            assert_eq!(text.parse::<Who>(), Err(()), "{text}");
        }
    }
}
