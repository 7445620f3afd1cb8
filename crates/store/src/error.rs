//! What can go wrong in a store, by what the caller can do about it.

/// What went wrong, by what the caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database can't be reached or is shutting down; nothing is known to be written. Try again later.
    #[error("the database can't be reached: {0}")]
    Unavailable(String),
    /// Another writer was there first (a unique key, a deadlock, a serialization failure); nothing was written. Load again
    /// and decide again.
    #[error("another writer was first: {0}")]
    Conflict(String),
    /// The database refused what was written; nothing was written. A defect, or somebody changed the schema.
    #[error("the database refused: {0}")]
    Refused(String),
    /// A row can't be read back as what it should be.
    #[error("the database holds something that can't be read: {0}")]
    Corrupt(String),
    /// The schema is not the one that this program knows.
    #[error("the database's schema does not fit this program: {0}")]
    Schema(String),
}
