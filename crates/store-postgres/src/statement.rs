//! A statement: its text, and its parameters with their types.
//!
//! Every statement travels unnamed, with its text and its parameters' types. That works through a transaction-mode pooler,
//! and lets the database plan for the values at hand, so that one text may hold several optional conditions.
//!
//! What is written or locked row by row must be found by its key whatever the planner believes: it takes a facility that it
//! has no statistics of for a handful of rows, and would rather read all of it than follow an index. So rows are changed
//! by `INSERT … ON CONFLICT … DO UPDATE`, and looked up by a `LATERAL` query that can't be turned around (`FOR UPDATE` or
//! `OFFSET 0` keep it apart); never by `UPDATE … FROM`.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

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
    pub(crate) touches: Option<u64>,
}

impl Statement {
    /// A statement without parameters yet.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { text, parameters: Vec::new(), touches: None }
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

    /// It must find or write exactly this many rows; with any other number nothing is written.
    pub(crate) fn touching(mut self, rows: usize) -> Self {
        self.touches = Some(rows as u64);
        self
    }
}
