//! The rules of the facility, each with what it does to patients.

use askama::Template;
use axum::response::Response;
use baari_engine::{PolicyKind, Source};

use super::{Part, parts};
use crate::access::Here;
use crate::failure::Answer;
use crate::pages::shell::{Reader, Shell};
use crate::wire::SettingBody;

#[derive(Template)]
#[template(path = "admin/setting.html")]
struct Setting {
    shell: Shell,
    parts: Vec<Part>,
    set: SettingBody,
}

impl Setting {
    fn policies(&self) -> Vec<(&'static str, bool)> {
        PolicyKind::all().map(|policy| (policy.name(), policy.name() == self.set.policy)).collect()
    }

    /// Band, allowance and rate of each source.
    fn sources(&self) -> Vec<(&'static str, u8, f64, f64)> {
        let set = &self.set;
        let of = |source: Source| {
            let name = source.name();
            (name, set.bands[name], set.allowances_minutes[name], set.rates[name])
        };
        Source::ALL.into_iter().map(of).collect()
    }

    /// What is on or off.
    fn switches(&self) -> [(&'static str, bool); 4] {
        let set = &self.set;
        [
            ("check_in", set.check_in),
            ("pull_forward", set.pull_forward),
            ("displacement", set.displacement),
            ("other_doctors", set.other_doctors),
        ]
    }
}

pub(crate) async fn page(here: Here, reader: Reader) -> Answer<Response> {
    let set = SettingBody::from(&here.desk.facility_get(here.facility).await?);
    let shell = Shell::new(&here, &reader, "admin").await?;
    Ok(reader.page(&Setting { parts: parts(&shell, "setting"), shell, set }))
}
