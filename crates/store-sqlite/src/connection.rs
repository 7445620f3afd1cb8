//! Opening the file: the settings of every connection.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use baari_store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Done, Fault};

/// How long one waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);
/// More than there are statements in this crate.
const STATEMENTS_CACHED: usize = 96;
/// Small pages, because a commit that books with many doctors changes a little of many pages, and each changed page is written
/// to the log as a whole: 13 KB for a booking, with pages of 4 KiB 19 KB.
const PAGE_BYTES: u32 = 2_048;
/// A commit copies the log into the database itself when it has this many pages, 128 MiB: only if the checkpointer is behind.
const CHECKPOINT_PAGES: u32 = 65_536;
/// Kept in memory by the writer, in KiB. Not more: a commit that splits a page makes SQLite go through all of it (it renames
/// pages by way of one beyond the end), which took 6 to 9 % of a server's time with 64 MiB; the system keeps the file in memory too.
const WRITER_CACHE_KIB: i64 = 8 * 1_024;
/// Kept in memory by each reader, in KiB.
const READER_CACHE_KIB: i64 = 4 * 1_024;

/// The connection that writes. `synchronous = FULL`: a commit that has been answered survives a power cut.
pub(crate) fn writer(path: &Path) -> Done<Connection> {
    create_private(path)?;
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        let text =
            format!("{} can't have a write-ahead log ({mode}): put it on a local disk", path.display());
        return Err(Fault(StoreError::Unavailable(text)));
    }
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Who is erased must not stay readable in what the file keeps free: what is removed is overwritten with zeros.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    Ok(connection)
}

/// A connection that reads, beside the writer.
pub(crate) fn reader(path: &Path) -> Done<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags) -> Done<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

/// Patients' names are in it: a new file is for its owner only. SQLite gives the log beside it the same rights.
fn create_private(path: &Path) -> Done<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Fault(StoreError::Unavailable(format!("{}: {error}", path.display())))),
    }
}
