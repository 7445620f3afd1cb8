//! What a doctor's tokens are marked with: the letter of their labels, the code of their pages.

use baari_access::Codes;
use baari_store::Doctor;

/// What a doctor's tokens are marked with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks<'a> {
    pub(crate) letter: &'a str,
    pub(crate) codes: &'a Codes,
}

impl<'a> Marks<'a> {
    pub(crate) fn new(doctor: &'a Doctor, codes: &'a Codes) -> Self {
        Self { letter: &doctor.letter, codes }
    }
}
