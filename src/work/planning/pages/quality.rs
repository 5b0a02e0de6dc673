//! How good a plan is, what it costs and how it is spread, in words.

use crate::ground::words;
use crate::work::planning::Outcome;
use crate::work::planning::cost::Cost;

/// "412 of 480 places".
pub(super) fn filled_words(outcome: &Outcome) -> String {
    format!("{} of {} places", words::number(outcome.filled.into()), words::number(outcome.places.into()))
}

/// "The best possible", "Within 0.05% of the best possible"; hundredths of a per cent, rounded up.
pub(super) fn quality_words(outcome: &Outcome) -> String {
    let hundredths = (outcome.gap().0.max(0) + 9_999) / 10_000;
    if hundredths == 0 {
        "The best possible".to_owned()
    } else {
        format!("Within {}.{:02}% of the best possible", hundredths / 100, hundredths % 100)
    }
}

/// How good a plan is, in words.
pub(super) struct Quality {
    pub filled: String,
    pub share: String,
    pub most: String,
    pub distance: String,
    pub empty: String,
    pub proof: String,
    pub score: String,
    pub upper_bound: String,
    pub seconds: String,
    /// What it costs, and how that lies to the ranges; empty where that was not kept.
    pub cost: String,
    /// How the work is spread over people; empty where nobody has any.
    pub spread: String,
}

/// A plan's quality, of which so many people have so many sessions.
pub(super) fn quality_of(outcome: &Outcome, spread: &[(i64, i64)]) -> Quality {
    let empty = outcome.places - outcome.filled;
    let most = outcome.fill_upper_bound.map_or(String::new(), |most| {
        if most <= outcome.filled {
            "No plan fills more".to_owned()
        } else {
            format!("No plan fills more than {}", words::number(most.into()))
        }
    });
    Quality {
        filled: filled_words(outcome),
        share: words::share(outcome.filled.into(), outcome.places.into()),
        most,
        distance: quality_words(outcome),
        empty: words::number(empty.into()),
        proof: if outcome.is_proven_by_prices {
            "prices, which anybody can verify from the plan's file".to_owned()
        } else {
            "branch and bound".to_owned()
        },
        score: words::number(outcome.score),
        upper_bound: words::number(outcome.upper_bound),
        seconds: seconds_of(outcome.milliseconds),
        cost: outcome.cost.map(Cost::sentence).unwrap_or_default(),
        spread: spread_words(spread, outcome.cost.map(|cost| cost.offering.into())),
    }
}

fn seconds_of(milliseconds: i32) -> String {
    format!("{}.{} seconds", milliseconds / 1_000, milliseconds % 1_000 / 100)
}

/// "From 1 to 9 sessions a person, and half of the 22 people have 4 or more. 38 of those who offer time on these dates have
/// none", of how many people have so many sessions, the most first.
fn spread_words(spread: &[(i64, i64)], offering: Option<i64>) -> String {
    let (Some((most, _)), Some((least, _))) = (spread.first(), spread.last()) else { return String::new() };
    let people: i64 = spread.iter().map(|(_, people)| people).sum();
    let mut so_far = 0;
    let middle = spread.iter().find(|(_, of)| {
        so_far += of;
        so_far * 2 >= people
    });
    let half = middle.map_or(*most, |(sessions, _)| *sessions);
    let said = if people == 1 {
        format!("One person has {}", words::count(*most, "session", "sessions"))
    } else {
        format!(
            "From {least} to {most} sessions a person, and half of the {people} people have {half} or more"
        )
    };
    match offering.map(|offering| offering - people) {
        Some(none) if none > 0 => format!(
            "{said}. {} none",
            words::capitalised(&words::count(
                none,
                "of those who offer time on these dates has",
                "of those who offer time on these dates have"
            ))
        ),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::{quality_of, seconds_of, spread_words};
    use crate::work::planning::Outcome;

    #[test]
    fn a_plan_says_how_good_it_is_and_never_better_than_it_is() {
        let outcome = |score, filled, most| Outcome {
            score,
            upper_bound: 1_000_000,
            is_proven_by_prices: true,
            places: 480,
            filled,
            fill_upper_bound: Some(most),
            left_to_round: 0,
            cost: None,
            milliseconds: 3_149,
        };
        let best = quality_of(&outcome(1_000_000, 412, 412), &[]);
        assert_eq!((best.distance.as_str(), best.most.as_str()), ("The best possible", "No plan fills more"));
        let near = quality_of(&outcome(999_501, 412, 415), &[]);
        assert_eq!(near.distance, "Within 0.05% of the best possible");
        assert_eq!(
            quality_of(&outcome(999_499, 412, 415), &[]).distance,
            "Within 0.06% of the best possible"
        );
        assert_eq!((near.most.as_str(), near.share.as_str()), ("No plan fills more than 415", "86%"));
        assert_eq!(near.empty, "68");
        assert_eq!(seconds_of(3_149), "3.1 seconds");
    }

    #[test]
    fn a_plan_says_how_its_work_is_spread() {
        let said = "From 1 to 9 sessions a person, and half of the 10 people have 4 or more";
        assert_eq!(spread_words(&[(9, 1), (4, 5), (1, 4)], Some(10)), said);
        assert_eq!(
            spread_words(&[(9, 1), (4, 5), (1, 4)], Some(12)),
            format!("{said}. 2 of those who offer time on these dates have none")
        );
        assert_eq!(spread_words(&[(2, 1)], None), "One person has 2 sessions");
        assert_eq!(spread_words(&[], Some(3)), "");
    }
}
