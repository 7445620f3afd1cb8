//! A day as it goes in a hospital, told over HTTP with a clock that is put forward by hand.

mod bad_input;
mod calling;
mod changes;
mod crash;
mod feed;
mod leave;
mod moves;
mod races;
mod servers;
mod settings;
mod story;
mod timers;
