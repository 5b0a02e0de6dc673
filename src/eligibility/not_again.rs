//! Who is not proposed for a session again, and what made it so.
//!
//! Whoever gave a session back, lost it or was left out of it is not asked again of the bank's own accord. They can ask for
//! it themselves, and whoever decided can take it back.

/// What made it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type, serde::Deserialize)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// They declined an offer of it.
    Declined,
    /// They cancelled their booking.
    CancelledByClinician,
    /// The practice cancelled it.
    CancelledByPractice,
    /// The bank cancelled it.
    CancelledByBank,
    /// An administrator left them out of a plan.
    LeftOut,
    /// An administrator took an offer of it back from them.
    OfferTakenBack,
}

/// Why an administrator left somebody out of a plan: from a list, since what people write of others can be unkind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LeftOutReason {
    /// The practice wants somebody else.
    PracticeWish,
    /// They said that they can't or don't want to.
    ClinicianWish,
    /// The session is kept for somebody else.
    KeptForSomebody,
    /// None of these.
    Another,
}

impl LeftOutReason {
    /// Every reason, as they are listed.
    pub const ALL: [Self; 4] =
        [Self::PracticeWish, Self::ClinicianWish, Self::KeptForSomebody, Self::Another];

    /// The name in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PracticeWish => "practice_wish",
            Self::ClinicianWish => "clinician_wish",
            Self::KeptForSomebody => "kept_for_somebody",
            Self::Another => "another",
        }
    }

    /// What administrators read.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::PracticeWish => "The practice wants somebody else",
            Self::ClinicianWish => "They said that they can’t or don’t want to",
            Self::KeptForSomebody => "It is kept for somebody else",
            Self::Another => "Another reason",
        }
    }
}

impl Cause {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Declined,
        Self::CancelledByClinician,
        Self::CancelledByPractice,
        Self::CancelledByBank,
        Self::LeftOut,
        Self::OfferTakenBack,
    ];

    /// The name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::CancelledByClinician => "cancelled_by_clinician",
            Self::CancelledByPractice => "cancelled_by_practice",
            Self::CancelledByBank => "cancelled_by_bank",
            Self::LeftOut => "left_out",
            Self::OfferTakenBack => "offer_taken_back",
        }
    }

    /// Whether the clinician made it so, and can take it back alone.
    #[must_use]
    pub fn is_their_own(self) -> bool {
        matches!(self, Self::Declined | Self::CancelledByClinician)
    }
}
