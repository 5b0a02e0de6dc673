//! Where a session stands, and why a place of it is empty, in words for the practice that posted it.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Session, SessionState};
use crate::ground::words;

/// Where a session stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The practice took it back.
    Withdrawn,
    /// Every place is booked.
    Filled,
    /// Some places are booked.
    PartFilled {
        /// How many are.
        booked: usize,
        /// Of how many.
        places: usize,
    },
    /// Nobody is booked, and an offer waits for an answer.
    Offered,
    /// Nobody is booked and no offer is out.
    Open,
    /// It has begun without anybody.
    Unfilled,
}

impl Standing {
    /// Where `session` stands at `now` with so many bookings and open offers.
    #[must_use]
    pub fn of(session: &Session, booked: usize, open_offers: i64, now: DateTime<Utc>) -> Self {
        let places = usize::try_from(session.asked.places).unwrap_or_default();
        match session.state {
            SessionState::Withdrawn { .. } => Self::Withdrawn,
            SessionState::Open if booked >= places => Self::Filled,
            SessionState::Open if booked > 0 => Self::PartFilled { booked, places },
            SessionState::Open if session.asked.times.starts_at <= now => Self::Unfilled,
            SessionState::Open if open_offers > 0 => Self::Offered,
            SessionState::Open => Self::Open,
        }
    }

    /// How an entry of the week looks.
    #[must_use]
    pub fn look(self) -> &'static str {
        match self {
            Self::Withdrawn => "cancelled",
            Self::Filled => "filled",
            Self::PartFilled { .. } | Self::Offered => "offered",
            Self::Open | Self::Unfilled => "unfilled",
        }
    }

    /// Whether a place is empty that somebody could wonder about.
    #[must_use]
    pub fn has_empty_place(self) -> bool {
        matches!(self, Self::PartFilled { .. } | Self::Open | Self::Unfilled)
    }
}

/// What kept a place empty, and what the practice can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Why, in one sentence.
    pub sentence: String,
    /// How many people each rule keeps out, a line each, the greatest number first.
    pub blocked: Vec<String>,
    /// What the practice can do next, a sentence each.
    pub next_steps: Vec<String>,
}

/// Says a plan's reason (`plan_unfilled.reason` and `.blocked`) to the practice. An unknown code can't come from the
/// database, whose constraint names them all.
#[must_use]
pub fn explain(reason: &str, blocked: &Value) -> Explanation {
    let mut counts: Vec<(&str, i64)> = RULES
        .iter()
        .filter_map(|(code, ..)| Some((*code, blocked.get(*code)?.as_i64()?)))
        .filter(|(_, count)| *count > 0)
        .collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let (sentence, step) = match reason {
        "all_eligible_better_used" => (
            "Everybody who can do it is needed more elsewhere, or would work too long.",
            "Pay more, or mark it as high priority, so that it comes before others.",
        ),
        "not_worth_filling" => (
            "Everybody who can do it would cost more than a filled session counts for.",
            "Mark it as high priority, or offer a rate that more people accept.",
        ),
        "outside_rate_range" => (
            "Its rate lies outside the range your commissioner has set since it was posted.",
            "Change the rate, so that it lies inside the range.",
        ),
        "no_rate_range" => (
            "Your commissioner has set no range for this role and band.",
            "Ask your commissioner to publish one. Nobody can be offered the session until then.",
        ),
        _ => ("Nobody in the bank can do it as it is posted.", ""),
    };
    let mut next_steps: Vec<String> = Vec::new();
    if !step.is_empty() {
        next_steps.push(step.to_owned());
    }
    if reason == "no_eligible_clinician" {
        let steps = counts.iter().filter_map(|(code, _)| rule(code).map(|(_, _, _, step)| step));
        next_steps.extend(steps.filter(|step| !step.is_empty()).take(3).map(|step| (*step).to_owned()));
        if counts.is_empty() {
            next_steps.push("Ask your bank administrator to find people of this role.".to_owned());
        }
    }
    let line = |(code, count): &(&str, i64)| {
        let (_, one, many, _) = rule(code)?;
        Some(words::capitalised(&words::count(*count, one, many)))
    };
    Explanation {
        sentence: sentence.to_owned(),
        blocked: counts.iter().filter_map(line).collect(),
        next_steps,
    }
}

