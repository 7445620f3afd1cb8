//! How statements travel: all of a round trip are sent before the first answer is awaited.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use futures_util::TryStreamExt;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row};

use crate::statement::Statement;

/// One thing to be asked in a round trip.
pub(crate) enum Step {
    /// A text without parameters, perhaps of several commands; it has no rows.
    Command(&'static str),
    /// A statement.
    Statement(Statement),
    /// Not sent; it only keeps its place among the answers.
    Nothing,
}

impl From<Statement> for Step {
    fn from(statement: Statement) -> Self {
        Self::Statement(statement)
    }
}

/// What the database answered to a step.
#[derive(Default)]
pub(crate) struct Answer {
    /// The rows that it read.
    pub(crate) rows: Vec<Row>,
    /// How many rows it read or wrote.
    pub(crate) count: u64,
}

type Asked<'a> = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send + 'a>>;

/// Asks all steps at once, and waits until each has its answer.
///
/// Inside a transaction the first error is the one to look at: it makes all later steps fail.
pub(crate) async fn ask_all(client: &Client, steps: &[Step]) -> Vec<Result<Answer, Error>> {
    let mut asked: Vec<Asked<'_>> =
        steps.iter().map(|step| Box::pin(ask(client, step)) as Asked<'_>).collect();
    let mut answers: Vec<Option<Result<Answer, Error>>> = steps.iter().map(|_| None).collect();
    // A step is sent when it is first polled. They must be sent in order (BEGIN first), so they are polled in order; the
    // ready-made combinators do not promise that.
    poll_fn(|context| {
        let mut waiting = false;
        for (asked, answer) in asked.iter_mut().zip(&mut answers).filter(|(_, answer)| answer.is_none()) {
            match asked.as_mut().poll(context) {
                Poll::Ready(outcome) => *answer = Some(outcome),
                Poll::Pending => waiting = true,
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    answers.into_iter().flatten().collect()
}

async fn ask(client: &Client, step: &Step) -> Result<Answer, Error> {
    let statement = match step {
        Step::Command(text) => return client.batch_execute(text).await.map(|()| Answer::default()),
        Step::Statement(statement) => statement,
        Step::Nothing => return Ok(Answer::default()),
    };
    let parameters = statement.parameters.iter();
    let parameters = parameters.map(|(value, kind)| (value.as_ref() as &(dyn ToSql + Sync), kind.clone()));
    let mut stream = pin!(client.query_typed_raw(statement.text, parameters).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok(Answer { rows, count: stream.rows_affected().unwrap_or(0) })
}
