//! The figures as a table, beside the goals.

use std::fmt::{self, Write};

use super::report::{
    Answers, Bookings, Delay, Figures, Latency, Live, Reads, Report, Siege, SignedIn, Streams, Watch,
};

/// Columns of what is measured, and of each figure.
const WHAT: usize = 40;
const FIGURE: usize = 14;

/// What a rate should be.
struct Aims {
    bookings: [&'static str; 2],
    http_to_bare: &'static str,
}

const SQLITE: Aims = Aims { bookings: ["20,000 /s", "5,000 /s"], http_to_bare: "0.50" };
const POSTGRES: Aims = Aims { bookings: ["10,000 /s", "3,000 /s"], http_to_bare: "1.00" };
const ONE_DOCTOR: [&str; 2] = ["0.90", "0.80"];
const READS: &str = "60,000 /s";
const OPEN_LOOP: &str = "25.0 ms";
const LIVE: &str = "250.0 ms";
const MEMORY: &str = "1,024 B";
const OPEN_TO_SIGNED_IN: &str = "1.10";
const SIEGE: &str = "100.0 ms";

/// The table.
pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    write_all(&mut text, report).expect("a String takes all that is written to it");
    text
}

fn write_all(text: &mut String, report: &Report) -> fmt::Result {
    let (machine, settings) = (&report.machine, report.settings);
    let unknown = || "unknown".to_owned();
    writeln!(
        text,
        "{} cores ({}), {} of memory, Linux {}, load {} before",
        machine.cores,
        machine.cpu.clone().unwrap_or_else(unknown),
        machine
            .memory_bytes
            .map_or_else(unknown, |bytes| format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30))),
        machine.kernel.clone().unwrap_or_else(unknown),
        machine.load_average.map_or_else(unknown, |load| format!("{load:.1}")),
    )?;
    writeln!(
        text,
        "embedded database on {}; 4 KiB are durable in {}",
        machine.file_system.clone().unwrap_or_else(unknown),
        machine.sync_ms.map_or_else(unknown, |time| format!("{time:.2} ms")),
    )?;
    let (seconds, connections) = (settings.seconds, settings.connections);
    writeln!(
        text,
        "{connections} connections, {seconds} s each after {} s to warm up\n",
        super::WARM_UP_SECONDS
    )?;
    database(text, "SQLite", &SQLITE, &report.sqlite)?;
    if let Some(figures) = &report.postgres {
        database(text, "PostgreSQL", &POSTGRES, figures)?;
    }
    for failure in &report.failures {
        writeln!(text, "FAILED {}: {}", failure.part, failure.why)?;
    }
    Ok(())
}

fn database(text: &mut String, name: &str, aims: &Aims, figures: &Figures) -> fmt::Result {
    line(text, name, "measured", ["goal", "floor"])?;
    bookings(text, "bookings/s, 1,000 doctors", figures.spread.as_ref(), aims.bookings)?;
    bookings(text, "bookings/s, one doctor", figures.one_doctor.as_ref(), ["", ""])?;
    line(text, "one doctor ÷ 1,000 doctors", &ratio(figures.one_doctor_to_spread), ONE_DOCTOR)?;
    let (group, bare) =
        figures.bare.as_ref().map_or((None, None), |bare| (Some(bare.group), Some(bare.per_second)));
    let name = group.map_or_else(
        || "the database alone".to_owned(),
        |group| format!("the database alone, bookings/s, by {group}"),
    );
    line(text, &name, &rate(bare), ["", ""])?;
    line(text, "HTTP ÷ the database alone", &ratio(figures.http_to_bare), [aims.http_to_bare, ""])?;
    reads(text, "queue reads/s", figures.queue.as_ref(), READS)?;
    reads(text, "queue reads/s, unchanged (304)", figures.queue_unchanged.as_ref(), READS)?;
    match &figures.open_loop {
        Some(open) => {
            let name = format!("P99, open loop at {} /s", thousands(open.scheduled_per_second));
            line(text, &name, &format!("{:.1} ms", open.latency.p99_ms), [OPEN_LOOP, ""])?;
            latency(text, open.latency)?;
        }
        None => line(text, "P99, open loop", "–", [OPEN_LOOP, ""])?,
    }
    let memory = figures.memory.as_ref();
    let bytes =
        |bytes: Option<f64>| bytes.map_or("–".to_owned(), |bytes| format!("{} B", thousands(bytes)));
    line(text, "memory of a live token", &bytes(memory.map(|it| it.bytes_per_token)), [MEMORY, ""])?;
    line(
        text,
        "  and of its line in a kept answer",
        &bytes(memory.map(|it| it.bytes_per_token_read)),
        ["", ""],
    )?;
    live(text, figures.live.as_ref())?;
    signed_in(text, figures.signed_in.as_ref())?;
    siege(text, figures.siege.as_ref())?;
    writeln!(text)
}

