//! The pages: what people look at. They only read: every change that somebody makes on a page is a call of the API, so there
//! is one way to change anything, one table that says who may, and one place that refuses.
//!
//! A page is a view (a struct of what is shown), a template (`templates/`), texts (`locales/`, a file per language) and a
//! guarded route. What moves is a fragment that a live stream carries whole (`live.rs`).
//!
//! Start reading at `shell.rs` (what is around every page), then `home.rs`, the smallest page.

mod admin;
mod assets;
mod board;
mod chart;
mod demo;
mod desk;
mod home;
mod kiosk;
mod live;
mod number;
mod own;
mod prints;
mod qr;
mod queue;
mod report;
mod retold;
mod room;
mod shell;
mod sign_in;
mod slip;
mod texts;
mod trouble;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use baari_access::Action;

use crate::access::guard_one;
use crate::app::App;

pub use admin::ACTIONS;
pub(crate) use assets::asset;
pub(crate) use texts::Texts;
pub(crate) use trouble::in_their_language;

/// The pages' routes, each with the action that it is; there is no way to add one without.
struct Pages {
    app: Option<App>,
    router: Router<App>,
    known: Vec<(&'static str, Action)>,
}

impl Pages {
    fn to(mut self, action: Action, path: &'static str, methods: MethodRouter<App>) -> Self {
        self.known.push((path, action));
        if let Some(app) = &self.app {
            self.router = self.router.route(path, guard_one(app, action, methods));
        }
        self
    }
}

fn described(app: Option<&App>) -> Pages {
    use Action::{DoctorList, SessionOpen, SessionOwn};
    let mut pages = Pages { app: app.cloned(), router: Router::new(), known: Vec::new() };
    if app.is_some_and(|app| app.access.demo().is_some()) {
        pages = demo::described(pages);
    }
    let pages = pages
        .to(SessionOpen, "/sign-in", get(sign_in::page).post(sign_in::enter))
        .to(SessionOwn, "/password", get(sign_in::password))
        .to(DoctorList, "/", get(home::page));
    admin::routes(for_patients(for_rooms(for_the_desk(pages))))
}

fn for_the_desk(pages: Pages) -> Pages {
    use Action::{DoctorLeave, PatientFind, PatientRead, ReportRead, TokenChange, TokenRead};
    pages
        .to(PatientFind, "/desk", get(desk::page))
        .to(PatientFind, "/desk/live", get(desk::live))
        .to(PatientFind, "/desk/find", get(desk::find))
        .to(PatientFind, "/desk/offer", get(desk::offer))
        .to(TokenRead, "/desk/token/{id}/receipt", get(desk::receipt))
        .to(TokenChange, "/desk/token/{id}/cancel", get(desk::cancel))
        .to(TokenChange, "/desk/token/{id}/move", get(desk::change_place))
        .to(DoctorLeave, "/desk/doctor/{id}/away", get(desk::away))
        .to(PatientRead, "/desk/patient/{id}", get(desk::person))
        .to(TokenRead, "/slip/{id}", get(slip::page))
        .to(ReportRead, "/report", get(report::page))
}

fn for_rooms(pages: Pages) -> Pages {
    use Action::{BoardRead, DoctorList, QueueRead, SessionOpen};
    pages
        .to(DoctorList, "/doctor", get(room::choose))
        .to(QueueRead, "/doctor/{id}", get(room::page))
        .to(QueueRead, "/doctor/{id}/live", get(room::live))
        // Anybody: a screen comes here with its key.
        .to(SessionOpen, "/board", get(board::choose))
        .to(SessionOpen, "/board/open", get(board::to_choose).post(board::open))
        .to(BoardRead, "/board/{ids}", get(board::page))
        .to(BoardRead, "/board/{ids}/live", get(board::live))
}

fn for_patients(pages: Pages) -> Pages {
    use Action::{KioskUse, OwnPage, SessionOpen};
    pages
        .to(KioskUse, "/kiosk", get(kiosk::page))
        .to(SessionOpen, "/kiosk/open", get(board::kiosk_opens))
        .to(KioskUse, "/kiosk/people", get(kiosk::people))
        .to(KioskUse, "/kiosk/doctors", get(kiosk::doctors))
        .to(KioskUse, "/kiosk/scan", get(kiosk::scan))
        .to(KioskUse, "/kiosk/token/{id}", get(kiosk::token))
        .to(OwnPage, "/t/{code}", get(own::page))
        .to(OwnPage, "/t/{code}/live", get(own::live))
        .to(OwnPage, "/t/{code}/leave", get(own::ask).post(own::leave))
        .to(OwnPage, "/t/{code}/earlier", post(own::earlier))
}

/// The addresses of all pages, each with the name of the action that it is.
pub fn pages() -> Vec<(&'static str, &'static str)> {
    described(None).known.into_iter().map(|(path, action)| (path, action.name())).collect()
}

pub(crate) fn routes(app: &App) -> Router<App> {
    let mut pages = described(Some(app)).router;
    if app.access.demo().is_some() {
        pages = pages.layer(from_fn_with_state(app.clone(), demo::with_bar));
    }
    pages.merge(assets::routes())
}
