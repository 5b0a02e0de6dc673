//! Who may do what: the sparse pairs that pass every pair rule.
//!
//! Pairs are found through an index on place and role, then tested by the rules on time and money; nobody is ever
//! compared with every session.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::pairs::facts::{Facts, SessionFacts};
use crate::pairs::geography::Homes;
use crate::pairs::rules::{availability, clearance, competency, distance, rate, refused, role};

/// An eligible pair, with the road metres from home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EligiblePair {
    pub(crate) clinician: u32,
    pub(crate) session: u32,
    pub(crate) road_metres: i64,
}

/// A clinician who may come to a practice, with the road metres from home.
type Comer = (u32, i64);

/// Who may come to each practice: within their reach, and neither side refusing. By practice and role.
struct Reach {
    by_practice: Vec<Vec<(u32, Vec<Comer>)>>,
}

impl Reach {
    fn of(facts: &Facts) -> Self {
        let homes = Homes::of(facts.clinicians.iter().map(|person| (person.home, person.max_travel_metres)));
        let by_practice = (0_u32..)
            .zip(facts.roads.positions())
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(practice, position)| {
                let mut comers: Vec<(u32, Comer)> =
                    homes.near(position).filter_map(|near| comer(facts, practice, near)).collect();
                comers.sort_unstable();
                let mut by_role: Vec<(u32, Vec<Comer>)> = Vec::new();
                for (role, comer) in comers {
                    match by_role.last_mut() {
                        Some((last, list)) if *last == role => list.push(comer),
                        _ => by_role.push((role, vec![comer])),
                    }
                }
                by_role
            })
            .collect();
        Self { by_practice }
    }

    fn comers(&self, session: &SessionFacts) -> impl Iterator<Item = &Comer> {
        let by_role = self.by_practice.get(session.timing.practice as usize).map_or(&[][..], Vec::as_slice);
        by_role.iter().filter(|(role, _)| session.roles.contains(role)).flat_map(|(_, comers)| comers)
    }
}

/// The clinician as one who may come to the practice, by role, where distance and refusals allow it.
fn comer(facts: &Facts, practice: u32, (clinician, road_metres): Comer) -> Option<(u32, Comer)> {
    let person = facts.clinicians.get(clinician as usize)?;
    let welcome = person.refused.binary_search(&practice).is_err();
    (welcome && distance::allows(road_metres, person)).then_some((person.role, (clinician, road_metres)))
}

/// Every eligible pair, in order of clinician, then session; booked pairs among them when the rules allow them.
pub(crate) fn eligible_pairs(facts: &Facts) -> Vec<EligiblePair> {
    let reach = Reach::of(facts);
    let sessions: Vec<(u32, &SessionFacts)> = (0..).zip(&facts.sessions).collect();
    let pairs: Vec<EligiblePair> = sessions
        .into_par_iter()
        .flat_map_iter(|(place, session)| {
            reach.comers(session).filter_map(move |(clinician, road_metres)| {
                let person = facts.clinicians.get(*clinician as usize)?;
                let may = rate::allows(session, person)
                    && availability::allows(session, person)
                    && competency::allows(session, person)
                    && clearance::allows(session, person)
                    && role::allows(session, person)
                    && refused::allows(session, person)
                    && distance::allows(*road_metres, person);
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
    let mut next = vec![0; clinicians + 1];
    for pair in pairs {
        if let Some(count) = next.get_mut(pair.clinician as usize + 1) {
            *count += 1;
        }
    }
    for clinician in 0..clinicians {
        let before = next.get(clinician).copied().unwrap_or(0);
        if let Some(first) = next.get_mut(clinician + 1) {
            *first += before;
        }
    }
    let mut sorted = pairs.to_vec();
    for pair in pairs {
        let Some(place) = next.get_mut(pair.clinician as usize) else { continue };
        if let Some(slot) = sorted.get_mut(*place) {
            *slot = *pair;
        }
        *place += 1;
    }
    sorted
}
