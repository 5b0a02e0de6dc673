//! A plain plan for what a run had no time to plan: everybody takes what they score most in of what is left.

use crate::index::{ClinicianIx, IndexVec, SessionIx};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::{Facts, Placed};
use crate::pairs::refusal;
use crate::run::kept::Found;
use crate::stop::Stop;

/// Fills the places of every part that has no plan yet, those who may do least first, until `stop` is due. Before it is known who may do what, nobody is placed; a part that is planned is left as it is.
pub(crate) fn take_what_is_left(
    facts: &Facts,
    pairs: Option<&[EligiblePair]>,
    found: Option<&[Found]>,
    stop: &dyn Stop,
) -> Vec<Placed> {
    let is_planned = |found: &&Found| !found.placed.is_empty();
    let Some(pairs) = pairs.filter(|_| found.is_none_or(|found| !found.iter().all(|part| is_planned(&part))))
    else {
        return Vec::new();
    };
    if stop.is_due() {
        return Vec::new();
    }
    let mut left = facts.places_left();
    let mut diaries: IndexVec<ClinicianIx, Vec<SessionIx>> = facts.clinicians.map(|_| Vec::new());
    for (clinician, session) in &facts.booked {
        diaries[*clinician].push(*session);
    }
    for part in found.into_iter().flatten().filter(is_planned) {
        for (clinician, session) in &part.placed {
            diaries[*clinician].push(*session);
        }
        for (session, _) in &part.priced {
            left[*session] = 0;
        }
    }
    let of_one: Vec<&[EligiblePair]> =
        pairs.chunk_by(|one, other| one.clinician == other.clinician).collect();
    let mut order: Vec<usize> = (0..of_one.len()).collect();
    order.sort_by_key(|place| of_one[*place].len());
    let mut placed = Vec::new();
    for own in order.into_iter().map(|place| of_one[place]) {
        if stop.is_due() {
            break;
        }
        let open = own.iter().filter(|pair| left[pair.session] > 0);
        let mut by_score: Vec<(i64, &EligiblePair)> =
            open.map(|pair| (pair.worth(facts).score, pair)).filter(|(score, _)| *score > 0).collect();
        by_score.sort_unstable_by_key(|(score, pair)| (-score, pair.session));
        for (_, EligiblePair { clinician, session, .. }) in by_score {
            let (work, person) = (&facts.sessions[*session], &facts.clinicians[*clinician]);
            let diary = &mut diaries[*clinician];
            if !diary.contains(session) && refusal::of_diary(facts, work, person, diary).is_none() {
                diary.push(*session);
                left[*session] -= 1;
                placed.push((*clinician, *session));
            }
        }
    }
    placed
}
