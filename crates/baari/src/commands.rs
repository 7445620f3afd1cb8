//! What the program can do, one file for each command.

pub(crate) mod bench;
pub(crate) mod lab;
pub(crate) mod serve;
pub(crate) mod simulate;
