//! What gathered in a round → a round of the matching core, and its decision → what each person is told.
//!
//! Who may be booked at all is asked of the judge that every booking asks, none of their own wishes standing against it. What
//! one person can't do together is asked of the same judge: whether they could be booked in one session if they were
//! booked in the other. Hours of a week, which three sessions can exceed where two do not, are a sum with a limit.

use std::collections::BTreeMap;

use chrono::{Datelike, IsoWeek};
use matching::road_metres;
use matching::round::{self, Asker, Decision, LOTS, Limit, Offered, Outcome, Why, Wish};
use matching_model::policy::Policy;
use matching_model::position::Position;

use super::actions::terms_of;
use super::store::rounds::GatheredRow;
use crate::eligibility::facts::{Neighbour, PairFacts, Place, SessionFacts};
use crate::eligibility::judge::judge;
use crate::eligibility::wishes::Wishes;
use crate::eligibility::words::Audience;
use crate::ground::id::{BookingId, RequestId};
use crate::ground::words::{capitalised, count};
use crate::terms::bank::calendar::working_day;
use crate::work::booking::error::DeskError;
use crate::work::booking::refusal::Refusal;
use crate::work::round::{InTurn, Round};

/// A request that gathered, with the facts by which it is judged.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// What decides about it.
    pub row: GatheredRow,
    /// Who would do what.
    pub facts: PairFacts,
}

/// A round as the core decides it.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    /// What the core is asked.
    pub round: round::Round,
    /// For each person in turn, in the order of their wishes, the requests.
    pub requests: Vec<Vec<RequestId>>,
    /// Requests that nobody could be booked by, each with why, in a sentence.
    pub refused: Vec<(RequestId, String)>,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is proposed.
    Proposed,
    /// It is not: why, in a sentence.
    NotGiven(String),
}

/// Somebody's request that they could be booked by: their rate in pence an hour, and their pay.
struct Able<'a> {
    gathered: &'a Gathered,
    terms: (i32, i32),
}

/// Makes the core's round of what gathered: of people in turn, with the weights of the bank's score.
///
/// # Errors
/// The facts make no problem that rules can be applied to: a fault of ours.
pub fn draw(
    round: &Round,
    turns: &[InTurn],
    gathered: &[Gathered],
    policy: &Policy,
) -> Result<Drawn, DeskError> {
    let mut drawn = Drawn::default();
    for turn in turns {
        let own = gathered.iter().filter(|it| it.row.clinician_id == turn.entry.clinician_id);
        let mut able = Vec::new();
        for gathered in own {
            match terms(gathered) {
                Ok(terms) => able.push(Able { gathered, terms }),
                Err(DeskError::Refused(refusal)) => {
                    let why = format!("{}.", refusal.sentence(Audience::Clinician, round.closes_at));
                    drawn.refused.push((gathered.row.id, why));
                }
                Err(fault) => return Err(fault),
            }
        }
        drawn.requests.push(able.iter().map(|able| able.gathered.row.id).collect());
        drawn.round.people.push(asker(round, turn, &able, policy)?);
    }
    let offered = |it: &Gathered| Offered {
        id: it.row.session_id.to_string(),
        places: u32::try_from(it.row.places_left).unwrap_or(0),
        priority: u32::try_from(it.row.priority).unwrap_or(1).clamp(1, 1_000),
    };
    let sessions = gathered.iter().map(|it| (it.row.session_id, offered(it)));
    drawn.round.sessions = sessions.collect::<BTreeMap<_, _>>().into_values().collect();
    Ok(drawn)
}

/// What they would be paid; why they can't be booked.
fn terms(gathered: &Gathered) -> Result<(i32, i32), DeskError> {
    if !gathered.row.is_open {
        return Err(Refusal::SessionWithdrawn.into());
    }
    if gathered.row.places_left < 1 {
        return Err(Refusal::SessionFilled.into());
    }
    terms_of(&gathered.facts)
}

fn asker(round: &Round, turn: &InTurn, able: &[Able<'_>], policy: &Policy) -> Result<Asker, DeskError> {
    let wish = |able: &Able<'_>| {
        let session = able.gathered.row.session_id.to_string();
        let lot = round.lot(&format!("{}:{session}", turn.entry.ticket));
        Wish {
            lot: u32::from_str_radix(&lot[..5], 16).unwrap_or(0) % LOTS,
            choice: u32::try_from(able.gathered.row.choice).unwrap_or(1),
            score: score(able, policy),
            session,
        }
    };
    let mut apart = Vec::new();
    for (at, one) in able.iter().enumerate() {
        for (beside, other) in able.iter().enumerate().skip(at + 1) {
            if !goes_with(one, &other.gathered.facts.session)? {
                apart.push((at, beside));
            }
        }
    }
    Ok(Asker {
        id: turn.entry.ticket.clone(),
        wishes: able.iter().map(wish).collect(),
        apart,
        limits: hours_of_weeks(able),
        most: turn.entry.most.and_then(|most| u32::try_from(most).ok()),
    })
}

