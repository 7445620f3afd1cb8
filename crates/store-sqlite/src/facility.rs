//! Facilities and their settings.

use std::collections::HashMap;

use baari_engine::FacilityId;
use baari_store::{Facility, StoreError, codec};
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

use crate::column::{change, row, rows};
use crate::error::{Done, Fault};

const PUT: &str =
    "INSERT INTO facility (id, slug, name, seal, time_zone, version) VALUES (?1, ?2, ?3, ?4, ?5, 1)
    ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, seal = coalesce(seal, excluded.seal),
        time_zone = excluded.time_zone, version = version + 1";
const PUT_SETTING: &str = "INSERT INTO setting (facility_id, key, value) VALUES (?1, ?2, ?3)
    ON CONFLICT (facility_id, key) DO UPDATE SET value = excluded.value";
const RAISE: &str = "UPDATE facility SET version = version + 1 WHERE id = ?1";
const VERSION: &str = "SELECT version FROM facility WHERE id = ?1";
const LIST: &str = "SELECT id, slug, name, seal, time_zone, version FROM facility ORDER BY id";
const SETTINGS: &str = "SELECT facility_id, key, value FROM setting";

/// Every statement of this file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, PUT_SETTING, RAISE, VERSION, LIST, SETTINGS];

/// Inserts or updates a facility and its settings. Settings that this program does not know stay.
pub(crate) fn put(connection: &Connection, facility: &Facility) -> Done<()> {
    let zone = facility.zone.iana_name().ok_or_else(|| {
        Fault(StoreError::Refused("the time zone has no IANA name: choose one like Asia/Kolkata".to_owned()))
    })?;
    let id = facility.id.as_uuid();
    change(connection, PUT, params![id.as_bytes(), facility.slug, facility.name, facility.seal, zone])?;
    for (key, value) in codec::settings_to_rows(&facility.settings) {
        change(connection, PUT_SETTING, params![id.as_bytes(), key, value])?;
    }
    Ok(())
}

/// Raises the version: something in the facility has changed.
pub(crate) fn raise(connection: &Connection, facility: FacilityId) -> Done<()> {
    change(connection, RAISE, params![facility.as_uuid().into_bytes()])?;
    Ok(())
}

/// The facility's version; 0 if there is none.
pub(crate) fn version(connection: &Connection, facility: FacilityId) -> Done<u64> {
    let params = params![facility.as_uuid().into_bytes()];
    Ok(row(connection, VERSION, params, |columns| columns.number(0))?.unwrap_or(0))
}

/// All of them, with their settings.
pub(crate) fn list(connection: &Connection) -> Done<Vec<Facility>> {
    let mut settings: HashMap<FacilityId, Vec<(String, String)>> = HashMap::new();
    let all = rows(connection, SETTINGS, [], |columns| {
        Ok((columns.id(0, FacilityId::from_uuid)?, (columns.get(1)?, columns.get(2)?)))
    })?;
    for (facility, setting) in all {
        settings.entry(facility).or_default().push(setting);
    }
    rows(connection, LIST, [], |columns| {
        let id = columns.id(0, FacilityId::from_uuid)?;
        let own = settings.get(&id).map_or(&[][..], Vec::as_slice);
        let zone: String = columns.get(4)?;
        Ok(Facility {
            id,
            slug: columns.get(1)?,
            name: columns.get(2)?,
            seal: columns.get(3)?,
            zone: TimeZone::get(&zone)
                .map_err(|_| Fault(StoreError::Corrupt(format!("time zone {zone:?}"))))?,
            settings: codec::settings_from_rows(
                own.iter().map(|(key, value)| (key.as_str(), value.as_str())),
            )?,
            version: columns.number(5)?,
        })
    })
}
