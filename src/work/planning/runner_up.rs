//! Who would be next for each pair of a plan: of those whom the session fits beside everything the plan gives them, whoever
//! scores the most. Whoever is worth more elsewhere is none, since taking them would leave another place empty.

use std::collections::{BTreeMap, BTreeSet};

use matching::fits::{Fit, Told, fits};
use matching_model::Plan;
use matching_model::problem::{Pairing, Problem, ProblemError};

/// Somebody who could do a session instead, and on which terms, by the session's id.
pub type RunnersUp = BTreeMap<String, (String, Fit)>;

/// The runner-up of each session that a plan fills; a session that nobody else has room for is not there.
///
/// # Errors
/// The problem is none, which is a fault of ours.
pub fn runners_up(problem: &Problem, plan: &Plan) -> Result<RunnersUp, ProblemError> {
    let mut given = problem.clone();
    let pairing = |session: &str, clinician: &str| Pairing {
        session: session.to_owned(),
        clinician: clinician.to_owned(),
    };
    given.booked = plan.assignments.iter().map(|pair| pairing(&pair.session, &pair.clinician)).collect();
    given.incumbent.clear();
    let filled: BTreeSet<&str> = plan.assignments.iter().map(|pair| pair.session.as_str()).collect();
    // As if each session had room for one more, who is then the runner-up.
    for session in given.sessions.iter_mut().filter(|session| filled.contains(session.id.as_str())) {
        session.places += 1;
    }
    let mut best = RunnersUp::new();
    for (clinician, fits) in fits(&given, &Told::new(), usize::MAX)? {
        for fit in fits.new.into_iter().filter(|fit| filled.contains(fit.session.as_str())) {
            let is_better = best.get(&fit.session).is_none_or(|(_, known)| fit.score > known.score);
            if is_better {
                best.insert(fit.session.clone(), (clinician.clone(), fit));
            }
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::runners_up;
    use crate::work::planning::example::{OTHER_PERSON, PERSON, facts};
    use crate::work::planning::prepare::prepare;
    use crate::work::planning::store::people::PersonFacts;
    use matching::{Budget, NeverStop, NoProgress, plan_problem};

    #[test]
    fn the_runner_up_is_the_next_best_who_has_room() {
        let mut facts = facts();
        let amy = facts.people[0].clone();
        let mut record = amy.record.clone();
        record.id = OTHER_PERSON;
        // The other asks £4 more.
        let mut other = PersonFacts { record, ..amy };
        for rate in other.rates.values_mut() {
            *rate += 400;
        }
        facts.people.push(other);
        let problem = prepare(&facts).problem;
        let plan = plan_problem(&problem, &Budget::default(), &NeverStop, &NoProgress).unwrap();
        assert_eq!(plan.assignments[0].clinician, PERSON.to_string());
        let found = runners_up(&problem, &plan).unwrap();
        let (clinician, fit) = &found[&plan.assignments[0].session];
        assert_eq!((clinician, fit.rate_pence_per_hour), (&OTHER_PERSON.to_string(), 9_200));
        assert!(fit.pay_pence > plan.assignments[0].pay_pence);
        // Whoever is not free has no room.
        facts.people[1].available.clear();
        let problem = prepare(&facts).problem;
        assert!(runners_up(&problem, &plan).unwrap().is_empty());
    }
}
