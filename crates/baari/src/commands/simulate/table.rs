//! The day's figures as text tables, at most 100 columns wide.

use std::fmt::Write;

use baari_sim::{Estimates, Scenario, Summary, Turns, Waits};

/// Columns of a name.
const NAME: usize = 16;

/// The tables.
pub(super) fn render(scenario: &Scenario, summary: &Summary) -> String {
    let mut text = String::new();
    write_all(&mut text, scenario, summary).expect("a String takes all that is written to it");
    text
}

fn write_all(text: &mut String, scenario: &Scenario, summary: &Summary) -> std::fmt::Result {
    let (name, date, policy) = (shorten(&scenario.name, 30), scenario.date, scenario.settings.policy);
    let (doctors, patients) = (scenario.doctors.len(), scenario.patients.len());
    writeln!(text, "{name} · {date} · policy {policy} · {doctors} doctors · {patients} patients\n")?;

    writeln!(
        text,
        "{:NAME$}{:>7}{:>9}{:>9}{:>9}{:>9}",
        "Waits (minutes)", "seen", "mean", "P50", "P95", "max"
    )?;
    for (source, waits) in &summary.waits {
        wait_line(text, source.name(), waits)?;
    }
    wait_line(text, "all", &summary.all)?;

    counts(text, summary)?;
    estimates(text, summary)?;

    let header = ["visits", "busy", "idle", "overtime", "utilisation"];
    let [visits, busy, idle, overtime, utilisation] = header;
    writeln!(
        text,
        "{:NAME$}{visits:>7}{busy:>9}{idle:>9}{overtime:>10}{utilisation:>13}",
        "Doctors (minutes)"
    )?;
    for (plan, doctor) in scenario.doctors.iter().zip(&summary.doctors) {
        let name = shorten(&plan.name, NAME - 1);
        write!(text, "{name:NAME$} {:>7}{:>9.1}{:>9.1}", doctor.visits, doctor.busy_min, doctor.idle_min)?;
        writeln!(text, "{:>10.1}{:>11.1} %", doctor.overtime_min, doctor.utilisation * 100.0)?;
    }
    Ok(())
}

fn counts(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let Summary { tokens, no_shows, cancelled, refused, waitlisted, let_in, .. } = summary;
    writeln!(text, "\n{tokens} tokens · {no_shows} no-shows · {cancelled} cancelled · {refused} refused")?;
    let Turns {
        moved,
        to_other_doctor,
        displaced,
        pulled_forward,
        recalled,
        passed,
        rejoined,
        given_up,
        booked_anew,
        stranded,
    } = summary.turns;
    writeln!(text, "{waitlisted} waitlisted, {let_in} of them let in · {pulled_forward} came forward")?;
    write!(
        text,
        "{moved} moved to another slot · {to_other_doctor} to another doctor · {displaced} displaced"
    )?;
    writeln!(text, " · {stranded} stranded on the waiting list")?;
    write!(text, "{recalled} called once more · {passed} passed · {rejoined} rejoined")?;
    writeln!(text, " · {given_up} given up, {booked_anew} of them booked anew")
}

fn estimates(text: &mut String, summary: &Summary) -> std::fmt::Result {
    writeln!(text, "\nThe first promise was {:.1} minutes off on average.", summary.promise_error_min)?;
    let Estimates { count, error_min, too_early, inside_band } = summary.estimates;
    if count == 0 {
        return writeln!(text);
    }
    write!(
        text,
        "What {count} were told at check-in was {error_min:.1} minutes off, for {:.0} % ",
        too_early * 100.0
    )?;
    writeln!(text, "more than 10 too early.")?;
    if let Some(inside) = inside_band {
        writeln!(text, "{:.0} % were called inside the 80 % band that they were told.", inside * 100.0)?;
    }
    writeln!(text)
}

fn wait_line(text: &mut String, name: &str, waits: &Waits) -> std::fmt::Result {
    let Waits { count, mean_min, p50_min, p95_min, max_min } = waits;
    if *count == 0 {
        return writeln!(text, "{name:NAME$}{count:>7}{:>9}{:>9}{:>9}{:>9}", "–", "–", "–", "–");
    }
    writeln!(text, "{name:NAME$}{count:>7}{mean_min:>9.1}{p50_min:>9.1}{p95_min:>9.1}{max_min:>9.1}")
}

/// A name that keeps to its column, on one line.
pub(super) fn shorten(name: &str, columns: usize) -> String {
    let printable: String = name.chars().filter(|letter| !letter.is_control()).collect();
    if printable.chars().count() <= columns {
        return printable;
    }
    printable.chars().take(columns - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_to_their_columns() {
        assert_eq!(shorten("Dr Rao", 6), "Dr Rao");
        assert_eq!(shorten("Dr Ramanujan", 6), "Dr Ra…");
        assert_eq!(shorten("Dr\n\u{1b}[31mRao", 20), "Dr[31mRao");
    }
}
