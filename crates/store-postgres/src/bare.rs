//! What the database alone can do: a booking function in the database, for `pgbench` to call. `baari bench` holds the whole
//! program against it.
//!
//! It works in databases of its own, made beside the one that it is given and removed again; it never looks at anybody's
//! data. It must never be used for anything but measuring: in this one place a database chooses a seat, to see how fast it
//! is at that.

use baari_engine::FacilityId;
use baari_store::StoreError;
use jiff::civil::Date;
use tokio_postgres::Client;
use tokio_postgres::config::{Host, SslMode};

use crate::error;
use crate::url::Address;

/// What `pgbench` runs: one booking as one transaction.
pub const SCRIPT: &str = "SELECT bare.book();\n";

/// What an ordinary program would have: lock the doctor-day, look for a seat, count it, insert the token and what happened.
/// Doctors come in turn and patients in no order, as in the measurement over HTTP; ids grow, as the desk's do.
const BOOK: &str = "\
CREATE SCHEMA bare;
CREATE SEQUENCE bare.booking MINVALUE 0;
CREATE FUNCTION bare.book() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    our_facility CONSTANT uuid := '{facility}';
    our_date CONSTANT date := '{date}';
    n CONSTANT bigint := nextval('bare.booking');
    our_doctor CONSTANT uuid := ('{doctor}' || lpad(to_hex((n + n / {patients}) * 7919 % {doctors}), 8, '0'))::uuid;
    our_patient CONSTANT uuid := ('{patient}' || lpad(to_hex(n * 48271 % {patients}), 8, '0'))::uuid;
    our_token CONSTANT uuid := ('019c1c33-7800-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;
    day record;
    seat record;
BEGIN
    PERFORM FROM baari.patient WHERE facility_id = our_facility AND id = our_patient;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no patient %', our_patient;
    END IF;
    SELECT version, next_token_no INTO day FROM baari.doctor_day
    WHERE facility_id = our_facility AND doctor_id = our_doctor AND slot_date = our_date
    FOR UPDATE;
    SELECT id, start_time INTO seat FROM baari.slot
    WHERE facility_id = our_facility AND doctor_id = our_doctor AND slot_date = our_date
        AND status = 'open' AND current_count < max_count
    ORDER BY start_time
    LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no seat with %', our_doctor;
    END IF;
    UPDATE baari.doctor_day SET version = version + 1, next_token_no = next_token_no + 1
    WHERE facility_id = our_facility AND doctor_id = our_doctor AND slot_date = our_date;
    UPDATE baari.slot
    SET current_count = current_count + 1, issued = '0,0,0,' || day.next_token_no || ',0,0,0,0,0'
    WHERE facility_id = our_facility AND id = seat.id;
    INSERT INTO baari.token (facility_id, doctor_id, slot_date, token_no, id, patient_id, slot_id, source, class, band,
        sequence_number, status, by_override, rejoins, booked_at, appointment_at, promised_at)
    VALUES (our_facility, our_doctor, our_date, day.next_token_no, our_token, our_patient, seat.id, 'online', 'online', 4,
        4000000000000 + day.next_token_no * 1000000::bigint, 'booked', false, 0, now(), now(), now());
    -- Numbered by the sequence, which nobody waits for, and far behind what is there already.
    INSERT INTO baari.event (facility_id, number, doctor_id, slot_date, version, ordinal, at, actor, kind, token_id, slot_id,
        reasons)
    VALUES (our_facility, 1000000000 + n, our_doctor, our_date, day.version + 1, 0, now(), 'open', 'token_booked', our_token, seat.id,
        '{reasons}');
    RETURN day.next_token_no;
END
$$";

/// What is booked. The doctor-days and slots are there, with room.
#[derive(Debug, Clone)]
pub struct BareFunction<'a> {
    /// Whose.
    pub facility: FacilityId,
    /// The date.
    pub date: Date,
    /// What the doctors' ids begin with; the number follows, in eight hexadecimal digits.
    pub doctor_prefix: &'a str,
    /// How many there are.
    pub doctors: u64,
    /// The same of the patients.
    pub patient_prefix: &'a str,
    /// How many there are.
    pub patients: u64,
    /// The reasons that each event keeps, as the store writes them.
    pub reasons: &'a str,
}

impl BareFunction<'_> {
    /// Adds the function to a database that has Baari's tables.
    ///
    /// # Errors
    /// The database's.
    pub async fn install(&self, database: &Scratch) -> Result<(), StoreError> {
        let sql = BOOK
            .replace("{facility}", &self.facility.to_string())
            .replace("{date}", &self.date.to_string())
            .replace("{doctor}", self.doctor_prefix)
            .replace("{doctors}", &self.doctors.to_string())
            .replace("{patient}", self.patient_prefix)
            .replace("{patients}", &self.patients.to_string())
            .replace("{reasons}", &self.reasons.replace('\'', "''").replace('$', ""));
        run(&database.url(), &sql).await
    }
}

