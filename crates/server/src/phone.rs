//! Whose a phone number is. There is one way to tell, at the desk, at the kiosk and in the API.

use baari_store::search::{is_same_phone, phone_end};
use baari_store::{Patient, PatientQuery};

use crate::access::Here;
use crate::failure::Answer;

/// One number is one family's.
const PEOPLE_MAX: u32 = 20;

/// Those on record with this phone number, however it is written there or here.
pub(crate) async fn people_of(here: &Here, phone: &str) -> Answer<Vec<Patient>> {
    if phone_end(phone).is_empty() {
        return Ok(Vec::new());
    }
    let query = PatientQuery { text: Some(phone.to_owned()), after: None, limit: PEOPLE_MAX };
    let mut found = here.desk.store().patient_list(here.facility, &query).await?;
    found.retain(|patient| is_same_phone(&patient.phone, phone));
    Ok(found)
}
