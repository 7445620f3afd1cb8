//! Connections: a bounded pool of them, and the rule when one is thrown away.

use std::time::Duration;

use baari_store::StoreError;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};

use crate::error;
use crate::pipeline::{Answer, Step, ask_all};
use crate::url::Address;

/// Of one server. A commit needs one; the others are for reads.
const CONNECTIONS_MAX: usize = 8;
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// For a connection that is free.
const QUEUE_PATIENCE: Duration = Duration::from_secs(10);
/// For all answers of a round trip. Longer than the database's own limit in `transaction.rs`, which frees its locks.
pub(crate) const ANSWER_PATIENCE: Duration = Duration::from_secs(15);

/// The connections of a store.
#[derive(Clone)]
pub(crate) struct Connections(Pool);

impl Connections {
    /// Connects to nothing yet.
    pub(crate) fn new(address: Address) -> Result<Self, StoreError> {
        // Closed connections are noticed without asking; a broken one that was not noticed is thrown away on first use.
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(address.config, address.tls, config);
        let timeouts = Timeouts {
            wait: Some(QUEUE_PATIENCE),
            create: Some(CONNECT_PATIENCE),
            recycle: Some(CONNECT_PATIENCE),
        };
        let pool =
            Pool::builder(manager).max_size(CONNECTIONS_MAX).timeouts(timeouts).runtime(Runtime::Tokio1);
        pool.build().map(Self).map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    /// A connection that nobody else uses.
    pub(crate) async fn get(&self) -> Result<Connection, StoreError> {
        let object = self.0.get().await.map_err(|error| error::of_pool(&error))?;
        Ok(Connection {
            object: Some(object),
            pool: self.0.clone(),
            patience: ANSWER_PATIENCE,
            settled: true,
        })
    }

    /// Steps that need no transaction around them, or are one as a whole, in one round trip.
    pub(crate) async fn ask(&self, steps: &[Step]) -> Result<Vec<Answer>, StoreError> {
        let mut connection = self.get().await?;
        let outcome = connection.ask(steps).await;
        connection.settle();
        outcome
    }

    /// The rows of one statement.
    pub(crate) async fn rows(&self, step: impl Into<Step>) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let answers = self.ask(&[step.into()]).await?;
        Ok(answers.into_iter().next().unwrap_or_default().rows)
    }
}

/// A connection. When dropped it goes back to the pool if it is settled, and is closed otherwise: a call that was given up
/// half way, or an answer that never came, must not reach the next user.
pub(crate) struct Connection {
    object: Option<Object>,
    pool: Pool,
    pub(crate) patience: Duration,
    settled: bool,
}

impl Connection {
    /// Asks these steps in one round trip. It is unsettled from here on.
    ///
    /// # Errors
    /// The first error in the order of the steps, a time-out, or a statement that did not do what it must.
    pub(crate) async fn ask(&mut self, steps: &[Step]) -> Result<Vec<Answer>, StoreError> {
        self.settled = false;
        let Some(object) = &self.object else {
            return Err(StoreError::Unavailable("the connection was lost".to_owned()));
        };
        let Ok(outcomes) = tokio::time::timeout(self.patience, ask_all(object, steps)).await else {
            self.discard();
            let seconds = self.patience.as_secs();
            return Err(StoreError::Unavailable(format!("no answer within {seconds} seconds")));
        };
        let mut answers = Vec::with_capacity(outcomes.len());
        for (outcome, step) in outcomes.into_iter().zip(steps) {
            let answer = match outcome {
                Ok(answer) => answer,
                Err(error) => {
                    let mapped = error::of_statement(&error);
                    if matches!(mapped, StoreError::Unavailable(_)) && !error::is_answer(&error) {
                        self.discard();
                    }
                    return Err(mapped);
                }
            };
            if let Step::Statement(statement) = step {
                statement.check(&answer)?;
            }
            answers.push(answer);
        }
        Ok(answers)
    }

    /// Says that the connection holds no transaction and awaits no answer.
    pub(crate) const fn settle(&mut self) {
        self.settled = true;
    }

    /// Closes this connection, and all that are idle: what broke this one has most likely broken those.
    fn discard(&mut self) {
        if let Some(object) = self.object.take() {
            drop(Object::take(object));
            self.pool.retain(|_, _| false);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(object) = self.object.take().filter(|_| !self.settled) {
            drop(Object::take(object));
        }
    }
}
