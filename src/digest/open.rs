//! What is open to each clinician of a bank: sessions they could be given, by the rules of planning, that nobody else
//! is booked in or holds an offer for.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{ClinicianId, SessionId};
use crate::matching::fits::fits;
use crate::matching::problem::{Problem, ProblemError};
use crate::planning::prepare::{Facts, prepare};
use crate::web::format::{distance, london_date, pounds, rate_an_hour, short_date, time_span};

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

/// What is open to each clinician, the best fit first, at most `most` each. Only `among` counts where it is given.
pub fn open_sessions(
    facts: &Facts,
    among: Option<&BTreeSet<SessionId>>,
    most: usize,
) -> Result<BTreeMap<ClinicianId, Vec<OpenSession>>, ProblemError> {
    let problem = unclaimed(facts, among);
    let sessions: BTreeMap<String, _> = facts.sessions.iter().map(|row| (row.id.to_string(), row)).collect();
    let practices: BTreeMap<_, &str> =
        facts.practices.iter().map(|row| (row.id, row.name.as_str())).collect();
    let mut open = BTreeMap::new();
    for (clinician, fits) in fits(&problem, most)? {
        let Ok(clinician) = clinician.parse::<ClinicianId>() else { continue };
        let told = fits.iter().filter_map(|fit| {
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
        open.insert(clinician, told.collect());
    }
    Ok(open)
}

/// The problem of the places that nobody holds: an open offer takes its place, and who holds one has a mail of its own
/// about that session.
fn unclaimed(facts: &Facts, among: Option<&BTreeSet<SessionId>>) -> Problem {
    let mut problem = prepare(facts).problem;
    let mut held: BTreeMap<String, u32> = BTreeMap::new();
    for offer in facts.offers.iter().filter(|offer| offer.is_open) {
        *held.entry(offer.session_id.to_string()).or_default() += 1;
    }
    let booked: BTreeSet<String> = problem.booked.iter().map(|pair| pair.session.clone()).collect();
    let among: Option<BTreeSet<String>> = among.map(|among| among.iter().map(SessionId::to_string).collect());
    problem.incumbent.clear();
    problem.sessions.retain_mut(|session| {
        let held = held.get(&session.id).copied().unwrap_or(0);
        let is_asked = among.as_ref().is_none_or(|among| among.contains(&session.id));
        if booked.contains(&session.id) {
            // Bookings take their people's time, so they stay, with as many places as they fill.
            let filled = problem.booked.iter().filter(|pair| pair.session == session.id).count();
            let filled = u32::try_from(filled).unwrap_or(u32::MAX);
            session.places = if is_asked { session.places.saturating_sub(held).max(filled) } else { filled };
            return true;
        }
        session.places = session.places.saturating_sub(held);
        is_asked && session.places > 0
    });
    problem
}
