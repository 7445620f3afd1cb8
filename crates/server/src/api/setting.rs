//! The facility and its settings.

use axum::Json;
use baari_store::{Along, Facility};

use super::difference::difference;
use crate::access::Here;
use crate::body::Body;
use crate::failure::{Answer, Failure};
use crate::problem::Problem;
use crate::wire::{ChangeSettingBody, SettingBody};

/// Read the settings
#[utoipa::path(get, path = "/api/setting", tag = "setting",
    responses((status = 200, body = SettingBody), (status = "default", body = Problem)))]
pub(super) async fn read(here: Here) -> Answer<Json<SettingBody>> {
    Ok(Json((&here.desk.facility_get(here.facility).await?).into()))
}

/// Change the settings
///
/// A change of the policy reorders the queues at once; a change of the bands counts for new tokens.
#[utoipa::path(patch, path = "/api/setting", tag = "setting", request_body = ChangeSettingBody,
    responses((status = 200, body = SettingBody), (status = "default", body = Problem)))]
pub(super) async fn change(here: Here, body: Body<ChangeSettingBody>) -> Answer<Json<SettingBody>> {
    let change = |facility: &mut Facility| {
        let before = SettingBody::from(&*facility);
        body.value.apply(facility)?;
        let changed = difference(&before, &SettingBody::from(&*facility), &["name"]);
        let entry = (!changed.is_empty()).then(|| here.entry("setting_changed", None, "", changed));
        Ok::<_, Failure>(Along { audit: entry.into_iter().collect(), ..Along::default() })
    };
    let facility = here.desk.facility_change(here.facility, change).await?;
    Ok(Json((&facility).into()))
}
