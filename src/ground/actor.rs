//! Who acts in a transaction. An action asks its [`Tx`](super::db::Tx), never a request.

use super::id::{AccountId, ApplicationId, BankId, MembershipId};

/// What a person comes to do in a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PersonKind {
    /// Posts sessions for one practice or several.
    PracticeManager,
    /// Can be booked.
    Clinician,
    /// Clears people and runs matching.
    BankAdministrator,
    /// Sets rate ranges and watches fill rates.
    Commissioner,
}

impl PersonKind {
    /// Every kind, in the order the demonstration lists them.
    pub const ALL: [Self; 4] =
        [Self::PracticeManager, Self::Clinician, Self::BankAdministrator, Self::Commissioner];

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PracticeManager => "Practice manager",
            Self::Clinician => "Clinician",
            Self::BankAdministrator => "Bank administrator",
            Self::Commissioner => "Commissioner",
        }
    }

    /// The name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PracticeManager => "practice_manager",
            Self::Clinician => "clinician",
            Self::BankAdministrator => "bank_administrator",
            Self::Commissioner => "commissioner",
        }
    }

    /// The kind of that name in the database.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind in the middle of a sentence: "practice manager".
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::PracticeManager => "practice manager",
            Self::Clinician => "clinician",
            Self::BankAdministrator => "bank administrator",
            Self::Commissioner => "commissioner",
        }
    }

    /// What such a person does in a bank, in a sentence for somebody who is asked to be one.
    #[must_use]
    pub fn does(self) -> &'static str {
        match self {
            Self::PracticeManager => {
                "Practices post the locum sessions they need filled, and see who is booked."
            }
            Self::Clinician => {
                "You say when and where you can work and for what, and answer offers of sessions by email."
            }
            Self::BankAdministrator => {
                "Administrators clear clinicians, plan who works where, and invite the others."
            }
            Self::Commissioner => {
                "Commissioners publish what sessions may pay, and watch how well they are filled."
            }
        }
    }

    /// The page a person of this kind starts on.
    #[must_use]
    pub fn start_page(self) -> &'static str {
        match self {
            Self::PracticeManager => "/sessions",
            Self::Clinician => "/offers",
            Self::BankAdministrator => "/today",
            Self::Commissioner => "/fill-rate",
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person, in one of their memberships.
    Member {
        /// Their account.
        account: AccountId,
        /// The bank they act in.
        bank: BankId,
        /// Their membership in it.
        membership: MembershipId,
        /// What they came to do.
        kind: PersonKind,
    },
    /// Whoever holds a link from a mail: what they may do is what the link is for.
    LinkHolder {
        /// The bank of the record that the link names.
        bank: BankId,
        /// Whose link it is, where one person has it.
        account: Option<AccountId>,
    },
    /// Whoever made an application, by its link or because they are just making it.
    Applicant {
        /// The bank of the vacancy.
        bank: BankId,
        /// The application, which is all of the bank's that is theirs.
        application: ApplicationId,
    },
    /// Work in the background: of one bank, or of the whole service.
    Job {
        /// The bank, where it is one's.
        bank: Option<BankId>,
    },
    /// Whoever gives commands to the binary.
    Operator,
    /// Somebody who is not signed in.
    Visitor,
}

impl Actor {
    /// Work in the background for the whole service.
    pub const SERVICE: Self = Self::Job { bank: None };

    /// Work in the background for one bank.
    #[must_use]
    pub fn job_of(bank: BankId) -> Self {
        Self::Job { bank: Some(bank) }
    }

    /// Whoever holds a link of this bank.
    #[must_use]
    pub fn link_holder(bank: BankId) -> Self {
        Self::LinkHolder { bank, account: None }
    }

    /// The bank they act in; none for the whole service.
    #[must_use]
    pub fn bank(self) -> Option<BankId> {
        match self {
            Self::Member { bank, .. } | Self::LinkHolder { bank, .. } | Self::Applicant { bank, .. } => {
                Some(bank)
            }
            Self::Job { bank } => bank,
            Self::Operator | Self::Visitor => None,
        }
    }

    /// The account on whose behalf they act, for the log.
    #[must_use]
    pub fn account(self) -> Option<AccountId> {
        match self {
            Self::Member { account, .. } => Some(account),
            Self::LinkHolder { account, .. } => account,
            Self::Applicant { .. } | Self::Job { .. } | Self::Operator | Self::Visitor => None,
        }
    }

    /// The membership they act in, where they are signed in.
    #[must_use]
    pub fn membership(self) -> Option<MembershipId> {
        match self {
            Self::Member { membership, .. } => Some(membership),
            Self::LinkHolder { .. }
            | Self::Applicant { .. }
            | Self::Job { .. }
            | Self::Operator
            | Self::Visitor => None,
        }
    }

    /// The application that is theirs.
    #[must_use]
    pub fn application(self) -> Option<ApplicationId> {
        match self {
            Self::Applicant { application, .. } => Some(application),
            _ => None,
        }
    }

    /// Whether they work for the whole service, and may read every bank's records.
    #[must_use]
    pub fn is_of_the_service(self) -> bool {
        matches!(self, Self::Job { bank: None } | Self::Operator)
    }
}
