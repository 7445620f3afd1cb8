//! Users, sessions and keys on the wire.

use baari_access::name::{self, CALLED_MAX};
use baari_access::{Action, Principal};
use baari_engine::{DoctorId, KeyId, UserId};
use baari_store::{Facility, Key, Role, Session, User};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{nullable, optional_doctor_id, typed, words};
use crate::access::{IDLE, LASTS};
use crate::problem::{self, Problem};

/// A key is of use for so many days, if nothing else is asked for.
const KEY_DAYS: u16 = 365;
const KEY_DAYS_MAX: u16 = 730;
/// Doctors of one key.
const KEY_DOCTORS_MAX: usize = 64;

/// Sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInBody {
    /// The facility's short name; not needed where there is one only.
    pub(crate) facility: Option<String>,
    #[schema(example = "asha")]
    pub(crate) name: String,
    pub(crate) password: String,
}

/// Change one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasswordBody {
    pub(crate) current: String,
    /// At least 10 characters, and not among the first that would be guessed.
    pub(crate) new: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedInBody {
    #[serde(flatten)]
    pub(crate) user: UserBody,
    /// The facility's short name.
    pub(crate) facility: String,
    pub(crate) facility_name: String,
    /// What this user may do: `all`, or `own` (with their own doctor only), by action.
    pub(crate) may: std::collections::BTreeMap<&'static str, &'static str>,
    /// Where this user is signed in.
    pub(crate) sessions: Vec<SessionBody>,
}

impl SignedInBody {
    pub(crate) fn new(facility: &Facility, user: &User, sessions: Vec<SessionBody>) -> Self {
        let principal = Principal::of_user(facility.id, user);
        let reach = |action: &Action| match principal.reach(*action) {
            baari_access::Reach::All => Some((action.name(), "all")),
            baari_access::Reach::Own => Some((action.name(), "own")),
            baari_access::Reach::No => None,
        };
        Self {
            user: user.clone().into(),
            facility: facility.slug.clone(),
            facility_name: facility.name.clone(),
            may: Action::ALL.iter().filter_map(reach).collect(),
            sessions,
        }
    }
}

/// A browser in which somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionBody {
    pub(crate) created_at: Timestamp,
    /// When something was last done, give or take some minutes.
    pub(crate) seen_at: Timestamp,
    /// When it ends, if nothing more is done.
    pub(crate) ends_at: Timestamp,
    /// From which address they signed in; empty if from the machine itself.
    pub(crate) address: String,
    /// What the browser says that it is.
    pub(crate) agent: String,
    /// The one that asks.
    pub(crate) current: bool,
}

impl SessionBody {
    pub(crate) fn new(session: &Session, current: Option<[u8; 32]>) -> Self {
        Self {
            created_at: session.created_at,
            seen_at: session.seen_at,
            ends_at: (session.created_at + LASTS).min(session.seen_at + IDLE),
            address: session.address.clone(),
            agent: session.agent.clone(),
            current: current == Some(session.digest),
        }
    }
}

/// Somebody who signs in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct UserBody {
    pub(crate) id: uuid::Uuid,
    /// What they sign in with.
    pub(crate) name: String,
    /// What people call them.
    pub(crate) called: String,
    /// admin, supervisor, reception or doctor
    pub(crate) role: &'static str,
    /// Whose room, of a doctor.
    pub(crate) doctor_id: Option<uuid::Uuid>,
    pub(crate) active: bool,
    /// The password must be changed before anything else is done.
    pub(crate) must_change: bool,
    /// Who they are where else they sign in.
    pub(crate) subject: Option<String>,
    pub(crate) created_at: Timestamp,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            id: user.id.as_uuid(),
            name: user.name,
            called: user.called,
            role: user.role.name(),
            doctor_id: user.doctor.map(|doctor| doctor.as_uuid()),
            active: user.active,
            must_change: user.must_change,
            subject: user.subject,
            created_at: user.created_at,
        }
    }
}

/// A user, with a password that was made for them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserWithPasswordBody {
    #[serde(flatten)]
    pub(crate) user: UserBody,
    /// Shown here and nowhere else; null if one was given.
    pub(crate) password: Option<String>,
}

/// A user to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUserBody {
    /// 2 to 32 small letters, digits, dots, hyphens and underscores.
    #[schema(example = "asha")]
    pub(crate) name: String,
    /// What people call them; the name, if not given.
    #[schema(example = "Asha Patil")]
    pub(crate) called: Option<String>,
    /// admin, supervisor, reception or doctor
    #[schema(example = "reception")]
    pub(crate) role: String,
    /// Whose room; a doctor needs one.
    #[serde(default, deserialize_with = "optional_doctor_id")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) doctor_id: Option<DoctorId>,
    /// One is made if it is not given. It must be changed at the first sign-in.
    pub(crate) password: Option<String>,
    /// Who they are where else they sign in (OpenID Connect): issuer, a space, subject.
    pub(crate) subject: Option<String>,
}

