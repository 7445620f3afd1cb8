//! A transaction: from BEGIN to COMMIT, or to the end of a connection that was given up.

use std::time::Duration;

use baari_store::StoreError;

use crate::connection::{Connection, Connections};
use crate::pipeline::{Answer, Step};

/// The limits free the locks of a server that hangs or has gone; they hold for this transaction only, so that they work
/// through a pooler too.
const BEGIN: &str = "BEGIN; SELECT \
    set_config('statement_timeout', '10s', true), \
    set_config('idle_in_transaction_session_timeout', '20s', true)";
/// A migration may rewrite a large table, or wait for another server that does.
const BEGIN_MIGRATION: &str = "BEGIN; SET LOCAL statement_timeout = 0";
const MIGRATION_PATIENCE: Duration = Duration::from_secs(3600);
/// One view of several tables.
const BEGIN_VIEW: Step = Step::Command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
const COMMIT: Step = Step::Command("COMMIT");

/// A transaction that has begun. Dropped without [`Self::commit`] or [`Self::rollback`] it takes its connection along.
pub(crate) struct Transaction(Connection);

impl Transaction {
    /// Begins, with the first steps in the same round trip.
    pub(crate) async fn begin(
        connections: &Connections,
        steps: Vec<Step>,
    ) -> Result<(Self, Vec<Answer>), StoreError> {
        Self::begin_by(connections.get().await?, BEGIN, steps).await
    }

    /// Begins a transaction that may take very long.
    pub(crate) async fn begin_migration(connections: &Connections) -> Result<Self, StoreError> {
        let mut connection = connections.get().await?;
        connection.patience = MIGRATION_PATIENCE;
        Ok(Self::begin_by(connection, BEGIN_MIGRATION, Vec::new()).await?.0)
    }

    async fn begin_by(
        mut connection: Connection,
        begin: &'static str,
        mut steps: Vec<Step>,
    ) -> Result<(Self, Vec<Answer>), StoreError> {
        steps.insert(0, Step::Command(begin));
        match connection.ask(&steps).await {
            Ok(mut answers) => {
                answers.remove(0);
                Ok((Self(connection), answers))
            }
            Err(error) => {
                Self(connection).rollback().await;
                Err(error)
            }
        }
    }

    /// Runs further steps in one round trip.
    pub(crate) async fn run(&mut self, steps: &[Step]) -> Result<Vec<Answer>, StoreError> {
        self.0.ask(steps).await
    }

    /// Makes it durable. Every step before must have succeeded: PostgreSQL takes the COMMIT of a failed transaction for a
    /// ROLLBACK, without an error.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        self.0.ask(&[COMMIT]).await?;
        self.0.settle();
        Ok(())
    }

    /// Gives it up, and saves the connection if it can be saved.
    pub(crate) async fn rollback(mut self) {
        if self.0.ask(&[Step::Command("ROLLBACK")]).await.is_ok() {
            self.0.settle();
        }
    }

    /// Commits if `outcome` is a success, and rolls back if it is not.
    pub(crate) async fn end<T>(self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        match outcome {
            Ok(value) => self.commit().await.map(|()| value),
            Err(error) => {
                self.rollback().await;
                Err(error)
            }
        }
    }
}

/// Runs steps as one transaction.
pub(crate) async fn write(connections: &Connections, steps: Vec<Step>) -> Result<Vec<Answer>, StoreError> {
    let (transaction, answers) = Transaction::begin(connections, steps).await?;
    transaction.commit().await?;
    Ok(answers)
}

/// Reads from one consistent view of the database, in one round trip.
pub(crate) async fn view(connections: &Connections, reads: Vec<Step>) -> Result<Vec<Answer>, StoreError> {
    let mut steps = vec![BEGIN_VIEW];
    steps.extend(reads);
    steps.push(COMMIT);
    let mut answers = connections.ask(&steps).await?;
    answers.pop();
    answers.remove(0);
    Ok(answers)
}
