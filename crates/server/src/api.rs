//! The routes, by resource, and the document that describes them.

mod doctor;
mod health;
mod live;
mod moving;
mod patient;
mod room;
mod schedule;
mod setting;
mod slot;
mod story;
mod token;
mod whereabouts;

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::app::App;
use crate::problem::{self, PROBLEMS, Problem};

/// What the document says of the whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Baari",
        description = "Tokens for an outpatient department: allocated by priority, kept in order, explained. \
                       Errors are problem documents (RFC 9457); every POST takes an Idempotency-Key."
    ),
    tags(
        (name = "token", description = "Booking, status, place"),
        (name = "doctor", description = "Doctors and their queues"),
        (name = "room", description = "The doctor's room: next, undo, late, leave"),
        (name = "patient", description = "Patients"),
        (name = "slot", description = "Slots and schedules"),
        (name = "live", description = "Server-sent events: each carries the whole of what its client shows"),
        (name = "event", description = "What happened"),
        (name = "setting", description = "The facility")
    )
)]
struct Document;

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(token::book))
        .routes(routes!(token::list))
        .routes(routes!(token::read, token::change))
        .routes(routes!(token::status))
        .routes(routes!(story::why))
        .routes(routes!(story::feed))
        .routes(routes!(story::waitlist))
        .routes(routes!(story::clock, story::set_clock))
        .routes(routes!(moving::place))
        .routes(routes!(moving::rejoin))
        .routes(routes!(moving::recall))
        .routes(routes!(doctor::create, doctor::list))
        .routes(routes!(doctor::queue, doctor::change))
        .routes(routes!(room::next))
        .routes(routes!(room::undo))
        .routes(routes!(room::delay))
        .routes(routes!(room::leave))
        .routes(routes!(live::doctor))
        .routes(routes!(live::board))
        .routes(routes!(live::token))
        .routes(routes!(patient::create, patient::list))
        .routes(routes!(patient::read, patient::change))
        .routes(routes!(slot::create, slot::list))
        .routes(routes!(slot::generate))
        .routes(routes!(slot::read, slot::change))
        .routes(routes!(schedule::create, schedule::list))
        .routes(routes!(schedule::remove))
        .routes(routes!(setting::read, setting::change))
}

/// The OpenAPI 3.1 document of this API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

pub(crate) fn routes(app: App) -> Router {
    let (router, document) = described().split_for_parts();
    router
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/problem/{code}", get(describe_problem))
        .with_state(app)
        // Otherwise the page would have a stranger's server read the description.
        .merge(
            SwaggerUi::new("/docs")
                .config(Config::default().validator_url("none"))
                .url("/openapi.json", document),
        )
}

/// What a problem's `type` points to.
async fn describe_problem(Path(code): Path<String>) -> Result<String, Problem> {
    let kind = PROBLEMS.iter().find(|kind| kind.code == code);
    let unknown =
        || Problem::new(problem::PATH_UNKNOWN, "there is no such problem: see docs/api.md for all of them");
    kind.map(|kind| format!("{}\n\n{} (HTTP status {})\n", kind.code, kind.title, kind.status))
        .ok_or_else(unknown)
}
