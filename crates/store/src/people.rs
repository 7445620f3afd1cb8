//! Who may come in: people who sign in, their sessions, and the keys of programs and screens.

use baari_engine::{DoctorId, KeyId, UserId};
use jiff::Timestamp;

/// What somebody works as. What each may do stands in the table of the crate `baari-access`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Runs the system: people, keys, settings, the audit trail.
    Admin,
    /// Runs the department: schedules, overrides.
    Supervisor,
    /// Works at the desk.
    Reception,
    /// Sees patients: their own room and queue.
    Doctor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Supervisor, Self::Reception, Self::Doctor];

    /// Its name in databases and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Supervisor => "supervisor",
            Self::Reception => "reception",
            Self::Doctor => "doctor",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || "a role is admin, supervisor, reception or doctor".to_owned();
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(text)).ok_or_else(unknown)
    }
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its identifier.
    pub id: UserId,
    /// What they sign in with, in small letters. Unique in a facility.
    pub name: String,
    /// What people call them.
    pub called: String,
    /// What they work as.
    pub role: Role,
    /// Whose room, if they are a doctor or work for one.
    pub doctor: Option<DoctorId>,
    /// Their password as Argon2id leaves it (a PHC string); none if they sign in elsewhere.
    pub password: Option<String>,
    /// Somebody else knows the password: nothing else can be done before it is changed.
    pub must_change: bool,
    /// Who they are where else they sign in (OpenID Connect): issuer, a space, subject. Unique in a facility.
    pub subject: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
    /// When the record was made.
    pub created_at: Timestamp,
    /// How often the record was written; 0 if it is not kept yet.
    pub version: u64,
}

/// Somebody is signed in. What the browser holds is not here, only its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of what the browser holds.
    pub digest: [u8; 32],
    /// Who.
    pub user: UserId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When they last did something, give or take a few minutes.
    pub seen_at: Timestamp,
    /// From where they signed in.
    pub address: String,
    /// With what, in the browser's own words.
    pub agent: String,
}

/// Which sessions come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// This one.
    One([u8; 32]),
    /// All of this user.
    OfUser(UserId),
    /// All of this user but this one.
    Others(UserId, [u8; 32]),
    /// Those that began before the first, or were last seen before the second instant.
    Old {
        /// Began before.
        created: Timestamp,
        /// Last seen before.
        seen: Timestamp,
    },
}

/// A program or a screen that has a key of its own. The key itself is not here, only its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its identifier.
    pub id: KeyId,
    /// What it is for.
    pub name: String,
    /// SHA-256 of the key. Unique in a facility.
    pub digest: [u8; 32],
    /// The names of the actions that it may do; opaque to the store. In order, each once, no spaces in them.
    pub scopes: Vec<String>,
    /// Only with these doctors, in this order; with all if there are none.
    pub doctors: Vec<DoctorId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is of no use.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}
