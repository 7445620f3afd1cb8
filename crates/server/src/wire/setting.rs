//! The facility and its settings on the wire.

use std::collections::BTreeMap;

use baari_engine::{Band, Source};
use baari_store::Facility;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{typed, words};
use crate::problem::{self, Problem};

/// The facility and its settings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettingBody {
    pub(crate) facility_id: uuid::Uuid,
    pub(crate) name: String,
    /// An IANA name.
    #[schema(example = "Asia/Kolkata")]
    pub(crate) time_zone: String,
    /// How the queue is ordered: band, target, fcfs, strict or apq.
    pub(crate) policy: &'static str,
    /// Patients must say that they are here.
    pub(crate) check_in: bool,
    /// The band of each source, 1 to 9; the lower goes first.
    pub(crate) bands: BTreeMap<&'static str, u8>,
    /// Policy target: how long each source can fairly wait.
    pub(crate) allowances_minutes: BTreeMap<&'static str, f64>,
    /// Policy apq: how fast each source gains priority.
    pub(crate) rates: BTreeMap<&'static str, f64>,
    /// So many minutes after a call the token is passed when nobody comes.
    pub(crate) grace_minutes: f64,
    /// Behind how many present people somebody who missed the call rejoins.
    pub(crate) rejoin_behind: u8,
    /// How often one may rejoin.
    pub(crate) rejoins_max: u8,
    /// Tokens of later slots whose patients agreed to come earlier move up when a seat becomes free.
    pub(crate) pull_forward: bool,
    /// A higher band that finds the current slot full may move its last, lowest, not yet present token on.
    pub(crate) displacement: bool,
    /// When a doctor leaves, patients without a later slot go to other doctors of the same speciality.
    pub(crate) other_doctors: bool,
}

impl From<&Facility> for SettingBody {
    fn from(facility: &Facility) -> Self {
        fn map<T>(value: impl Fn(Source) -> T) -> BTreeMap<&'static str, T> {
            Source::ALL.into_iter().map(|source| (source.name(), value(source))).collect()
        }
        let settings = &facility.settings;
        Self {
            facility_id: facility.id.as_uuid(),
            name: facility.name.clone(),
            time_zone: facility.zone.iana_name().unwrap_or("UTC").to_owned(),
            policy: settings.policy.name(),
            check_in: settings.check_in,
            bands: map(|source| settings.bands[source].number()),
            allowances_minutes: map(|source| settings.allowances[source].as_secs_f64() / 60.0),
            rates: map(|source| f64::from(settings.rates_milli[source]) / 1_000.0),
            grace_minutes: settings.grace.as_secs_f64() / 60.0,
            rejoin_behind: settings.rejoin_behind,
            rejoins_max: settings.rejoins_max,
            pull_forward: settings.pull_forward,
            displacement: settings.displacement,
            other_doctors: settings.other_doctors,
        }
    }
}

/// A change of the settings; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeSettingBody {
    pub(crate) name: Option<String>,
    pub(crate) time_zone: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) check_in: Option<bool>,
    #[serde(default)]
    pub(crate) bands: BTreeMap<String, u8>,
    #[serde(default)]
    pub(crate) allowances_minutes: BTreeMap<String, f64>,
    #[serde(default)]
    pub(crate) rates: BTreeMap<String, f64>,
    #[schema(minimum = 0.5, maximum = 240)]
    pub(crate) grace_minutes: Option<f64>,
    #[schema(maximum = 255)]
    pub(crate) rejoin_behind: Option<u8>,
    #[schema(maximum = 255)]
    pub(crate) rejoins_max: Option<u8>,
    pub(crate) pull_forward: Option<bool>,
    pub(crate) displacement: Option<bool>,
    pub(crate) other_doctors: Option<bool>,
}

impl ChangeSettingBody {
    pub(crate) fn apply(self, facility: &mut Facility) -> Result<(), Problem> {
        let wrong = |field: &str, detail: &str| Problem::new(problem::FIELD_WRONG, detail).field(field);
        if let Some(name) = self.name {
            facility.name = words("name", &name, 1, 120)?;
        }
        if let Some(zone) = self.time_zone {
            let detail = "choose a time zone by its place, for example Asia/Kolkata";
            let place = zone == "UTC" || (zone.contains('/') && !zone.starts_with("Etc/"));
            let found = TimeZone::get(&zone).ok().filter(|zone| place && !zone.is_unknown());
            facility.zone = found.ok_or_else(|| wrong("time_zone", detail))?;
        }
        let settings = &mut facility.settings;
        if let Some(policy) = self.policy {
            settings.policy = typed("policy", &policy)?;
        }
        settings.check_in = self.check_in.unwrap_or(settings.check_in);
        settings.rejoin_behind = self.rejoin_behind.unwrap_or(settings.rejoin_behind);
        settings.rejoins_max = self.rejoins_max.unwrap_or(settings.rejoins_max);
        settings.pull_forward = self.pull_forward.unwrap_or(settings.pull_forward);
        settings.displacement = self.displacement.unwrap_or(settings.displacement);
        settings.other_doctors = self.other_doctors.unwrap_or(settings.other_doctors);
        if let Some(minutes) = self.grace_minutes {
            if !(0.5..=240.0).contains(&minutes) {
                return Err(wrong("grace_minutes", "the time to come after a call is 0.5 to 240 minutes"));
            }
            settings.grace = SignedDuration::from_secs_f64((minutes * 60.0).round());
        }
        for (source, number) in self.bands {
            let band = Band::new(number).ok_or_else(|| wrong("bands", "a band is 1 to 9"))?;
            settings.bands[typed::<Source>("bands", &source)?] = band;
        }
        for (source, minutes) in self.allowances_minutes {
            if !(0.0..=1_440.0).contains(&minutes) {
                return Err(wrong("allowances_minutes", "an allowance is 0 to 1440 minutes"));
            }
            // Whole seconds: that is what the databases keep.
            let seconds = SignedDuration::from_secs_f64((minutes * 60.0).round());
            settings.allowances[typed::<Source>("allowances_minutes", &source)?] = seconds;
        }
        for (source, rate) in self.rates {
            if !(0.001..=1_000.0).contains(&rate) {
                return Err(wrong("rates", "a rate is 0.001 to 1000"));
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 1,000,000")]
            let milli = (rate * 1_000.0).round() as u32;
            settings.rates_milli[typed::<Source>("rates", &source)?] = milli;
        }
        Ok(())
    }
}
