//! Why places of a session are empty, as a plan found it, and the words for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::{Audience, kept_out};
use crate::ground::words;
use matching_model::plan::{RuleCode, UnfilledReason};

/// Why places of a session are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type, serde::Deserialize)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum EmptyReason {
    /// Nobody besides those placed in it already may do it.
    NoEligibleClinician,
    /// Somebody may, and all of them are booked, worth more elsewhere or out of hours.
    AllEligibleBetterUsed,
    /// Every pair that is left scores zero or less.
    NotWorthFilling,
    /// What the practice pays lies outside the commissioner's range.
    OutsideRateRange,
    /// The commissioner has published no range for this work.
    NoRateRange,
}

impl From<UnfilledReason> for EmptyReason {
    fn from(reason: UnfilledReason) -> Self {
        match reason {
            UnfilledReason::NoEligibleClinician => Self::NoEligibleClinician,
            UnfilledReason::AllEligibleBetterUsed => Self::AllEligibleBetterUsed,
            UnfilledReason::NotWorthFilling => Self::NotWorthFilling,
        }
    }
}

impl EmptyReason {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::NoEligibleClinician,
        Self::AllEligibleBetterUsed,
        Self::NotWorthFilling,
        Self::OutsideRateRange,
        Self::NoRateRange,
    ];

    /// The name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoEligibleClinician => "no_eligible_clinician",
            Self::AllEligibleBetterUsed => "all_eligible_better_used",
            Self::NotWorthFilling => "not_worth_filling",
            Self::OutsideRateRange => "outside_rate_range",
            Self::NoRateRange => "no_rate_range",
        }
    }

    /// A sentence that says why, and one that says what could be done about it; the second is empty where what keeps people
    /// out says more.
    fn words(self, audience: Audience) -> (&'static str, &'static str) {
        let is_practice = audience == Audience::Practice;
        match self {
            Self::NoEligibleClinician if is_practice => ("Nobody in the bank can do it as it is posted.", ""),
            Self::NoEligibleClinician => (
                "Nobody in the bank can do it.",
                "See what keeps people out, and change what can be changed.",
            ),
            Self::AllEligibleBetterUsed if is_practice => (
                "Everybody who can do it is needed more elsewhere, or would work too long.",
                "Pay more, or mark it as high priority, so that it comes before others.",
            ),
            Self::AllEligibleBetterUsed => (
                "Everybody who can do it is booked then, needed more elsewhere or out of hours.",
                "Raise the session's priority, or post it at another time.",
            ),
            Self::NotWorthFilling if is_practice => (
                "Everybody who can do it would cost more than a filled session counts for.",
                "Mark it as high priority, or offer a rate that more people accept.",
            ),
            Self::NotWorthFilling => (
                "Filling it would cost more than it is worth by the bank's own weights.",
                "Lower the rate, or raise the session's priority.",
            ),
            Self::OutsideRateRange if is_practice => (
                "Its rate lies outside the range your commissioner has set since it was posted.",
                "Change the rate, so that it lies inside the range.",
            ),
            Self::OutsideRateRange => (
                "What the practice pays lies outside the commissioner's rate range.",
                "Ask the practice for a rate inside the range.",
            ),
            Self::NoRateRange if is_practice => (
                "Your commissioner has set no range for this role and band.",
                "Ask your commissioner to publish one. Nobody can be offered the session until then.",
            ),
            Self::NoRateRange => (
                "The commissioner has published no rate range for this work.",
                "Ask the commissioner to publish a range.",
            ),
        }
    }

    /// A sentence that says why.
    #[must_use]
    pub fn sentence(self, audience: Audience) -> &'static str {
        self.words(audience).0
    }

    /// What could be done about it.
    #[must_use]
    pub fn next_step(self, audience: Audience) -> &'static str {
        self.words(audience).1
    }
}

/// How many people each rule keeps out, each counted under the first that does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked(pub BTreeMap<RuleCode, u32>);

impl Blocked {
    /// Those that keep anybody out, the greatest number first.
    fn counts(&self) -> Vec<(RuleCode, u32)> {
        let mut counts: Vec<(RuleCode, u32)> =
            self.0.iter().map(|(rule, count)| (*rule, *count)).filter(|(_, count)| *count > 0).collect();
        counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
        counts
    }

