//! What the database alone can do: the rows of bookings, written by a bare loop. `baari bench` holds the whole program
//! against it.
//!
//! The same file, schema, settings of the connection and rows as the store's own; but no engine, no desk, no HTTP, and
//! nobody to answer to. It must never be used for anything but measuring: it decides nothing, and checks nothing.

use std::path::Path;
use std::time::{Duration, Instant};

use baari_engine::{DoctorId, FacilityId, PatientId, SlotId};
use baari_store::StoreError;
use jiff::civil::Date;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use crate::connection;
use crate::error::Done;

const ADVANCE: &str = "UPDATE doctor_day SET version = ?4, next_token_no = ?5
    WHERE facility_id = ?1 AND slot_date = ?2 AND doctor_id = ?3 AND version = ?4 - 1";
const COUNT: &str = "UPDATE slot SET current_count = current_count + 1, issued = ?4
    WHERE facility_id = ?1 AND slot_date = ?2 AND doctor_id = ?3";
const TOKEN: &str =
    "INSERT INTO token (facility_id, doctor_id, slot_date, token_no, id, patient_id, slot_id, source, class,
        band, sequence_number, status, by_override, rejoins, booked_at, appointment_at, promised_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'online', 'online', 4, ?8, 'booked', 0, 0, ?9, ?10, ?10)";
const EVENT: &str =
    "INSERT INTO event (facility_id, doctor_id, slot_date, version, ordinal, at, actor, kind, token_id, slot_id, reasons)
    VALUES (?1, ?2, ?3, ?4, 0, ?5, 'open', 'token_booked', ?6, ?7, ?8)";

/// 09:00 in Kolkata on 2 February 2026, in microseconds since 1970.
const NOW: i64 = 1_770_003_000_000_000;
/// Bookings of one doctor-day, at most: there are seats for so many.
const TOKENS_MAX: u64 = 900;

/// What is booked. The doctor-days and slots are there, at version 1 and empty.
#[derive(Debug, Clone)]
pub struct BareLoop<'a> {
    /// Whose.
    pub facility: FacilityId,
    /// The date.
    pub date: Date,
    /// With these doctors in turn, in the slot that each has on that date.
    pub doctors: Vec<(DoctorId, SlotId)>,
    /// These patients in turn.
    pub patients: Vec<PatientId>,
    /// The reasons that each event keeps, as the store writes them.
    pub reasons: &'a str,
    /// Bookings in one transaction.
    pub group: u64,
}

impl BareLoop<'_> {
    /// Books for as long as this, not counting the time before to warm up; answers with bookings per second.
    ///
    /// # Errors
    /// The database's.
    pub fn run(&self, path: &Path, warm_up: Duration, measured: Duration) -> Result<f64, StoreError> {
        let mut connection = connection::writer(path).map_err(|fault| fault.0)?;
        let mut written = 0;
        self.write(&mut connection, &mut written, warm_up)?;
        let (before, begun) = (written, Instant::now());
        self.write(&mut connection, &mut written, measured)?;
        Ok((written - before) as f64 / begun.elapsed().as_secs_f64())
    }

    fn write(
        &self,
        connection: &mut Connection,
        written: &mut u64,
        time: Duration,
    ) -> Result<(), StoreError> {
        let until = Instant::now() + time;
        let room = self.doctors.len() as u64 * TOKENS_MAX;
        while Instant::now() < until && *written + self.group <= room {
            self.group(connection, *written).map_err(|fault| fault.0)?;
            *written += self.group;
        }
        Ok(())
    }

    fn group(&self, connection: &mut Connection, from: u64) -> Done<()> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        (from..from + self.group).try_for_each(|n| self.book(&transaction, n))?;
        transaction.commit()?;
        Ok(())
    }

    /// The `n`-th booking: patients and doctors in no order, each doctor-day one after the other.
    fn book(&self, transaction: &Transaction<'_>, n: u64) -> Done<()> {
        let (doctors, patients) = (self.doctors.len() as u64, self.patients.len() as u64);
        let (doctor, slot) = self.doctors[((n + n / patients) * 7_919 % doctors) as usize];
        let patient = self.patients[(n * 48_271 % patients) as usize].as_uuid();
        let token_no = (n / doctors + 1) as i64;
        let (facility, doctor, slot) = (self.facility.as_uuid(), doctor.as_uuid(), slot.as_uuid());
        let (facility, doctor, slot) = (facility.as_bytes(), doctor.as_bytes(), slot.as_bytes());
        let date = self.date.to_string();
        let token = Uuid::from_u128(0x019c_1c33_7800_7000_8000_0000_0000_0000 + u128::from(n)).into_bytes();

        let run = |sql, params: &[&dyn rusqlite::ToSql]| transaction.prepare_cached(sql)?.execute(params);
        run(ADVANCE, params![facility, date, doctor, token_no + 1, token_no + 1])?;
        run(COUNT, params![facility, date, doctor, format!("0,0,0,{token_no},0,0,0,0,0")])?;
        let sequence = 4_000_000_000_000 + token_no * 1_000_000;
        run(
            TOKEN,
            params![facility, doctor, date, token_no, token, patient.as_bytes(), slot, sequence, NOW, NOW],
        )?;
        run(EVENT, params![facility, doctor, date, token_no + 1, NOW, token, slot, self.reasons])?;
        Ok(())
    }
}
