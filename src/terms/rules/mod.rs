//! What administrators decide for the whole bank, in versions; where they have decided nothing, settings and law count.

pub mod actions;
mod cancelling;
pub mod fields;
pub mod forms;
mod hours;
pub mod pages;
pub mod public;
mod releasing;
mod retention;
pub mod store;
mod text_fields;
mod texts;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use matching_model::policy::Policy;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::cancelling::{Cancelling, FeeStep, FeeSteps};
pub use self::hours::WorkHours;
pub use self::releasing::Releasing;
pub use self::retention::Retention;
pub use self::texts::{About, Joining, Privacy, Terms, paragraphs};
use crate::ground::id::AccountId;
use crate::ground::settings::Settings;

/// What rules are about. Each has versions of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The bank's name and where it is found.
    About,
    /// How long offers stand, and at which hours people are written to.
    Answers,
    /// What a practice owes when it cancels.
    Cancelling,
    /// Rest and hours of those the bank employs.
    Hours,
    /// To whom sessions are open first.
    Releasing,
    /// When what is held is erased by itself.
    Retention,
    /// How long look-ups of professional registers count.
    Registers,
    /// What counts how much in a plan.
    Weights,
    /// When requests are gathered and decided together.
    Rounds,
    /// How figures are shown.
    Figures,
    /// Whether people join by themselves, and what they read before.
    Joining,
    /// What everybody who acts in the bank accepts.
    Terms,
    /// Who answers for personal data, and on which bases it is kept.
    Privacy,
}

impl Section {
    /// Every section, in the order pages list them.
    pub const ALL: [Self; 13] = [
        Self::About,
        Self::Answers,
        Self::Cancelling,
        Self::Hours,
        Self::Registers,
        Self::Weights,
        Self::Rounds,
        Self::Releasing,
        Self::Figures,
        Self::Retention,
        Self::Joining,
        Self::Terms,
        Self::Privacy,
    ];

    /// The name in the database and in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::Answers => "answers",
            Self::Cancelling => "cancelling",
            Self::Hours => "hours",
            Self::Retention => "retention",
            Self::Registers => "registers",
            Self::Weights => "weights",
            Self::Rounds => "rounds",
            Self::Releasing => "releasing",
            Self::Figures => "figures",
            Self::Joining => "joining",
            Self::Terms => "terms",
            Self::Privacy => "privacy",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::About => "Name and address",
            Self::Answers => "Offers and their answers",
            Self::Cancelling => "What cancelling costs a practice",
            Self::Hours => "Rest and hours",
            Self::Retention => "When records are erased",
            Self::Registers => "Professional registers",
            Self::Weights => "What counts in a plan",
            Self::Rounds => "Rounds",
            Self::Releasing => "Release in stages",
            Self::Figures => "Small numbers in figures",
            Self::Joining => "Joining from the public page",
            Self::Terms => "Terms of use",
            Self::Privacy => "Privacy",
        }
    }

    /// The name in the middle of a sentence.
    #[must_use]
    pub fn within_a_sentence(self) -> &'static str {
        match self {
            Self::About => "name and address",
            Self::Answers => "offers and their answers",
            Self::Cancelling => "what cancelling costs a practice",
            Self::Hours => "rest and hours",
            Self::Retention => "when records are erased",
            Self::Registers => "professional registers",
            Self::Weights => "what counts in a plan",
            Self::Rounds => "rounds",
            Self::Releasing => "release in stages",
            Self::Figures => "small numbers in figures",
            Self::Joining => "joining from the public page",
            Self::Terms => "the terms of use",
            Self::Privacy => "privacy",
        }
    }
}

impl FromStr for Section {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|section| section.code() == code).ok_or(())
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Section {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(|()| serde::de::Error::custom("no section of a bank's rules"))
    }
}

/// How long offers stand, and at which hours of the bank's clock people are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Hours to answer an offer.
    pub within_hours: i32,
    /// Answers are asked for from this hour on.
    pub from_hour: i32,
    /// And until this hour, at which quiet begins.
    pub until_hour: i32,
    /// Nobody is told of an offer or reminded before this hour.
    pub told_from_hour: i32,
}

/// When requests are gathered and decided together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rounds {
    /// How many days a round lasts; 0 where the bank holds none.
    pub days: i32,
    /// At which hour of the bank's clock rounds close.
    pub close_hour: i32,
    /// How many days at least lie between the close of a round and the sessions in it.
    pub ahead_days: i32,
    /// Hours after the close in which practices confirm what the round proposes.
    pub confirm_hours: i32,
    /// Weeks of which what people were given decides whose turn it is.
    pub ledger_weeks: i32,
}

impl Rounds {
    /// What counts where nothing was decided: there are none, and if there were, what a bank would start with.
    pub const NONE: Self =
        Self { days: 0, close_hour: 12, ahead_days: 14, confirm_hours: 48, ledger_weeks: 12 };
}

/// How long look-ups of professional registers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUps {
    /// Months.
    pub within_months: i32,
}

impl LookUps {
    /// What counts where nothing was decided: a year, after which every registration has been renewed once.
    pub const UNDECIDED: Self = Self { within_months: 12 };
}

/// How figures are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownFigures {
    /// Of fewer places than this nobody is shown a percentage: it would say more of chance than of a practice.
    pub least_places: i64,
}

