//! What a whole plan costs, and how that lies to the commissioner's ranges.

use std::collections::BTreeMap;

use super::prepare::Facts;
use super::store::facts::SessionRow;
use super::store::people::PersonFacts;
use crate::ground::words;
use crate::work::booking::pay_pence;
use matching_model::plan::Assignment;

/// What a plan costs, and how many people it could have asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// Everybody's pay, in pence.
    pub pay_pence: i64,
    /// What it would be if everybody were paid the floor of the range in force.
    pub floor_pence: i64,
    /// The same of the ceiling.
    pub ceiling_pence: i64,
    /// How many people offer any time on the dates.
    pub offering: i32,
}

impl Cost {
    /// Of the pairs of a plan whose sessions were asked for. What no range covers is left out of all three sums.
    #[must_use]
    pub fn of<'a>(facts: &Facts, assignments: impl Iterator<Item = &'a Assignment>) -> Self {
        let sessions: BTreeMap<String, &SessionRow> =
            facts.sessions.iter().map(|row| (row.id.to_string(), row)).collect();
        let people: BTreeMap<String, &PersonFacts> =
            facts.people.iter().map(|person| (person.record.id.to_string(), person)).collect();
        let offering = facts.people.iter().filter(|person| !person.available.is_empty()).count();
        let mut cost = Self { offering: i32::try_from(offering).unwrap_or(i32::MAX), ..Self::default() };
        for pair in assignments {
            let known = sessions.get(&pair.session).zip(people.get(&pair.clinician));
            let Some((session, person)) = known else { continue };
            let range = facts.ranges.in_force(&person.record.role, session.band, session.local_date);
            let Some(range) = range else { continue };
            let minutes = (session.ends_at - session.starts_at).num_minutes();
            cost.pay_pence += pair.pay_pence;
            cost.floor_pence += i64::from(pay_pence(range.floor_pence_per_hour, minutes));
            cost.ceiling_pence += i64::from(pay_pence(range.ceiling_pence_per_hour, minutes));
        }
        cost
    }

    /// "£12,300 in all: 40% of the way from what the floors of the rate ranges come to, £11,000, to what their ceilings
    /// do, £14,250".
    #[must_use]
    pub fn sentence(self) -> String {
        let all = format!("{} in all", words::pounds(self.pay_pence));
        let width = self.ceiling_pence - self.floor_pence;
        if width <= 0 {
            return all;
        }
        let share = ((self.pay_pence - self.floor_pence) * 100 + width / 2) / width;
        format!(
            "{all}: {share}% of the way from what the floors of the rate ranges come to, {}, to what their ceilings do, {}",
            words::pounds(self.floor_pence),
            words::pounds(self.ceiling_pence)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Cost;
    use crate::work::planning::example::{PERSON, SESSION, facts};
    use matching_model::plan::Assignment;

    #[test]
    fn a_plan_says_what_it_costs_and_how_that_lies_to_the_ranges() {
        let pair = Assignment {
            session: SESSION.to_string(),
            clinician: PERSON.to_string(),
            rate_pence_per_hour: 8_800,
            pay_pence: 36_667,
            road_metres: 5_782,
            score: 1_000_000,
        };
        // 250 minutes, in a range of £76 to £98 an hour.
        let cost = Cost::of(&facts(), [&pair].into_iter());
        assert_eq!((cost.pay_pence, cost.floor_pence, cost.ceiling_pence), (36_667, 31_667, 40_833));
        assert_eq!(cost.offering, 1);
        assert!(cost.sentence().starts_with("£366.67 in all: 55% of the way"), "{}", cost.sentence());
        let unknown = Assignment { session: "nothing".to_owned(), ..pair };
        assert_eq!(Cost::of(&facts(), [&unknown].into_iter()), Cost { offering: 1, ..Cost::default() });
        assert_eq!(Cost::default().sentence(), "£0 in all");
    }
}
