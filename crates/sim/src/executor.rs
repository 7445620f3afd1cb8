//! Who executes the commands of a replay: the engine alone, or a desk with a store behind it.

use baari_engine::{Command, Decision, Refusal, Scene, decide_together};

/// Executes commands, one after the other.
pub trait Executor {
    /// Decides a command and makes the decisions last, all of them or none: one for each doctor-day, the first being the one
    /// that the command is about. The days are as the replay knows them; the replay applies the decisions to them afterwards.
    /// An executor that keeps doctor-days of its own (a desk) goes by their keys, and its decisions are made from the same
    /// versions, as nobody else changes these days.
    ///
    /// # Errors
    /// The engine's refusal, or what kept the decisions from lasting.
    fn execute(&mut self, scenes: &[Scene<'_>], command: &Command) -> Result<Vec<Decision>, Failure>;
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
    fn execute(&mut self, scenes: &[Scene<'_>], command: &Command) -> Result<Vec<Decision>, Failure> {
        Ok(decide_together(scenes, command)?)
    }
}
