//! Real servers on real databases, and a small client. Each test gets a database of its own.

mod client;
mod database;
mod hospital;
mod room;
mod server;
mod sse;
mod sums;

pub(crate) use client::Reply;
pub(crate) use database::Database;
pub(crate) use hospital::{DATE, Hospital, text};
pub(crate) use room::{codes, refused};
pub(crate) use server::{Server, baari, baari_on, instant};
pub(crate) use sse::{Heard, Sse};
pub(crate) use sums::add_up;

/// Runs each of these tests on every database: embedded, PostgreSQL, PostgreSQL over TLS, and through PgBouncer.
macro_rules! on_every_database {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&$crate::support::Database::sqlite()); })+
        }
        mod postgres {
            $(#[test] fn $test() { super::$test(&$crate::support::Database::postgres("BAARI_TEST_POSTGRES")); })+
        }
        mod postgres_tls {
            $(#[test] fn $test() { super::$test(&$crate::support::Database::postgres("BAARI_TEST_POSTGRES_TLS")); })+
        }
        mod pgbouncer {
            $(#[test] fn $test() { super::$test(&$crate::support::Database::postgres("BAARI_TEST_PGBOUNCER")); })+
        }
    };
}

/// Runs each of these tests on both databases.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&$crate::support::Database::sqlite()); })+
        }
        mod postgres {
            $(#[test] fn $test() { super::$test(&$crate::support::Database::postgres("BAARI_TEST_POSTGRES")); })+
        }
    };
}

pub(crate) use {on_both_databases, on_every_database};
