//! The pages: what people look at. They only read: every change that somebody makes on a page is a call of the API, so there
//! is one way to change anything, one table that says who may, and one place that refuses.
//!
//! A page is a view (a struct of what is shown), a template (`templates/`), texts (`locales/`, a file per language) and a
//! guarded route. What moves is a fragment that a live stream carries whole (`live.rs`).
//!
//! Start reading at `shell.rs` (what is around every page), then `home.rs`, the smallest page.

mod admin;
mod assets;
<<<<<<< HEAD
mod board;
mod demo;
=======
mod chart;
>>>>>>> 28c767b (Report: how days went, in figures and pictures)
mod home;
mod live;
mod number;
mod queue;
mod report;
mod retold;
mod room;
mod shell;
mod sign_in;
mod texts;
mod trouble;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get};
use baari_access::Action;

use crate::access::guard_one;
use crate::app::App;

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
<<<<<<< HEAD
    use Action::{BoardRead, DoctorList, QueueRead, SessionOpen, SessionOwn};
    let mut pages = Pages { app: app.cloned(), router: Router::new(), known: Vec::new() };
    if app.is_some_and(|app| app.access.demo().is_some()) {
        pages = demo::described(pages);
    }
    pages = admin::routes(pages);
=======
    use Action::{DoctorList, QueueRead, ReportRead, SessionOpen, SessionOwn};
    let pages = Pages { app: app.cloned(), router: Router::new(), known: Vec::new() };
    let pages = admin::routes(pages);
>>>>>>> 28c767b (Report: how days went, in figures and pictures)
    pages
        .to(SessionOpen, "/sign-in", get(sign_in::page).post(sign_in::enter))
        .to(SessionOwn, "/password", get(sign_in::password))
        .to(DoctorList, "/", get(home::page))
        .to(DoctorList, "/doctor", get(room::choose))
        .to(QueueRead, "/doctor/{id}", get(room::page))
        .to(QueueRead, "/doctor/{id}/live", get(room::live))
<<<<<<< HEAD
        // Anybody: a screen comes here with its key.
        .to(SessionOpen, "/board", get(board::choose))
        .to(SessionOpen, "/board/open", get(board::to_choose).post(board::open))
        .to(BoardRead, "/board/{ids}", get(board::page))
        .to(BoardRead, "/board/{ids}/live", get(board::live))
=======
        .to(ReportRead, "/report", get(report::page))
>>>>>>> 28c767b (Report: how days went, in figures and pictures)
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
