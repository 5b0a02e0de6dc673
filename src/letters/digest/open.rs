//! What is open to each clinician of a bank: sessions they could be given, by the rules of planning, that nobody else
//! is booked in or holds an offer for.

use std::collections::BTreeMap;

use crate::ground::id::{ClinicianId, SessionId};
use crate::ground::words::{distance, london_date, pounds, rate_an_hour, short_date, time_span};
use crate::work::planning::prepare::{Facts, prepare};
use crate::work::planning::store::facts::SessionRow;
use matching::fits::{Told, fits};
use matching_model::problem::{Problem, ProblemError};

/// A session that is open to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The session.
    pub id: SessionId,
    /// "Tue 3 Nov, 8:30am to 12:40pm, Orchid House Surgery".
    pub heading: String,
    /// "£88 an hour, £366.67 in all, 8 miles from home".
    pub detail: String,
}

/// What is open to somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Open {
    /// What they were not told of yet, the best fit first.
    pub new: Vec<OpenSession>,
    /// How many more are open to them, of which they were told before.
    pub told_before: usize,
}

/// What is open to each clinician whom something new is open to: at most `most` sessions that are not among what they
/// were `told`.
pub fn open_sessions(
    facts: &Facts,
    told: &Told,
    most: usize,
) -> Result<BTreeMap<ClinicianId, Open>, ProblemError> {
    let problem = unclaimed(facts);
    let sessions: BTreeMap<String, _> = facts.sessions.iter().map(|row| (row.id.to_string(), row)).collect();
    let practices: BTreeMap<_, &str> =
        facts.practices.iter().map(|row| (row.id, row.name.as_str())).collect();
    let mut open = BTreeMap::new();
    for (clinician, fits) in fits(&problem, told, most)? {
        let Ok(clinician) = clinician.parse::<ClinicianId>() else { continue };
        let new = fits.new.iter().filter_map(|fit| {
            let row = sessions.get(&fit.session)?;
            let day = short_date(london_date(row.starts_at));
            let practice = practices.get(&row.practice_id).copied().unwrap_or_default();
            Some(OpenSession {
                id: row.id,
                heading: format!("{day}, {}, {practice}", time_span(row.starts_at, row.ends_at)),
                detail: format!(
                    "{}, {} in all, {} from home",
                    rate_an_hour(fit.rate_pence_per_hour),
                    pounds(fit.pay_pence),
                    distance(fit.road_metres)
                ),
            })
        });
        open.insert(clinician, Open { new: new.collect(), told_before: fits.told_before });
    }
    Ok(open)
}

/// The problem of the places that nobody holds: an open offer takes its place, and who holds one has a mail of its own
/// about that session.
fn unclaimed(facts: &Facts) -> Problem {
    let mut problem = prepare(facts).problem;
    let holders =
        |row: &SessionRow| (row.id.to_string(), u32::try_from(row.offered_to.len()).unwrap_or(u32::MAX));
    let held: BTreeMap<String, u32> = facts.sessions.iter().map(holders).collect();
    let mut filled: BTreeMap<String, u32> = BTreeMap::new();
    for pair in &problem.booked {
        *filled.entry(pair.session.clone()).or_default() += 1;
    }
    problem.incumbent.clear();
    problem.sessions.retain_mut(|session| {
        let count = |counts: &BTreeMap<String, u32>| counts.get(&session.id).copied().unwrap_or(0);
        // Bookings take their people's time, so their sessions stay, with as many places as they fill.
        session.places = session.places.saturating_sub(count(&held)).max(count(&filled));
        session.places > 0
    });
    problem
}
