//! Why a booking or a session is given up, as both sides read it: chosen from a list, because what people write of
//! themselves can name an illness. Their own words are for the bank alone.

use super::Side;

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The clinician has something else then.
    NotFree,
    /// Something came up for the clinician shortly before.
    ShortNotice,
    /// The clinician can't get there.
    CannotGetThere,
    /// The practice needs nobody.
    NotNeeded,
    /// Somebody of the practice does it.
    OwnCover,
    /// The practice has no room.
    NoRoom,
    /// The practice posted it by mistake.
    ByMistake,
    /// Something on which the booking rested has changed, and the bank can't let it stand.
    RulesNotMet,
    /// The bank has spoken to both sides.
    AgreedWithBoth,
    /// None of these.
    Another,
}

impl Reason {
    const OF_CLINICIANS: [Self; 4] = [Self::NotFree, Self::ShortNotice, Self::CannotGetThere, Self::Another];
    const OF_PRACTICES: [Self; 5] =
        [Self::NotNeeded, Self::OwnCover, Self::NoRoom, Self::ByMistake, Self::Another];

    const OF_BANKS: [Self; 3] = [Self::RulesNotMet, Self::AgreedWithBoth, Self::Another];

    /// Those that somebody of this side can choose.
    #[must_use]
    pub fn of(side: Side) -> &'static [Self] {
        match side {
            Side::Clinician => &Self::OF_CLINICIANS,
            Side::Practice => &Self::OF_PRACTICES,
            Side::Bank => &Self::OF_BANKS,
        }
    }

    /// Each side with each of its reasons: for the bank, which cancels for whoever telephones.
    pub fn of_all_sides() -> impl Iterator<Item = (Side, Self)> {
        let sides = [Side::Clinician, Side::Practice, Side::Bank];
        sides.into_iter().flat_map(|side| Self::of(side).iter().map(move |reason| (side, *reason)))
    }

    /// The name in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFree => "not_free",
            Self::ShortNotice => "short_notice",
            Self::CannotGetThere => "cannot_get_there",
            Self::NotNeeded => "not_needed",
            Self::OwnCover => "own_cover",
            Self::NoRoom => "no_room",
            Self::ByMistake => "by_mistake",
            Self::RulesNotMet => "rules_not_met",
            Self::AgreedWithBoth => "agreed_with_both",
            Self::Another => "another",
        }
    }

    /// What both sides read.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::NotFree => "No longer free at that time",
            Self::ShortNotice => "Something came up at short notice",
            Self::CannotGetThere => "Can’t get there",
            Self::NotNeeded => "The session is not needed any more",
            Self::OwnCover => "The practice covers the session itself",
            Self::NoRoom => "The room or the site can’t be used",
            Self::ByMistake => "It was posted by mistake",
            Self::RulesNotMet => "The booking doesn’t meet the bank’s rules any more",
            Self::AgreedWithBoth => "Agreed with both sides",
            Self::Another => "Another reason",
        }
    }
}
