//! The people who sign in: who they are, what they work as, whether they may come in.

use askama::Template;
use axum::response::Response;
use baari_desk::DeskError;
use baari_engine::{DoctorId, UserId};
use baari_store::{Doctor, Role, User};

use super::list::{Find, Listed};
use super::{PEOPLE_MAX, Part, all_doctors, is_here, parts};
use crate::access::Here;
use crate::body::{Id, Params};
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};
use crate::pages::texts::Texts;

#[derive(Template)]
#[template(path = "admin/users.html")]
struct Users {
    shell: Shell,
    parts: Vec<Part>,
    list: Listed<User>,
    doctors: Vec<Doctor>,
    roles: [Role; 4],
}

impl Users {
    fn working(&self) -> impl Iterator<Item = &Doctor> {
        self.doctors.iter().filter(|doctor| is_here(doctor))
    }

    fn doctor(&self, id: &Option<DoctorId>) -> &str {
        let found = self.doctors.iter().find(|doctor| Some(doctor.id) == *id);
        found.map_or("", |doctor| &doctor.name)
    }
}

pub(crate) async fn page(here: Here, reader: Reader, Params(find): Params<Find>) -> Answer<Response> {
    let users = here.desk.store().user_list(here.facility, None, PEOPLE_MAX).await?;
    let list = Listed::new("/admin/user", users, find, |user| [&user.called, &user.name]);
    let doctors = all_doctors(&here).await?;
    let shell = Shell::new(&here, &reader, "admin").await?;
    let parts = parts(&shell, "user");
    Ok(reader.page(&Users { shell, parts, list, doctors, roles: Role::ALL }))
}

/// Somebody to be changed.
#[derive(Template)]
#[template(path = "admin/user.html")]
struct One {
    t: Texts,
    user: User,
    doctors: Vec<Doctor>,
    roles: [Role; 4],
}

impl One {
    fn is_theirs(&self, doctor: &Doctor) -> bool {
        self.user.doctor == Some(doctor.id)
    }
}

pub(crate) async fn one(here: Here, reader: Reader, Id(id): Id<UserId>) -> Answer<Response> {
    let user = here.desk.store().user_get(here.facility, id).await?.ok_or(DeskError::Unknown("user"))?;
    let mut doctors = all_doctors(&here).await?;
    // Whoever has left may still be whose room it is.
    doctors.retain(|doctor| is_here(doctor) || user.doctor == Some(doctor.id));
    Ok(reader.part(&One { t: reader.texts, user, doctors, roles: Role::ALL }))
}
