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
    if console.facilities().await?.iter().any(|facility| facility.slug == *slug) {
        bail!(taken());
    }
    let (admin, password) = args.admin.get(name, ask)?;
    let Some(facility) = console.facility_add(slug, name, time_zone.clone(), None).await? else {
        bail!(taken())
    };
    if !add_admin(&console, &facility, &admin, &password).await? {
        bail!("somebody at {name} is called {admin} already");
    }
    Ok(format!("{name} is there, as {slug}; {admin} is its administrator."))
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
