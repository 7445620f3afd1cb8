//! `baari`: the OPD token engine.
fn main() {}