/// What matching's rules are called here: code, "1 … does", "2 … do", and what the practice can do about it.
type Rule = (&'static str, &'static str, &'static str, &'static str);

const RULES: [Rule; 12] = [
    (
        "competency",
        "person does not hold a competency it needs",
        "people do not hold a competency it needs",
        "Post it again with fewer competencies, if you can do without one.",
    ),
    ("clearance", "person is not cleared for that day", "people are not cleared for that day", ""),
    (
        "availability",
        "person is not free for all of that time",
        "people are not free for all of that time",
        "Post it at another time, or as two shorter sessions.",
    ),
    (
        "rate",
        "person asks for more than your highest rate, or gave no rate for this band",
        "people ask for more than your highest rate, or gave no rate for this band",
        "Pay more: raise the highest rate, as far as the range allows.",
    ),
    ("distance", "person lives too far away", "people live too far away", ""),
    (
        "refused",
        "person does not work here, by their wish or yours",
        "people do not work here, by their wish or yours",
        "",
    ),
    ("role", "person has another role", "people have another role", ""),
    ("overlap", "person is booked at that time", "people are booked at that time", ""),
    (
        "travel",
        "person could not get here in time from another session",
        "people could not get here in time from another session",
        "",
    ),
    ("rest", "person would not have enough rest", "people would not have enough rest", ""),
    ("weekly_hours", "person has no hours left that week", "people have no hours left that week", ""),
    ("daily_hours", "person has no hours left that day", "people have no hours left that day", ""),
];

fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|(known, ..)| *known == code)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
    use serde_json::json;

    use super::{Standing, explain};
    use crate::ground::id::{PracticeId, SessionId};
    use crate::terms::bank::Band;
    use crate::work::session::{AskedSession, Session, SessionState, SessionTimes};

    fn now() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn session(starts_in_hours: i64, places: i16) -> Session {
        let starts_at = now() + TimeDelta::hours(starts_in_hours);
        let date = starts_at.date_naive();
        Session {
            asked: AskedSession {
                id: SessionId::new(),
                practice: PracticeId::new(),
                series: None,
                times: SessionTimes {
                    local_date: date,
                    local_start: NaiveTime::MIN,
                    local_end_date: date,
                    local_end: NaiveTime::MIN,
                    time_zone: chrono_tz::Europe::London,
                    starts_at,
                    ends_at: starts_at + TimeDelta::hours(4),
                },
                band: Band::Core,
                roles: vec!["gp".to_owned()],
                competencies: Vec::new(),
                places,
                priority: 1,
                rate_min_pence_per_hour: 8000,
                rate_max_pence_per_hour: 9000,
                notes: String::new(),
            },
            state: SessionState::Open,
            posted_at: now(),
        }
    }

    #[test]
    fn a_session_stands_where_its_bookings_and_offers_put_it() {
        let of = |hours, places, booked, offers| Standing::of(&session(hours, places), booked, offers, now());
        assert_eq!(of(24, 1, 0, 0), Standing::Open);
        assert_eq!(of(24, 1, 0, 1), Standing::Offered);
        assert_eq!(of(24, 2, 1, 1), Standing::PartFilled { booked: 1, places: 2 });
        assert_eq!(of(24, 2, 2, 0), Standing::Filled);
        assert_eq!(of(0, 1, 0, 0), Standing::Unfilled);
        assert_eq!(of(-1, 1, 1, 0), Standing::Filled);
        let mut withdrawn = session(24, 1);
        withdrawn.state = SessionState::Withdrawn { at: now(), reason: "Closed".to_owned() };
        assert_eq!(Standing::of(&withdrawn, 0, 0, now()), Standing::Withdrawn);
    }

    #[test]
    fn the_rules_that_keep_most_people_out_come_first_with_what_to_do() {
        let blocked = json!({"rate": 3, "availability": 14, "competency": 0, "distance": 1});
        let explanation = explain("no_eligible_clinician", &blocked);
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
        let reasons = [
            "no_eligible_clinician",
            "all_eligible_better_used",
            "not_worth_filling",
            "outside_rate_range",
            "no_rate_range",
        ];
        let mut sentences: Vec<String> = reasons
            .iter()
            .map(|reason| {
                let explanation = explain(reason, &json!({}));
                assert!(!explanation.next_steps.is_empty(), "{reason}");
                explanation.sentence
            })
            .collect();
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), reasons.len());
    }
}
