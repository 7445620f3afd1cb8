//! Who executes the commands of a replay: the engine alone, or a desk with a store behind it.

use baari_engine::{Circumstances, Command, Day, Decision, Refusal, decide};

/// Executes commands, one after the other.
pub trait Executor {
    /// Decides a command on a doctor-day and makes the decision last. `day` is the doctor-day as the replay knows it; the
    /// replay applies the decision to it afterwards. An executor that keeps a doctor-day of its own (a desk) goes by
    /// `day.key()`, and its decisions are made from the same version, as nobody else changes that day.
    ///
    /// # Errors
    /// The engine's refusal, or what kept the decision from lasting.
    fn execute(&mut self, day: &Day, on: &Circumstances<'_>, command: &Command) -> Result<Decision, Failure>;
}

/// Why a command did not come into effect.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The engine said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What makes decisions last has failed.
    #[error("the command could not be executed: {0}")]
    Broken(String),
}

/// The engine alone; nothing outlives the replay.
#[derive(Debug, Clone, Copy, Default)]
pub struct InMemory;

impl Executor for InMemory {
    fn execute(&mut self, day: &Day, on: &Circumstances<'_>, command: &Command) -> Result<Decision, Failure> {
        Ok(decide(day, on, command)?)
    }
}