impl NewUserBody {
    /// The user, without a password, and the one that was given.
    pub(crate) fn parse(self, id: UserId, now: Timestamp) -> Result<(User, Option<String>), Problem> {
        let unfit = |unfit: name::Unfit| Problem::new(problem::FIELD_WRONG, unfit.to_string()).field("name");
        let name = name::user_name(&self.name).map_err(unfit)?;
        let called = self.called.map(|called| words("called", &called, 1, CALLED_MAX)).transpose()?;
        let user = User {
            id,
            called: called.unwrap_or_else(|| name.clone()),
            name,
            role: typed("role", &self.role)?,
            doctor: self.doctor_id,
            password: None,
            must_change: self.password.is_some() || self.subject.is_none(),
            subject: self.subject.map(|subject| words("subject", &subject, 3, 512)).transpose()?,
            active: true,
            created_at: now,
            version: 0,
        };
        with_doctor(&user)?;
        Ok((user, self.password))
    }
}

/// A user's change; what is not given stays, null clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeUserBody {
    pub(crate) called: Option<String>,
    /// admin, supervisor, reception or doctor
    pub(crate) role: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) doctor_id: Option<Option<String>>,
    /// Whether they may sign in.
    pub(crate) active: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub(crate) subject: Option<Option<String>>,
}

impl ChangeUserBody {
    pub(crate) fn apply(self, user: &mut User) -> Result<(), Problem> {
        if let Some(called) = self.called {
            user.called = words("called", &called, 1, CALLED_MAX)?;
        }
        if let Some(role) = self.role {
            user.role = typed::<Role>("role", &role)?;
        }
        if let Some(doctor) = self.doctor_id {
            user.doctor = doctor.map(|id| typed("doctor_id", &id)).transpose()?;
        }
        if let Some(subject) = self.subject {
            user.subject = subject.map(|subject| words("subject", &subject, 3, 512)).transpose()?;
        }
        user.active = self.active.unwrap_or(user.active);
        with_doctor(user)
    }
}

fn with_doctor(user: &User) -> Result<(), Problem> {
    if user.role == Role::Doctor && user.doctor.is_none() {
        let detail = "somebody who works as a doctor has a doctor's room: give the doctor_id";
        return Err(Problem::new(problem::FIELD_WRONG, detail).field("doctor_id"));
    }
    Ok(())
}

/// A key, without the key itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyBody {
    pub(crate) id: uuid::Uuid,
    /// What it is for.
    pub(crate) name: String,
    /// The actions that it may do.
    pub(crate) scopes: Vec<String>,
    /// Only with these doctors; with all if there are none.
    pub(crate) doctor_ids: Vec<uuid::Uuid>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) revoked_at: Option<Timestamp>,
}

impl From<Key> for KeyBody {
    fn from(key: Key) -> Self {
        Self {
            id: key.id.as_uuid(),
            name: key.name,
            scopes: key.scopes,
            doctor_ids: key.doctors.iter().map(|doctor| doctor.as_uuid()).collect(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
        }
    }
}

/// A new key.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownKeyBody {
    #[serde(flatten)]
    pub(crate) about: KeyBody,
    /// The key: `Authorization: Bearer …`. Shown here and nowhere else.
    pub(crate) key: String,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKeyBody {
    /// What it is for.
    #[schema(example = "TV in the corridor")]
    pub(crate) name: String,
    /// The actions that it may do.
    #[schema(example = json!(["board_read"]))]
    pub(crate) scopes: Vec<String>,
    /// Only with these doctors.
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub(crate) doctor_ids: Vec<String>,
    /// For how many days it is of use: 1 to 730, 365 if not given.
    #[schema(minimum = 1, maximum = 730)]
    pub(crate) days: Option<u16>,
}

impl NewKeyBody {
    pub(crate) fn parse(self, id: KeyId, digest: [u8; 32], now: Timestamp) -> Result<Key, Problem> {
        let wrong = |field: &str, detail: String| Problem::new(problem::FIELD_WRONG, detail).field(field);
        let days = self.days.unwrap_or(KEY_DAYS);
        if !(1..=KEY_DAYS_MAX).contains(&days) {
            return Err(wrong("days", format!("a key is of use for 1 to {KEY_DAYS_MAX} days")));
        }
        if self.doctor_ids.len() > KEY_DOCTORS_MAX {
            return Err(wrong("doctor_ids", format!("a key is for up to {KEY_DOCTORS_MAX} doctors")));
        }
        let for_keys = Action::ALL.iter().filter(|action| action.is_for_keys());
        let names: Vec<&str> = for_keys.map(|action| action.name()).collect();
        let mut scopes = self.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() || scopes.iter().any(|scope| !names.contains(&scope.as_str())) {
            return Err(wrong(
                "scopes",
                format!("a key has one or more of these scopes: {}", names.join(", ")),
            ));
        }
        let mut doctors = Vec::new();
        for id in &self.doctor_ids {
            let doctor = typed("doctor_ids", id)?;
            if !doctors.contains(&doctor) {
                doctors.push(doctor);
            }
        }
        Ok(Key {
            id,
            name: words("name", &self.name, 1, 80)?,
            digest,
            scopes,
            doctors,
            created_at: now,
            expires_at: now + SignedDuration::from_hours(24 * i64::from(days)),
            revoked_at: None,
        })
    }
}
