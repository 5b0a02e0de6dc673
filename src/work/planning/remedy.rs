//! What would fill an empty place, in words, each with where the act begins: ask the practice, ask somebody, see to what they
//! have to show.

use std::collections::BTreeMap;

use matching_model::plan::{Change, Remedy, RemedyValue};

use crate::ground::id::{ClinicianId, SessionId};
use crate::ground::words;

/// A remedy as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyLine {
    /// What to do: "Ask Ann Example to travel 12 miles".
    pub act: String,
    /// Where that begins.
    pub href: String,
    /// What it comes to: "£366 in all".
    pub cost: String,
}

/// The remedies of a session of which at most so many pence an hour are paid now, the cheapest first; `names` are those of
/// the people they bring in.
#[must_use]
pub fn lines(
    remedies: &[Remedy],
    names: &BTreeMap<ClinicianId, String>,
    (session, rate_max): (SessionId, i64),
) -> Vec<RemedyLine> {
    let line = |remedy: &Remedy| {
        let clinician: ClinicianId = remedy.clinician.parse().ok()?;
        let name = names.get(&clinician)?;
        let loses = if remedy.gains == 0 { ", but another session would lose somebody" } else { "" };
        Some(RemedyLine {
            act: act(remedy, name, rate_max)?,
            href: match remedy.change {
                Change::RenewCompetency | Change::ExtendClearance => format!("/clinicians/{clinician}"),
                _ => format!("/unfilled-sessions/{session}/book?clinician={clinician}"),
            },
            cost: format!("{} in all{loses}", words::pounds(remedy.cost_pence)),
        })
    };
    remedies.iter().filter_map(line).collect()
}

/// What to do; none where the value is not of the kind that the change has.
fn act(remedy: &Remedy, name: &str, rate_max: i64) -> Option<String> {
    let number = match &remedy.to {
        RemedyValue::Number(number) => Some(*number),
        RemedyValue::Date(_) => None,
    };
    let date = match &remedy.to {
        RemedyValue::Date(date) => date.parse().ok().map(words::short_date),
        RemedyValue::Number(_) => None,
    };
    Some(match remedy.change {
        Change::RaiseRateMax => match number? - rate_max {
            more if more > 0 => {
                format!("Ask the practice for {} more, and book {name}", words::rate_an_hour(more))
            }
            // The practice would pay it, and the commissioner's range does not let it.
            _ => format!("Have an exception to the rate range approved, for {name}"),
        },
        Change::ShiftStart => {
            let minutes = number?;
            let by = words::count(minutes.abs(), "minute", "minutes");
            let when = if minutes < 0 { "earlier" } else { "later" };
            format!("Ask the practice to start {by} {when}: then {name} can do it")
        }
        Change::ExtendTravel => {
            format!("Ask {name} to travel {}", words::distance(number?))
        }
        Change::ExtendAvailability => format!("Ask {name} to be free for all of it"),
        Change::RaiseWeeklyMinutes => {
            format!("Ask {name} to work up to {} in that week", words::duration(number?))
        }
        Change::RaiseDailyMinutes => {
            format!("Ask {name} to work up to {} on that day", words::duration(number?))
        }
        Change::RenewCompetency => format!("See to what {name} has to show, until {}", date?),
        Change::ExtendClearance => format!("Clear {name} until {}", date?),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::lines;
    use crate::work::planning::example::{PERSON, SESSION};
    use matching_model::plan::{Change, Remedy, RemedyValue};

    #[test]
    fn each_remedy_says_what_to_do_and_leads_to_where_it_begins() {
        let remedy = |change, to| Remedy {
            change,
            to,
            clinician: PERSON.to_string(),
            competency: None,
            cost_pence: 36_667,
            gains: 1,
        };
        let number = RemedyValue::Number;
        let date = || RemedyValue::Date("2026-12-01".to_owned());
        let all = [
            (
                remedy(Change::RaiseRateMax, number(10_300)),
                "Ask the practice for £4 an hour more, and book Ann",
            ),
            (
                remedy(Change::ShiftStart, number(-15)),
                "Ask the practice to start 15 minutes earlier: then Ann can do it",
            ),
            (remedy(Change::ExtendTravel, number(16_094)), "Ask Ann to travel 10 miles"),
            (remedy(Change::ExtendAvailability, date()), "Ask Ann to be free for all of it"),
            (
                remedy(Change::RaiseWeeklyMinutes, number(2_400)),
                "Ask Ann to work up to 40 hours in that week",
            ),
            (
                remedy(Change::RaiseDailyMinutes, number(630)),
                "Ask Ann to work up to 10 hours 30 minutes on that day",
            ),
            (remedy(Change::RenewCompetency, date()), "See to what Ann has to show, until Tue 1 Dec"),
            (remedy(Change::ExtendClearance, date()), "Clear Ann until Tue 1 Dec"),
        ];
        let names = BTreeMap::from([(PERSON, "Ann".to_owned())]);
        for (remedy, words) in &all {
            let found = lines(std::slice::from_ref(remedy), &names, (SESSION, 9_900));
            assert_eq!(found[0].act, *words);
            assert!(found[0].href.contains(&PERSON.to_string()), "{}", found[0].href);
            assert_eq!(found[0].cost, "£366.67 in all");
        }
        let wrong = remedy(Change::ExtendTravel, date());
        assert_eq!(lines(&[wrong], &names, (SESSION, 9_900)), [], "a date is no distance");
        let loses = Remedy { gains: 0, ..all[2].0.clone() };
        let found = lines(&[loses], &names, (SESSION, 9_900));
        assert!(found[0].cost.ends_with("another session would lose somebody"));
        assert_eq!(
            lines(&[all[0].0.clone()], &BTreeMap::new(), (SESSION, 9_900)),
            [],
            "of whom nobody knows the name"
        );
    }
}
