//! `baari user`: the people who sign in, from the machine itself. Works beside a running server, which notices within seconds.

use std::io::Write;

use anyhow::{Context, bail};
use baari_access::name::{called, is_invisible, user_name};
use baari_engine::DoctorId;
use baari_store::{Doctor, Facility, Role, User};
use serde_json::json;

use super::arguments::{Came, PasswordArgs, PlaceArgs};
use crate::console::NewUser;
use crate::terminal::{Ask, Terminal};

/// Bytes of an issuer and a subject.
const SUBJECT_MAX: usize = 512;

/// Add, list and change the people who sign in
#[derive(Debug, clap::Args)]
pub(crate) struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, clap::Subcommand)]
enum UserCommand {
    Add(AddArgs),
    List(ListArgs),
    Reset(ResetArgs),
    /// Sign somebody out everywhere, and let them in no more
    Disable(NameArgs),
    /// Let somebody in again
    Enable(NameArgs),
}

/// Add somebody
#[derive(Debug, clap::Args)]
struct AddArgs {
    /// What they sign in with: 2 to 32 letters, digits, dots, hyphens or underscores
    #[arg(value_parser = user_name)]
    name: String,
    /// What they work as: admin, supervisor, reception or doctor
    #[arg(long)]
    role: Role,
    /// What people call them [default: the name]
    #[arg(long, value_name = "NAME", value_parser = called)]
    called: Option<String>,
    /// Whose room, by letter or id: for doctors, and for those who work for one
    #[arg(long, value_name = "LETTER-OR-ID")]
    doctor: Option<String>,
    /// Who they are at the OpenID Connect provider: the issuer, a space, the subject. Without a password they sign in there only
    #[arg(long, value_name = "ISSUER SUBJECT", value_parser = subject)]
    subject: Option<String>,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    place: PlaceArgs,
}

/// List everybody who signs in
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: PlaceArgs,
}

/// Give somebody another password, and sign them out everywhere
#[derive(Debug, clap::Args)]
struct ResetArgs {
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    who: NameArgs,
}

#[derive(Debug, clap::Args)]
struct NameArgs {
    /// What they sign in with
    #[arg(value_parser = user_name)]
    name: String,
    #[command(flatten)]
    place: PlaceArgs,
}

pub(crate) fn run(args: &UserArgs) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let said = runtime.block_on(async {
        match &args.command {
            UserCommand::Add(args) => add(args).await,
            UserCommand::List(args) => list(args).await,
            UserCommand::Reset(args) => reset(args).await,
            UserCommand::Disable(args) => disable(args).await,
            UserCommand::Enable(args) => enable(args).await,
        }
    })?;
    writeln!(std::io::stdout(), "{said}").context("can't say what was done")
}

async fn add(args: &AddArgs) -> anyhow::Result<String> {
    let (console, facility) = args.place.open().await?;
    let name = &args.name;
    let taken = || format!("somebody at {} is called {name} already: choose another name", facility.name);
    if console.is_taken(facility.id, name).await? {
        bail!(taken());
    }
    if args.role == Role::Doctor && args.doctor.is_none() {
        bail!(
            "a doctor works with their own patients only: say which doctor of the list it is with --doctor"
        );
    }
    let doctor = match &args.doctor {
        Some(said) => Some(doctor(&console.doctors(facility.id).await?, said)?),
        None => None,
    };
    let called = args.called.as_ref().unwrap_or(name);
    let came = match &args.subject {
        Some(_) if !args.password.is_given() => None,
        _ => Some(password(&args.password, name, called, &facility)?),
    };
    let new = NewUser {
        name: name.clone(),
        called: called.clone(),
        role: args.role,
        doctor,
        hashed: came.as_ref().map(|came| came.password().hashed()),
        // Whoever types this knows it too.
        must_change: came.is_some(),
        subject: args.subject.clone(),
    };
    if !console.user_add(facility.id, new).await? {
        if console.is_taken(facility.id, name).await? {
            bail!(taken());
        }
        bail!("somebody at {} has this --subject already: see `baari user list --json`", facility.name);
    }
    let said = format!("{name} may sign in at {} now, as {}.", facility.name, args.role);
    Ok(match &came {
        Some(came) => shown(&said, name, came),
        None => format!("{said} At the provider only: there is no password here."),
    })
}

