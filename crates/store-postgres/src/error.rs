//! What the database says went wrong, by what the caller can do about it.
//!
//! Only the message, the code and the constraint's name are passed on: the detail may hold a patient's row.

use std::error::Error as _;

use baari_store::StoreError;
use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::DbError;

/// The error of a statement that was sent, or could not be.
pub(crate) fn of_statement(error: &Error) -> StoreError {
    if let Some(said) = error.as_db_error() {
        return of_database(said);
    }
    let by_transport = error.source().is_some_and(|source| source.is::<std::io::Error>());
    if error.is_closed() || by_transport {
        StoreError::Unavailable(chain(error))
    } else {
        StoreError::Refused(chain(error))
    }
}

/// The error of getting a connection.
pub(crate) fn of_pool(error: &PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => match error.as_db_error() {
            Some(said) => of_database(said),
            None => StoreError::Unavailable(chain(error)),
        },
        PoolError::Timeout(_) => {
            StoreError::Unavailable("it does not answer, or all connections are busy".to_owned())
        }
        other => StoreError::Unavailable(other.to_string()),
    }
}

/// The connection itself is fine: the database answered, with an error that ends no session.
pub(crate) fn is_answer(error: &Error) -> bool {
    error.as_db_error().is_some_and(|said| {
        let code = said.code().code();
        !(code.starts_with("08") || code.starts_with("57P") || code == "25P03")
    })
}

fn of_database(said: &DbError) -> StoreError {
    let code = said.code().code();
    let text = match said.constraint() {
        Some(constraint) => format!("{} ({code}, {constraint})", said.message()),
        None => format!("{} ({code})", said.message()),
    };
    kind(code)(text)
}

/// By SQLSTATE.
fn kind(code: &str) -> fn(String) -> StoreError {
    match (code, code.get(..2).unwrap_or_default()) {
        // Unique and exclusion; a lock that somebody else holds.
        ("23505" | "23P01" | "55P03", _) => StoreError::Conflict,
        // The outcome is not known.
        ("40003", _) => StoreError::Unavailable,
        (_, "40") => StoreError::Conflict,
        // A standby after a failover, an idle transaction that was ended, a database that is not there.
        ("25006" | "25P03" | "3D000", _) => StoreError::Unavailable,
        // Connection, sign-in, resources, operator's intervention and time-outs, the disk.
        (_, "08" | "28" | "53" | "57" | "58") => StoreError::Unavailable,
        ("42501", _) => StoreError::Refused,
        (_, "42" | "3F") => StoreError::Schema,
        _ => StoreError::Refused,
    }
}

/// The error and what it came from.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_what_the_caller_can_do() {
        let unavailable = StoreError::Unavailable as fn(String) -> StoreError;
        for (code, expected) in [
            ("23505", StoreError::Conflict as fn(String) -> StoreError),
            ("23P01", StoreError::Conflict),
            ("40001", StoreError::Conflict),
            ("40P01", StoreError::Conflict),
            ("23514", StoreError::Refused),
            ("23502", StoreError::Refused),
            ("22021", StoreError::Refused),
            ("08006", unavailable),
            ("08P01", unavailable),
            ("57P01", unavailable),
            ("57014", unavailable),
            ("53300", unavailable),
            ("53100", unavailable),
            ("25006", unavailable),
            ("28P01", unavailable),
            ("40003", unavailable),
            ("42P01", StoreError::Schema),
            ("42703", StoreError::Schema),
            ("3F000", StoreError::Schema),
            ("42501", StoreError::Refused),
            ("XX000", StoreError::Refused),
        ] {
            assert_eq!(kind(code)(String::new()), expected(String::new()), "{code}");
        }
    }
}
