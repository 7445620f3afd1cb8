//! Reads patients in groups: while one query is under way the next ones queue up, and become one query.

use std::collections::HashMap;
use std::sync::Arc;

use baari_engine::{FacilityId, PatientId};
use baari_store::{Patient, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::error::DeskError;

/// Look-ups that may wait at once; more get [`DeskError::Busy`].
const WAITING_MAX: usize = 8_192;
/// Patients of one query.
const QUERY_MAX: usize = 512;

type Answer = Result<Option<Arc<Patient>>, StoreError>;

struct Wanted {
    facility: FacilityId,
    patient: PatientId,
    tell: oneshot::Sender<Answer>,
}

pub(crate) struct Gather(mpsc::Sender<Wanted>);

impl Gather {
    pub(crate) fn start(store: Arc<dyn Store>) -> Self {
        let (sender, mut wanted) = mpsc::channel(WAITING_MAX);
        tokio::spawn(async move {
            let mut waiting: Vec<Wanted> = Vec::new();
            while wanted.recv_many(&mut waiting, QUERY_MAX).await > 0 {
                let mut by_facility: HashMap<FacilityId, Vec<Wanted>> = HashMap::new();
                for wanted in waiting.drain(..) {
                    by_facility.entry(wanted.facility).or_default().push(wanted);
                }
                for (facility, wanted) in by_facility {
                    answer(&*store, facility, wanted).await;
                }
            }
        });
        Self(sender)
    }

    pub(crate) async fn get(
        &self,
        facility: FacilityId,
        patient: PatientId,
    ) -> Result<Arc<Patient>, DeskError> {
        let (tell, answer) = oneshot::channel();
        self.0.try_send(Wanted { facility, patient, tell }).map_err(|_| DeskError::Busy)?;
        let found = answer.await.map_err(|_| DeskError::Busy)??;
        found.ok_or(DeskError::Unknown("patient"))
    }
}

async fn answer(store: &dyn Store, facility: FacilityId, wanted: Vec<Wanted>) {
    let mut ids: Vec<PatientId> = wanted.iter().map(|wanted| wanted.patient).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = store.patient_get(facility, &ids).await;
    let found: Result<HashMap<PatientId, Arc<Patient>>, StoreError> =
        found.map(|patients| patients.into_iter().map(|patient| (patient.id, Arc::new(patient))).collect());
    for Wanted { patient, tell, .. } in wanted {
        // Whoever has gone away no longer wants to know.
        let _ = tell.send(found.as_ref().map(|found| found.get(&patient).cloned()).map_err(Clone::clone));
    }
}
