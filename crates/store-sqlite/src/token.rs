//! Tokens.

use baari_engine::{
    Band, DayKey, DoctorId, FacilityId, PatientId, SequenceNumber, SlotId, Status, Token, TokenId,
};
use baari_store::{DatedToken, LastSeen, StoreError, TokenQuery, codec};
use rusqlite::{Connection, params};

use crate::column::{Columns, change, instant, maybe_id, row, rows};
use crate::commit::one;
use crate::error::{Done, Fault};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT token_no, id, patient_id, slot_id, source, class, band, sequence_number, status, by_override, rejoins,
                placed, booked_at, appointment_at, promised_at, arrived_at, called_at, started_at, ended_at,
                earlier_ok, displaced, passed_at, doctor_id, slot_date FROM token ",
            $rest
        )
    };
}

macro_rules! values {
    () => {
        "slot_id = ?7, source = ?8, class = ?9, band = ?10, sequence_number = ?11, status = ?12, by_override = ?13,
        rejoins = ?14, placed = ?15, booked_at = ?16, appointment_at = ?17, promised_at = ?18,
        arrived_at = ?19, called_at = ?20, started_at = ?21, ended_at = ?22, earlier_ok = ?23, displaced = ?24,
        passed_at = ?25"
    };
}

const INSERT: &str = "INSERT INTO token (facility_id, doctor_id, slot_date, token_no, id, patient_id, slot_id, source, class,
        band, sequence_number, status, by_override, rejoins, placed, booked_at, appointment_at, promised_at,
        arrived_at, called_at, started_at, ended_at, earlier_ok, displaced, passed_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
        ?24, ?25)";
const UPDATE: &str = concat!(
    "UPDATE token SET ",
    values!(),
    " WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3 AND token_no = ?4 AND id = ?5 AND patient_id = ?6"
);
const MOVE: &str = concat!(
    "UPDATE token SET doctor_id = ?2, slot_date = ?3, token_no = ?4, ",
    values!(),
    " WHERE facility_id = ?1 AND id = ?5 AND patient_id = ?6"
);
const SET_APART: &str = "UPDATE token SET sequence_number = NULL WHERE facility_id = ?1 AND id = ?2";
const SET_ASIDE: &str = "UPDATE token SET sequence_number = -sequence_number
    WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3 AND token_no = ?4 AND id = ?5";
const DAY_OF: &str = "SELECT doctor_id, slot_date FROM token WHERE facility_id = ?1 AND id = ?2";
const PATIENT_OF: &str = "SELECT patient_id FROM token WHERE facility_id = ?1 AND id = ?2";
const OF_DAY: &str =
    select!("WHERE facility_id = ?1 AND doctor_id = ?2 AND slot_date = ?3 ORDER BY token_no");
// One text for each way in; what else is asked for is looked at row by row. `+` keeps a condition from choosing the way.
const LIST: &str = select!(
    "WHERE facility_id = ?1 AND id > ?2 AND (?4 IS NULL OR status = ?4) AND (?5 IS NULL OR doctor_id = ?5)
    AND ?6 IS NULL AND ?7 IS NULL ORDER BY id LIMIT ?3"
);
const LIST_OF_DATE: &str = select!(
    "WHERE facility_id = ?1 AND slot_date = ?6 AND +id > ?2 AND (?4 IS NULL OR status = ?4)
    AND (?5 IS NULL OR doctor_id = ?5) AND ?7 IS NULL ORDER BY +id LIMIT ?3"
);
const LIST_OF_DAY: &str = select!(
    "WHERE facility_id = ?1 AND slot_date = ?6 AND doctor_id = ?5 AND +id > ?2 AND (?4 IS NULL OR status = ?4)
    AND ?7 IS NULL ORDER BY +id LIMIT ?3"
);
const LIST_OF_PATIENT: &str = select!(
    "WHERE facility_id = ?1 AND patient_id = ?7 AND +id > ?2 AND (?4 IS NULL OR status = ?4)
    AND (?5 IS NULL OR +doctor_id = ?5) AND (?6 IS NULL OR +slot_date = ?6) ORDER BY +id LIMIT ?3"
);
const LAST_SEEN: &str = "SELECT slot_date, doctor_id FROM token
    WHERE facility_id = ?1 AND patient_id = ?2 AND slot_date < ?3 AND status = 'completed'
    ORDER BY slot_date DESC, ended_at DESC, id DESC LIMIT 1";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[
    PATIENT_OF,
    INSERT,
    UPDATE,
    MOVE,
    SET_APART,
    SET_ASIDE,
    DAY_OF,
    OF_DAY,
    LIST,
    LIST_OF_DATE,
    LIST_OF_DAY,
    LIST_OF_PATIENT,
    LAST_SEEN,
];

