//! What a pair of a clinician and a session costs and is worth.

use crate::index::PracticeIx;
use crate::pairs::facts::{ClinicianFacts, Facts, Placed, SessionFacts};
use crate::pairs::geography::road_metres;

/// What one clinician in one session comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PairWorth {
    pub(crate) rate_pence_per_hour: i64,
    pub(crate) pay_pence: i64,
    pub(crate) road_metres: i64,
    /// In points; whole, rounded as the format fixes it.
    pub(crate) score: i64,
}

/// Pay in pence for so many minutes at a rate in pence an hour, halves rounded up.
pub(crate) fn pay_pence(rate_pence_per_hour: i64, minutes: i64) -> i64 {
    (rate_pence_per_hour * minutes + 30).div_euclid(60)
}

/// What a pair is worth, given the road metres from home; a booked pair may have no rate of its own in the band.
pub(crate) fn pair_worth(facts: &Facts, (clinician, session): Placed, road_metres: i64) -> PairWorth {
    let (person, work) = (&facts.clinicians[clinician], &facts.sessions[session]);
    let policy = &facts.policy;
    let rate_pence_per_hour = person.rate_in(work.band).unwrap_or(0).max(work.rate_min);
    let pay_pence = pay_pence(rate_pence_per_hour, work.timing.minutes());
    let mut score = policy.fill_points * work.priority
        - floor_of(pay_pence, policy.pay_points_per_pound, 100)
        - floor_of(road_metres, policy.travel_points_per_km, 1_000)
        + practice_points(facts, person, work.timing.practice)
        + person.fairness_points;
    if facts.incumbent.binary_search(&(clinician, session)).is_ok() {
        score += policy.incumbent_points;
    }
    PairWorth { rate_pence_per_hour, pay_pence, road_metres, score }
}

/// What any pair is worth, whether or not the rules allow it: a booked pair may break them.
pub(crate) fn any_worth(facts: &Facts, (clinician, session): Placed) -> PairWorth {
    let place = facts.roads.position(facts.sessions[session].timing.practice);
    let metres = road_metres(&facts.clinicians[clinician].home, place);
    pair_worth(facts, (clinician, session), metres)
}

/// The score of all bookings, which every plan has.
pub(crate) fn booked_score(facts: &Facts) -> i64 {
    facts.booked.iter().map(|pair| any_worth(facts, *pair).score).sum()
}

/// What nobody scores more than in any session, as far as that can be told without looking at pairs.
pub(crate) struct Ceiling {
    /// The most that who it is, where they live and what they know can add.
    beside_pay: i64,
}

impl Ceiling {
    /// Looks at everybody once.
    pub(crate) fn of(facts: &Facts) -> Self {
        let policy = &facts.policy;
        let people = || facts.clinicians.iter();
        let farthest = people().map(|person| person.max_travel_metres).max().unwrap_or(0);
        let fairness = people().map(|person| person.fairness_points).max().unwrap_or(0);
        let extras = [policy.preferred_practice_points, policy.continuity_points, policy.incumbent_points];
        let by_road = floor_of(farthest, policy.travel_points_per_km, 1_000).min(0);
        Self { beside_pay: fairness - by_road + extras.map(|points| points.max(0)).iter().sum::<i64>() }
    }

    /// At least what anybody whom the rules allow scores in a session.
    pub(crate) fn over(&self, facts: &Facts, work: &SessionFacts) -> i64 {
        let pay =
            |rate| floor_of(pay_pence(rate, work.timing.minutes()), facts.policy.pay_points_per_pound, 100);
        let least = pay(work.rate_min).min(pay(work.rate_max));
        facts.policy.fill_points * work.priority - least + self.beside_pay
    }
}

/// Points for a practice that the clinician prefers or knows.
fn practice_points(facts: &Facts, person: &ClinicianFacts, practice: PracticeIx) -> i64 {
    let preferred = person.prefers.binary_search(&practice).is_ok();
    let recent = person.recent.binary_search(&practice).is_ok();
    i64::from(preferred) * facts.policy.preferred_practice_points
        + i64::from(recent) * facts.policy.continuity_points
}

/// ⌊amount × points ÷ unit⌋, also where points are negative.
fn floor_of(amount: i64, points: i64, unit: i64) -> i64 {
    (amount * points).div_euclid(unit)
}

#[cfg(test)]
mod tests {
    use super::{floor_of, pay_pence};

    #[test]
    fn pay_is_rounded_half_up_to_the_penny() {
        assert_eq!(pay_pence(7_757, 250), 32_321);
        assert_eq!(pay_pence(1, 30), 1);
        assert_eq!(pay_pence(1, 29), 0);
    }

    #[test]
    fn points_are_rounded_down() {
        assert_eq!(floor_of(32_321, 100, 100), 32_321);
        assert_eq!(floor_of(1_999, 60, 1_000), 119);
        assert_eq!(floor_of(1, -1, 100), -1);
    }
}
