//! Facilities and their settings.

use std::collections::HashMap;

use baari_engine::FacilityId;
use baari_store::codec::{settings_from_rows, settings_to_rows};
use baari_store::{Along, Facility, StoreError};
use jiff::tz::TimeZone;

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::statement::Statement;
use crate::{along, transaction};

const PUT: &str = "\
INSERT INTO baari.facility AS facility (id, slug, name, seal, time_zone, version) VALUES ($1, $2, $3, $4, $5, 1)
ON CONFLICT (id) DO UPDATE SET
    slug = excluded.slug, name = excluded.name, seal = coalesce(facility.seal, excluded.seal), time_zone = excluded.time_zone,
    version = facility.version + 1";

/// Settings that this program does not know are left alone: a newer one wrote them.
const PUT_SETTINGS: &str = "\
INSERT INTO baari.setting (facility_id, key, value)
SELECT $1, new.* FROM unnest($2::text[], $3::text[]) AS new
ON CONFLICT (facility_id, key) DO UPDATE SET value = excluded.value";

const LIST: &str = "SELECT id, slug, name, seal, time_zone, version FROM baari.facility ORDER BY id";

const SETTINGS: &str = "SELECT facility_id, key, value FROM baari.setting";

const VERSION: &str = "SELECT version FROM baari.facility WHERE id = $1";

const RAISE: &str = "UPDATE baari.facility SET version = version + 1 WHERE id = $1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[PUT, PUT_SETTINGS, LIST, SETTINGS, VERSION, RAISE];

/// Raises the version of a facility, which must be there.
pub(crate) fn raise(facility: FacilityId) -> Statement {
    Statement::new(RAISE).with(facility.as_uuid()).touching(1)
}

/// Inserts or updates a facility and its settings.
pub(crate) async fn put(
    connections: &Connections,
    facility: &Facility,
    along: &Along,
) -> Result<(), StoreError> {
    let Some(zone) = facility.zone.iana_name() else {
        return Err(StoreError::Refused("a facility's time zone needs a name, like Asia/Kolkata".to_owned()));
    };
    let settings = settings_to_rows(&facility.settings);
    let put = Statement::new(PUT)
        .with(facility.id.as_uuid())
        .with(facility.slug.clone())
        .with(facility.name.clone())
        .with(facility.seal.map(Vec::from))
        .with(zone.to_owned())
        .touching(1);
    let settings = Statement::new(PUT_SETTINGS)
        .with(facility.id.as_uuid())
        .column(&settings, |(key, _)| key.clone())
        .column(&settings, |(_, value)| value.clone())
        .touching(settings.len());
    let mut steps = vec![put.into(), settings.into()];
    steps.extend(along::steps(facility.id, along));
    transaction::write(connections, steps).await?;
    Ok(())
}

/// All facilities by id.
pub(crate) async fn list(connections: &Connections) -> Result<Vec<Facility>, StoreError> {
    let reads = [LIST, SETTINGS].map(|text| Statement::new(text).into()).into();
    let answers = transaction::view(connections, reads).await?;
    let [facilities, settings] = &answers[..] else {
        return Err(StoreError::Corrupt("a view with other tables than asked for".to_owned()));
    };
    let mut of_facility: HashMap<FacilityId, Vec<(&str, &str)>> = HashMap::new();
    for row in &settings.rows {
        let mut fields = Fields::of(row);
        let facility = fields.id(FacilityId::from_uuid)?;
        of_facility.entry(facility).or_default().push((fields.take()?, fields.take()?));
    }
    each(&facilities.rows, |fields| {
        let id = fields.id(FacilityId::from_uuid)?;
        Ok(Facility {
            id,
            slug: fields.take()?,
            name: fields.take()?,
            seal: fields.digest_or_none()?,
            zone: fields.text(|name| TimeZone::get(name).ok())?,
            settings: settings_from_rows(of_facility.get(&id).into_iter().flatten().copied())?,
            version: fields.version()?,
        })
    })
}

/// The facility's version; 0 if there is no such facility.
pub(crate) async fn version(connections: &Connections, facility: FacilityId) -> Result<u64, StoreError> {
    let rows = connections.rows(Statement::new(VERSION).with(facility.as_uuid())).await?;
    rows.first().map_or(Ok(0), |row| Fields::of(row).version())
}
