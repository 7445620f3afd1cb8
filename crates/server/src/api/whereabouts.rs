//! Where a token is: in which doctor-day. It may go to another one while somebody asks for something to be done with it.

use std::sync::Arc;

use baari_desk::DeskError;
use baari_engine::{DayKey, TokenId};
use baari_store::Doctor;

use crate::access::Here;
use crate::failure::{Answer, Failure};

/// How often a token that others are moving is followed.
const FOLLOW_MAX: u32 = 4;

/// The doctor-day that a token is in.
pub(crate) struct Place {
    token: TokenId,
    pub(crate) day: DayKey,
    pub(crate) doctor: Arc<Doctor>,
    followed: u32,
}

impl Place {
    pub(crate) async fn find(here: &Here, token: TokenId) -> Answer<Self> {
        let day =
            here.desk.store().token_day(here.facility, token).await?.ok_or(DeskError::Unknown("token"))?;
        let doctor = here.desk.doctor(here.facility, day.doctor).await?;
        Ok(Self { token, day, doctor, followed: 0 })
    }

    /// Whether a token that is gone from here is found elsewhere, where it can be tried again.
    pub(crate) async fn has_changed(&mut self, here: &Here, is_gone: bool) -> Answer<bool> {
        if !is_gone || self.followed == FOLLOW_MAX {
            return Ok(false);
        }
        let now = Self::find(here, self.token).await?;
        if now.day == self.day {
            // Another token is unknown, one that it was to stand beside.
            return Ok(false);
        }
        *self = Self { followed: self.followed + 1, ..now };
        Ok(true)
    }
}

/// A token is not where it was looked for.
pub(crate) fn is_gone<T>(outcome: &Answer<T>) -> bool {
    outcome.as_ref().is_err_and(Failure::is_token_unknown)
}