/// What giving it to them scores, by the weights of plans but for the place itself, which counts before.
fn score(able: &Able<'_>, policy: &Policy) -> i64 {
    let PairFacts { session, clinician, .. } = &able.gathered.facts;
    let position = |north, east| Position::from_microdegrees(north, east);
    let practice = position(session.place.latitude_microdegrees, session.place.longitude_microdegrees);
    let home = position(clinician.person.latitude_microdegrees, clinician.person.longitude_microdegrees);
    let travel = road_metres(&home, &practice) * policy.travel_points_per_km / 1_000;
    let pay = i64::from(able.terms.1) * policy.pay_points_per_pound / 100;
    let of = |holds: bool, points: i64| if holds { points } else { 0 };
    let row = &able.gathered.row;
    of(row.prefers, policy.preferred_practice_points) + of(row.knows, policy.continuity_points) - pay - travel
}

/// A session that is proposed, as if it were booked.
fn neighbour(session: &SessionFacts) -> Neighbour {
    let Place { latitude_microdegrees, longitude_microdegrees } = session.place;
    Neighbour {
        booking: BookingId(session.id.0),
        practice: session.practice,
        practice_name: session.practice_name.clone(),
        place: Place { latitude_microdegrees, longitude_microdegrees },
        starts_at: session.starts_at,
        ends_at: session.ends_at,
    }
}

/// Whether somebody could be booked by a request if they were booked in another session too.
fn goes_with(one: &Able<'_>, other: &SessionFacts) -> Result<bool, DeskError> {
    let mut facts = one.gathered.facts.clone();
    facts.neighbours.push(neighbour(other));
    let judged = judge(&facts, Wishes::None, one.terms.0).map_err(DeskError::Unjudged)?;
    Ok(judged.is_ok())
}

/// Whether somebody could be booked by a request if they were booked in all these sessions too.
///
/// # Errors
/// The facts make no problem that rules can be applied to: a fault of ours.
pub fn goes_with_all(facts: &PairFacts, others: &[SessionFacts]) -> Result<bool, DeskError> {
    let mut facts = facts.clone();
    facts.neighbours.extend(others.iter().map(neighbour));
    match terms_of(&facts) {
        Ok(_) => Ok(true),
        Err(DeskError::Refused(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// The weeks of work of somebody whose hours are limited by law, with what their bookings leave of each.
fn hours_of_weeks(able: &[Able<'_>]) -> Vec<Limit> {
    let Some(first) = able.first() else { return Vec::new() };
    let PairFacts { session, clinician, .. } = &first.gathered.facts;
    let Some(most) = Wishes::None.hours_of(&clinician.person, session.bank_hours).most_per_week else {
        return Vec::new();
    };
    let week_of = |starts_at| -> IsoWeek { working_day(session.zone, starts_at).iso_week() };
    let sessions: Vec<&SessionFacts> = able.iter().map(|able| &able.gathered.facts.session).collect();
    let mut booked: BTreeMap<IsoWeek, BTreeMap<BookingId, i64>> = BTreeMap::new();
    for week in sessions.iter().map(|session| week_of(session.starts_at)) {
        booked.entry(week).or_default();
    }
    for other in able.iter().flat_map(|able| &able.gathered.facts.neighbours) {
        if let Some(week) = booked.get_mut(&week_of(other.starts_at)) {
            week.insert(other.booking, (other.ends_at - other.starts_at).num_minutes());
        }
    }
    let limit = |(week, booked): (IsoWeek, BTreeMap<BookingId, i64>)| Limit {
        most: most - booked.values().sum::<i64>(),
        takes: sessions
            .iter()
            .map(|session| if week_of(session.starts_at) == week { session.minutes() } else { 0 })
            .collect(),
    };
    booked.into_iter().map(limit).collect()
}

/// What came of every request.
#[must_use]
pub fn results(drawn: &Drawn, decision: &Decision) -> BTreeMap<RequestId, Verdict> {
    let refused = drawn.refused.iter().map(|(id, why)| (*id, Verdict::NotGiven(why.clone())));
    let decided = drawn.requests.iter().flatten().zip(decision.outcomes.iter().flatten());
    let result = |outcome: &Outcome| match outcome {
        Outcome::Given => Verdict::Proposed,
        Outcome::Not(why) => Verdict::NotGiven(sentence(*why)),
    };
    refused.chain(decided.map(|(id, outcome)| (*id, result(outcome)))).collect()
}

/// Why a wish was not given, as its clinician reads it.
fn sentence(why: Why) -> String {
    match why {
        Why::Ahead(people) => {
            let ahead =
                count(people.into(), "person ahead of you wanted it", "people ahead of you wanted it");
            format!("{}.", capitalised(&ahead))
        }
        Why::Clashes => "It does not go with what you were given that you wanted no less.".to_owned(),
        Why::Enough => "You were given as many sessions as you want at most.".to_owned(),
        Why::Alike => "Others that you wanted equally were given to you instead.".to_owned(),
        Why::LeavesEmpty => "Giving it to you would have left another session empty.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use matching::round::Why;

    #[test]
    fn each_reason_is_a_sentence() {
        assert_eq!(sentence(Why::Ahead(1)), "1 person ahead of you wanted it.");
        assert_eq!(sentence(Why::Ahead(2)), "2 people ahead of you wanted it.");
        for why in [Why::Clashes, Why::Enough, Why::Alike, Why::LeavesEmpty] {
            assert!(sentence(why).ends_with('.'), "{why:?}");
        }
    }
}
