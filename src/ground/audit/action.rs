//! The catalogue of what the log tells: every action with its code, which is in the database for good, and its title,
//! which people read.

use uuid::Uuid;

use crate::ground::id::{
    AccountId, AlertId, ApplicationId, BankId, BookingId, ClinicianId, DocumentId, InvitationId, JobId,
    MailId, MembershipId, OfferId, PlanId, PracticeId, QuestionId, RateRangeId, RequestId, RoundId,
    SessionId, VacancyId,
};

/// Declares the actions, each with its code and its title.
macro_rules! actions {
    ($($name:ident $code:literal $title:literal;)*) => {
        /// Something that was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each has its title beside it")]
        pub enum Action {
            $($name,)*
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name in the database, as `concept.verb`. It is never changed: old lines bear it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What an administrator reads in the log.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// The name in the code, by which a test finds whether it is used.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

actions! {
    AddressChangeAsked "address.change_asked" "Another email address asked for";
    AddressChanged "address.changed" "Email address changed";
    AlertAdded "alert.added" "Alert added";
    AlertEnded "alert.ended" "Alert ended";
    AlertRenewed "alert.renewed" "Alert renewed";
    AlertRenewedByLink "alert.renewed_by_link" "Alert renewed by the link in its email";
    AvailabilityAwayAdded "availability.away_added" "Time away added";
    AvailabilityAwayRemoved "availability.away_removed" "Time away taken back";
    AvailabilityDateAdded "availability.date_added" "Available date added";
    AvailabilityDateRemoved "availability.date_removed" "Available date taken back";
    AvailabilityWeekChanged "availability.week_changed" "Weekly hours changed";
    BankBoardAdded "bank.board_added" "Board added to the bank";
    BankClosed "bank.closed" "Bank closed into another";
    BankBandsDecided "bank.bands_decided" "Times of bands changed";
    BankHolidayAdded "bank.holiday_added" "Bank holiday added";
    BankHolidayRuleChosen "bank.holiday_rule_chosen" "Holidays on a weekend counted otherwise";
    BankRuleDecided "bank.rule_decided" "Rule of the bank changed";
    BankRemoved "bank.removed" "Bank removed";
    BankRenamed "bank.renamed" "Bank renamed";
    BookingCancelled "booking.cancelled" "Booking cancelled";
    BookingChanged "booking.changed" "Booked session’s notes changed";
    BookingFlagged "booking.flagged" "Booking to look at";
    BookingMade "booking.made" "Booking made";
    BookingMoved "booking.moved" "Booked session’s time changed";
    CalendarFeedEnded "calendar_feed.ended" "Calendar’s address ended";
    CalendarFeedMade "calendar_feed.made" "Calendar’s address made";
    ClearanceDecided "clearance.decided" "Clearance decided";
    ClearanceRefused "clearance.refused" "Clearance refused";
    ClinicianDetailsChanged "clinician.details_changed" "Clinician’s details changed";
    ClinicianPreferenceChanged "clinician.preference_changed" "Preference for a practice changed";
    ClinicianRatesChanged "clinician.rates_changed" "Clinician’s rates changed";
    ClinicianSkillsChanged "clinician.skills_changed" "Clinician’s skills changed";
    CompetencyDecided "competency.decided" "Competency added or changed";
    CredentialRecorded "credential.recorded" "Document or skill recorded";
    CredentialRemoved "credential.removed" "Document or skill removed";
    DataExportAsked "data_export.asked" "Copy of what is held about a person asked for";
    DataExportFetched "data_export.fetched" "Copy of what is held about a person fetched";
    DemonstrationLoaded "demonstration.loaded" "Demonstration loaded";
    DocumentHandedIn "document.handed_in" "Document handed in";
    DocumentOpened "document.opened" "Document opened";
    DocumentSentBack "document.sent_back" "Document sent back";
    DocumentVerified "document.verified" "Document verified";
    FeedbackGiven "feedback.given" "How a booking went said";
    InvitationAccepted "invitation.accepted" "Invitation accepted";
    JoinedByThemselves "invitation.joined" "Joined from the public page";
    InvitationSent "invitation.sent" "Invitation sent";
    InvitationSentAgain "invitation.sent_again" "Invitation sent again";
    InvitationWithdrawn "invitation.withdrawn" "Invitation withdrawn";
    JobPutBack "job.put_back" "Job put back";
    MailAddressCleared "mail_address.cleared" "Email address cleared";
    MailAddressComplained "mail_address.complained" "Email reported as unwanted";
    MailAddressStopped "mail_address.stopped" "Email address stopped";
    MailChoiceChanged "mail_choice.changed" "Choices of email changed";
    MailChoiceStoppedByLink "mail_choice.stopped_by_link" "Kind of email stopped by a link";
    MailChoiceTakenBackByLink "mail_choice.taken_back_by_link" "Kind of email wanted again by a link";
    MailGivenUp "mail.given_up" "Mail given up";
    MailPutBack "mail.put_back" "Mail put back";
    MailReleased "mail.released" "Held mail sent";
    MembershipBegun "membership.begun" "Person may act as more";
    MembershipEnded "membership.ended" "Person acts no more";
    OfferDeclined "offer.declined" "Offer declined";
    OfferLapsed "offer.lapsed" "Offer lapsed";
    OfferMade "offer.made" "Offers made";
    OfferWithdrawn "offer.withdrawn" "Offer taken back";
    PairLeftOut "plan.pair_left_out" "Clinician left out of a session by a plan’s administrator";
    PasswordChanged "password.changed" "Password changed";
    PasswordReplacedByLink "password.replaced_by_link" "Password replaced by a link";
    PersonErased "person.erased" "Person erased";
    PlanChased "plan.chased" "Reminded who has not answered a plan’s offers";
    PlanPublished "plan.published" "Plan published";
    PlanRequested "plan.requested" "Plan requested";
    PlanSetAside "plan.set_aside" "Plan set aside";
    PracticeClinicianRefused "practice.clinician_refused" "Clinician not taken by a practice";
    PracticeClinicianTakenAgain "practice.clinician_taken_again" "Clinician taken again by a practice";
    PracticeExtraDecided "practice.extra_decided" "What a practice pays beside the rate decided";
    PracticeGuideChanged "practice.guide_changed" "Practice’s guide changed";
    PracticeImported "practice.imported" "Practices imported";
    PracticeSucceeded "practice.succeeded" "Successor of a practice named";
    PracticeListMade "practice.list_made" "List of preferred people made";
    PracticeListRemoved "practice.list_removed" "List of preferred people removed";
    PracticePrefers "practice.prefers" "Person put on a list of preferred people";
    PracticePrefersNoMore "practice.prefers_no_more" "Person taken off a list of preferred people";
    PracticeTrustEnded "practice.trust_ended" "Requests to a practice wait for an answer again";
    PracticeTrusts "practice.trusts" "Practice books at once who asks";
    RateRangePublished "rate_range.published" "Rate range published";
    SessionAskedOtherwise "session.asked_otherwise" "What a session asks for changed";
    SessionAskedForAgain "session.asked_for_again" "Session asked for again";
    RecoveryCodeUsed "recovery_code.used" "Recovery code used";
    RecoveryCodesRenewed "recovery_code.renewed" "Recovery codes renewed";
    RecordsErasedByTime "records.erased_by_time" "Records erased by the bank’s times";
    QuestionAnswered "question.answered" "Question about a session answered";
    QuestionAsked "question.asked" "Question about a session asked";
    RequestAccepted "request.accepted" "Request for a session accepted";
    RequestDeclined "request.declined" "Request for a session declined";
    RequestEnded "request.ended" "Request for a session ended";
    RegisterLookedUp "register.looked_up" "Register looked up";
    RequestMade "request.made" "Session requested";
    RequestProposed "request.proposed" "Request proposed by a round after all";
    RequestsRanked "request.ranked" "Requests of a round put in order";
    RequestWithdrawn "request.withdrawn" "Request for a session taken back";
    RoleDecided "role.decided" "Role added or changed";
    RoundAnnounced "round.announced" "Round announced";
    RoundDecided "round.decided" "Round decided";
    RoleNeedDecided "role.need_decided" "Document needed by a role";
    RoleNeedEnded "role.need_ended" "Document no longer needed by a role";
    SecondFactorDemanded "second_factor.demanded" "Second factor demanded from a date";
    SecondFactorEnded "second_factor.ended" "Second factor turned off";
    SecondFactorReset "second_factor.reset" "Second factor reset";
    SecondFactorSetUp "second_factor.set_up" "Second factor set up";
    SessionChanged "session.changed" "Session changed";
    SessionMoved "session.moved" "Session’s time changed";
    SessionPosted "session.posted" "Session posted";
    SessionProposedAgain "session.proposed_again" "Clinician proposed for a session again";
    SessionRebanded "session.rebanded" "Session’s band changed by the calendar";
    SessionStagesSet "session.stages_set" "Stages of a session set";
    SessionTemplateRemoved "session_template.removed" "Template of sessions removed";
    SessionTemplateSaved "session_template.saved" "Template of sessions saved";
    SessionWithdrawn "session.withdrawn" "Session withdrawn";
    SignInEnded "sign_in.ended" "Sign-in ended from another browser";
    SignInEndedForPerson "sign_in.ended_for_person" "Person signed out by an administrator";
    TermsAccepted "terms.accepted" "Terms of use accepted";
    ApplicationCvOpened "application.cv_opened" "CV of an application opened";
    ApplicationMoved "application.moved" "Application taken a step further";
    ApplicationSent "application.sent" "Application sent";
    ApplicationWithdrawn "application.withdrawn" "Application withdrawn";
    VacancyChanged "vacancy.changed" "Vacancy changed";
    VacancyClosed "vacancy.closed" "Vacancy closed early";
    VacancyDraftRemoved "vacancy.draft_removed" "Draft of a vacancy removed";
    VacancyDrafted "vacancy.drafted" "Vacancy drafted";
    VacancyPublished "vacancy.published" "Vacancy published";
    VacancySettled "vacancy.settled" "What came of a vacancy said";
    WorkQueried "work.queried" "Sign-off questioned";
    WorkQueryAnswered "work.query_answered" "Question about a sign-off answered";
    WorkSaid "work.said" "Clinician said what they worked";
    WorkSignedOff "work.signed_off" "Worked session signed off";
}

impl Action {
    /// The action of that code; none where a later or an earlier version wrote it.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.code() == code)
    }
}

/// A record that something was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The kind of record, by its glossary name.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
}

/// Says which kind of record an id names.
macro_rules! subjects {
    ($($id:ident $kind:literal;)*) => {$(
        impl From<$id> for Subject {
            fn from(id: $id) -> Self {
                Self { kind: $kind, id: id.0 }
            }
        }
    )*};
}

subjects! {
    AccountId "account";
    AlertId "alert";
    ApplicationId "application";
    BankId "bank";
    BookingId "booking";
    ClinicianId "clinician";
    DocumentId "document";
    InvitationId "invitation";
    JobId "job";
    MailId "mail";
    MembershipId "membership";
    OfferId "offer";
    PlanId "plan";
    PracticeId "practice";
    RateRangeId "rate_range";
    QuestionId "question";
    RequestId "request";
    RoundId "round";
    SessionId "session";
    VacancyId "vacancy";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Action;

    #[test]
    fn each_action_has_a_code_and_a_title_of_its_own() {
        let codes: BTreeSet<_> = Action::ALL.iter().map(|action| action.code()).collect();
        let titles: BTreeSet<_> = Action::ALL.iter().map(|action| action.title()).collect();
        assert_eq!((codes.len(), titles.len()), (Action::ALL.len(), Action::ALL.len()));
        for action in Action::ALL {
            assert_eq!(Action::of_code(action.code()), Some(*action));
            assert!(action.code().contains('.'), "{}", action.code());
        }
        assert_eq!(Action::of_code("session.forgotten"), None);
    }
}