/// Changes these tokens of a doctor-day. Those that have ended come first: their patients may have others. Where numbers have
/// changed hands they are set aside before anybody gets a new one.
pub(crate) fn change_all(
    connection: &Connection,
    key: &DayKey,
    date: &str,
    tokens: &[Token],
    resequenced: bool,
) -> Done<()> {
    if resequenced {
        for token in tokens {
            set_aside(connection, key, date, token)?;
        }
    }
    for ended in [true, false] {
        for token in tokens.iter().filter(|token| token.status.is_live() != ended) {
            one(put(connection, UPDATE, key, date, token)?, "token")?;
        }
    }
    Ok(())
}

/// Moves these tokens here, wherever they are.
pub(crate) fn move_in(connection: &Connection, key: &DayKey, date: &str, tokens: &[Token]) -> Done<()> {
    tokens.iter().try_for_each(|token| one(put(connection, MOVE, key, date, token)?, "token"))
}

/// Takes the sequence numbers of these tokens away, before others may get them where they were.
pub(crate) fn set_apart(connection: &Connection, facility: FacilityId, tokens: &[Token]) -> Done<()> {
    let apart = |token: &Token| {
        let params = params![facility.as_uuid().into_bytes(), token.id.as_uuid().into_bytes()];
        one(change(connection, SET_APART, params)?, "token")
    };
    tokens.iter().try_for_each(apart)
}

/// Adds these tokens to a doctor-day.
pub(crate) fn add_all(connection: &Connection, key: &DayKey, date: &str, tokens: &[Token]) -> Done<()> {
    tokens.iter().try_for_each(|token| put(connection, INSERT, key, date, token).map(drop))
}

fn set_aside(connection: &Connection, key: &DayKey, date: &str, token: &Token) -> Done<usize> {
    let (facility, doctor, id) = (key.facility.as_uuid(), key.doctor.as_uuid(), token.id.as_uuid());
    let params = params![facility.as_bytes(), doctor.as_bytes(), date, token.token_no, id.as_bytes()];
    change(connection, SET_ASIDE, params)
}

fn put(connection: &Connection, sql: &str, key: &DayKey, date: &str, token: &Token) -> Done<usize> {
    let params = params![
        key.facility.as_uuid().into_bytes(),
        key.doctor.as_uuid().into_bytes(),
        date,
        token.token_no,
        token.id.as_uuid().into_bytes(),
        token.patient.as_uuid().into_bytes(),
        maybe_id(token.slot.map(|slot| slot.as_uuid())),
        token.source.name(),
        token.class.name(),
        token.band.number(),
        token.sequence.map(SequenceNumber::units),
        token.status.name(),
        token.by_override,
        token.rejoins,
        token.placed.as_ref().map(codec::placed_to_text),
        instant(token.booked_at),
        token.appointment_at.map(instant),
        token.promised_at.map(instant),
        token.arrived_at.map(instant),
        token.called_at.map(instant),
        token.started_at.map(instant),
        token.ended_at.map(instant),
        token.earlier_ok,
        token.displaced,
        token.passed_at.map(instant),
    ];
    change(connection, sql, params)
}

/// The tokens of a doctor-day.
pub(crate) fn of_day(connection: &Connection, key: &DayKey, date: &str) -> Done<Vec<Token>> {
    let params = params![key.facility.as_uuid().into_bytes(), key.doctor.as_uuid().into_bytes(), date];
    rows(connection, OF_DAY, params, read)
}