async fn list(args: &ListArgs) -> anyhow::Result<String> {
    let (console, facility) = args.place.open().await?;
    let users = console.users(facility.id).await?;
    let doctors = console.doctors(facility.id).await?;
    Ok(if args.json { as_json(&users)? } else { as_table(&users, &doctors) })
}

async fn reset(args: &ResetArgs) -> anyhow::Result<String> {
    let (console, facility) = args.who.place.open().await?;
    let user = console.user(&facility, &args.who.name).await?;
    let came = password(&args.password, &user.name, &user.called, &facility)?;
    let hashed = came.password().hashed();
    // Somebody may have typed for minutes: the record is the one that is there now.
    let user = console.user_change(&facility, &user.name, ("password_reset", ""), |user| {
        user.password = Some(hashed.clone());
        user.must_change = true;
    });
    let user = user.await?;
    let still = if user.active { "" } else { " They are still disabled: see `baari user enable`." };
    let said = format!("{} has another password, and is signed out everywhere.{still}", user.name);
    Ok(shown(&said, &user.name, &came))
}

async fn disable(args: &NameArgs) -> anyhow::Result<String> {
    let (console, facility) = args.place.open().await?;
    let changed = ("user_changed", "active");
    let user = console.user_change(&facility, &args.name, changed, |user| user.active = false).await?;
    Ok(format!("{} is signed out everywhere, and may not sign in any more.", user.name))
}

async fn enable(args: &NameArgs) -> anyhow::Result<String> {
    let (console, facility) = args.place.open().await?;
    let changed = ("user_changed", "active");
    let user = console.user_change(&facility, &args.name, changed, |user| user.active = true).await?;
    Ok(format!("{} may sign in again, as {}.", user.name, user.role))
}

fn password(args: &PasswordArgs, name: &str, called: &str, facility: &Facility) -> anyhow::Result<Came> {
    let mut terminal = Terminal::find();
    let ask = terminal.as_mut().map(|terminal| terminal as &mut dyn Ask);
    args.get(name, &[name, called, &facility.name, &facility.slug, "baari"], ask)
}

/// What was done, and the password if it was made here: the one time that it is shown.
fn shown(said: &str, name: &str, came: &Came) -> String {
    match came {
        Came::Given(_) => format!("{said} The password is to be changed at the first sign-in."),
        Came::Made(password) => format!(
            "{said}\nPassword of {name}, shown only now, to be changed at the first sign-in: {}",
            password.reveal()
        ),
    }
}

/// Who somebody is at an OpenID Connect provider.
fn subject(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_issuer = |issuer: &str| issuer.starts_with("https://") || issuer.starts_with("http://");
    let is_subject =
        |subject: &str| !subject.is_empty() && !subject.contains(|c: char| c == ' ' || is_invisible(c));
    match text.split_once(' ') {
        Some((issuer, subject)) if is_issuer(issuer) && is_subject(subject) && text.len() <= SUBJECT_MAX => {
            Ok(text.to_owned())
        }
        _ => Err("it is the issuer's URL, a space, and the subject that the provider knows".to_owned()),
    }
}

fn doctor(doctors: &[Doctor], said: &str) -> anyhow::Result<DoctorId> {
    let id = said.parse::<DoctorId>().ok();
    let is_meant = |doctor: &&Doctor| Some(doctor.id) == id || doctor.letter.eq_ignore_ascii_case(said);
    if let Some(doctor) = doctors.iter().find(is_meant) {
        return Ok(doctor.id);
    }
    let known = doctors.iter().map(|doctor| format!("{} ({})", doctor.letter, doctor.name));
    let known = known.collect::<Vec<_>>().join(", ");
    bail!(
        "there is no doctor {said}: --doctor takes one of {}",
        if known.is_empty() { "none yet" } else { &known }
    )
}

