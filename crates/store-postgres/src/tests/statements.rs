//! Every statement fits the migrated schema.

use super::database::{Database, Way};
use crate::{
    account, api_key, audit, doctor, doctor_day, event, facility, migration, patient, receipt, schedule,
    session, slot, token,
};

#[tokio::test]
async fn every_statement_can_be_prepared_on_the_migrated_schema() {
    let database = Database::empty(Way::Direct).await;
    database.store().await;
    let client = database.client().await;
    let modules = [
        account::STATEMENTS,
        api_key::STATEMENTS,
        audit::STATEMENTS,
        doctor::STATEMENTS,
        doctor_day::STATEMENTS,
        event::STATEMENTS,
        facility::STATEMENTS,
        migration::STATEMENTS,
        patient::STATEMENTS,
        receipt::STATEMENTS,
        schedule::STATEMENTS,
        session::STATEMENTS,
        slot::STATEMENTS,
        token::STATEMENTS,
    ];
    for statement in modules.concat() {
        client.prepare(statement).await.unwrap_or_else(|error| panic!("{statement}\n{error:?}"));
    }
}
