//! What is done to people and facilities from the machine itself, and how the audit trail tells it.

use std::sync::Arc;

use anyhow::{Context, bail};
use baari_access::{Secret, Who};
use baari_desk::{Clock, Mint};
use baari_engine::{AuditId, DoctorId, FacilityId, Settings, UserId};
use baari_store::{Along, AuditRow, Doctor, Ended, Facility, Role, Store, StoreError, User};
use jiff::tz::TimeZone;

/// How many records are asked for at once.
const PAGE: u32 = 500;
/// How often a change is made anew because somebody else was first.
const TRIES: u32 = 5;

/// The machine itself at work on a database.
pub(crate) struct Console {
    store: Arc<dyn Store>,
    clock: Clock,
    mint: Mint,
}

/// Somebody to be added.
pub(crate) struct NewUser {
    pub(crate) name: String,
    pub(crate) called: String,
    pub(crate) role: Role,
    pub(crate) doctor: Option<DoctorId>,
    /// As Argon2id leaves it; none if they sign in elsewhere.
    pub(crate) hashed: Option<String>,
    pub(crate) must_change: bool,
    /// Who they are where else they sign in.
    pub(crate) subject: Option<String>,
}

impl Console {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, clock: Clock::system(), mint: Mint::default() }
    }

    /// All facilities, in the order in which they were made.
    pub(crate) async fn facilities(&self) -> anyhow::Result<Vec<Facility>> {
        let mut all = self.store.facility_list().await.context("can't read the facilities")?;
        all.sort_by_key(|facility| facility.id);
        Ok(all)
    }

    /// The facility with this slug; the only one, if none is said.
    pub(crate) async fn facility(&self, slug: Option<&str>) -> anyhow::Result<Facility> {
        pick(self.facilities().await?, slug)
    }

    /// A new facility, begun with this secret if it is at hand; none if there is already one with this slug.
    pub(crate) async fn facility_add(
        &self,
        slug: &str,
        name: &str,
        zone: TimeZone,
        secret: Option<&Secret>,
    ) -> anyhow::Result<Option<Facility>> {
        let id = FacilityId::from_uuid(self.mint.uuid(self.clock.now()));
        let (slug, name, settings) = (slug.to_owned(), name.to_owned(), Settings::default());
        let seal = secret.map(|secret| secret.seal(id));
        let facility = Facility { id, slug, name, seal, zone, settings, version: 0 };
        let along = self.along("facility_added", format!("facility {id}"), "");
        match self.store.facility_put(&facility, &along).await {
            Ok(()) => Ok(Some(facility)),
            Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error).context("can't write the facility"),
        }
    }

    /// Everybody, by name.
    pub(crate) async fn users(&self, facility: FacilityId) -> anyhow::Result<Vec<User>> {
        let mut all: Vec<User> = Vec::new();
        loop {
            let after = all.last().map(|user| user.id);
            let page = self.store.user_list(facility, after, PAGE).await.context("can't read the users")?;
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// The user with this name.
    pub(crate) async fn user(&self, facility: &Facility, name: &str) -> anyhow::Result<User> {
        let user = self.store.user_by_name(facility.id, name).await.context("can't read the user")?;
        user.with_context(|| {
            format!("nobody at {} is called {name}: `baari user list` shows who there is", facility.name)
        })
    }

    /// Whether somebody has this name already.
    pub(crate) async fn is_taken(&self, facility: FacilityId, name: &str) -> anyhow::Result<bool> {
        Ok(self.store.user_by_name(facility, name).await.context("can't read the users")?.is_some())
    }

    /// Those who can do everything, and may sign in.
    pub(crate) async fn admins(&self, facility: FacilityId) -> anyhow::Result<Vec<User>> {
        let users = self.users(facility).await?;
        Ok(users.into_iter().filter(runs).collect())
    }

    /// Adds somebody; false if the name is taken, or who they are elsewhere.
    pub(crate) async fn user_add(&self, facility: FacilityId, new: NewUser) -> anyhow::Result<bool> {
        let now = self.clock.now();
        let user = User {
            id: UserId::from_uuid(self.mint.uuid(now)),
            name: new.name,
            called: new.called,
            role: new.role,
            doctor: new.doctor,
            password: new.hashed,
            must_change: new.must_change,
            subject: new.subject,
            active: true,
            created_at: now,
            version: 0,
        };
        let along = self.along("user_added", format!("user {}", user.id), &format!("role {}", user.role));
        match self.store.user_put(facility, &user, &along).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(error).context("can't write the user"),
        }
    }

    /// Changes somebody's record, whatever else becomes of it meanwhile; the trail gets these fields' names. Who has another
    /// password, or may not sign in any more, is signed out everywhere with it.
    pub(crate) async fn user_change(
        &self,
        facility: &Facility,
        name: &str,
        (action, fields): (&str, &str),
        change: impl Fn(&mut User),
    ) -> anyhow::Result<User> {
        for _ in 0..TRIES {
            let before = self.user(facility, name).await?;
            let mut user = before.clone();
            change(&mut user);
            if runs(&before) && !runs(&user) && self.admins(facility.id).await?.len() == 1 {
                bail!(
                    "{name} is the last administrator of {} who may sign in: add another one first (`baari user add`)",
                    facility.name
                );
            }
            let ends = !user.active || user.password != before.password;
            let along = Along {
                ends: ends.then_some(Ended::OfUser(user.id)),
                ..self.along(action, format!("user {}", user.id), fields)
            };
            match self.store.user_put(facility.id, &user, &along).await {
                Ok(()) => return Ok(user),
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error).context("can't write the user"),
            }
        }
        bail!("others changed {name} each time that this was to be written: run the same once more")
    }

    /// The facility's doctors.
    pub(crate) async fn doctors(&self, facility: FacilityId) -> anyhow::Result<Vec<Doctor>> {
        let mut all: Vec<Doctor> = Vec::new();
        loop {
            let after = all.last().map(|doctor| doctor.id);
            let page =
                self.store.doctor_list(facility, after, PAGE).await.context("can't read the doctors")?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    fn along(&self, action: &str, subject: String, fields: &str) -> Along {
        let at = self.clock.now();
        let row = AuditRow {
            id: AuditId::from_uuid(self.mint.uuid(at)),
            at,
            actor: Who::Console.to_string(),
            action: action.to_owned(),
            patient: None,
            subject,
            detail: fields.to_owned(),
            address: String::new(),
        };
        Along { audit: vec![row], ..Along::default() }
    }
}

/// Whether this is one of those who keep the system running.
fn runs(user: &User) -> bool {
    user.active && user.role == Role::Admin
}

fn pick(mut all: Vec<Facility>, slug: Option<&str>) -> anyhow::Result<Facility> {
    let slugs = all.iter().map(|facility| facility.slug.as_str()).collect::<Vec<_>>().join(", ");
    let at = match slug {
        Some(slug) => all.iter().position(|facility| facility.slug == slug),
        None if all.len() > 1 => {
            bail!("there are several facilities: say which one with --facility ({slugs})")
        }
        None => (!all.is_empty()).then_some(0),
    };
    match (at, slug) {
        (Some(at), _) => Ok(all.swap_remove(at)),
        (None, Some(slug)) if !all.is_empty() => {
            bail!("there is no facility {slug}: --facility takes {slugs}")
        }
        (None, _) => bail!("there is no facility yet: the first start of `baari serve` makes one"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;

    #[tokio::test]
    async fn two_who_change_somebody_at_once_both_get_their_way() {
        let folder = tempfile::tempdir().unwrap();
        let console = Console::new(Database::sqlite(folder.path()).unwrap().store);
        let facility = console.facility_add("main", "Main", TimeZone::UTC, None).await.unwrap().unwrap();
        let new = NewUser {
            name: "ravi".to_owned(),
            called: "Ravi".to_owned(),
            role: Role::Reception,
            doctor: None,
            hashed: None,
            must_change: false,
            subject: None,
        };
        assert!(console.user_add(facility.id, new).await.unwrap());
        let (reset, disabled) = tokio::join!(
            console.user_change(&facility, "ravi", ("password_reset", ""), |user| user.must_change = true),
            console.user_change(&facility, "ravi", ("user_changed", "active"), |user| user.active = false),
        );
        assert!(reset.is_ok() && disabled.is_ok(), "{reset:?} {disabled:?}");
        let ravi = console.user(&facility, "ravi").await.unwrap();
        assert_eq!((ravi.must_change, ravi.active, ravi.version), (true, false, 3));
    }

    #[test]
    fn a_facility_is_named_where_there_are_several() {
        let facility = |n: u128, slug: &str| Facility {
            id: FacilityId::from_uuid(uuid::Uuid::from_u128(n)),
            slug: slug.to_owned(),
            name: slug.to_uppercase(),
            seal: None,
            zone: TimeZone::UTC,
            settings: Settings::default(),
            version: 1,
        };
        for (slugs, said, expected) in [
            (&["main"][..], None, Ok("main")),
            (&["main", "north"], Some("north"), Ok("north")),
            (&["main", "north"], None, Err("main, north")),
            (&["main", "north"], Some("south"), Err("takes main, north")),
            (&[], None, Err("first start")),
            (&[], Some("main"), Err("first start")),
        ] {
            let all = (1..).zip(slugs).map(|(n, slug)| facility(n, slug)).collect();
            match (pick(all, said), expected) {
                (Ok(facility), Ok(expected)) => assert_eq!(facility.slug, expected),
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                (got, _) => panic!("{slugs:?} {said:?}: {got:?}"),
            }
        }
    }
}
