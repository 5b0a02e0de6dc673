//! The kinds of what can happen, each with its name in the database.

/// Declares the kinds of event, each with its name in the database, which is never changed.
macro_rules! kinds {
    ($($name:ident $code:literal;)*) => {
        /// A kind of event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "each is told beside its facts, in `Happened`")]
        pub enum EventKind {
            $($name,)*
        }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name in the database. It is never changed: old rows bear it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

kinds! {
    SessionPosted "session_posted";
    SessionChanged "session_changed";
    SessionMoved "session_moved";
    SessionWithdrawn "session_withdrawn";
    SessionCarriedOver "session_carried_over";
    StageOpened "stage_opened";
    RequestMade "request_made";
    RequestDeclined "request_declined";
    RequestWithdrawn "request_withdrawn";
    RequestEnded "request_ended";
    RequestProposed "request_proposed";
    RequestNotGiven "request_not_given";
    OfferMade "offer_made";
    OfferDeclined "offer_declined";
    OfferLapsed "offer_lapsed";
    OfferWithdrawn "offer_withdrawn";
    BookingMade "booking_made";
    BookingChanged "booking_changed";
    BookingMoved "booking_moved";
    BookingCancelled "booking_cancelled";
    PersonJoined "person_joined";
    PersonLeft "person_left";
    ClinicianCleared "clinician_cleared";
    ClearanceEnded "clearance_ended";
    RegisterLookedUp "register_looked_up";
    DocumentHandedIn "document_handed_in";
    DocumentVerified "document_verified";
    DocumentSentBack "document_sent_back";
    RangePublished "range_published";
    VacancyPublished "vacancy_published";
    VacancyChanged "vacancy_changed";
    VacancyClosed "vacancy_closed";
    VacancySettled "vacancy_settled";
    ApplicationSent "application_sent";
    ApplicationWithdrawn "application_withdrawn";
    ApplicationMoved "application_moved";
    WorkSaid "work_said";
    WorkSignedOff "work_signed_off";
    WorkQueried "work_queried";
    WorkQueryAnswered "work_query_answered";
}
