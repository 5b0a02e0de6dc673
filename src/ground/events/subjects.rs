//! The records that an event is about.

use super::happened::{BookingOf, OfferOf, RequestOf};
use crate::ground::id::{
    ApplicationId, BookingId, ClearanceId, ClinicianId, MembershipId, OfferId, RateRangeId, SessionId,
    VacancyId,
};

/// The records that an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Subjects {
    pub(super) session: Option<SessionId>,
    pub(super) clinician: Option<ClinicianId>,
    pub(super) offer: Option<OfferId>,
    pub(super) booking: Option<BookingId>,
    pub(super) membership: Option<MembershipId>,
    pub(super) clearance: Option<ClearanceId>,
    pub(super) range: Option<RateRangeId>,
    pub(super) vacancy: Option<VacancyId>,
    pub(super) application: Option<ApplicationId>,
}

impl From<SessionId> for Subjects {
    fn from(session: SessionId) -> Self {
        Self { session: Some(session), ..Self::default() }
    }
}

impl From<RequestOf> for Subjects {
    fn from(RequestOf { session, clinician }: RequestOf) -> Self {
        Self { session: Some(session), clinician: Some(clinician), ..Self::default() }
    }
}

impl From<OfferOf> for Subjects {
    fn from(OfferOf { offer, session, clinician }: OfferOf) -> Self {
        Self { offer: Some(offer), session: Some(session), clinician: Some(clinician), ..Self::default() }
    }
}

impl From<BookingOf> for Subjects {
    fn from(BookingOf { booking, session, clinician }: BookingOf) -> Self {
        Self { booking: Some(booking), session: Some(session), clinician: Some(clinician), ..Self::default() }
    }
}
