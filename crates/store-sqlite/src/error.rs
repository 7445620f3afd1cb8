//! What SQLite says, in the words of [`StoreError`].

use baari_store::StoreError;
use rusqlite::{Error, ErrorCode, ffi};

/// A failure inside this crate: the orphan rule wants a type of our own for `?` to turn SQLite's errors into.
#[derive(Debug)]
pub(crate) struct Fault(pub(crate) StoreError);

/// What the work on a connection gives.
pub(crate) type Done<T> = Result<T, Fault>;

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        let Error::SqliteFailure(failure, _) = &error else {
            // A value of another type than its column has, or text that is not UTF-8.
            return Self(StoreError::Corrupt(text));
        };
        Self(match failure.code {
            ErrorCode::ConstraintViolation => constraint(failure.extended_code, text),
            ErrorCode::DatabaseCorrupt => StoreError::Corrupt(text),
            ErrorCode::NotADatabase => StoreError::Schema(format!("{text}: choose another --database path")),
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::OutOfMemory
            | ErrorCode::ReadOnly
            | ErrorCode::OperationInterrupted
            | ErrorCode::OperationAborted
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::CannotOpen
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::PermissionDenied
            | ErrorCode::NoLargeFileSupport => StoreError::Unavailable(text),
            _ => StoreError::Refused(text),
        })
    }
}

/// A key that is taken means that somebody was first; anything else that does not fit is refused.
fn constraint(extended_code: i32, text: String) -> StoreError {
    match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            StoreError::Conflict(text)
        }
        _ => StoreError::Refused(text),
    }
}
