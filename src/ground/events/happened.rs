//! The catalogue of what can happen.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::kind::EventKind;
use super::of_application::{OfApplication, ToVacancy};
use super::of_vacancy::OfVacancy;
use super::of_work::OfWork;
use super::subjects::{BookingOf, OfferOf, RequestOf, Subjects};
use crate::ground::actor::PersonKind;
use crate::ground::id::{
    ClearanceId, ClinicianId, DocumentId, MembershipId, PracticeId, RateRangeId, SessionId, VacancyId,
};

/// A document that was handed in, with whose and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentOf {
    /// The document.
    pub document: DocumentId,
    /// Who handed it in.
    pub clinician: ClinicianId,
    /// The code of what it shows.
    pub competency: String,
}

/// Something that happened, with its facts. Rates are pence an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// A practice asked for somebody.
    SessionPosted {
        /// The session.
        session: SessionId,
        /// Its first and last instant.
        span: (DateTime<Utc>, DateTime<Utc>),
        /// How many people it wants.
        places: i16,
        /// What it pays at least and at most.
        rate_pence_per_hour: (i32, i32),
    },
    /// What a session pays or says is another.
    SessionChanged {
        /// The session.
        session: SessionId,
        /// What it pays at least and at most from now on.
        rate_pence_per_hour: (i32, i32),
    },
    /// A session is at another time, or on another day.
    SessionMoved {
        /// The session.
        session: SessionId,
        /// Its first and last instant before.
        before: (DateTime<Utc>, DateTime<Utc>),
        /// Its first and last instant from now on.
        span: (DateTime<Utc>, DateTime<Utc>),
    },
    /// A practice took a session back.
    SessionWithdrawn(SessionId),
    /// A session is at the practice that takes the place of the one before; open again where its closing had ended it.
    SessionCarriedOver {
        /// The session.
        session: SessionId,
        /// The practice that closes.
        from: PracticeId,
        /// The one that takes its place.
        to: PracticeId,
    },
    /// A session is open from now on to this audience: `preferred`, `worked_here` or `everybody`.
    StageOpened(SessionId, &'static str),
    /// Somebody asked for a session.
    RequestMade(RequestOf),
    /// The practice said no.
    RequestDeclined(RequestOf),
    /// Whoever asked took it back.
    RequestWithdrawn(RequestOf),
    /// The session wanted nobody any more, or the practice did not confirm in time.
    RequestEnded(RequestOf),
    /// A round gives them the session, if the practice confirms.
    RequestProposed(RequestOf),
    /// A round does not give them the session.
    RequestNotGiven(RequestOf),
    /// A place was offered to somebody, at a rate.
    OfferMade(OfferOf, i32),
    /// They said no.
    OfferDeclined(OfferOf),
    /// They said nothing in time.
    OfferLapsed(OfferOf),
    /// It was taken from them.
    OfferWithdrawn(OfferOf),
    /// Somebody was booked.
    BookingMade {
        /// The booking.
        of: BookingOf,
        /// How it came about: `offer`, `request` or `administrator`.
        way_in: &'static str,
        /// The agreed rate.
        rate_pence_per_hour: i32,
    },
    /// What a booked session says is another.
    BookingChanged(BookingOf),
    /// A booked session is at another time; from when until when it was.
    BookingMoved(BookingOf, (DateTime<Utc>, DateTime<Utc>)),
    /// A booking was ended by one side.
    BookingCancelled {
        /// The booking.
        of: BookingOf,
        /// `practice`, `clinician` or `bank`.
        side: &'static str,
        /// What the practice owes for it.
        fee_pence: i32,
    },
    /// Somebody began to act in the bank, as what.
    PersonJoined(MembershipId, PersonKind),
    /// Somebody acts in the bank no more, as what.
    PersonLeft(MembershipId, PersonKind),
    /// The bank decided until when somebody may work, in a role.
    Cleared {
        /// The decision.
        clearance: ClearanceId,
        /// Whom it is about.
        clinician: ClinicianId,
        /// The role.
        role: String,
        /// The last day.
        cleared_until: NaiveDate,
        /// Whether that day was over when it was decided, which ended their clearance.
        is_over: bool,
    },
    /// A register was looked up for somebody, and said `found`, `conditions`, `lapsed` or `not_found`.
    LookedUp(ClinicianId, &'static str),
    /// A clinician handed in a document.
    DocumentHandedIn(DocumentOf),
    /// An administrator found it good.
    DocumentVerified(DocumentOf),
    /// An administrator sent it back.
    DocumentSentBack(DocumentOf),
    /// A commissioner's range.
    RangePublished {
        /// The range.
        range: RateRangeId,
        /// The role it is for.
        role: String,
        /// The band it is for.
        band: &'static str,
        /// The first day on which it counts.
        valid_from: NaiveDate,
        /// The least and the most an hour pays.
        rate_pence_per_hour: (i32, i32),
    },
    /// Something happened to a vacancy.
    Vacancy(VacancyId, OfVacancy),
    /// Something was said of what was worked.
    Work(BookingOf, OfWork),
    /// Something happened to an application.
    Application(ToVacancy, OfApplication),
}

impl Happened {
    /// Of which kind it is.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::SessionPosted { .. } => EventKind::SessionPosted,
            Self::SessionChanged { .. } => EventKind::SessionChanged,
            Self::SessionMoved { .. } => EventKind::SessionMoved,
            Self::SessionWithdrawn(_) => EventKind::SessionWithdrawn,
            Self::SessionCarriedOver { .. } => EventKind::SessionCarriedOver,
            Self::StageOpened(..) => EventKind::StageOpened,
            Self::RequestMade(_) => EventKind::RequestMade,
            Self::RequestDeclined(_) => EventKind::RequestDeclined,
            Self::RequestWithdrawn(_) => EventKind::RequestWithdrawn,
            Self::RequestEnded(_) => EventKind::RequestEnded,
            Self::RequestProposed(_) => EventKind::RequestProposed,
            Self::RequestNotGiven(_) => EventKind::RequestNotGiven,
            Self::OfferMade(..) => EventKind::OfferMade,
            Self::OfferDeclined(_) => EventKind::OfferDeclined,
            Self::OfferLapsed(_) => EventKind::OfferLapsed,
            Self::OfferWithdrawn(_) => EventKind::OfferWithdrawn,
            Self::BookingMade { .. } => EventKind::BookingMade,
            Self::BookingChanged(_) => EventKind::BookingChanged,
            Self::BookingMoved(..) => EventKind::BookingMoved,
            Self::BookingCancelled { .. } => EventKind::BookingCancelled,
            Self::PersonJoined(..) => EventKind::PersonJoined,
            Self::PersonLeft(..) => EventKind::PersonLeft,
            Self::Cleared { is_over: false, .. } => EventKind::ClinicianCleared,
            Self::Cleared { is_over: true, .. } => EventKind::ClearanceEnded,
            Self::LookedUp(..) => EventKind::RegisterLookedUp,
            Self::DocumentHandedIn(_) => EventKind::DocumentHandedIn,
            Self::DocumentVerified(_) => EventKind::DocumentVerified,
            Self::DocumentSentBack(_) => EventKind::DocumentSentBack,
            Self::RangePublished { .. } => EventKind::RangePublished,
            Self::Vacancy(_, what) => what.kind(),
            Self::Application(_, what) => what.kind(),
            Self::Work(_, what) => what.kind(),
        }
    }

    /// The records it is about.
    pub(super) fn subjects(&self) -> Subjects {
        match self {
            Self::SessionPosted { session, .. }
            | Self::SessionChanged { session, .. }
            | Self::SessionMoved { session, .. }
            | Self::SessionCarriedOver { session, .. }
            | Self::SessionWithdrawn(session)
            | Self::StageOpened(session, _) => (*session).into(),
            Self::RequestMade(of)
            | Self::RequestDeclined(of)
            | Self::RequestWithdrawn(of)
            | Self::RequestEnded(of)
            | Self::RequestProposed(of)
            | Self::RequestNotGiven(of) => (*of).into(),
            Self::OfferMade(of, _)
            | Self::OfferDeclined(of)
            | Self::OfferLapsed(of)
            | Self::OfferWithdrawn(of) => (*of).into(),
            Self::BookingMade { of, .. }
            | Self::BookingChanged(of)
            | Self::BookingMoved(of, _)
            | Self::Work(of, _)
            | Self::BookingCancelled { of, .. } => (*of).into(),
            Self::PersonJoined(membership, _) | Self::PersonLeft(membership, _) => {
                Subjects { membership: Some(*membership), ..Subjects::default() }
            }
            Self::Cleared { clearance, clinician, .. } => {
                Subjects { clearance: Some(*clearance), clinician: Some(*clinician), ..Subjects::default() }
            }
            Self::LookedUp(clinician, _)
            | Self::DocumentHandedIn(DocumentOf { clinician, .. })
            | Self::DocumentVerified(DocumentOf { clinician, .. })
            | Self::DocumentSentBack(DocumentOf { clinician, .. }) => {
                Subjects { clinician: Some(*clinician), ..Subjects::default() }
            }
            Self::RangePublished { range, .. } => Subjects { range: Some(*range), ..Subjects::default() },
            Self::Vacancy(vacancy, _) => Subjects { vacancy: Some(*vacancy), ..Subjects::default() },
            Self::Application(of, _) => Subjects { application: Some(of.application), ..Subjects::default() },
        }
    }

    /// Its facts. The migration that began the table writes the same of what was before it.
    pub(super) fn detail(&self) -> Value {
        match self {
            Self::SessionPosted {
                span: (starts_at, ends_at),
                places,
                rate_pence_per_hour: (least, most),
                ..
            } => json!({
                "starts_at": starts_at, "ends_at": ends_at, "places": places,
                "rate_min_pence_per_hour": least, "rate_max_pence_per_hour": most,
            }),
            Self::SessionChanged { rate_pence_per_hour: (least, most), .. } => {
                json!({ "rate_min_pence_per_hour": least, "rate_max_pence_per_hour": most })
            }
            Self::SessionMoved { before: (from, until), span: (starts_at, ends_at), .. } => {
                json!({ "from": from, "until": until, "starts_at": starts_at, "ends_at": ends_at })
            }
            Self::SessionCarriedOver { from, to, .. } => json!({ "from": from, "to": to }),
            Self::OfferMade(_, rate_pence_per_hour) => json!({ "rate_pence_per_hour": rate_pence_per_hour }),
            Self::BookingMade { way_in, rate_pence_per_hour, .. } => {
                json!({ "way_in": way_in, "rate_pence_per_hour": rate_pence_per_hour })
            }
            Self::BookingMoved(_, (from, until)) => json!({ "from": from, "until": until }),
            Self::BookingCancelled { side, fee_pence, .. } => {
                json!({ "side": side, "fee_pence": fee_pence })
            }
            Self::PersonJoined(_, kind) | Self::PersonLeft(_, kind) => json!({ "kind": kind.code() }),
            Self::Cleared { role, cleared_until, .. } => {
                json!({ "role": role, "cleared_until": cleared_until })
            }
            Self::LookedUp(_, outcome) => json!({ "outcome": outcome }),
            Self::DocumentHandedIn(of) | Self::DocumentVerified(of) | Self::DocumentSentBack(of) => {
                json!({ "document": of.document, "competency": of.competency })
            }
            Self::RangePublished { role, band, valid_from, rate_pence_per_hour: (least, most), .. } => {
                json!({
                    "role": role, "band": band, "valid_from": valid_from,
                    "floor_pence_per_hour": least, "ceiling_pence_per_hour": most,
                })
            }
            Self::StageOpened(_, audience) => json!({ "audience": audience }),
            Self::Vacancy(_, what) => what.detail(),
            Self::Application(of, what) => what.detail(of.vacancy),
            Self::Work(_, what) => what.detail(),
            Self::SessionWithdrawn(_)
            | Self::RequestMade(_)
            | Self::RequestDeclined(_)
            | Self::RequestWithdrawn(_)
            | Self::RequestEnded(_)
            | Self::RequestProposed(_)
            | Self::RequestNotGiven(_)
            | Self::OfferDeclined(_)
            | Self::OfferLapsed(_)
            | Self::OfferWithdrawn(_)
            | Self::BookingChanged(_) => json!({}),
        }
    }
}
