//! A statement: its text, and its parameters with their types.
//!
//! Every statement travels unnamed, with its text and its parameters' types. That works through a transaction-mode pooler,
//! and lets the database plan for the values at hand, so that one text may hold several optional conditions.
//!
//! What is written or locked row by row must be found by its key, whatever the planner believes of a table that it knows
//! little about: read a whole facility instead, and every booking is slower than the one before. So rows are changed by
//! `INSERT … ON CONFLICT … DO UPDATE`, and looked up by a `LATERAL` query that can't be turned around (`FOR UPDATE` or
//! `OFFSET 0` keep it apart) and names no more columns than the key has; never by `UPDATE … FROM`.

use baari_store::StoreError;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::fields::each;
use crate::pipeline::Answer;

/// A Rust type that is one type of the database.
pub(crate) trait Typed: ToSql + Send + Sync + 'static {
    /// One value.
    const ONE: Type;
    /// An array of them.
    const MANY: Type;
}

macro_rules! typed {
    ($($rust:ty => $one:ident, $many:ident;)+) => {
        $(impl Typed for $rust {
            const ONE: Type = Type::$one;
            const MANY: Type = Type::$many;
        })+
    };
}

typed! {
    bool => BOOL, BOOL_ARRAY;
    i16 => INT2, INT2_ARRAY;
    i32 => INT4, INT4_ARRAY;
    i64 => INT8, INT8_ARRAY;
    Uuid => UUID, UUID_ARRAY;
    Date => DATE, DATE_ARRAY;
    Time => TIME, TIME_ARRAY;
    Timestamp => TIMESTAMPTZ, TIMESTAMPTZ_ARRAY;
    String => TEXT, TEXT_ARRAY;
    &'static str => TEXT, TEXT_ARRAY;
    Vec<u8> => BYTEA, BYTEA_ARRAY;
}

impl<T: Typed> Typed for Option<T> {
    const ONE: Type = T::ONE;
    const MANY: Type = T::MANY;
}

/// A statement to be run.
pub(crate) struct Statement {
    pub(crate) text: &'static str,
    pub(crate) parameters: Vec<(Box<dyn ToSql + Send + Sync>, Type)>,
    expected: Expected,
}

impl Statement {
    /// A statement without parameters yet.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { text, parameters: Vec::new(), expected: Expected::Anything }
    }

    /// The next parameter: one value.
    pub(crate) fn with<T: Typed>(mut self, value: T) -> Self {
        self.parameters.push((Box::new(value), T::ONE));
        self
    }

    /// The next parameter: an array.
    pub(crate) fn with_all<T: Typed>(mut self, values: Vec<T>) -> Self {
        self.parameters.push((Box::new(values), T::MANY));
        self
    }

    /// The next parameter: an array that holds this field of each row.
    pub(crate) fn column<R, T: Typed>(self, rows: &[R], field: impl Fn(&R) -> T) -> Self {
        self.with_all(rows.iter().map(field).collect())
    }

    /// It must write this many rows.
    pub(crate) fn touching(mut self, rows: usize) -> Self {
        self.expected = Expected::Count(rows as u64);
        self
    }

    /// It must write this many rows, unless another writer was first.
    pub(crate) fn still_touching(mut self, rows: usize) -> Self {
        self.expected = Expected::Still(rows as u64);
        self
    }

    /// It must return these, in this order.
    pub(crate) fn returning(mut self, ids: Vec<Uuid>) -> Self {
        self.expected = Expected::Ids(ids);
        self
    }

    /// Whether it has done what it must.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if it has not: what is written is not what the desk believes to be there.
    /// [`StoreError::Conflict`] if that is because another writer was first.
    pub(crate) fn check(&self, answer: &Answer) -> Result<(), StoreError> {
        let is_expected = match &self.expected {
            Expected::Anything => true,
            Expected::Count(rows) | Expected::Still(rows) => answer.count == *rows,
            Expected::Ids(ids) => each(&answer.rows, |fields| fields.take::<Uuid>())? == *ids,
        };
        if is_expected {
            return Ok(());
        }
        let kind = match self.expected {
            Expected::Still(_) => StoreError::Conflict,
            _ => StoreError::Refused,
        };
        Err(kind(format!("not all rows are there for: {}", self.text)))
    }
}

/// What a statement must have done.
enum Expected {
    Anything,
    Count(u64),
    Still(u64),
    Ids(Vec<Uuid>),
}
