//! Sessions: who is signed in.

use baari_engine::{FacilityId, UserId};
use baari_store::{Along, Ended, Session, StoreError, User};
use jiff::Timestamp;

use crate::connection::Connections;
use crate::fields::{Fields, each};
use crate::statement::Statement;
use crate::transaction::Transaction;
use crate::{account, along, transaction};

const INSERT: &str = "\
INSERT INTO baari.session (facility_id, digest, user_id, created_at, seen_at, address, agent)
VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// With its user, in the order in which `account` reads one.
pub(crate) const GET: &str = "\
SELECT session.digest, session.user_id, session.created_at, session.seen_at, session.address, session.agent,
    account.id, account.name, account.called, account.role, account.doctor_id, account.password, account.must_change,
    account.subject, account.active, account.created_at, account.version
FROM baari.session AS session
JOIN baari.account AS account ON account.facility_id = session.facility_id AND account.id = session.user_id
WHERE session.facility_id = $1 AND session.digest = $2";

const SEEN: &str = "UPDATE baari.session SET seen_at = $3 WHERE facility_id = $1 AND digest = $2";

const LIST: &str = "\
SELECT digest, user_id, created_at, seen_at, address, agent
FROM baari.session
WHERE facility_id = $1 AND user_id = $2
ORDER BY created_at DESC, digest
LIMIT 1000";

const END_ONE: &str = "DELETE FROM baari.session WHERE facility_id = $1 AND digest = $2";

const END_OF_USER: &str = "DELETE FROM baari.session WHERE facility_id = $1 AND user_id = $2";

const END_OTHERS: &str = "DELETE FROM baari.session WHERE facility_id = $1 AND user_id = $2 AND digest <> $3";

const END_OLD: &str =
    "DELETE FROM baari.session WHERE facility_id = $1 AND (created_at < $2 OR seen_at < $3)";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, GET, SEEN, LIST, END_ONE, END_OF_USER, END_OTHERS, END_OLD];

/// Inserts a session.
pub(crate) async fn put(
    connections: &Connections,
    facility: FacilityId,
    session: &Session,
    along: &Along,
) -> Result<(), StoreError> {
    let insert = Statement::new(INSERT)
        .with(facility.as_uuid())
        .with(session.digest.to_vec())
        .with(session.user.as_uuid())
        .with(session.created_at)
        .with(session.seen_at)
        .with(session.address.clone())
        .with(session.agent.clone())
        .touching(1);
    let mut steps = vec![insert.into()];
    steps.extend(along::steps(facility, along));
    transaction::write(connections, steps).await?;
    Ok(())
}

/// The session with this digest, and whose it is.
pub(crate) async fn get(
    connections: &Connections,
    facility: FacilityId,
    digest: &[u8; 32],
) -> Result<Option<(Session, User)>, StoreError> {
    let statement = Statement::new(GET).with(facility.as_uuid()).with(digest.to_vec());
    let rows = connections.rows(statement).await?;
    let read = |fields: &mut Fields<'_>| Ok((read(fields)?, account::read(fields)?));
    rows.first().map(|row| read(&mut Fields::of(row))).transpose()
}

/// Notes that a session was used.
pub(crate) async fn seen(
    connections: &Connections,
    facility: FacilityId,
    digest: &[u8; 32],
    at: Timestamp,
) -> Result<(), StoreError> {
    let statement = Statement::new(SEEN).with(facility.as_uuid()).with(digest.to_vec()).with(at);
    transaction::write(connections, vec![statement.into()]).await?;
    Ok(())
}

/// A user's sessions, newest first.
pub(crate) async fn list(
    connections: &Connections,
    facility: FacilityId,
    user: UserId,
) -> Result<Vec<Session>, StoreError> {
    let statement = Statement::new(LIST).with(facility.as_uuid()).with(user.as_uuid());
    each(&connections.rows(statement).await?, read)
}

/// Ends sessions.
pub(crate) fn delete(facility: FacilityId, which: Ended) -> Statement {
    let of = |text| Statement::new(text).with(facility.as_uuid());
    match which {
        Ended::One(digest) => of(END_ONE).with(digest.to_vec()),
        Ended::OfUser(user) => of(END_OF_USER).with(user.as_uuid()),
        Ended::Others(user, digest) => of(END_OTHERS).with(user.as_uuid()).with(digest.to_vec()),
        Ended::Old { created, seen } => of(END_OLD).with(created).with(seen),
    }
}

/// Ends sessions; how many. If there are none, nothing is written along.
pub(crate) async fn end(
    connections: &Connections,
    facility: FacilityId,
    which: Ended,
    along: &Along,
) -> Result<u64, StoreError> {
    let (mut transaction, answers) =
        Transaction::begin(connections, vec![delete(facility, which).into()]).await?;
    let ended = answers.iter().map(|answer| answer.count).sum();
    let steps = if ended > 0 { along::steps(facility, along) } else { Vec::new() };
    let outcome = transaction.run(&steps).await;
    transaction.end(outcome).await?;
    Ok(ended)
}

fn read(fields: &mut Fields<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        digest: fields.digest()?,
        user: fields.id(UserId::from_uuid)?,
        created_at: fields.take()?,
        seen_at: fields.take()?,
        address: fields.take()?,
        agent: fields.take()?,
    })
}
