//! What fits each clinician: the sessions they could be given today beside what they are booked for, best first.
//!
//! The rules are those of planning; only that each session has room for one person alone does not count, as nobody is
//! placed here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use matching_model::problem::{Problem, ProblemError};

use crate::index::{ClinicianIx, SessionIx};
use crate::market::Market;
use crate::pairs::eligible::eligible_pairs;
use crate::pairs::facts::{Facts, Placed};
use crate::pairs::score::any_worth;

/// A session that fits somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The session's id.
    pub session: String,
    /// Pence an hour: what they ask, and at least what the session pays.
    pub rate_pence_per_hour: i64,
    /// Pence for the whole session.
    pub pay_pence: i64,
    /// Road metres from home.
    pub road_metres: i64,
    /// What the pair would add to a plan's score, by which fits are in order.
    pub score: i64,
}

/// What fits somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fits {
    /// The best of what they were not told of yet.
    pub new: Vec<Fit>,
    /// How many sessions fit them that they were told of before.
    pub told_before: usize,
}

/// Ids of the sessions each clinician was told of, by the clinician's id.
pub type Told = BTreeMap<String, BTreeSet<String>>;

/// For each clinician by id whom something fits that is not among what they were `told`: at most `most` sessions, the
/// highest score first and of equals the earliest.
///
/// # Errors
/// The first fault of the problem, with its path.
pub fn fits(problem: &Problem, told: &Told, most: usize) -> Result<BTreeMap<String, Fits>, ProblemError> {
    problem.validate()?;
    let facts = Facts::of(problem);
    let pairs = eligible_pairs(&facts);
    // The market leaves out what bookings make impossible, and places that are taken.
    let market = Market::of(&facts, &pairs, |pair| pair.worth(&facts).score);
    let mut by_clinician: BTreeMap<ClinicianIx, Vec<(Reverse<i64>, SessionIx)>> = BTreeMap::new();
    for agent in &market.all.agents {
        let choices = market.all.choices(agent).iter().map(|choice| (Reverse(choice.score), choice.session));
        by_clinician.entry(agent.clinician).or_default().extend(choices);
    }
    let mut fits = BTreeMap::new();
    for (clinician, mut choices) in by_clinician {
        let id = &facts.clinicians[clinician].told(problem).id;
        let all = choices.len();
        if let Some(told) = told.get(id) {
            choices.retain(|(_, session)| !told.contains(&facts.sessions[*session].told(problem).id));
        }
        let told_before = all - choices.len();
        choices.sort_unstable();
        choices.truncate(most);
        let new: Vec<Fit> =
            choices.iter().map(|(_, session)| fit(problem, &facts, (clinician, *session))).collect();
        if !new.is_empty() {
            fits.insert(id.clone(), Fits { new, told_before });
        }
    }
    Ok(fits)
}

fn fit(problem: &Problem, facts: &Facts, (clinician, session): Placed) -> Fit {
    let worth = any_worth(facts, (clinician, session));
    Fit {
        session: facts.sessions[session].told(problem).id.clone(),
        rate_pence_per_hour: worth.rate_pence_per_hour,
        pay_pence: worth.pay_pence,
        road_metres: worth.road_metres,
        score: worth.score,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Fits, Told, fits};
    use crate::example::{Request, Shape, example, read_districts};
    use matching_check::first_refusal;
    use matching_model::plan::RuleCode;
    use matching_model::problem::{Pairing, Problem};

    /// A week in which a fifth of the sessions are booked already.
    fn busy() -> Problem {
        let districts = read_districts(include_str!("../../../config/outcodes.csv")).unwrap();
        let request = Request {
            areas: vec!["CT".to_owned()],
            sessions: 60,
            clinicians: 24,
            weeks: 1,
            start: "2026-11-02".parse().unwrap(),
            seed: 7,
            shape: Shape::Usual,
            bank_holidays: BTreeSet::new(),
            booked_per_mille: 200,
            incumbent_per_mille: 0,
        };
        example(&request, &districts).unwrap()
    }

    /// Whoever is told that a session fits them could be given it, by the checker's own rules; and nothing that could
    /// be given is kept from them.
    #[test]
    fn what_fits_is_what_the_checker_allows() {
        let problem = busy();
        let found = fits(&problem, &Told::new(), usize::MAX).unwrap();
        let (mut allowed, mut refused) = (0, 0);
        for clinician in &problem.clinicians {
            for session in &problem.sessions {
                let pair = Pairing { session: session.id.clone(), clinician: clinician.id.clone() };
                let booked = problem.booked.iter().filter(|booked| booked.session == session.id).count();
                let has_room = booked < session.places as usize && !problem.booked.contains(&pair);
                let may = has_room && first_refusal(&problem, &pair, &RuleCode::ALL).unwrap().is_none();
                let own = found.get(&clinician.id);
                let told = own.is_some_and(|own| own.new.iter().any(|fit| fit.session == session.id));
                assert_eq!(told, may, "{} {}", clinician.id, session.id);
                if may {
                    allowed += 1;
                } else {
                    refused += 1;
                }
            }
        }
        assert!(allowed > 0 && refused > 0, "{allowed} pairs are allowed and {refused} refused");
    }

    #[test]
    fn fits_are_in_order_and_as_many_as_are_wanted() {
        let problem = busy();
        let all = fits(&problem, &Told::new(), usize::MAX).unwrap();
        assert!(all.values().any(|own| own.new.len() > 1));
        assert!(all.values().all(|own| own.new.is_sorted_by(|one, other| one.score >= other.score)));
        let best = fits(&problem, &Told::new(), 1).unwrap();
        for (clinician, own) in &all {
            assert_eq!((&best[clinician].new[..], best[clinician].told_before), (&own.new[..1], 0));
        }
    }

    #[test]
    fn what_somebody_was_told_of_is_only_counted() {
        let problem = busy();
        let all = fits(&problem, &Told::new(), usize::MAX).unwrap();
        let best = |own: &Fits| BTreeSet::from([own.new[0].session.clone()]);
        let told: Told = all.iter().map(|(clinician, own)| (clinician.clone(), best(own))).collect();
        let rest = fits(&problem, &told, usize::MAX).unwrap();
        for (clinician, own) in &all {
            let new = rest.get(clinician).map_or(&[][..], |rest| &rest.new);
            assert_eq!(new, &own.new[1..]);
            assert!(rest.get(clinician).is_none_or(|rest| rest.told_before == 1));
        }
        assert!(rest.len() < all.len(), "whom nothing else fits is left out");
    }
}
