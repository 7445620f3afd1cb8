//! On the real database: directly, encrypted, and through a transaction-mode pooler.

mod bare;
mod conformance;
mod database;
mod encryption;
mod failures;
mod migrations;
mod plans;
mod privileges;
mod spare;
mod statements;
mod trail;
