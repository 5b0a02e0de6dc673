//! Why places are empty: a reason for each session with places left, and a count of who is kept out by which rule.

use std::collections::BTreeMap;

use matching_model::plan::{RuleCode, Unfilled, UnfilledReason};
use matching_model::problem::Problem;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::index::{ClinicianIx, IndexVec, RoleIx, SessionIx};
use crate::pairs::facts::{ClinicianFacts, Facts, Placed, SessionFacts};
use crate::pairs::refusal;
use crate::pairs::score::any_worth;

/// Every session with places left, in order of its id, with nothing tried yet to fill it.
///
/// `placed` holds every pair of the plan, bookings among them, in order.
pub(crate) fn unfilled(problem: &Problem, facts: &Facts, placed: &[Placed]) -> Vec<Unfilled> {
    let mut diaries: Diaries = facts.clinicians.map(|_| Vec::new());
    let mut left = facts.sessions.map(|session| session.places);
    for (clinician, session) in placed {
        diaries[*clinician].push(*session);
        left[*session] = left[*session].saturating_sub(1);
    }
    let by_role = clinicians_by_role(facts);
    let open: Vec<(SessionIx, &SessionFacts, u32)> = facts
        .sessions
        .numbered()
        .zip(&left)
        .filter(|(_, left)| **left > 0)
        .map(|((number, session), left)| (number, session, *left))
        .collect();
    let mut found: Vec<Unfilled> = open
        .into_par_iter()
        .map(|(number, session, places_left)| {
            // A role that nobody has is in no list.
            let asked = session.roles.iter().filter_map(|role| by_role.get(role)).flatten();
            let tally = Tally::of(facts, (number, session), asked, &diaries);
            Unfilled {
                session: session.told(problem).id.clone(),
                places_left,
                reason: tally.reason(),
                blocked: tally.blocked,
                remedies: Vec::new(),
            }
        })
        .collect();
    found.sort_by(|one, other| one.session.cmp(&other.session));
    found
}

/// Each clinician's sessions.
type Diaries = IndexVec<ClinicianIx, Vec<SessionIx>>;

fn clinicians_by_role(facts: &Facts) -> BTreeMap<RoleIx, Vec<(ClinicianIx, &ClinicianFacts)>> {
    let mut by_role: BTreeMap<RoleIx, Vec<(ClinicianIx, &ClinicianFacts)>> = BTreeMap::new();
    for (clinician, person) in facts.clinicians.numbered() {
        by_role.entry(person.role).or_default().push((clinician, person));
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
        (number, session): (SessionIx, &SessionFacts),
        asked: impl Iterator<Item = &'a (ClinicianIx, &'a ClinicianFacts)>,
        diaries: &Diaries,
    ) -> Self {
        let mut tally = Tally::default();
        for (clinician, person) in asked {
            let diary = &diaries[*clinician];
            if diary.contains(&number) {
                continue;
            }
            let mut failing = refusal::of_pair(facts, session, person);
            if failing.is_none() {
                tally.anybody_may = true;
                tally.anybody_worth_it |= any_worth(facts, (*clinician, number)).score > 0;
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
