//! Why places are empty: a reason for each session with places left, and a count of who is kept out by which rule.

use std::collections::BTreeMap;

use matching_model::plan::{RuleCode, Unfilled, UnfilledReason};
use matching_model::problem::Problem;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::pairs::facts::{ClinicianFacts, Facts, SessionFacts};
use crate::pairs::refusal;
use crate::pairs::score::pair_worth;

/// Every session with places left, in order of its id, with nothing tried yet to fill it.
///
/// `placed` holds every pair of the plan as (clinician, session), bookings among them, in order.
pub(crate) fn unfilled(problem: &Problem, facts: &Facts, placed: &[(u32, u32)]) -> Vec<Unfilled> {
    let mut diaries: Vec<Vec<u32>> = vec![Vec::new(); facts.clinicians.len()];
    let mut left: Vec<u32> = facts.sessions.iter().map(|session| session.places).collect();
    for (clinician, session) in placed {
        if let Some(diary) = diaries.get_mut(*clinician as usize) {
            diary.push(*session);
        }
        if let Some(left) = left.get_mut(*session as usize) {
            *left = left.saturating_sub(1);
        }
    }
    let by_role = clinicians_by_role(facts);
    let open: Vec<(u32, &SessionFacts, u32)> = (0..)
        .zip(&facts.sessions)
        .zip(&left)
        .filter(|(_, left)| **left > 0)
        .map(|((place, session), left)| (place, session, *left))
        .collect();
    let mut found: Vec<Unfilled> = open
        .into_par_iter()
        .filter_map(|(place, session, places_left)| {
            let id = &problem.sessions.get(session.source)?.id;
            let asked = session.roles.iter().filter_map(|role| by_role.get(role)).flatten();
            let tally = Tally::of(facts, (place, session), asked, &diaries);
            Some(Unfilled {
                session: id.clone(),
                places_left,
                reason: tally.reason(),
                blocked: tally.blocked,
                remedies: Vec::new(),
            })
        })
        .collect();
    found.sort_by(|one, other| one.session.cmp(&other.session));
    found
}

fn clinicians_by_role(facts: &Facts) -> BTreeMap<u32, Vec<(u32, &ClinicianFacts)>> {
    let mut by_role: BTreeMap<u32, Vec<(u32, &ClinicianFacts)>> = BTreeMap::new();
    for (place, person) in (0..).zip(&facts.clinicians) {
        by_role.entry(person.role).or_default().push((place, person));
    }
    by_role
}

/// What asking everybody of the accepted roles gave.
#[derive(Default)]
struct Tally {
    blocked: BTreeMap<RuleCode, u32>,
    anybody_may: bool,
    anybody_worth_it: bool,
}

impl Tally {
    fn of<'a>(
        facts: &'a Facts,
        (place, session): (u32, &SessionFacts),
        asked: impl Iterator<Item = &'a (u32, &'a ClinicianFacts)>,
        diaries: &[Vec<u32>],
    ) -> Self {
        let mut tally = Tally::default();
        for (clinician, person) in asked {
            let diary = diaries.get(*clinician as usize).map_or(&[][..], Vec::as_slice);
            if diary.contains(&place) {
                continue;
            }
            let mut failing = refusal::of_pair(facts, session, person);
            if failing.is_none() {
                tally.anybody_may = true;
                let metres = refusal::road_metres(facts, session, person);
                let worth = pair_worth(facts, *clinician, place, metres);
                tally.anybody_worth_it |= worth.is_some_and(|worth| worth.score > 0);
                failing = refusal::of_diary(facts, session, person, diary);
            }
            if let Some(code) = failing {
                *tally.blocked.entry(code).or_insert(0) += 1;
            }
        }
        tally
    }

    fn reason(&self) -> UnfilledReason {
        match (self.anybody_may, self.anybody_worth_it) {
            (false, _) => UnfilledReason::NoEligibleClinician,
            (true, false) => UnfilledReason::NotWorthFilling,
            (true, true) => UnfilledReason::AllEligibleBetterUsed,
        }
    }
}
