//! Who may do what: the sparse pairs that pass every pair rule.
//!
//! Pairs are found through an index on place and role, then tested by the rules on time and money; nobody is ever
//! compared with every session.

use matching_model::position::Position;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::index::{ClinicianIx, IndexVec, PracticeIx, RoleIx, SessionIx};
use crate::pairs::facts::{Facts, Placed, SessionFacts};
use crate::pairs::geography::Homes;
use crate::pairs::rules::{OF_PAIR, Pair, is_within_reach};
use crate::pairs::score::{PairWorth, pair_worth};

/// An eligible pair, with the road metres from home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EligiblePair {
    pub(crate) clinician: ClinicianIx,
    pub(crate) session: SessionIx,
    pub(crate) road_metres: i64,
}

impl EligiblePair {
    /// Who it is and what.
    pub(crate) fn placed(&self) -> Placed {
        (self.clinician, self.session)
    }

    /// What it is worth.
    pub(crate) fn worth(&self, facts: &Facts) -> PairWorth {
        pair_worth(facts, self.placed(), self.road_metres)
    }
}

/// A clinician who may come to a practice, with the road metres from home.
pub(crate) type Comer = (ClinicianIx, i64);

/// Who may come to each practice: within their reach, and neither side refusing. By practice and role.
#[derive(Debug)]
pub(crate) struct Reach {
    by_practice: IndexVec<PracticeIx, Vec<(RoleIx, Vec<Comer>)>>,
}

impl Reach {
    pub(crate) fn of(facts: &Facts) -> Self {
        let homes = Homes::of(facts.clinicians.iter().map(|person| (person.home, person.max_travel_metres)));
        let places: Vec<(PracticeIx, Position)> = facts.roads.positions().collect();
        let by_practice: Vec<_> = places
            .into_par_iter()
            .map(|(practice, position)| {
                let mut comers: Vec<(RoleIx, Comer)> =
                    homes.near(position).filter_map(|near| comer(facts, practice, near)).collect();
                comers.sort_unstable();
                let mut by_role: Vec<(RoleIx, Vec<Comer>)> = Vec::new();
                for (role, comer) in comers {
                    match by_role.last_mut() {
                        Some((last, list)) if *last == role => list.push(comer),
                        _ => by_role.push((role, vec![comer])),
                    }
                }
                by_role
            })
            .collect();
        Self { by_practice: by_practice.into_iter().collect() }
    }

    /// Those of the session's roles.
    pub(crate) fn comers(&self, session: &SessionFacts) -> impl Iterator<Item = &Comer> {
        self.by_practice[session.timing.practice]
            .iter()
            .filter(|(role, _)| session.roles.contains(role))
            .flat_map(|(_, comers)| comers)
    }
}

/// The clinician as one who may come to the practice, by role, where distance and refusals allow it.
fn comer(facts: &Facts, practice: PracticeIx, (clinician, road_metres): Comer) -> Option<(RoleIx, Comer)> {
    let person = &facts.clinicians[clinician];
    let welcome = person.refused.binary_search(&practice).is_err();
    (welcome && is_within_reach(road_metres, person)).then_some((person.role, (clinician, road_metres)))
}

/// Every eligible pair, in order of clinician, then session; booked pairs among them when the rules allow them.
pub(crate) fn eligible_pairs(facts: &Facts) -> Vec<EligiblePair> {
    eligible_pairs_in(facts, &Reach::of(facts))
}

/// The same where it is known already who may come to each practice.
pub(crate) fn eligible_pairs_in(facts: &Facts, reach: &Reach) -> Vec<EligiblePair> {
    let sessions: Vec<(SessionIx, &SessionFacts)> = facts.sessions.numbered().collect();
    let pairs: Vec<EligiblePair> = sessions
        .into_par_iter()
        .flat_map_iter(|(place, session)| {
            reach.comers(session).filter_map(move |(clinician, road_metres)| {
                let person = &facts.clinicians[*clinician];
                let pair = Pair { facts, session, person, road_metres: Some(*road_metres) };
                let may = OF_PAIR.iter().all(|(_, allows)| allows(&pair));
                may.then_some(EligiblePair {
                    clinician: *clinician,
                    session: place,
                    road_metres: *road_metres,
                })
            })
        })
        .collect();
    by_clinician(&pairs, facts.clinicians.len())
}

/// The same pairs by clinician, in the order in which they were: a counting sort.
fn by_clinician(pairs: &[EligiblePair], clinicians: usize) -> Vec<EligiblePair> {
    let mut next: IndexVec<ClinicianIx, usize> = IndexVec::repeat(0, clinicians);
    for pair in pairs {
        next[pair.clinician] += 1;
    }
    let mut first = 0;
    for next in &mut next {
        first += std::mem::replace(next, first);
    }
    let mut sorted = pairs.to_vec();
    for pair in pairs {
        let place = &mut next[pair.clinician];
        sorted[*place] = *pair;
        *place += 1;
    }
    sorted
}
