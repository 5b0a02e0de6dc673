//! The records that an event is about.

use crate::ground::id::{
    ApplicationId, BookingId, ClearanceId, ClinicianId, MembershipId, OfferId, RateRangeId, SessionId,
    VacancyId,
};

/// A request with whom and what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestOf {
    /// The session.
    pub session: SessionId,
    /// Who asks for it.
    pub clinician: ClinicianId,
}

/// An offer with whom and what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferOf {
    /// The offer.
    pub offer: OfferId,
    /// Its session.
    pub session: SessionId,
    /// Whom it was made to.
    pub clinician: ClinicianId,
}

/// A booking with whom and what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookingOf {
    /// The booking.
    pub booking: BookingId,
    /// Its session.
    pub session: SessionId,
    /// Who is booked.
    pub clinician: ClinicianId,
}

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
