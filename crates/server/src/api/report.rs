//! The report, for programs and for spreadsheets.

use std::collections::HashMap;

use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use baari_engine::DoctorId;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Here;
use crate::body::Params;
use crate::failure::Answer;
use crate::problem::{self, Problem};
use crate::report::{self, Range};
use crate::wire::{ReportBody, optional_date, typed};

/// Of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportParams {
    /// From this date on; today if not given.
    #[serde(default, deserialize_with = "optional_date")]
    from: Option<Date>,
    /// Up to this date, included, 92 dates at most; only `from` if not given.
    #[serde(default, deserialize_with = "optional_date")]
    to: Option<Date>,
    /// Of this doctor; of all if not given.
    #[param(value_type = Option<uuid::Uuid>)]
    doctor_id: Option<String>,
    /// `json` or `csv`; what `Accept` asks for if not given.
    format: Option<String>,
}

/// Read how days went
///
/// Figures in all, by date, by doctor, by source and by hour, without any patient's name: tokens and what became of them, waits,
/// visits, use of the slots, and how good the estimates were. As JSON; as CSV, which also has the doctors' names, with `format=csv` or
/// `Accept: text/csv`.
#[utoipa::path(get, path = "/api/report", tag = "report", params(ReportParams),
    responses((status = 200, content((ReportBody = "application/json"), (String = "text/csv"))),
        (status = "default", body = Problem)))]
pub(super) async fn read(
    here: Here,
    headers: HeaderMap,
    Params(params): Params<ReportParams>,
) -> Answer<Response> {
    let as_csv = match params.format.as_deref() {
        None => prefers_csv(&headers),
        Some("json") => false,
        Some("csv") => true,
        Some(_) => {
            return Err(Problem::new(problem::FIELD_WRONG, "format is json or csv").field("format").into());
        }
    };
    let doctor = params.doctor_id.map(|id| typed::<DoctorId>("doctor_id", &id)).transpose()?;
    let from = match params.from {
        Some(from) => from,
        None => here.desk.today(here.facility).await?,
    };
    let range = Range::new(from, params.to.unwrap_or(from))?;
    let body = report::of(&here, range, doctor).await?;
    if as_csv { spreadsheet(&here, &body).await } else { Ok(Json(body).into_response()) }
}

async fn spreadsheet(here: &Here, body: &ReportBody) -> Answer<Response> {
    let mut doctors = HashMap::new();
    for id in body.doctors.iter().map(|of| of.doctor_id) {
        doctors.insert(id, here.desk.doctor(here.facility, DoctorId::from_uuid(id)).await?.name.clone());
    }
    let name = format!("attachment; filename=\"baari-report-{}-{}.csv\"", body.from, body.to);
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    let defect = |_| Problem::new(problem::DEFECT, "the table could not be written: ask for JSON");
    Ok((headers, body.csv(&doctors).map_err(defect)?).into_response())
}

/// Of JSON and CSV, CSV is named first, or alone.
fn prefers_csv(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let kinds = accepted
        .flat_map(|list| list.split(','))
        .map(|part| part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let mut known = kinds.filter(|kind| matches!(kind.as_str(), "text/csv" | "application/json" | "*/*"));
    known.next().is_some_and(|kind| kind == "text/csv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_is_sent_to_whoever_prefers_one() {
        for (accept, csv) in [
            (None, false),
            (Some("*/*"), false),
            (Some("text/csv"), true),
            (Some("Text/CSV; charset=utf-8, */*;q=0.1"), true),
            (Some("application/json, text/csv"), false),
            (Some("text/html, text/csv"), true),
            (Some("text/html"), false),
        ] {
            let headers = accept.map(|accept| (header::ACCEPT, accept.parse().unwrap()));
            assert_eq!(prefers_csv(&headers.into_iter().collect()), csv, "{accept:?}");
        }
    }
}
