//! One id type per table, so that one kind of id can't be passed for another.

use uuid::Uuid;

/// Declares an id type: a UUID of version 7, in order of time.
macro_rules! decl_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id.
            #[must_use]
            pub fn new() -> Self {
                Self(next())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

#[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
fn next() -> Uuid {
    Uuid::now_v7()
}

decl_id! {
    /// A bank.
    BankId;
    /// A person's account.
    AccountId;
    /// A person's membership in one bank.
    MembershipId;
    /// A practice.
    PracticeId;
    /// A clinician's request for a session.
    RequestId;
    /// A question about a session.
    QuestionId;
    /// A round in which requests gather.
    RoundId;
    /// A clinician.
    ClinicianId;
    /// A decision that a clinician may work in a role.
    ClearanceId;
    /// A decision not to clear a clinician.
    ClearanceRefusalId;
    /// What a register said of a clinician.
    LookupId;
    /// A document that somebody has handed in.
    DocumentId;
    /// A weekly pattern of availability, a single entry, or a time away.
    AvailabilityId;
    /// A published rate range.
    RateRangeId;
    /// An exception to a rate range.
    RateExceptionId;
    /// A list of people whom a practice would rather have.
    PreferredListId;
    /// A session.
    SessionId;
    /// A series of sessions posted together.
    SeriesId;
    /// A file of sessions that was looked through and not posted yet.
    SessionFileId;
    /// A template of a practice's sessions.
    SessionTemplateId;
    /// A plan.
    PlanId;
    /// An offer.
    OfferId;
    /// A booking.
    BookingId;
    /// What a practice decides to pay beside the rate.
    PracticeExtraId;
    /// What a clinician says of what they worked.
    WorkSaidId;
    /// A practice's sign-off of a booking.
    SignOffId;
    /// A clinician's question about a sign-off.
    WorkQueryId;
    /// That a practice was reminded to sign off.
    SignOffReminderId;
    /// The address at which a calendar fetches what a clinician is booked for.
    CalendarFeedId;
    /// A mail in the outbox.
    MailId;
    /// What a mail server or a reader reported of a mail.
    MailReportId;
    /// A vacancy.
    VacancyId;
    /// An application to a vacancy.
    ApplicationId;
    /// What the link of an application is made of: nothing but its mails bears it.
    ApplicationLinkId;
    /// An alert of a clinician for new sessions.
    AlertId;
    /// One link to a new password: nothing but its mail bears it, and the service's key makes the link of it.
    PasswordLinkId;
    /// A change of address: the service's key makes the links of both mailboxes of it.
    AddressChangeId;
    /// A sign-in, as its own person's list names it.
    SignInId;
    /// An invitation into a bank.
    InvitationId;
    /// One sending of an invitation: nothing but its mail bears it, and the service's key makes the link of it.
    InvitationLinkId;
    /// A copy of what is held about somebody.
    ExportId;
    /// A night's work by a bank's times of keeping.
    RetentionRunId;
    /// That somebody was erased.
    ErasureId;
    /// A job in the queue.
    JobId;
}

#[cfg(test)]
mod tests {
    use super::BankId;

    #[test]
    fn ids_come_in_order_of_time_and_survive_text() {
        let (first, second) = (BankId::new(), BankId::new());
        assert!(first < second);
        assert_eq!(first.to_string().parse::<BankId>().unwrap(), first);
    }
}