/// A database made for measuring, beside the one whose URL was given. It stays until [`Scratch::remove`].
#[derive(Debug, Clone)]
pub struct Scratch {
    server: String,
    name: String,
}

impl Scratch {
    /// Makes an empty one on the same server.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when nobody answers there; [`StoreError::Refused`] without the right to make databases.
    pub async fn create(server: &str) -> Result<Self, StoreError> {
        let scratch = Self { server: server.to_owned(), name: format!("baari_bench_{}", std::process::id()) };
        run(server, &format!("CREATE DATABASE {}", scratch.name)).await?;
        Ok(scratch)
    }

    /// Gathers the statistics that the planner needs: a fresh database has none until the server finds the time.
    ///
    /// # Errors
    /// The database's.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        run(&self.url(), "ANALYZE").await
    }

    /// Makes another one with the same content, its name longer by this. Nobody may be connected to this one.
    ///
    /// # Errors
    /// As [`Scratch::create`].
    pub async fn copy(&self, suffix: &str) -> Result<Self, StoreError> {
        let copy = Self { server: self.server.clone(), name: format!("{}_{suffix}", self.name) };
        run(&self.server, &format!("CREATE DATABASE {} TEMPLATE {}", copy.name, self.name)).await?;
        Ok(copy)
    }

    /// Removes it, whoever is connected.
    ///
    /// # Errors
    /// The database's; then it is still there.
    pub async fn remove(self) -> Result<(), StoreError> {
        run(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL.
    pub fn url(&self) -> String {
        with_name(&self.server, &self.name)
    }

    /// Variables that lead libpq's programs (`pgbench`) to it, so that no password stands in a command line.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the URL can't be read.
    pub fn variables(&self) -> Result<Vec<(&'static str, String)>, StoreError> {
        let Address { config, .. } = Address::parse(&self.server)?;
        let mut variables = vec![("PGDATABASE", self.name.clone())];
        match config.get_hosts().first() {
            Some(Host::Tcp(host)) => variables.push(("PGHOST", host.clone())),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => variables.push(("PGHOST", folder.to_string_lossy().into_owned())),
            None => {}
        }
        variables.extend(config.get_ports().first().map(|port| ("PGPORT", port.to_string())));
        variables.extend(config.get_user().map(|user| ("PGUSER", user.to_owned())));
        let password = config.get_password().map(|password| String::from_utf8_lossy(password).into_owned());
        variables.extend(password.map(|password| ("PGPASSWORD", password)));
        let mode = match config.get_ssl_mode() {
            SslMode::Disable => "disable",
            SslMode::Require => "require",
            _ => "prefer",
        };
        variables.push(("PGSSLMODE", mode.to_owned()));
        Ok(variables)
    }
}

/// The URL with another database's name.
fn with_name(url: &str, name: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    // A password may hold what ends a host elsewhere.
    let host = rest.find('@').map_or(0, |at| at + 1);
    let end = rest[host..].find(['/', '?']).map_or(rest.len(), |at| host + at);
    let parameters = rest[end..].find('?').map_or("", |at| &rest[end + at..]);
    format!("{scheme}://{}/{name}{parameters}", &rest[..end])
}

async fn run(url: &str, sql: &str) -> Result<(), StoreError> {
    let client = connect(url).await?;
    client.batch_execute(sql).await.map_err(|error| error::of_statement(&error))
}

async fn connect(url: &str) -> Result<Client, StoreError> {
    let Address { config, tls } = Address::parse(url)?;
    let (client, connection) =
        config.connect(tls).await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    tokio::spawn(connection);
    Ok(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_databases_name_changes_in_a_url() {
        for (url, expected) in [
            ("postgres://u:p@h:5433/d", "postgres://u:p@h:5433/x"),
            ("postgresql://u:p/?w@h/d?sslmode=require", "postgresql://u:p/?w@h/x?sslmode=require"),
            ("postgres://h", "postgres://h/x"),
            ("postgres://h?sslmode=disable", "postgres://h/x?sslmode=disable"),
        ] {
            assert_eq!(with_name(url, "x"), expected, "{url}");
        }
    }

    #[test]
    fn the_variables_lead_to_the_scratch_database() {
        let server = "postgres://u:p%40w@127.0.0.1:5433/d?sslmode=disable".to_owned();
        let scratch = Scratch { server, name: "baari_bench_1".to_owned() };
        let expected = [
            ("PGDATABASE", "baari_bench_1"),
            ("PGHOST", "127.0.0.1"),
            ("PGPORT", "5433"),
            ("PGUSER", "u"),
            ("PGPASSWORD", "p@w"),
            ("PGSSLMODE", "disable"),
        ];
        let expected: Vec<_> = expected.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        assert_eq!(scratch.variables(), Ok(expected));
    }
}
