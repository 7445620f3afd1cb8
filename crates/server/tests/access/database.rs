//! The database, looked at from beside the server: what it holds, whoever asks.

use std::collections::BTreeMap;
use std::path::Path;

use baari_engine::FacilityId;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// By table.
pub(crate) type Digest = BTreeMap<String, Vec<String>>;

/// Every row of every table; of this facility only, if one is given.
pub(crate) fn digest(path: &Path, of: Option<FacilityId>) -> Digest {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut names = database.prepare(names).unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    names.iter().filter_map(|name| Some((name.clone(), rows(&database, name, of)?))).collect()
}

/// Empties the log, as when the server stops.
pub(crate) fn checkpoint(path: &Path) {
    let database = Connection::open(path).unwrap();
    let busy: i64 = database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
    assert_eq!(busy, 0);
}

fn rows(database: &Connection, table: &str, of: Option<FacilityId>) -> Option<Vec<String>> {
    let key = if table == "facility" { "id" } else { "facility_id" };
    let columns = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let belongs = columns.column_names().any(|name| name == key);
    let filter = match of {
        Some(_) if !belongs => return None,
        Some(of) => format!("WHERE {key} = x'{}'", of.as_uuid().simple()),
        None => String::new(),
    };
    let mut rows = database.prepare(&format!("SELECT * FROM {table} {filter}")).unwrap();
    let count = rows.column_count();
    let text = |row: &rusqlite::Row<'_>| {
        let cells = (0..count).map(|at| match row.get_ref_unwrap(at) {
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            other => format!("{other:?}"),
        });
        Ok(cells.collect::<Vec<_>>().join("|"))
    };
    let rows = rows.query_map([], text).unwrap().map(Result::unwrap).collect();
    Some(rows)
}

/// What is different, for a message.
pub(crate) fn difference(before: &Digest, after: &Digest) -> String {
    let changed = after.iter().filter(|(table, rows)| before.get(*table) != Some(rows));
    let new = |table: &String, rows: &Vec<String>| {
        let known = before.get(table).cloned().unwrap_or_default();
        rows.iter().filter(|row| !known.contains(row)).cloned().collect::<Vec<_>>()
    };
    changed.map(|(table, rows)| format!("{table}: {:?}\n", new(table, rows))).collect()
}
