//! Who may do each session by the rules of pairs, whatever else they do: what a page says beside a proposal.

use std::collections::BTreeMap;

use super::Fault;
use super::facts::Facts;
use super::reach::Reach;
use matching_model::problem::Problem;

/// Somebody who may do a session by the rules of pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Their id.
    pub clinician: String,
    /// Road metres from their home.
    pub road_metres: i64,
}

/// The candidates of each session by its id, in the problem's order of clinicians; a session that nobody may do is
/// not there.
pub fn candidates(problem: &Problem) -> Result<BTreeMap<String, Vec<Candidate>>, Fault> {
    let facts = Facts::of(problem)?;
    let reach = Reach::of(&facts);
    let mut found: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for (index, clinician) in problem.clinicians.iter().enumerate() {
        for session in facts.eligible_sessions(index, &reach) {
            let session = &facts.sessions[session];
            found.entry(session.told.id.clone()).or_default().push(Candidate {
                clinician: clinician.id.clone(),
                road_metres: facts.road_metres(index, session.practice),
            });
        }
    }
    Ok(found)
}
