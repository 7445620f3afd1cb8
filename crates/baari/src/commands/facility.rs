//! `baari facility`: several hospitals or clinics in one database. None ever sees another's rows.

use std::io::Write;

use anyhow::{Context, bail};
use baari_access::name::{called, slug};
use baari_store::Facility;
use jiff::tz::TimeZone;

use super::arguments::{AdminArgs, zone};
use super::first_start::add_admin;
use crate::console::Console;
use crate::database::DatabaseArgs;
use crate::terminal::{Ask, Terminal};

/// Add and list facilities: hospitals or clinics that share the database, and nothing else
#[derive(Debug, clap::Args)]
pub(crate) struct FacilityArgs {
    #[command(subcommand)]
    command: FacilityCommand,
}

#[derive(Debug, clap::Subcommand)]
enum FacilityCommand {
    Add(AddArgs),
    /// List all facilities
    List(ListArgs),
}

/// Add a facility, with its first administrator; a running server takes it up within seconds
#[derive(Debug, clap::Args)]
struct AddArgs {
    /// What it is called
    #[arg(value_parser = called)]
    name: String,
    /// What it is called in addresses and at sign-in: 2 to 32 small letters, digits or hyphens
    #[arg(long, value_parser = slug)]
    slug: String,
    /// Its time zone
    #[arg(long, default_value = "Asia/Kolkata", value_name = "ZONE", value_parser = zone)]
    time_zone: TimeZone,
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) fn run(args: &FacilityArgs) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let said = runtime.block_on(async {
        match &args.command {
            FacilityCommand::Add(args) => {
                let mut terminal = Terminal::find();
                add(args, terminal.as_mut().map(|terminal| terminal as &mut dyn Ask)).await
            }
            FacilityCommand::List(args) => {
                let console = Console::new(args.database.open_beside().await?);
                Ok(table(&console.facilities().await?))
            }
        }
    })?;
    writeln!(std::io::stdout(), "{said}").context("can't say what was done")
}

async fn add(args: &AddArgs, ask: Option<&mut dyn Ask>) -> anyhow::Result<String> {
    let AddArgs { name, slug, time_zone, .. } = args;
    let console = Console::new(args.database.open_beside().await?);
    let taken = || format!("there is a facility {slug} already: choose another --slug");
    if let Some(there) = console.facilities().await?.iter().find(|facility| facility.slug == *slug) {
        if console.admins(there.id).await?.is_empty() {
            bail!(without_admin(slug));
        }
        bail!(taken());
    }
    let (admin, password) = args.admin.get(name, ask)?;
    let Some(facility) = console.facility_add(slug, name, time_zone.clone(), None).await? else {
        bail!(taken())
    };
    let added = add_admin(&console, &facility, &admin, &password).await;
    if !added.with_context(|| without_admin(slug))? {
        bail!("somebody at {name} is called {admin} already");
    }
    Ok(format!("{name} is there, as {slug}; {admin} is its administrator."))
}

/// What is to be done when it ended half-way.
fn without_admin(slug: &str) -> String {
    format!(
        "the facility {slug} is there, but has no administrator who may sign in: add one with \
         `baari user add NAME --facility {slug} --role admin`"
    )
}

fn table(facilities: &[Facility]) -> String {
    let width = facilities.iter().map(|facility| facility.slug.len()).chain([4]).max().unwrap_or_default();
    let mut text = format!("{:width$}  {:20}  name", "slug", "time zone");
    for Facility { slug, name, zone, .. } in facilities {
        let zone = zone.iana_name().unwrap_or("?");
        text.push_str(&format!("\n{slug:width$}  {zone:20}  {name}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::database::Database;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        add: AddArgs,
    }

    #[tokio::test]
    async fn what_ended_half_way_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let store = Database::sqlite(folder.path()).unwrap().store;
        let half = Console::new(store).facility_add("north", "North", TimeZone::UTC, None).await.unwrap();
        assert!(half.is_some());
        let words = ["baari", "North", "--slug", "north", "--data-dir", folder.path().to_str().unwrap()];
        let said = add(&Cli::parse_from(words).add, None).await.unwrap_err().to_string();
        assert!(said.contains("baari user add NAME --facility north --role admin"), "{said}");
    }
}