/// A rule as it is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The bank's name and where it is found.
    About(About),
    /// How long offers stand.
    Answers(Answers),
    /// What a practice owes when it cancels.
    Cancelling(Cancelling),
    /// Rest and hours.
    Hours(WorkHours),
    /// How long what is held of people is kept.
    Retention(Retention),
    /// How long look-ups count.
    Registers(LookUps),
    /// What counts how much in a plan.
    Weights(Policy),
    /// When requests are gathered and decided together.
    Rounds(Rounds),
    /// To whom sessions are open first.
    Releasing(Releasing),
    /// How figures are shown.
    Figures(ShownFigures),
    /// Joining from the public page.
    Joining(Joining),
    /// The terms of use.
    Terms(Terms),
    /// Who answers for personal data.
    Privacy(Privacy),
}

impl Rule {
    /// What it is about.
    #[must_use]
    pub fn section(&self) -> Section {
        match self {
            Self::About(_) => Section::About,
            Self::Answers(_) => Section::Answers,
            Self::Cancelling(_) => Section::Cancelling,
            Self::Hours(_) => Section::Hours,
            Self::Retention(_) => Section::Retention,
            Self::Registers(_) => Section::Registers,
            Self::Weights(_) => Section::Weights,
            Self::Rounds(_) => Section::Rounds,
            Self::Releasing(_) => Section::Releasing,
            Self::Figures(_) => Section::Figures,
            Self::Joining(_) => Section::Joining,
            Self::Terms(_) => Section::Terms,
            Self::Privacy(_) => Section::Privacy,
        }
    }

    /// As the database keeps it.
    #[must_use]
    pub fn value(&self) -> Value {
        let value = match self {
            Self::About(about) => serde_json::to_value(about),
            Self::Answers(answers) => serde_json::to_value(answers),
            Self::Cancelling(cancelling) => serde_json::to_value(cancelling),
            Self::Hours(hours) => serde_json::to_value(hours),
            Self::Retention(retention) => serde_json::to_value(retention),
            Self::Registers(look_ups) => serde_json::to_value(look_ups),
            Self::Weights(weights) => serde_json::to_value(weights),
            Self::Rounds(rounds) => serde_json::to_value(rounds),
            Self::Releasing(releasing) => serde_json::to_value(releasing),
            Self::Figures(figures) => serde_json::to_value(figures),
            Self::Joining(joining) => serde_json::to_value(joining),
            Self::Terms(terms) => serde_json::to_value(terms),
            Self::Privacy(privacy) => serde_json::to_value(privacy),
        };
        value.unwrap_or_default()
    }

    /// From what the database keeps of a section; none where a later version of this service wrote it otherwise.
    #[must_use]
    pub fn of_value(section: Section, value: Value) -> Option<Self> {
        Some(match section {
            Section::About => Self::About(serde_json::from_value(value).ok()?),
            Section::Answers => Self::Answers(serde_json::from_value(value).ok()?),
            Section::Cancelling => Self::Cancelling(serde_json::from_value(value).ok()?),
            Section::Hours => Self::Hours(serde_json::from_value(value).ok()?),
            Section::Retention => Self::Retention(serde_json::from_value(value).ok()?),
            Section::Registers => Self::Registers(serde_json::from_value(value).ok()?),
            Section::Weights => Self::Weights(serde_json::from_value(value).ok()?),
            Section::Rounds => Self::Rounds(serde_json::from_value(value).ok()?),
            Section::Releasing => Self::Releasing(serde_json::from_value(value).ok()?),
            Section::Figures => Self::Figures(serde_json::from_value(value).ok()?),
            Section::Joining => Self::Joining(serde_json::from_value(value).ok()?),
            Section::Terms => Self::Terms(serde_json::from_value(value).ok()?),
            Section::Privacy => Self::Privacy(serde_json::from_value(value).ok()?),
        })
    }

    /// What counts where the administrators of a bank of that name have decided nothing.
    #[must_use]
    pub fn undecided(section: Section, bank_name: &str, settings: &Settings) -> Self {
        match section {
            Section::About => Self::About(About::of_name(bank_name)),
            Section::Answers => Self::Answers(Answers::of_settings(settings)),
            Section::Cancelling => Self::Cancelling(Cancelling::default()),
            Section::Hours => Self::Hours(WorkHours::LAW),
            Section::Retention => Self::Retention(Retention::USUAL),
            Section::Registers => Self::Registers(LookUps::UNDECIDED),
            Section::Weights => Self::Weights(settings.matching.policy),
            Section::Rounds => Self::Rounds(Rounds::NONE),
            Section::Releasing => Self::Releasing(Releasing::AT_ONCE),
            Section::Figures => Self::Figures(ShownFigures::default()),
            Section::Joining => Self::Joining(Joining::default()),
            Section::Terms => Self::Terms(Terms::default()),
            Section::Privacy => Self::Privacy(Privacy::default()),
        }
    }
}

impl Answers {
    /// What counts where nothing was decided: the operator's hours to answer, from 9am to 9pm, and no mail before 7am.
    #[must_use]
    pub fn of_settings(settings: &Settings) -> Self {
        Self::within(i32::try_from(settings.offers.answer_within_hours).unwrap_or(i32::MAX))
    }

    /// When a time to answer that would end at night ends: "9am".
    #[must_use]
    pub fn morning(self) -> String {
        u32::try_from(self.from_hour).ok().and_then(fields::full_hour).unwrap_or_default()
    }

    /// So many hours to answer, at the usual times of the day.
    #[must_use]
    pub const fn within(within_hours: i32) -> Self {
        Self { within_hours, from_hour: 9, until_hour: 21, told_from_hour: 7 }
    }
}

/// One version of a section of a bank's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: i32,
    /// The rule.
    pub rule: Rule,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// Their name.
    pub by_name: String,
    /// Why.
    pub why: String,
}

#[cfg(test)]
mod tests;
