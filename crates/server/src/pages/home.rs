//! The first page: everybody is sent to where they work.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use baari_store::Role;

use super::shell::{Reader, Shell};
use crate::access::Here;
use crate::failure::Answer;

/// On an open server, and for programs: all the places there are.
#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    shell: Shell,
}

pub(super) async fn page(here: Here, reader: Reader) -> Answer<Response> {
    Ok(match here.caller.principal.role {
        Some(Role::Doctor) => Redirect::to("/doctor").into_response(),
        Some(Role::Reception | Role::Supervisor) => Redirect::to("/desk").into_response(),
        Some(Role::Admin) | None => reader.page(&Home { shell: Shell::new(&here, &reader, "home").await? }),
    })
}
