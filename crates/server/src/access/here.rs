//! What a handler works with: the desk, as this caller may use it. There is no other way to a facility.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use baari_access::{Action, Codes, Principal, Reach};
use baari_desk::Desk;
use baari_engine::{AuditId, DoctorId, FacilityId, PatientId};
use baari_store::{AuditRow, Doctor};

use super::Access;
use crate::app::App;
use crate::failure::{Answer, Failure};
use crate::live::Live;
use crate::problem::{self, Problem};
use crate::wire::Marks;

/// The desk, as this caller may use it. Made by the guard, which has asked the table.
#[derive(Clone)]
pub(crate) struct Here {
    pub(crate) desk: Arc<Desk>,
    pub(crate) live: Arc<Live>,
    pub(crate) access: Arc<Access>,
    /// The caller's facility.
    pub(crate) facility: FacilityId,
    pub(crate) codes: Arc<Codes>,
    pub(crate) caller: Caller,
}

/// Who asks, and how they came.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) principal: Arc<Principal>,
    /// The digest of what they showed; none on an open server, and for patients.
    pub(crate) digest: Option<[u8; 32]>,
    pub(crate) address: IpAddr,
}

impl Here {
    pub(crate) fn new(app: &App, caller: Caller) -> Self {
        let facility = caller.principal.facility;
        Self {
            desk: Arc::clone(&app.desk),
            live: Arc::clone(&app.live),
            access: Arc::clone(&app.access),
            facility,
            codes: app.access.codes(facility),
            caller,
        }
    }

    /// As a patient has it who shows the code of their page.
    pub(crate) fn of_patient(app: &App, facility: FacilityId) -> Self {
        let principal = Arc::new(Principal::of_patient(facility));
        Self::new(app, Caller { principal, digest: None, address: NO_ADDRESS })
    }

    /// Who did it, for events and the audit trail.
    pub(crate) fn actor(&self) -> String {
        self.caller.principal.who.to_string()
    }

    /// What this doctor's tokens are marked with.
    pub(crate) fn marks<'a>(&'a self, doctor: &'a Doctor) -> Marks<'a> {
        Marks::new(doctor, &self.codes)
    }

    /// Needs leave for something more than what the guard has asked for.
    pub(crate) fn require(&self, action: Action) -> Answer<()> {
        match self.caller.principal.reach(action) {
            Reach::All => Ok(()),
            Reach::Own | Reach::No => Err(not_allowed(&self.caller.principal, action).into()),
        }
    }

    /// Needs leave for this with a doctor whom the address does not name.
    pub(crate) fn require_with(&self, action: Action, doctor: DoctorId) -> Answer<()> {
        let principal = &self.caller.principal;
        match principal.reach(action) {
            Reach::All => Ok(()),
            Reach::Own if principal.doctors.contains(&doctor) => Ok(()),
            Reach::Own | Reach::No => Err(not_allowed(principal, action).into()),
        }
    }

    /// An entry of the audit trail. It names what was changed; what it held only of rules, states and numbers.
    pub(crate) fn entry(
        &self,
        action: &str,
        patient: Option<PatientId>,
        subject: impl Into<String>,
        detail: impl Into<String>,
    ) -> AuditRow {
        AuditRow {
            id: AuditId::from_uuid(self.desk.mint_id()),
            at: self.desk.now(),
            actor: self.actor(),
            action: action.to_owned(),
            patient,
            subject: subject.into(),
            detail: detail.into(),
            address: if self.caller.address.is_loopback() {
                String::new()
            } else {
                self.caller.address.to_string()
            },
        }
    }

    /// Whether the caller's leave still holds: a stream asks now and then.
    pub(crate) async fn is_still_let_in(&self) -> bool {
        self.access.still(&self.caller).await
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let here = parts.extensions.get::<Self>().cloned();
        here.ok_or_else(|| not_signed_in().into())
    }
}

/// Nobody has said who they are, or what they said holds no more.
pub(super) fn not_signed_in() -> Problem {
    let detail = "sign in first (POST /api/session), or send a key: Authorization: Bearer baari_k_…; if you have, it is over";
    Problem::new(problem::NOT_SIGNED_IN, detail)
}

/// They have, and may not.
pub(super) fn not_allowed(principal: &Principal, action: Action) -> Problem {
    if principal.must_change {
        let detail = "somebody else knows your password: change it first (PUT /api/session/password)";
        return Problem::new(problem::PASSWORD_CHANGE_NEEDED, detail);
    }
    let who = match principal.role {
        Some(role) => format!("somebody who works as {role}"),
        None => "this key".to_owned(),
    };
    let detail = format!("{who} may not do this here ({}): ask an administrator", action.name());
    Problem::new(problem::NOT_ALLOWED, detail).with("action", action.name())
}

/// Where nothing is known of the other side: the machine itself.
pub(super) const NO_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
