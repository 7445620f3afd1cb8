//! The rules of the engine as tests: `rules` states them one by one, `model` holds the engine against a slow obvious one,
//! `placing` puts tokens between others, `hospital` plays days of two doctors at random, `estimates` has what is told.
//! `support` is the doctor-day that all of them play with.

#[cfg(test)]
mod estimates;
#[cfg(test)]
mod hospital;
#[cfg(test)]
mod model;
#[cfg(test)]
mod placing;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod support;
