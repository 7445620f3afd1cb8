//! Keys: for screens in the corridor, websites, programs.

use askama::Template;
use axum::response::Response;
use baari_access::Action;
use baari_store::{Doctor, Key};
use jiff::Timestamp;
use serde::Deserialize;

use super::list::{Find, Listed};
use super::{Part, all_doctors, doctors, is_here, parts};
use crate::access::Here;
use crate::api::live::BOARD_MAX;
use crate::body::Params;
use crate::failure::Answer;
use crate::pages::board::Far;
use crate::pages::shell::{Reader, Shell};

/// Keys read at a time.
const PAGE: u32 = 500;

#[derive(Template)]
#[template(path = "admin/keys.html")]
struct Keys {
    shell: Shell,
    parts: Vec<Part>,
    list: Listed<Key>,
    doctors: Vec<Doctor>,
}

impl Keys {
    fn working(&self) -> Vec<&Doctor> {
        self.doctors.iter().filter(|doctor| is_here(doctor)).collect()
    }

    /// What a key may be made for.
    fn scopes() -> Vec<&'static str> {
        let for_keys = Action::ALL.iter().filter(|action| action.is_for_keys());
        for_keys.map(|action| action.name()).collect()
    }

    /// What the key of a kiosk is made for.
    fn for_a_kiosk() -> String {
        Action::KIOSK.map(Action::name).join(" ")
    }

    fn doctors_of(&self, key: &Key) -> String {
        let mine = self.doctors.iter().filter(|doctor| key.doctors.contains(&doctor.id));
        let names: Vec<&str> = mine.map(|doctor| &*doctor.name).collect();
        names.join(", ")
    }

    /// Whether it opens something, is over, or was taken back.
    fn state(&self, key: &Key) -> &'static str {
        match key.revoked_at {
            Some(_) => "revoked",
            None if key.expires_at <= self.shell.now => "over",
            None => "good",
        }
    }

    fn day(&self, at: &Timestamp) -> String {
        let date = self.shell.zone.to_datetime(*at).date();
        self.shell.t.date_of_year(date)
    }
}

/// All keys that ever were: those that open something first, the newest before the others.
async fn all(here: &Here) -> Answer<Vec<Key>> {
    let (now, mut all) = (here.desk.now(), Vec::<Key>::new());
    loop {
        let after = all.last().map(|key| key.id);
        let page = here.desk.store().key_list(here.facility, after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        all.extend(page);
        if is_last {
            break;
        }
    }
    let is_good = |key: &Key| key.revoked_at.is_none() && now < key.expires_at;
    all.sort_by_key(|key| (!is_good(key), std::cmp::Reverse(key.created_at)));
    Ok(all)
}

pub(crate) async fn page(here: Here, reader: Reader, Params(find): Params<Find>) -> Answer<Response> {
    let list = Listed::new("/admin/key", all(&here).await?, find, |key| [&key.name, ""]);
    let doctors = all_doctors(&here).await?;
    let shell = Shell::new(&here, &reader, "admin").await?;
    let parts = parts(&shell, "key");
    Ok(reader.page(&Keys { shell, parts, list, doctors }))
}

/// Of how many doctors a screen is, for whom a key was made; of all if it names none.
#[derive(Debug, Deserialize)]
pub(crate) struct Screen {
    #[serde(default)]
    doctors: usize,
}

/// From how far such a screen can be read.
pub(crate) async fn far(here: Here, reader: Reader, Params(screen): Params<Screen>) -> Answer<Response> {
    let shown = if screen.doctors > 0 { screen.doctors } else { doctors(&here).await?.len() };
    Ok(reader.part(&Far { t: reader.texts, tiles: shown.min(BOARD_MAX) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::texts::Texts;

    #[test]
    fn everything_that_a_key_may_do_has_words() {
        let lacking = |scope: &&str| !Texts::english().has("admin-scope", scope);
        assert_eq!(Keys::scopes().into_iter().filter(lacking).collect::<Vec<_>>(), [""; 0]);
    }
}
