//! What a URL of the service is: its method, its path, and who may ask for it. The list of them is the site's.

use crate::ground::sign_in::PersonKind::{self, BankAdministrator, Clinician, Commissioner, PracticeManager};

/// Something that only some kinds of people may do. A route names it, and nothing else says who may ask for the route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Keeping one's own sign-in and choices.
    SignedIn,
    /// Posting and reading the sessions of one's practices.
    PostSessions,
    /// Advertising posts of one's practices, and following them.
    PostVacancies,
    /// Keeping one's own availability, rates and limits; answering one's own offers.
    BeBooked,
    /// Reading one's own bookings, as a practice or as a clinician.
    SeeBookings,
    /// Clearing clinicians.
    Clear,
    /// Running matching and publishing its plans.
    Match,
    /// Reading the outbox and the log.
    Administer,
    /// Deciding what counts for the whole bank.
    KeepBank,
    /// Inviting people: anybody into the bank, or a colleague to one's practice.
    Invite,
    /// Publishing rate ranges.
    SetRateRanges,
    /// Reading fill rates and unfilled sessions.
    SeeFillRates,
}

impl Permission {
    /// The kinds of people who have it.
    #[must_use]
    pub const fn kinds(self) -> &'static [PersonKind] {
        match self {
            Self::SignedIn => &[PracticeManager, Clinician, BankAdministrator, Commissioner],
            Self::PostSessions | Self::PostVacancies => &[PracticeManager],
            Self::BeBooked => &[Clinician],
            Self::SeeBookings => &[PracticeManager, Clinician],
            Self::Clear | Self::Match | Self::Administer | Self::KeepBank => &[BankAdministrator],
            Self::Invite => &[BankAdministrator, PracticeManager],
            Self::SetRateRanges => &[Commissioner],
            Self::SeeFillRates => &[Commissioner, BankAdministrator],
        }
    }
}

/// Who may ask for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Everybody,
    /// Whoever holds a link with a secret in it.
    LinkHolder,
    /// A program on this machine, or one that knows the token of the settings.
    Scraper,
    /// Signed-in people who have this permission.
    May(Permission),
}

/// One URL and method.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path, with `{name}` for what varies.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
}
