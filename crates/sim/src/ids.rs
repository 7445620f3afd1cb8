//! Identifiers made of a seed and an index, in the shape of UUIDv7: the same scenario has the same ids.

use jiff::Timestamp;
use uuid::Uuid;

use baari_engine::{DoctorId, FacilityId, PatientId, SlotId, TokenId};

/// Gives a scenario's people and things their ids.
#[derive(Debug, Clone, Copy)]
pub struct Ids {
    milliseconds: u64,
    seed: u64,
}

/// What an id is for; no two kinds share an id.
#[derive(Clone, Copy)]
enum Kind {
    Facility = 1,
    Doctor = 2,
    Patient = 3,
    Slot = 4,
    Token = 5,
}

/// Slots of one doctor have ids of their own up to here.
const SLOTS_PER_DOCTOR: usize = 1 << 8;

/// Patients have indices of their own up to here.
const PATIENTS: usize = 1 << 24;

const fn anew(patient: usize, earlier: u8) -> usize {
    patient + earlier as usize * PATIENTS
}

impl Ids {
    /// Ids of the scenario that opens at this instant and has this seed.
    pub fn new(opens_at: Timestamp, seed: u64) -> Self {
        Self { milliseconds: u64::try_from(opens_at.as_millisecond()).unwrap_or(0), seed }
    }

    /// The facility's.
    pub fn facility(&self) -> FacilityId {
        FacilityId::from_uuid(self.uuid(Kind::Facility, 0))
    }

    /// The doctor's of this index.
    pub fn doctor(&self, doctor: usize) -> DoctorId {
        DoctorId::from_uuid(self.uuid(Kind::Doctor, doctor))
    }

    /// The patient's of this index.
    pub fn patient(&self, patient: usize) -> PatientId {
        PatientId::from_uuid(self.uuid(Kind::Patient, patient))
    }

    /// The slot's of this index within its doctor's.
    pub fn slot(&self, doctor: usize, slot: usize) -> SlotId {
        SlotId::from_uuid(self.uuid(Kind::Slot, doctor * SLOTS_PER_DOCTOR + slot))
    }

    /// The index of a slot within its doctor's.
    pub fn slot_index(&self, slot: SlotId) -> usize {
        index(slot.as_uuid()) % SLOTS_PER_DOCTOR
    }

    /// The token's that this patient gets.
    pub fn token(&self, patient: usize) -> TokenId {
        self.token_anew(patient, 0)
    }

    /// The token's that this patient gets after so many others.
    pub fn token_anew(&self, patient: usize, earlier: u8) -> TokenId {
        TokenId::from_uuid(self.uuid(Kind::Token, anew(patient, earlier)))
    }

    /// The index of the patient whose token this is.
    pub fn patient_index(&self, token: TokenId) -> usize {
        index(token.as_uuid()) % PATIENTS
    }

    /// 48 bits of time, the version, 12 bits of kind, the variant, 30 bits of seed, 32 bits of index.
    fn uuid(&self, kind: Kind, index: usize) -> Uuid {
        let high = self.milliseconds << 16 | 7 << 12 | kind as u64;
        let low = 0b10 << 62 | (mix(self.seed) >> 34) << 32 | (index as u64 & 0xffff_ffff);
        Uuid::from_u64_pair(high, low)
    }
}

fn index(uuid: Uuid) -> usize {
    (uuid.as_u64_pair().1 & 0xffff_ffff) as usize
}

/// Spreads the bits of a number (the finisher of `SplitMix64`, Steele, Lea and Flood 2014).
const fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_7_and_lead_back_to_their_index() {
        let ids = Ids::new("2026-02-02T03:30:00Z".parse().unwrap(), 7);
        let token = ids.token(12_345);
        assert_eq!(token.as_uuid().get_version_num(), 7);
        assert_eq!(token.as_uuid().get_variant(), uuid::Variant::RFC4122);
        assert_eq!(ids.patient_index(token), 12_345);
        assert_eq!(ids.slot_index(ids.slot(99, 95)), 95);
        assert_ne!(ids.token(1).as_uuid(), ids.patient(1).as_uuid());
        assert_eq!(ids.patient_index(ids.token_anew(12_345, 3)), 12_345);
        assert_ne!(ids.token_anew(1, 0), ids.token_anew(1, 1));
    }
}
