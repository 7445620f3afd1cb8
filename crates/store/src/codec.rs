//! The text forms of engine types that both databases share.

use baari_engine::{Band, PerSource, Placed, Settings, Source, Standing};
use jiff::SignedDuration;

use crate::error::StoreError;

fn corrupt(what: &str, text: &str) -> StoreError {
    StoreError::Corrupt(format!("{what} {text:?}"))
}

/// Parses a column's text, or says which one can't be read.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn parse<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| corrupt(what, text))
}

/// How many numbers each band has issued: `0,0,0,2,0,0,0,0,0`.
pub fn issued_to_text(issued: &[u32; Band::COUNT]) -> String {
    issued.map(|count| count.to_string()).join(",")
}

/// Reads [`issued_to_text`] back.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn issued_from_text(text: &str) -> Result<[u32; Band::COUNT], StoreError> {
    let counts: Result<Vec<u32>, _> = text.split(',').map(str::parse).collect();
    counts.ok().and_then(|counts| counts.try_into().ok()).ok_or_else(|| corrupt("issued", text))
}

/// Where a token was placed: `policy tier from_ns rate_milli minor`.
pub fn placed_to_text(placed: &Placed) -> String {
    let Standing { tier, from_ns, rate_milli, minor } = placed.standing;
    format!("{} {tier} {from_ns} {rate_milli} {minor}", placed.policy)
}

/// Reads [`placed_to_text`] back.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn placed_from_text(text: &str) -> Result<Placed, StoreError> {
    let fields: Vec<&str> = text.split(' ').collect();
    let [policy, tier, from_ns, rate_milli, minor] = fields[..] else { return Err(corrupt("placed", text)) };
    let standing = Standing {
        tier: parse("placed", tier)?,
        from_ns: parse("placed", from_ns)?,
        rate_milli: parse("placed", rate_milli)?,
        minor: parse("placed", minor)?,
    };
    Ok(Placed { policy: parse("placed", policy)?, standing })
}

/// Reasons, one a line: code, tab, sentence.
pub fn reasons_to_text(reasons: &[(String, String)]) -> String {
    let lines: Vec<String> = reasons
        .iter()
        .map(|(code, text)| format!("{code}\t{}", text.replace(['\n', '\r', '\t'], " ")))
        .collect();
    lines.join("\n")
}

/// Reads [`reasons_to_text`] back.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn reasons_from_text(text: &str) -> Result<Vec<(String, String)>, StoreError> {
    let line = |line: &str| line.split_once('\t').map(|(code, text)| (code.to_owned(), text.to_owned()));
    text.lines().map(|text| line(text).ok_or_else(|| corrupt("reasons", text))).collect()
}

/// Settings as rows of key and value.
pub fn settings_to_rows(settings: &Settings) -> Vec<(String, String)> {
    let mut rows = vec![
        ("policy".to_owned(), settings.policy.to_string()),
        ("check_in".to_owned(), settings.check_in.to_string()),
        ("grace_us".to_owned(), settings.grace.as_micros().to_string()),
        ("pull_forward".to_owned(), settings.pull_forward.to_string()),
        ("displacement".to_owned(), settings.displacement.to_string()),
        ("other_doctors".to_owned(), settings.other_doctors.to_string()),
        ("rejoin_behind".to_owned(), settings.rejoin_behind.to_string()),
        ("rejoins_max".to_owned(), settings.rejoins_max.to_string()),
    ];
    for source in Source::ALL {
        rows.push((format!("band.{source}"), settings.bands[source].to_string()));
        rows.push((format!("allowance_us.{source}"), settings.allowances[source].as_micros().to_string()));
        rows.push((format!("rate_milli.{source}"), settings.rates_milli[source].to_string()));
    }
    rows
}

