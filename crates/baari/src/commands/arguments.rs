//! Options that several commands take, and the words that they accept.

use std::env::VarError;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use baari_access::name::{Unfit, slug, user_name};
use jiff::tz::TimeZone;

use crate::console::Console;
use crate::database::DatabaseArgs;
use crate::password::Password;
use crate::terminal::Ask;

/// What the first administrator signs in with: suggested, and taken where nobody is asked.
const ADMIN: &str = "admin";
/// The variable that holds the first administrator's password.
const ADMIN_PASSWORD: &str = "BAARI_ADMIN_PASSWORD";

/// Which facility in which database.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PlaceArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The facility, by its slug; needed if there are several (`baari facility list`)
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    pub(crate) facility: Option<String>,
}

impl PlaceArgs {
    pub(crate) async fn open(&self) -> anyhow::Result<(Console, baari_store::Facility)> {
        let console = Console::new(self.database.open_beside().await?);
        let facility = console.facility(self.facility.as_deref()).await?;
        Ok((console, facility))
    }
}

/// Where somebody's password comes from.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PasswordArgs {
    /// File with the password (else it is asked for)
    #[arg(long, value_name = "FILE", conflicts_with = "generate")]
    password_file: Option<PathBuf>,
    /// Make a password and show it once
    #[arg(long)]
    generate: bool,
}

/// Where it came from.
pub(crate) enum Came {
    /// By whoever runs the command.
    Given(Password),
    /// Made here: to be shown once.
    Made(Password),
}

impl Came {
    pub(crate) const fn password(&self) -> &Password {
        match self {
            Self::Given(password) | Self::Made(password) => password,
        }
    }
}

impl PasswordArgs {
    /// Whether an option says where it comes from.
    pub(crate) const fn is_given(&self) -> bool {
        self.password_file.is_some() || self.generate
    }

    pub(crate) fn get(&self, name: &str, about: &[&str], ask: Option<&mut dyn Ask>) -> anyhow::Result<Came> {
        match (&self.password_file, ask) {
            _ if self.generate => Ok(Came::Made(Password::made())),
            (Some(path), _) => Password::from_file(path, about).map(Came::Given),
            (None, Some(ask)) => Password::asked(ask, name, about).map(Came::Given),
            (None, None) => bail!(
                "there is no terminal to ask for the password on: give it with --password-file FILE, or have one made with \
                 --generate"
            ),
        }
    }
}

/// A facility's first administrator.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct AdminArgs {
    /// What the first administrator signs in with [default: asked for, else admin]
    #[arg(long, env = "BAARI_ADMIN", value_name = "NAME", value_parser = user_name)]
    admin: Option<String>,
    /// File with the first administrator's password [default: the environment's BAARI_ADMIN_PASSWORD, else asked for]
    #[arg(long, env = "BAARI_ADMIN_PASSWORD_FILE", value_name = "FILE")]
    admin_password_file: Option<PathBuf>,
}

impl AdminArgs {
    /// Their name and password, from wherever they come.
    pub(crate) fn get(
        &self,
        facility: &str,
        ask: Option<&mut dyn Ask>,
    ) -> anyhow::Result<(String, Password)> {
        let mut way = self.way(ask, password_in_environment()?)?;
        let name = match (&self.admin, &mut way) {
            (Some(name), _) => name.clone(),
            (None, Way::Terminal(ask)) => asked(*ask, "The first administrator's name", ADMIN, user_name)?,
            (None, Way::File(_) | Way::Environment(_)) => ADMIN.to_owned(),
        };
        let about = [&*name, facility, "baari"];
        let password = match way {
            Way::File(path) => Password::from_file(path, &about)?,
            Way::Environment(text) => Password::checked(text, &about)
                .with_context(|| format!("the password in {ADMIN_PASSWORD}"))?,
            Way::Terminal(ask) => Password::asked(ask, &name, &about)?,
        };
        Ok((name, password))
    }

    /// Whether there is nothing but the terminal to get them from.
    pub(crate) fn is_asked(&self) -> anyhow::Result<bool> {
        Ok(self.admin_password_file.is_none() && password_in_environment()?.is_none())
    }

    fn way<'f, 't>(
        &'f self,
        ask: Option<&'t mut dyn Ask>,
        given: Option<String>,
    ) -> anyhow::Result<Way<'f, 't>> {
        match (&self.admin_password_file, given, ask) {
            (Some(path), ..) => Ok(Way::File(path)),
            (None, Some(text), _) => Ok(Way::Environment(text)),
            (None, None, Some(ask)) => Ok(Way::Terminal(ask)),
            (None, None, None) => bail!(
                "nobody can sign in yet, and there is no terminal to ask for the first administrator's password on: give \
                 it with --admin-password-file FILE or in the environment as {ADMIN_PASSWORD}, or do this on a terminal"
            ),
        }
    }
}

/// How the first administrator's password comes in.
enum Way<'f, 't> {
    File(&'f Path),
    Environment(String),
    Terminal(&'t mut dyn Ask),
}

#[expect(
    clippy::disallowed_methods,
    reason = "as an option, everybody on the machine could read the password"
)]
fn password_in_environment() -> anyhow::Result<Option<String>> {
    match std::env::var(ADMIN_PASSWORD) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => bail!("the password in {ADMIN_PASSWORD} is no text in UTF-8"),
    }
}

/// Asks until the answer is one that `parse` takes.
pub(crate) fn asked(
    ask: &mut dyn Ask,
    question: &str,
    suggestion: &str,
    parse: fn(&str) -> Result<String, Unfit>,
) -> anyhow::Result<String> {
    loop {
        match parse(&ask.line(question, suggestion)?) {
            Ok(answer) => return Ok(answer),
            Err(wrong) => ask.say(&format!("Not that one: {wrong}."))?,
        }
    }
}

/// A time zone by its IANA name.
pub(crate) fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| "a time zone has an IANA name, for example Asia/Kolkata".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Script;

    #[test]
    fn the_first_administrator_is_asked_for_only_if_nothing_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "teal monsoon ladder\n").unwrap();
        let nothing = AdminArgs { admin: None, admin_password_file: None };
        let refused = nothing.get("City Hospital", None).err().unwrap().to_string();
        for way in ["--admin-password-file", "BAARI_ADMIN_PASSWORD", "on a terminal"] {
            assert!(refused.contains(way), "{refused}");
        }
        let mut ask =
            Script::new(&["A!", "Asha", "asha-asha-asha", "teal monsoon ladder", "teal monsoon ladder"]);
        let (name, password) = nothing.get("City Hospital", Some(&mut ask)).unwrap();
        assert_eq!((&*name, password.reveal()), ("asha", "teal monsoon ladder"));
        let file = AdminArgs { admin: None, admin_password_file: Some(path) };
        let mut ask = Script::new(&["somebody"]);
        let (name, password) = file.get("City Hospital", Some(&mut ask)).unwrap();
        assert_eq!((&*name, password.reveal()), (ADMIN, "teal monsoon ladder"));
        assert!(!ask.is_over());
    }

    #[test]
    fn a_password_in_the_environment_goes_before_the_terminal() {
        let nothing = AdminArgs { admin: None, admin_password_file: None };
        let mut ask = Script::new(&[]);
        let way = nothing.way(Some(&mut ask), Some("x".to_owned())).ok();
        assert!(matches!(way, Some(Way::Environment(_))));
    }
}
