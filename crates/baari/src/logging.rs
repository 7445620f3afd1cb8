//! Log lines on standard error. They name routes, counts and versions; never a patient.

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// What is logged if nothing else is asked for.
const USUAL: &str = "info";

/// What is logged, and how.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct LogArgs {
    /// What to log: error, warn, info, debug, trace, or by part: info,baari_server=debug
    #[arg(long, env = "BAARI_LOG", default_value = USUAL, value_name = "FILTER")]
    log: String,
    /// How log lines look
    #[arg(long, env = "BAARI_LOG_FORMAT", default_value = "text", value_name = "FORMAT")]
    log_format: LogFormat,
}

impl LogArgs {
    pub(crate) fn start(&self) -> anyhow::Result<()> {
        self.start_with(&self.log)
    }

    /// Says only what somebody must see, unless more was asked for.
    pub(crate) fn start_quiet(&self) -> anyhow::Result<()> {
        self.start_with(if self.log == USUAL { "warn" } else { &self.log })
    }

    fn start_with(&self, log: &str) -> anyhow::Result<()> {
        let filter = EnvFilter::try_new(log).with_context(|| format!("--log {log:?} is not a filter"))?;
        let colours = std::io::stderr().is_terminal();
        let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        let lines = lines.with_ansi(colours);
        match self.log_format {
            LogFormat::Text => lines.init(),
            LogFormat::Json => lines.json().init(),
        }
        Ok(())
    }
}
