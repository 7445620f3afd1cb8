//! What must be there before anything is served: a facility, and somebody who can sign in. There is no password that comes with the
//! program: who starts it first gives one.

use anyhow::{Context, bail};
use baari_access::Secret;
use baari_access::name::called;
use baari_store::{Facility, Role};
use jiff::tz::TimeZone;

use super::arguments::{AdminArgs, asked, zone};
use crate::console::{Console, NewUser};
use crate::password::Password;
use crate::terminal::Ask;

/// What the first facility is called in addresses and at sign-in.
const SLUG: &str = "main";
/// The first facility's name: suggested, and taken where nobody is asked.
const NAME: &str = "City Hospital";

/// What is made on the first start.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct FirstArgs {
    /// The facility's name, when the database is made [default: asked for, else City Hospital]
    #[arg(long, env = "BAARI_FACILITY", value_name = "NAME", value_parser = called)]
    facility: Option<String>,
    /// The facility's time zone, when the database is made
    #[arg(long, env = "BAARI_TIME_ZONE", default_value = "Asia/Kolkata", value_name = "ZONE", value_parser = zone)]
    time_zone: TimeZone,
    #[command(flatten)]
    admin: AdminArgs,
}

impl FirstArgs {
    /// The first facility, for a server where nobody signs in.
    pub(crate) async fn open(&self, console: &Console, secret: &Secret) -> anyhow::Result<Facility> {
        match first(console).await? {
            Some(facility) => Ok(facility),
            None => self.facility_made(console, self.facility.as_deref().unwrap_or(NAME), secret).await,
        }
    }

    /// The first facility, which has an administrator then. Everything is asked before anything is written.
    pub(crate) async fn closed(
        &self,
        console: &Console,
        secret: &Secret,
        mut ask: Option<&mut dyn Ask>,
    ) -> anyhow::Result<Facility> {
        let known = first(console).await?;
        if let Some(facility) = &known
            && !console.admins(facility.id).await?.is_empty()
        {
            return Ok(facility.clone());
        }
        let name = match (&known, &self.facility, &mut ask) {
            (Some(facility), ..) => facility.name.clone(),
            (None, Some(name), _) => name.clone(),
            (None, None, Some(ask)) if self.admin.is_asked()? => {
                asked(*ask, "What is the hospital or clinic called?", NAME, called)?
            }
            (None, None, _) => NAME.to_owned(),
        };
        let (admin, password) = self.admin.get(&name, ask)?;
        let facility = match known {
            Some(facility) => facility,
            None => self.facility_made(console, &name, secret).await?,
        };
        if !add_admin(console, &facility, &admin, &password).await?
            && console.admins(facility.id).await?.is_empty()
        {
            bail!(
                "nobody who may sign in at {} is an administrator, and the name {admin} is taken: choose another one with --admin",
                facility.name
            );
        }
        Ok(facility)
    }

    /// Begun with this secret from its first moment: of two servers that start at once with different ones, the second finds that
    /// out.
    async fn facility_made(
        &self,
        console: &Console,
        name: &str,
        secret: &Secret,
    ) -> anyhow::Result<Facility> {
        match console.facility_add(SLUG, name, self.time_zone.clone(), Some(secret)).await? {
            Some(facility) => Ok(facility),
            None => first(console).await?.context("the facility that another server has made is gone"),
        }
    }
}

async fn first(console: &Console) -> anyhow::Result<Option<Facility>> {
    Ok(console.facilities().await?.into_iter().next())
}

/// Adds an administrator; false if the name is taken.
pub(super) async fn add_admin(
    console: &Console,
    facility: &Facility,
    name: &str,
    password: &Password,
) -> anyhow::Result<bool> {
    let new = NewUser {
        name: name.to_owned(),
        called: name.to_owned(),
        role: Role::Admin,
        doctor: None,
        hashed: Some(password.hashed()),
        // Whose it is has given it.
        must_change: false,
        subject: None,
    };
    let added = console.user_add(facility.id, new).await?;
    if added {
        tracing::info!(name, facility = facility.slug, "added the first administrator");
    }
    Ok(added)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::database::Database;
    use crate::terminal::Script;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        first: FirstArgs,
    }

    const SECRET: Secret = Secret::from_random([1; 32]);

    fn args(options: &[&str]) -> FirstArgs {
        Cli::parse_from(["baari"].iter().chain(options)).first
    }

    fn console(folder: &tempfile::TempDir) -> Console {
        Console::new(Database::sqlite(folder.path()).unwrap().store)
    }

    #[tokio::test]
    async fn the_first_start_asks_and_the_second_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let console = console(&folder);
        let mut ask = Script::new(&["Rao Clinic", "", "teal monsoon ladder", "teal monsoon ladder"]);
        let facility = args(&[]).closed(&console, &SECRET, Some(&mut ask)).await.unwrap();
        assert_eq!((&*facility.name, &*facility.slug, ask.is_over()), ("Rao Clinic", "main", true));
        let admins = console.admins(facility.id).await.unwrap();
        assert_eq!(admins.iter().map(|admin| &*admin.name).collect::<Vec<_>>(), ["admin"]);
        let again = args(&["--facility", "Another"]).closed(&console, &SECRET, None).await.unwrap();
        assert_eq!((again.id, &*again.name), (facility.id, "Rao Clinic"));
    }

    #[tokio::test]
    async fn nothing_is_written_before_there_is_a_password() {
        let folder = tempfile::tempdir().unwrap();
        let console = console(&folder);
        assert!(args(&[]).closed(&console, &SECRET, None).await.is_err());
        let mut ask = Script::new(&["Rao Clinic", "asha", "rao clinic 1"]);
        assert!(args(&[]).closed(&console, &SECRET, Some(&mut ask)).await.is_err());
        assert!(console.facilities().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_hospital_that_was_open_gets_its_administrator_later() {
        let folder = tempfile::tempdir().unwrap();
        let console = console(&folder);
        let open = args(&[]).open(&console, &SECRET).await.unwrap();
        assert_eq!(open.name, NAME);
        let mut ask = Script::new(&["asha", "teal monsoon ladder", "teal monsoon ladder"]);
        let closed = args(&[]).closed(&console, &SECRET, Some(&mut ask)).await.unwrap();
        assert_eq!((closed.id, console.admins(closed.id).await.unwrap().len()), (open.id, 1));
    }
}