/// Reads [`settings_to_rows`] back; what is missing has its default, so that a newer program can read an older database.
///
/// # Errors
/// [`StoreError::Corrupt`] for a value that can't be read. Unknown keys are left alone: a newer program wrote them.
pub fn settings_from_rows<'a>(
    rows: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Settings, StoreError> {
    let mut settings = Settings::default();
    for (key, value) in rows {
        match key {
            "policy" => settings.policy = parse(key, value)?,
            "check_in" => settings.check_in = parse(key, value)?,
            "grace_us" => settings.grace = SignedDuration::from_micros(parse(key, value)?),
            "pull_forward" => settings.pull_forward = parse(key, value)?,
            "displacement" => settings.displacement = parse(key, value)?,
            "other_doctors" => settings.other_doctors = parse(key, value)?,
            "rejoin_behind" => settings.rejoin_behind = parse(key, value)?,
            "rejoins_max" => settings.rejoins_max = parse(key, value)?,
            _ => per_source(&mut settings, key, value)?,
        }
    }
    Ok(settings)
}

fn per_source(settings: &mut Settings, key: &str, value: &str) -> Result<(), StoreError> {
    let Some((what, source)) = key.split_once('.') else { return Ok(()) };
    let Ok(source) = source.parse::<Source>() else { return Ok(()) };
    fn put<T>(values: &mut PerSource<T>, source: Source, value: T) {
        values[source] = value;
    }
    match what {
        "band" => {
            let band = Band::new(parse(key, value)?).ok_or_else(|| corrupt(key, value))?;
            put(&mut settings.bands, source, band);
        }
        "allowance_us" => {
            put(&mut settings.allowances, source, SignedDuration::from_micros(parse(key, value)?));
        }
        "rate_milli" => put(&mut settings.rates_milli, source, parse(key, value)?),
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use baari_engine::PolicyKind;

    #[test]
    fn settings_read_back_as_written() {
        let mut settings = Settings { policy: PolicyKind::Target, check_in: false, ..Settings::default() };
        settings.bands[Source::Online] = Band::new(5).unwrap();
        settings.allowances[Source::WalkIn] = SignedDuration::from_mins(30);
        settings.rates_milli[Source::Online] = 1_500;
        settings.grace = SignedDuration::from_micros(90_000_001);
        (settings.rejoin_behind, settings.rejoins_max) = (7, 9);
        for (pull_forward, displacement, other_doctors) in
            [(true, false, true), (false, true, true), (false, false, false)]
        {
            let settings = Settings { pull_forward, displacement, other_doctors, ..settings.clone() };
            let rows = settings_to_rows(&settings);
            let read = settings_from_rows(rows.iter().map(|(key, value)| (key.as_str(), value.as_str())));
            assert_eq!(read, Ok(settings));
        }
        let rows = settings_to_rows(&settings);
        let read = settings_from_rows(rows.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        assert_eq!(read, Ok(settings));
        assert!(settings_from_rows([("band.online", "12")]).is_err());
        assert_eq!(settings_from_rows([("from_the_future", "1")]), Ok(Settings::default()));
    }

    #[test]
    fn placed_issued_and_reasons_read_back_as_written() {
        let standing = Standing { tier: 1, from_ns: 1_770_000_000_000_000_000, rate_milli: 1_500, minor: -3 };
        let placed = Placed { policy: PolicyKind::Apq, standing };
        assert_eq!(placed_from_text(&placed_to_text(&placed)), Ok(placed));
        assert!(placed_from_text("apq 1 2").is_err());
        let issued = [0, 1, 2, 3, 4, 5, 6, 7, 999_999];
        assert_eq!(issued_from_text(&issued_to_text(&issued)), Ok(issued));
        assert!(issued_from_text("1,2").is_err());
        let reasons = vec![
            ("overridden".to_owned(), "as told:\nyes".to_owned()),
            ("ahead".to_owned(), "3.".to_owned()),
        ];
        let read = reasons_from_text(&reasons_to_text(&reasons)).unwrap();
        assert_eq!(read[0].1, "as told: yes");
        assert_eq!(read[1], reasons[1]);
    }
}
