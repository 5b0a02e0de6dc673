//! Why a session is empty, in words for people.

use serde_json::Value;

use super::EmptyReason;
use matching_model::plan::RuleCode;

impl EmptyReason {
    /// A sentence that says why.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoEligibleClinician => "Nobody in the bank can do it.",
            Self::AllEligibleBetterUsed => {
                "Everybody who can do it is booked then, needed more elsewhere or out of hours."
            }
            Self::NotWorthFilling => "Filling it would cost more than it is worth by the bank's own weights.",
            Self::OutsideRateRange => "What the practice pays lies outside the commissioner's rate range.",
            Self::NoRateRange => "The commissioner has published no rate range for this work.",
        }
    }

    /// What could be done about it.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        match self {
            Self::NoEligibleClinician => "See what keeps people out, and change what can be changed.",
            Self::AllEligibleBetterUsed => "Raise the session's priority, or post it at another time.",
            Self::NotWorthFilling => "Lower the rate, or raise the session's priority.",
            Self::OutsideRateRange => "Ask the practice for a rate inside the range.",
            Self::NoRateRange => "Ask the commissioner to publish a range.",
        }
    }
}

/// What a rule says of one person and of several who are kept out by it.
fn words_of(rule: RuleCode) -> (&'static str, &'static str) {
    match rule {
        RuleCode::Role => ("works in another role", "work in another role"),
        RuleCode::Competency => ("lacks a skill or document it needs", "lack a skill or document it needs"),
        RuleCode::Clearance => ("is not cleared for that date", "are not cleared for that date"),
        RuleCode::Availability => ("is not available then", "are not available then"),
        RuleCode::Rate => ("asks more than it may pay", "ask more than it may pay"),
        RuleCode::Distance => ("lives too far away", "live too far away"),
        RuleCode::Refused => {
            ("is refused by the practice, or refuses it", "are refused by the practice, or refuse it")
        }
        RuleCode::Overlap => ("is needed elsewhere at that time", "are needed elsewhere at that time"),
        RuleCode::Travel => ("could not drive there in time", "could not drive there in time"),
        RuleCode::Rest => ("would not have enough rest", "would not have enough rest"),
        RuleCode::WeeklyHours => ("has no hours left that week", "have no hours left that week"),
        RuleCode::DailyHours => ("has no hours left that day", "have no hours left that day"),
    }
}

/// Who is kept out by what, as a plan counts them: "14 are not available then", most first.
#[must_use]
pub fn blocked_words(blocked: &Value) -> Vec<String> {
    let counts = blocked.as_object().into_iter().flatten();
    let mut counts: Vec<(i64, RuleCode)> = counts
        .filter_map(|(code, count)| {
            let rule = serde_json::from_value(Value::String(code.clone())).ok()?;
            Some((count.as_i64().filter(|count| *count > 0)?, rule))
        })
        .collect();
    counts.sort_by_key(|(count, rule)| (-count, *rule));
    let words = |(count, rule): (i64, RuleCode)| {
        let (one, many) = words_of(rule);
        if count == 1 {
            format!("1 {one}")
        } else {
            format!("{} {many}", crate::ground::words::number(count))
        }
    };
    counts.into_iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::blocked_words;

    #[test]
    fn people_are_counted_by_what_keeps_them_out_most_first() {
        let blocked =
            json!({ "competency": 1, "availability": 14, "rate": 5, "refused": 0, "unheard_of": 3 });
        assert_eq!(
            blocked_words(&blocked),
            [
                "14 are not available then",
                "5 ask more than it may pay",
                "1 lacks a skill or document it needs"
            ]
        );
        assert!(blocked_words(&json!({})).is_empty());
    }
}
