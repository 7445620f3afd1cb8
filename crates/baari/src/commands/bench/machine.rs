//! The machine, as Linux tells about it in `/proc`: what it is, and who uses it.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;

/// Linux counts processor time in hundredths of a second, on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;
/// Writes that the disk is tried with.
const SYNCS: usize = 200;
/// Bytes of one: a page of the database.
const SYNC_BYTES: usize = 4_096;

/// What a figure was measured on.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    pub(super) cores: usize,
    pub(super) cpu: Option<String>,
    pub(super) memory_bytes: Option<u64>,
    pub(super) kernel: Option<String>,
    /// Processes that wanted to run over the last minute, before the bench began.
    pub(super) load_average: Option<f64>,
    /// Of the embedded database.
    pub(super) file_system: Option<String>,
    /// How long the disk takes to make 4 KiB durable, in milliseconds: the middle one of 200 tries.
    pub(super) sync_ms: Option<f64>,
}

impl Machine {
    /// The embedded database is going to be in this folder.
    pub(super) fn read(folder: &Path) -> Self {
        let first = |path: &str| fs::read_to_string(path).ok();
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            cpu: first("/proc/cpuinfo").and_then(|text| field(&text, "model name")),
            memory_bytes: first("/proc/meminfo").and_then(|text| kibibytes(&text, "MemTotal")),
            kernel: first("/proc/sys/kernel/osrelease").map(|text| text.trim().to_owned()),
            load_average: first("/proc/loadavg").and_then(|text| text.split(' ').next()?.parse().ok()),
            file_system: first("/proc/self/mounts").and_then(|text| file_system(&text, folder)),
            sync_ms: sync_time(folder).ok().map(|time| time.as_secs_f64() * 1e3),
        }
    }
}

/// Processor time used up to now, in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cpu {
    server: f64,
    generator: f64,
    everybody: f64,
}

/// Who used the machine while something was measured, in cores.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Cores {
    /// The server.
    pub(super) server: f64,
    /// The load generator, in this process.
    pub(super) generator: f64,
    /// All other processes: PostgreSQL, the kernel's own, and whoever else uses the machine.
    pub(super) others: f64,
}

impl Cores {
    /// On average over rounds of equal length.
    pub(super) fn mean(rounds: &[Self]) -> Self {
        let mean = |part: fn(&Self) -> f64| rounds.iter().map(part).sum::<f64>() / rounds.len() as f64;
        Self {
            server: mean(|cores| cores.server),
            generator: mean(|cores| cores.generator),
            others: mean(|cores| cores.others),
        }
    }
}

impl fmt::Display for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, generator, others } = self;
        write!(f, "cores: server {server:.2}, load {generator:.2}, others {others:.2}")
    }
}

impl Cpu {
    /// Of the server with this process id, of this process, and of everybody.
    pub(super) fn read(server: u32) -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat").context("reading /proc/stat")?;
        Ok(Self {
            server: process_time(&server.to_string())?,
            generator: process_time("self")?,
            everybody: busy_time(&stat).context("/proc/stat has another form")?,
        })
    }

    /// Cores used on average since `before`, `elapsed` ago.
    pub(super) fn since(self, before: Self, elapsed: Duration) -> Cores {
        let seconds = elapsed.as_secs_f64();
        let (server, generator) = (self.server - before.server, self.generator - before.generator);
        let others = (self.everybody - before.everybody - server - generator).max(0.0);
        Cores { server: server / seconds, generator: generator / seconds, others: others / seconds }
    }
}

/// Memory that a process holds, in bytes.
pub(super) fn resident_bytes(process: u32) -> Result<u64> {
    let path = format!("/proc/{process}/status");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    kibibytes(&text, "VmRSS").with_context(|| format!("{path} has no VmRSS"))
}

fn process_time(process: &str) -> Result<f64> {
    let path = format!("/proc/{process}/stat");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    user_and_system(&text).with_context(|| format!("{path} has another form"))
}

/// The program's name, in parentheses, may hold anything; user and system time are the 12th and 13th field behind it.
fn user_and_system(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(11).map_while(|field| field.parse::<f64>().ok());
    Some((ticks.next()? + ticks.next()?) / TICKS_PER_SECOND)
}

/// All time but idle and waiting for the disk. Guests' time is counted in user time already.
fn busy_time(stat: &str) -> Option<f64> {
    let ticks: Result<Vec<f64>, _> =
        stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().map(str::parse).collect();
    let [user, nice, system, _idle, _waiting, interrupts, soft_interrupts, ..] = ticks.ok()?[..] else {
        return None;
    };
    Some((user + nice + system + interrupts + soft_interrupts) / TICKS_PER_SECOND)
}

fn field(text: &str, name: &str) -> Option<String> {
    let values = text.lines().filter_map(|line| line.split_once(':'));
    values.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned()).next()
}

fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let value: u64 = field(text, name)?.strip_suffix(" kB")?.trim().parse().ok()?;
    Some(value * 1_024)
}

/// The kind of file system that a folder is on: of the longest mount point that it is under.
fn file_system(mounts: &str, folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let above = mounts.filter(|(point, _)| folder.starts_with(point));
    above.max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind.to_owned())
}

fn sync_time(folder: &Path) -> std::io::Result<Duration> {
    let path = folder.join("sync");
    let mut file = fs::File::create(&path)?;
    let mut times = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        file.write_all(&[b'x'; SYNC_BYTES])?;
        let begun = Instant::now();
        file.sync_data()?;
        times.push(begun.elapsed());
    }
    fs::remove_file(path)?;
    times.sort_unstable();
    Ok(times[SYNCS / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_behind_any_name() {
        let stat = "12 (a) b (c)) S 1 12 12 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 100 0 0";
        assert_eq!(user_and_system(stat), Some(3.0));
        assert_eq!(user_and_system("12 (a) S 1"), None);
        assert_eq!(busy_time("cpu  100 0 50 900 7 30 20 0 0 0\ncpu0 1 1"), Some(2.0));
        assert_eq!(busy_time("intr 1"), None);
    }

    #[test]
    fn sizes_are_read_by_name() {
        let text = "Name:\tbaari\nVmRSS:\t   2048 kB\nmodel name\t: AMD EPYC\n";
        assert_eq!(kibibytes(text, "VmRSS"), Some(2 << 20));
        assert_eq!(field(text, "model name").as_deref(), Some("AMD EPYC"));
        assert_eq!(kibibytes(text, "VmSize"), None);
    }

    #[test]
    fn the_longest_mount_point_counts() {
        let mounts = "overlay / overlay rw 0 0\nproc /proc proc rw 0 0\n";
        assert_eq!(file_system(mounts, Path::new("/proc/self")).as_deref(), Some("proc"));
        assert_eq!(file_system(mounts, Path::new("/")).as_deref(), Some("overlay"));
    }
}
