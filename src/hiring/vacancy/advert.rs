//! What a vacancy says to those who look for work.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Contract;
use super::hours::Hours;
use super::pay::Pay;
use crate::ground::id::PracticeId;

/// Whom to ask about a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Their name, and perhaps what they do.
    pub name: String,
    /// How they are written to; may be empty.
    pub email: String,
    /// How they are rung up; may be empty.
    pub phone: String,
}

/// What a vacancy says. What may be left out is empty where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advert {
    /// What the post is called: "Salaried GP".
    pub title: String,
    /// The role of the bank's catalogue it is in, where it is in one.
    pub role: Option<String>,
    /// The code of its staff group.
    pub staff_group: String,
    /// How somebody is taken on.
    pub contract: Contract,
    /// For how many months, where it is for a term.
    pub months: Option<i64>,
    /// How much somebody works in a week.
    pub hours: Hours,
    /// What it pays.
    pub pay: Pay,
    /// The first day, where it is fixed.
    pub starts_on: Option<NaiveDate>,
    /// Until when people may apply.
    pub closes_at: DateTime<Utc>,
    /// The first and the last day of interviews, where they are known.
    pub interviews: Option<(NaiveDate, NaiveDate)>,
    /// What somebody does in it.
    pub duties: String,
    /// What the practice and its people are like.
    pub about: String,
    /// On which days and when.
    pub pattern: String,
    /// What an applicant must have, a line each.
    pub essential: Vec<String>,
    /// What is welcome, a line each.
    pub desirable: Vec<String>,
    /// What comes with the post, a line each.
    pub benefits: Vec<String>,
    /// How somebody is helped to find their feet.
    pub mentoring: String,
    /// Whether the practice sponsors a visa for it.
    pub sponsors_visa: bool,
    /// Whether disabled applicants who have what is essential are sure of an interview.
    pub is_disability_confident: bool,
    /// Whom to ask.
    pub contact: Contact,
}

/// An advert that was read from its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdvert {
    /// What it says.
    pub advert: Advert,
    /// Where the work is, the practice that posts it first.
    pub places: Vec<PracticeId>,
}

impl Advert {
    /// Everything in it that is prose, for searches.
    #[must_use]
    pub fn words(&self) -> String {
        let lines = [&self.essential, &self.desirable, &self.benefits].into_iter().flatten();
        let prose = [&self.duties, &self.about, &self.pattern, &self.mentoring];
        prose.into_iter().chain(lines).map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    /// What differs between this and a later version, named as people read it.
    #[must_use]
    pub fn differences(&self, later: &Self) -> Vec<&'static str> {
        let differ = [
            ("title", self.title != later.title),
            ("role", (&self.role, &self.staff_group) != (&later.role, &later.staff_group)),
            ("contract", (self.contract, self.months) != (later.contract, later.months)),
            ("hours", self.hours != later.hours),
            ("pay", self.pay != later.pay),
            ("start", self.starts_on != later.starts_on),
            ("closing date", self.closes_at != later.closes_at),
            ("interviews", self.interviews != later.interviews),
            ("what you do", (&self.duties, &self.pattern) != (&later.duties, &later.pattern)),
            ("about us", self.about != later.about),
            ("essential criteria", self.essential != later.essential),
            ("desirable criteria", self.desirable != later.desirable),
            ("what we offer", (&self.benefits, &self.mentoring) != (&later.benefits, &later.mentoring)),
            ("visa sponsorship", self.sponsors_visa != later.sponsors_visa),
            ("Disability Confident", self.is_disability_confident != later.is_disability_confident),
            ("contact", self.contact != later.contact),
        ];
        differ.into_iter().filter(|(_, is_other)| *is_other).map(|(name, _)| name).collect()
    }
}
