//! What keeps a clinician from work, in words for them: what it is, what to do, where they mend it by themselves, and which
//! sessions wait for it.

use crate::eligibility::block::{Block, Limit, Reach};
use crate::ground::words::{capitalised, date_without_weekday, distance, in_sentence, list_or, rate_an_hour};
use crate::people::credential::HeldCompetency;
use crate::terms::bank::{Band, CompetencyKind};

/// A page where somebody mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// What the link says.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
}

impl Block {
    /// What it is: one or two sentences.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NotCleared => "You are not cleared to work yet.".to_owned(),
            Self::Document { document, today, .. } => {
                let said = document.sentence(*today);
                let then = match self.reach() {
                    Reach::Soon => "Sessions after that day can't be offered to you.",
                    Reach::Everything | Reach::Something => "Nothing can be offered to you.",
                };
                format!("{said}, and your role needs it. {then}")
            }
            Self::NumberChanged => "Your registration number has changed since you were cleared.".to_owned(),
            Self::OffRegister(lookup) => {
                format!("{}. Nothing can be offered to you.", lookup.sentence())
            }
            Self::ClearanceEnded(on) => format!("Your clearance ended on {}.", date_without_weekday(*on)),
            Self::ClearanceEnds(on) => format!(
                "Your clearance ends on {}. Sessions after that day can't be offered to you.",
                date_without_weekday(*on)
            ),
            Self::HeldEnded(held, on) => {
                format!("Your {} ended on {}.", named(held), date_without_weekday(*on))
            }
            Self::HeldEnds(held, on) => {
                format!("Your {} ends on {}.", named(held), date_without_weekday(*on))
            }
            Self::NumberMissing(register) => {
                format!("Your {register} number is missing, so your clearance can't be renewed.")
            }
            Self::NumberOdd(register, number) => format!(
                "Your {register} number, {number}, does not look right, so your clearance can't be renewed."
            ),
            Self::NoTime => "You have given no time when you can work in the next four weeks.".to_owned(),
            Self::NoRates => "You have not said what you work for.".to_owned(),
            Self::RateTooHigh { band, rate_pence_per_hour, ceiling_pence_per_hour, .. } => format!(
                "Your rate for {}, {}, is above the highest the commissioner allows, {}.",
                work_in(*band),
                rate_an_hour((*rate_pence_per_hour).into()),
                rate_an_hour((*ceiling_pence_per_hour).into())
            ),
            Self::BandsWithoutRate { bands, .. } => {
                let bands: Vec<&str> = bands.iter().map(|band| work_in(*band)).collect();
                format!("You have given no rate for {}, so you are offered none.", list_or(&bands))
            }
            Self::NoTravel => "You have not said how far you travel.".to_owned(),
            Self::OutOfReach(metres, district) => format!(
                "No practice of the bank lies within {} of {district} by road.",
                distance((*metres).into())
            ),
            Self::NoHours(limit) => {
                let span = match limit {
                    Limit::Week => "a week",
                    Limit::Day => "a day",
                };
                format!("You have set your limit to no hours {span}.")
            }
        }
    }

    /// What to do: one or two sentences; empty where the link says it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NotCleared => {
                "Your bank administrator checks your documents and clears you. Ask them what is missing."
            }
            Self::Document { .. } => "Send it to your bank administrator.",
            Self::NumberChanged => {
                "Your bank administrator looks at the new number and decides again. Nothing is offered to you until then."
            }
            Self::OffRegister(_) => {
                "If the number is wrong, correct it under “My details”. Otherwise tell your bank administrator when your registration has been renewed: they look again."
            }
            Self::ClearanceEnded(_) | Self::ClearanceEnds(_) => "Ask your bank administrator to renew it.",
            Self::HeldEnded(held, _) | Self::HeldEnds(held, _) => match held.kind {
                CompetencyKind::Document => "Send the new one to your bank administrator.",
                CompetencyKind::Skill | CompetencyKind::System => {
                    "Tell your bank administrator when you have renewed it."
                }
            },
            Self::NumberMissing(_)
            | Self::NumberOdd(..)
            | Self::NoTime
            | Self::NoRates
            | Self::RateTooHigh { .. }
            | Self::BandsWithoutRate { .. }
            | Self::NoTravel
            | Self::OutOfReach(..)
            | Self::NoHours(_) => "",
        }
    }

    /// Where the person mends it by themselves.
    #[must_use]
    pub fn mend(&self) -> Option<Mend> {
        let (label, href) = match self {
            Self::NumberMissing(_) => ("Add your registration number", "/me/details"),
            Self::NumberOdd(..) | Self::OffRegister(_) => ("Correct your registration number", "/me/details"),
            Self::NoTime => ("Add your availability", "/availability"),
            Self::NoRates | Self::BandsWithoutRate { .. } => ("Add your rates", "/me/rates"),
            Self::RateTooHigh { .. } => ("Change your rates", "/me/rates"),
            Self::NoTravel | Self::OutOfReach(..) => ("Change how far you travel", "/me/details"),
            Self::NoHours(_) => ("Change your limits", "/me/details"),
            Self::NotCleared
            | Self::Document { .. }
            | Self::NumberChanged
            | Self::ClearanceEnded(_)
            | Self::ClearanceEnds(_)
            | Self::HeldEnded(..)
            | Self::HeldEnds(..) => return None,
        };
        Some(Mend { label, href: href.to_owned() })
    }

    /// Which sessions wait for it: "Every session", "Saturday work".
    #[must_use]
    pub fn keeps_away(&self) -> String {
        match self {
            Self::RateTooHigh { band, .. } => capitalised(work_in(*band)),
            Self::BandsWithoutRate { bands, .. } => {
                let bands: Vec<&str> = bands.iter().map(|band| work_in(*band)).collect();
                capitalised(&list_or(&bands))
            }
            Self::HeldEnded(held, _) => that_need(&held.name),
            Self::HeldEnds(held, on) => {
                format!("{} after {}", that_need(&held.name), date_without_weekday(*on))
            }
            Self::Document { works_until: on, .. } | Self::ClearanceEnds(on)
                if self.reach() == Reach::Soon =>
            {
                format!("Every session after {}", date_without_weekday(*on))
            }
            Self::NotCleared
            | Self::Document { .. }
            | Self::NumberChanged
            | Self::OffRegister(_)
            | Self::ClearanceEnded(_)
            | Self::ClearanceEnds(_)
            | Self::NumberMissing(_)
            | Self::NumberOdd(..)
            | Self::NoTime
            | Self::NoRates
            | Self::NoTravel
            | Self::OutOfReach(..)
            | Self::NoHours(_) => EVERY_SESSION.to_owned(),
        }
    }
}

/// What waits for something that everybody of the role needs.
pub const EVERY_SESSION: &str = "Every session";

/// "Sessions that need basic life support": what waits for something that some sessions need.
#[must_use]
pub fn that_need(competency: &str) -> String {
    format!("Sessions that need {}", in_sentence(competency))
}

/// "basic life support certificate": what is held, in the middle of a sentence.
fn named(held: &HeldCompetency) -> String {
    let known = match held.code.as_str() {
        "basic_life_support" => Some("basic life support certificate"),
        "safeguarding_children_3" => Some("safeguarding children level 3 certificate"),
        "indemnity" => Some("indemnity cover"),
        "enhanced_dbs" => Some("enhanced DBS check"),
        "performers_list" => Some("Performers List entry"),
        "right_to_work" => Some("right to work check"),
        _ => None,
    };
    known.map_or_else(|| format!("“{}”", held.name), str::to_owned)
}

/// Work in a band, in the middle of a sentence.
fn work_in(band: Band) -> &'static str {
    match band {
        Band::Core => "work in core hours",
        Band::Evening => "evening work",
        Band::Saturday => "Saturday work",
        Band::SundayOrBankHoliday => "work on Sundays and bank holidays",
        Band::Night => "night work",
    }
}