fn as_json(users: &[User]) -> anyhow::Result<String> {
    let users: Vec<_> = users
        .iter()
        .map(|user| {
            json!({
                "id": user.id.as_uuid(),
                "name": user.name,
                "called": user.called,
                "role": user.role.name(),
                "doctor_id": user.doctor.map(|doctor| doctor.as_uuid()),
                "active": user.active,
                "must_change": user.must_change,
                "subject": user.subject,
                "created_at": user.created_at,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&users)?)
}

fn as_table(users: &[User], doctors: &[Doctor]) -> String {
    let width = |heading: &str, text: fn(&User) -> &str| {
        users.iter().map(|user| text(user).chars().count()).chain([heading.len()]).max().unwrap_or_default()
    };
    let (name, called) = (width("name", |user| &user.name), width("called", |user| &user.called));
    let mut text = format!("{:name$}  {:called$}  {:10}  {:6}  state", "name", "called", "role", "doctor");
    for user in users {
        let doctor = doctors.iter().find(|doctor| Some(doctor.id) == user.doctor);
        let doctor = doctor.map_or("", |doctor| doctor.letter.as_str());
        let state = match (user.active, user.must_change) {
            (false, _) => "disabled",
            (true, true) => "must change the password",
            (true, false) => "active",
        };
        let role = user.role.name();
        text.push_str(&format!(
            "\n{:name$}  {:called$}  {role:10}  {doctor:6}  {state}",
            user.name, user.called
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use baari_engine::{DoctorStatus, UserId};
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn rao() -> Doctor {
        Doctor {
            id: DoctorId::from_uuid(Uuid::from_u128(7)),
            name: "Dr Rao".to_owned(),
            speciality: String::new(),
            room: String::new(),
            letter: "A".to_owned(),
            status: DoctorStatus::Active,
            mean_visit_minutes: 10,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn user(name: &str, called: &str, role: Role) -> User {
        User {
            id: UserId::from_uuid(Uuid::from_u128(1)),
            name: name.to_owned(),
            called: called.to_owned(),
            role,
            doctor: (role == Role::Doctor).then_some(rao().id),
            password: Some("$argon2id$kept".to_owned()),
            must_change: role == Role::Doctor,
            subject: None,
            active: role != Role::Reception,
            created_at: Timestamp::UNIX_EPOCH,
            version: 0,
        }
    }

    #[test]
    fn a_doctor_is_meant_by_letter_or_id() {
        for said in ["A", "a", "00000000-0000-0000-0000-000000000007"] {
            assert_eq!(doctor(&[rao()], said).unwrap(), rao().id, "{said}");
        }
        assert!(doctor(&[rao()], "B").unwrap_err().to_string().contains("A (Dr Rao)"));
        assert!(doctor(&[], "B").unwrap_err().to_string().contains("none yet"));
    }

    #[test]
    fn who_somebody_is_elsewhere_is_an_issuer_and_a_subject() {
        assert_eq!(subject(" https://id.example 248 "), Ok("https://id.example 248".to_owned()));
        for wrong in
            ["https://id.example", "248", "id.example 248", "https://id.example  248", "https://a b\u{200b}"]
        {
            assert!(subject(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_list_shows_everybody_and_no_password() {
        let users = [
            user("asha", "आशा पाटिल", Role::Admin),
            user("meera", "Meera", Role::Reception),
            user("rao", "Dr Rao", Role::Doctor),
        ];
        let table = as_table(&users, &[rao()]);
        let lines: Vec<String> =
            table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines,
            [
                "name called role doctor state",
                "asha आशा पाटिल admin active",
                "meera Meera reception disabled",
                "rao Dr Rao doctor A must change the password",
            ]
        );
        let json = as_json(&users).unwrap();
        assert!(json.contains("\"reception\"") && !json.contains("argon2"), "{json}");
    }
}
