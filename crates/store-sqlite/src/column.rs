//! Single values: how they are written, and how they are read back.

use baari_store::{StoreError, codec};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rusqlite::types::{FromSql, Value};
use rusqlite::{Connection, Params, Row};
use uuid::Uuid;

use crate::error::{Done, Fault};

/// A number that SQLite has no type for.
pub(crate) fn integer(number: u64) -> Done<i64> {
    i64::try_from(number).map_err(|_| Fault(StoreError::Refused(format!("{number} is too large"))))
}

/// An instant, in microseconds since 1970.
pub(crate) fn instant(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// An identifier, or nothing.
pub(crate) fn maybe_id(id: Option<Uuid>) -> Value {
    id.map_or(Value::Null, |id| Value::Blob(id.as_bytes().to_vec()))
}

/// All rows of a query.
pub(crate) fn rows<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Columns<'_, '_>) -> Done<T>,
) -> Done<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(&Columns(row))?);
    }
    Ok(all)
}

/// The row of a query that has one at most.
pub(crate) fn row<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Columns<'_, '_>) -> Done<T>,
) -> Done<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(|row| read(&Columns(row))).transpose()
}

/// How many rows a statement has changed.
pub(crate) fn change(connection: &Connection, sql: &str, params: impl Params) -> Done<usize> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

/// The columns of a row, by position.
pub(crate) struct Columns<'a, 'b>(&'a Row<'b>);

impl Columns<'_, '_> {
    /// A value as SQLite has it.
    pub(crate) fn get<T: FromSql>(&self, at: usize) -> Done<T> {
        Ok(self.0.get(at)?)
    }

    /// A number of a smaller type than SQLite's.
    pub(crate) fn number<T: TryFrom<i64>>(&self, at: usize) -> Done<T> {
        let number: i64 = self.get(at)?;
        T::try_from(number).map_err(|_| Fault(StoreError::Corrupt(format!("number {number} in column {at}"))))
    }

    /// An identifier, in the type that it belongs to.
    pub(crate) fn id<T>(&self, at: usize, typed: fn(Uuid) -> T) -> Done<T> {
        Ok(typed(Uuid::from_bytes(self.get(at)?)))
    }

    /// An identifier, or nothing.
    pub(crate) fn maybe_id<T>(&self, at: usize, typed: fn(Uuid) -> T) -> Done<Option<T>> {
        let bytes: Option<[u8; 16]> = self.get(at)?;
        Ok(bytes.map(|bytes| typed(Uuid::from_bytes(bytes))))
    }

    /// Text that stands for something.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, at: usize, what: &str) -> Done<T> {
        self.maybe_parsed(at, what)?.ok_or_else(|| Fault(StoreError::Corrupt(format!("{what} is missing"))))
    }

    /// Text that stands for something, or nothing.
    pub(crate) fn maybe_parsed<T: std::str::FromStr>(&self, at: usize, what: &str) -> Done<Option<T>> {
        let text = self.0.get_ref(at)?.as_str_or_null().map_err(rusqlite::Error::from)?;
        Ok(text.map(|text| codec::parse(what, text)).transpose()?)
    }

    /// A date.
    pub(crate) fn date(&self, at: usize) -> Done<Date> {
        self.parsed(at, "date")
    }

    /// A time of day.
    pub(crate) fn time(&self, at: usize) -> Done<Time> {
        self.parsed(at, "time")
    }

    /// An instant.
    pub(crate) fn instant(&self, at: usize) -> Done<Timestamp> {
        self.maybe_instant(at)?
            .ok_or_else(|| Fault(StoreError::Corrupt(format!("no instant in column {at}"))))
    }

    /// An instant, or nothing.
    pub(crate) fn maybe_instant(&self, at: usize) -> Done<Option<Timestamp>> {
        let micros: Option<i64> = self.get(at)?;
        let read = |micros| Timestamp::from_microsecond(micros);
        micros.map(read).transpose().map_err(|error| Fault(StoreError::Corrupt(error.to_string())))
    }
}