    /// A line for each rule that keeps anybody out, the greatest number first: "14 are not free for all of that time"; to practices "14
    /// people are not free for all of that time".
    #[must_use]
    pub fn lines(&self, audience: Audience) -> Vec<String> {
        let line = |(rule, count): (RuleCode, u32)| {
            let said = kept_out(rule, audience);
            let (noun, verb) = if count == 1 { ("person ", said.one) } else { ("people ", said.many) };
            let noun = if audience == Audience::Practice { noun } else { "" };
            format!("{} {noun}{verb}", words::number(count.into()))
        };
        self.counts().into_iter().map(line).collect()
    }
}

/// What kept a place empty, and what can be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Why, in one sentence.
    pub sentence: String,
    /// How many people each rule keeps out, a line each, the greatest number first.
    pub blocked: Vec<String>,
    /// What can be done next, a sentence each.
    pub next_steps: Vec<String>,
}

/// The most next steps that rules are asked for.
const MOST_STEPS: usize = 3;

/// Says a plan's reason to the practice.
#[must_use]
pub fn explain(reason: EmptyReason, blocked: &Blocked) -> Explanation {
    let audience = Audience::Practice;
    let own = Some(reason.next_step(audience)).filter(|step| !step.is_empty());
    let mut next_steps: Vec<&str> = own.into_iter().collect();
    if reason == EmptyReason::NoEligibleClinician {
        let counts = blocked.counts();
        let steps = counts.iter().map(|(rule, _)| kept_out(*rule, audience).next_step);
        next_steps.extend(steps.filter(|step| !step.is_empty()).take(MOST_STEPS));
        if counts.is_empty() {
            next_steps.push("Ask your bank administrator to find people of this role.");
        }
    }
    Explanation {
        sentence: reason.sentence(audience).to_owned(),
        blocked: blocked.lines(audience),
        next_steps: next_steps.into_iter().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Blocked, EmptyReason, explain};
    use crate::eligibility::words::Audience;
    use matching_model::plan::RuleCode;

    fn blocked(counts: &[(RuleCode, u32)]) -> Blocked {
        Blocked(counts.iter().copied().collect())
    }

    #[test]
    fn people_are_counted_by_what_keeps_them_out_most_first() {
        let blocked = blocked(&[
            (RuleCode::Competency, 1),
            (RuleCode::Availability, 14),
            (RuleCode::Rate, 5),
            (RuleCode::Refused, 0),
        ]);
        assert_eq!(
            blocked.lines(Audience::Administrator),
            [
                "14 are not free for all of that time",
                "5 ask more than it may pay",
                "1 lacks a skill or document it needs"
            ]
        );
        assert!(Blocked::default().lines(Audience::Administrator).is_empty());
    }

    #[test]
    fn the_rules_that_keep_most_people_out_come_first_with_what_to_do() {
        let blocked = blocked(&[
            (RuleCode::Rate, 3),
            (RuleCode::Availability, 14),
            (RuleCode::Competency, 0),
            (RuleCode::Distance, 1),
        ]);
        let explanation = explain(EmptyReason::NoEligibleClinician, &blocked);
        assert_eq!(explanation.sentence, "Nobody in the bank can do it as it is posted.");
        assert_eq!(explanation.blocked[0], "14 people are not free for all of that time");
        assert_eq!(explanation.blocked[2], "1 person lives too far away");
        assert_eq!(
            explanation.next_steps,
            [
                "Post it at another time, or as two shorter sessions.",
                "Pay more: raise the highest rate, as far as the range allows.",
            ]
        );
    }

    #[test]
    fn every_reason_has_a_sentence_and_a_next_step() {
        for audience in [Audience::Practice, Audience::Administrator, Audience::Commissioner] {
            let said: BTreeSet<&str> =
                EmptyReason::ALL.into_iter().map(|reason| reason.sentence(audience)).collect();
            assert_eq!(said.len(), EmptyReason::ALL.len());
        }
        for reason in EmptyReason::ALL {
            assert!(!explain(reason, &Blocked::default()).next_steps.is_empty(), "{reason:?}");
            assert!(!reason.next_step(Audience::Administrator).is_empty(), "{reason:?}");
        }
    }
}
