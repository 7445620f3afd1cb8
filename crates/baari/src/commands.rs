//! What the program can do, one file for each command.

mod arguments;
pub(crate) mod bench;
pub(crate) mod demo;
pub(crate) mod facility;
mod first_start;
pub(crate) mod lab;
pub(crate) mod serve;
mod serving;
pub(crate) mod simulate;
pub(crate) mod user;
