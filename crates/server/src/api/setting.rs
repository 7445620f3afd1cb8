//! The facility and its settings.

use axum::Json;
use axum::extract::State;
use baari_store::Facility;

use crate::app::App;
use crate::body::Body;
use crate::failure::{Answer, Failure};
use crate::problem::Problem;
use crate::wire::{ChangeSettingBody, SettingBody};

/// Read the settings
#[utoipa::path(get, path = "/api/setting", tag = "setting",
    responses((status = 200, body = SettingBody), (status = "default", body = Problem)))]
pub(super) async fn read(State(app): State<App>) -> Answer<Json<SettingBody>> {
    Ok(Json((&app.desk.facility_get(app.facility).await?).into()))
}

/// Change the settings
///
/// A change of the policy reorders the queues at once; a change of the bands counts for new tokens.
#[utoipa::path(patch, path = "/api/setting", tag = "setting", request_body = ChangeSettingBody,
    responses((status = 200, body = SettingBody), (status = "default", body = Problem)))]
pub(super) async fn change(
    State(app): State<App>,
    body: Body<ChangeSettingBody>,
) -> Answer<Json<SettingBody>> {
    let change = |facility: &mut Facility| body.value.apply(facility).map_err(Failure::from);
    let facility = app.desk.facility_change(app.facility, change).await?;
    Ok(Json((&facility).into()))
}
