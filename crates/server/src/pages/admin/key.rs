//! Keys: for screens in the corridor, websites, programs.

use askama::Template;
use axum::response::Response;
use baari_access::Action;
use baari_store::{Doctor, Key};
use jiff::Timestamp;

use super::{Part, doctors, parts};
use crate::access::Here;
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};

/// Keys of the list.
const KEYS_MAX: u32 = 500;

#[derive(Template)]
#[template(path = "admin/keys.html")]
struct Keys {
    shell: Shell,
    parts: Vec<Part>,
    keys: Vec<Key>,
    doctors: Vec<Doctor>,
}

impl Keys {
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

pub(crate) async fn page(here: Here, reader: Reader) -> Answer<Response> {
    let mut keys = here.desk.store().key_list(here.facility, None, KEYS_MAX).await?;
    keys.sort_by_key(|key| (key.revoked_at.is_some(), std::cmp::Reverse(key.created_at)));
    let doctors = doctors(&here).await?;
    let shell = Shell::new(&here, &reader, "admin").await?;
    let parts = parts(&shell, "key");
    Ok(reader.page(&Keys { shell, parts, keys, doctors }))
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
