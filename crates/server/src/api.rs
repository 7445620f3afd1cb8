//! The routes, by resource, and the document that describes them.

mod audit;
mod difference;
mod doctor;
mod health;
mod key;
pub(crate) mod live;
mod moving;
pub(crate) mod own;
pub(crate) mod patient;
mod printer;
mod report;
mod room;
mod schedule;
mod session;
mod setting;
mod slot;
mod story;
mod token;
mod user;
pub(crate) mod whereabouts;

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use baari_access::Action;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config, SwaggerUi};

#[cfg(feature = "oidc")]
use crate::access::elsewhere;
use crate::access::{Guarded, guard_one};
use crate::app::App;
use crate::problem::{self, PROBLEMS, Problem};

pub(crate) use audit::{TrailParams, trail_page};
pub(crate) use room::leave_planned;
pub(crate) use slot::slot_changed;

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
        (name = "report", description = "How days went, in figures"),
        (name = "setting", description = "The facility"),
        (name = "session", description = "Signing in and out"),
        (name = "user", description = "The people who sign in"),
        (name = "key", description = "Keys of programs and screens"),
        (name = "audit", description = "Who did, saw and took away what of whom")
    ),
    modifiers(&Ways)
)]
struct Document;

/// How one shows who one is.
struct Ways;

impl Modify for Ways {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-baari")));
        components.add_security_scheme("session", cookie);
        components.add_security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// Every operation, with the action that it is in the table of who may do what.
fn described(app: Option<&App>) -> OpenApiRouter<App> {
    use Action::{
        AuditExport, AuditRead, BoardRead, ClockSet, DoctorChange, DoctorLeave, DoctorList, FeedRead,
        KeyManage, OwnPage, PatientChange, PatientErase, PatientExport, PatientFind, PatientRead, QueueRead,
        ReportRead, RoomRun, ScheduleChange, ScheduleRead, SessionOpen, SessionOwn, SettingChange,
        SettingRead, SlotChange, SlotRead, TokenBook, TokenChange, TokenList, TokenPrint, TokenRead,
        UserManage, WaitlistRead,
    };
    Guarded::new(app.cloned(), OpenApiRouter::with_openapi(Document::openapi()))
        .to(TokenBook, routes!(token::book))
        .to(TokenList, routes!(token::list))
        .to(TokenRead, routes!(token::read))
        .to(TokenChange, routes!(token::change))
        .to(TokenChange, routes!(token::status))
        .to(TokenRead, routes!(story::why))
        .to(TokenChange, routes!(moving::place))
        .to(TokenChange, routes!(moving::rejoin))
        .to(TokenChange, routes!(moving::recall))
        .to(SettingRead, routes!(printer::list))
        .to(TokenPrint, routes!(printer::print))
        .to(WaitlistRead, routes!(story::waitlist))
        .to(DoctorChange, routes!(doctor::create))
        .to(DoctorList, routes!(doctor::list))
        .to(QueueRead, routes!(doctor::queue))
        .to(DoctorChange, routes!(doctor::change))
        .to(RoomRun, routes!(room::next))
        .to(RoomRun, routes!(room::undo))
        .to(RoomRun, routes!(room::delay))
        .to(DoctorLeave, routes!(room::leave))
        .to(QueueRead, routes!(live::doctor))
        .to(BoardRead, routes!(live::board))
        .to(OwnPage, routes!(live::token))
        .to(PatientChange, routes!(patient::create))
        .to(PatientFind, routes!(patient::list))
        .to(PatientRead, routes!(patient::read))
        .to(PatientChange, routes!(patient::change))
        .to(PatientExport, routes!(patient::export))
        .to(PatientErase, routes!(patient::erase))
        .to(SlotChange, routes!(slot::create))
        .to(SlotRead, routes!(slot::list))
        .to(SlotChange, routes!(slot::generate))
        .to(SlotRead, routes!(slot::read))
        .to(SlotChange, routes!(slot::change))
        .to(ScheduleChange, routes!(schedule::create))
        .to(ScheduleRead, routes!(schedule::list))
        .to(ScheduleChange, routes!(schedule::remove))
        .to(SettingRead, routes!(setting::read))
        .to(SettingChange, routes!(setting::change))
        .to(SettingRead, routes!(story::clock))
        .to(ClockSet, routes!(story::set_clock))
        .to(FeedRead, routes!(story::feed))
        .to(ReportRead, routes!(report::read))
        .to(SessionOpen, routes!(session::open))
        .to(SessionOwn, routes!(session::read))
        .to(SessionOwn, routes!(session::close))
        .to(SessionOwn, routes!(session::change_password))
        .to(UserManage, routes!(user::create))
        .to(UserManage, routes!(user::list))
        .to(UserManage, routes!(user::read))
        .to(UserManage, routes!(user::change))
        .to(UserManage, routes!(user::reset))
        .to(KeyManage, routes!(key::create))
        .to(KeyManage, routes!(key::list))
        .to(KeyManage, routes!(key::revoke))
        .to(AuditRead, routes!(audit::list))
        .to(AuditExport, routes!(audit::export))
        .done()
}

/// The OpenAPI 3.1 document of this API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described(None).into_openapi()
}

pub(crate) fn routes(app: App) -> Router {
    let (router, document) = described(Some(&app)).split_for_parts();
    let metrics = guard_one(&app, Action::MetricsRead, get(health::metrics));
    #[cfg(feature = "oidc")]
    let router = router.merge(elsewhere::routes());
    router
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", metrics)
        .merge(crate::pages::routes(&app))
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