fn live(text: &mut String, figures: Option<&Live>) -> fmt::Result {
    let Some(Live { many, few, .. }) = figures else {
        return line(text, "P99, change to live client", "–", [LIVE, ""]);
    };
    for (streams, goal) in [(many, LIVE), (few, "")] {
        let Streams { clients, deaf, from_request, from_answer, cores, .. } = streams;
        let name = format!("P99, change to {} live clients", thousands(*clients as f64));
        line(text, &name, &format!("{:.1} ms", from_request.p99_ms), [goal, ""])?;
        let delay = |Delay { p50_ms, p95_ms, max_ms, .. }: &Delay| {
            format!("P50 {p50_ms:.1} · P95 {p95_ms:.1} · max {max_ms:.1} ms")
        };
        writeln!(text, "  {}; P99 from the answer {:.1} ms", delay(from_request), from_answer.p99_ms)?;
        let [empty, open, after] = streams.resident_bytes.map(|bytes| bytes as f64 / f64::from(1 << 20));
        writeln!(
            text,
            "  {} messages/s, {deaf} clients that don't read; server {empty:.0} MiB, {open:.0} with the clients, {after:.0} \
             after {} changes; {cores}",
            thousands(streams.messages_per_second),
            streams.changes,
        )?;
    }
    Ok(())
}

fn signed_in(text: &mut String, figures: Option<&SignedIn>) -> fmt::Result {
    let Some(SignedIn { rounds, open, key, session, open_to_key, open_to_session, .. }) = figures else {
        return line(text, "open ÷ signed in", "–", [OPEN_TO_SIGNED_IN, ""]);
    };
    for (way, turns) in [("open", open), ("with a key", key), ("with a session", session)] {
        line(text, &format!("bookings/s by turns, {way}"), &rate(Some(turns.per_second)), ["", ""])?;
        latency(text, turns.latency)?;
        writeln!(text, "  server {:.0} µs of processor each; {}", turns.server_cpu_us, turns.cores)?;
    }
    for (way, ratios) in [("a key", open_to_key), ("a session", open_to_session)] {
        let figure = ratio(Some(ratios.median));
        line(text, &format!("open ÷ with {way}"), &figure, [OPEN_TO_SIGNED_IN, ""])?;
        let (lower, upper) = (ratios.lower_quartile, ratios.upper_quartile);
        writeln!(text, "  the middle of {rounds} rounds; half of them {lower:.2} to {upper:.2}")?;
    }
    Ok(())
}

fn siege(text: &mut String, figures: Option<&Siege>) -> fmt::Result {
    let Some(Siege { bookings_per_second, attempts_per_second, calm, one_address, many_addresses, .. }) =
        figures
    else {
        return line(text, "P99, desk while passwords are guessed", "–", [SIEGE, ""]);
    };
    let name = format!("P99, desk at {} /s, nobody guesses", thousands(*bookings_per_second));
    watch(text, &name, "", calm)?;
    for (from, figures) in [("one address", one_address), ("many", many_addresses)] {
        let name = format!("P99, {} guesses/s from {from}", thousands(*attempts_per_second));
        watch(text, &name, SIEGE, figures)?;
        let Answers { wrong, too_often, busy } = figures.answers;
        writeln!(text, "  guesses: {wrong} wrong (401), {too_often} too often (429), {busy} busy (503)")?;
    }
    Ok(())
}

fn watch(text: &mut String, name: &str, goal: &str, figures: &Watch) -> fmt::Result {
    line(text, name, &format!("{:.1} ms", figures.latency.p99_ms), [goal, ""])?;
    latency(text, figures.latency)?;
    let Watch { seconds, known_tried, known_let_in, known, cores, .. } = figures;
    let Latency { p50_ms, max_ms, .. } = known;
    writeln!(
        text,
        "  {seconds} s; known browser let in {known_let_in} times of {known_tried}, P50 {p50_ms:.0} · max {max_ms:.0} ms; {cores}"
    )
}

fn bookings(text: &mut String, what: &str, figures: Option<&Bookings>, aims: [&str; 2]) -> fmt::Result {
    line(text, what, &rate(figures.map(|figures| figures.per_second)), aims)?;
    let Some(figures) = figures else { return Ok(()) };
    latency(text, figures.latency)?;
    let group = figures.group_mean.map_or("–".to_owned(), |group| format!("{group:.1}"));
    let (cores, cpu) = (figures.cores, figures.server_cpu_us);
    writeln!(text, "  groups of {group}; server {cpu:.0} µs of processor each; {cores}")
}

fn reads(text: &mut String, what: &str, figures: Option<&Reads>, goal: &str) -> fmt::Result {
    line(text, what, &rate(figures.map(|figures| figures.per_second)), [goal, ""])?;
    let Some(figures) = figures else { return Ok(()) };
    latency(text, figures.latency)?;
    let (bytes, cores, cpu) = (figures.bytes, figures.cores, figures.server_cpu_us);
    writeln!(text, "  {bytes} bytes; server {cpu:.0} µs of processor each; {cores}")
}

fn latency(text: &mut String, Latency { p50_ms, p99_ms, max_ms }: Latency) -> fmt::Result {
    writeln!(text, "  P50 {p50_ms:.1} · P99 {p99_ms:.1} · max {max_ms:.1} ms")
}

fn line(text: &mut String, what: &str, figure: &str, [goal, floor]: [&str; 2]) -> fmt::Result {
    let line = format!("{what:WHAT$}{figure:>FIGURE$}{goal:>FIGURE$}{floor:>FIGURE$}");
    writeln!(text, "{}", line.trim_end())
}

fn rate(per_second: Option<f64>) -> String {
    per_second.map_or("–".to_owned(), |per_second| format!("{} /s", thousands(per_second)))
}

fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}"))
}

/// 12345.6 is 12,346.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, expected) in [(0.4, "0"), (999.6, "1,000"), (12_345.6, "12,346"), (1e6, "1,000,000")] {
            assert_eq!(thousands(number), expected);
        }
    }
}