/// The doctor-day of a token.
pub(crate) fn day_of(connection: &Connection, facility: FacilityId, token: TokenId) -> Done<Option<DayKey>> {
    let params = params![facility.as_uuid().into_bytes(), token.as_uuid().into_bytes()];
    row(connection, DAY_OF, params, |columns| {
        Ok(DayKey { facility, doctor: columns.id(0, DoctorId::from_uuid)?, date: columns.date(1)? })
    })
}

/// Tokens by id.
pub(crate) fn list(
    connection: &Connection,
    facility: FacilityId,
    query: &TokenQuery,
) -> Done<Vec<DatedToken>> {
    let sql = match (query.patient, query.date, query.doctor) {
        (Some(_), ..) => LIST_OF_PATIENT,
        (None, Some(_), Some(_)) => LIST_OF_DAY,
        (None, Some(_), None) => LIST_OF_DATE,
        (None, None, _) => LIST,
    };
    let after = query.after.map_or(Vec::new(), |after| after.as_uuid().into_bytes().to_vec());
    let params = params![
        facility.as_uuid().into_bytes(),
        after,
        query.limit,
        query.status.map(Status::name),
        maybe_id(query.doctor.map(|doctor| doctor.as_uuid())),
        query.date.map(|date| date.to_string()),
        maybe_id(query.patient.map(|patient| patient.as_uuid())),
    ];
    rows(connection, sql, params, |columns| {
        let (doctor, date) = (columns.id(22, DoctorId::from_uuid)?, columns.date(23)?);
        Ok(DatedToken { day: DayKey { facility, doctor, date }, token: read(columns)? })
    })
}

/// The last completed visit before this date of those of these patients that have one.
pub(crate) fn last_seen(
    connection: &Connection,
    facility: FacilityId,
    patients: &[PatientId],
    before: &str,
) -> Done<Vec<LastSeen>> {
    let mut seen = Vec::with_capacity(patients.len());
    for &patient in patients {
        let params = params![facility.as_uuid().into_bytes(), patient.as_uuid().into_bytes(), before];
        seen.extend(row(connection, LAST_SEEN, params, |columns| {
            Ok(LastSeen { patient, date: columns.date(0)?, doctor: columns.id(1, DoctorId::from_uuid)? })
        })?);
    }
    Ok(seen)
}

fn read(columns: &Columns<'_, '_>) -> Done<Token> {
    let corrupt = |what: &str| Fault(StoreError::Corrupt(format!("{what} of a token")));
    let placed: Option<String> = columns.get(11)?;
    Ok(Token {
        token_no: columns.number(0)?,
        id: columns.id(1, TokenId::from_uuid)?,
        patient: columns.id(2, PatientId::from_uuid)?,
        slot: columns.maybe_id(3, SlotId::from_uuid)?,
        source: columns.parsed(4, "source")?,
        class: columns.parsed(5, "class")?,
        band: Band::new(columns.number(6)?).ok_or_else(|| corrupt("band"))?,
        sequence: columns.get::<Option<i64>>(7)?.map(SequenceNumber::from_units),
        status: columns.parsed(8, "status")?,
        by_override: columns.get(9)?,
        rejoins: columns.number(10)?,
        placed: placed.as_deref().map(codec::placed_from_text).transpose()?,
        booked_at: columns.instant(12)?,
        appointment_at: columns.maybe_instant(13)?,
        promised_at: columns.maybe_instant(14)?,
        arrived_at: columns.maybe_instant(15)?,
        called_at: columns.maybe_instant(16)?,
        started_at: columns.maybe_instant(17)?,
        ended_at: columns.maybe_instant(18)?,
        earlier_ok: columns.get(19)?,
        displaced: columns.get(20)?,
        passed_at: columns.maybe_instant(21)?,
    })
}

/// Whose these tokens are.
pub(crate) fn patients(
    connection: &Connection,
    facility: FacilityId,
    tokens: &[TokenId],
) -> Done<Vec<(TokenId, PatientId)>> {
    let mut found = Vec::with_capacity(tokens.len());
    for token in tokens {
        let params = params![facility.as_uuid().into_bytes(), token.as_uuid().into_bytes()];
        let patient = row(connection, PATIENT_OF, params, |columns| columns.id(0, PatientId::from_uuid))?;
        found.extend(patient.map(|patient| (*token, patient)));
    }
    Ok(found)
}
