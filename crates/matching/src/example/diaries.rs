//! What is booked or on offer already in an example, and who is not welcome where.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use matching_model::problem::{Clinician, Pairing, Session};

use super::chance::Chance;
use super::places::Place;
use super::{Request, Shape, ZONE};

/// Pairs that are booked, and pairs that have an offer out or were in the last plan.
pub fn booked_and_incumbent(
    request: &Request,
    sessions: &[Session],
    clinicians: &[Clinician],
) -> (Vec<Pairing>, Vec<Pairing>) {
    if clinicians.is_empty() {
        return (Vec::new(), Vec::new());
    }
    if request.shape == Shape::AllBooked {
        return (every_place(request.seed, sessions, clinicians), Vec::new());
    }
    let (mut booked_per_mille, mut incumbent_per_mille) =
        (request.booked_per_mille, request.incumbent_per_mille);
    if request.shape == Shape::ClockChange {
        (booked_per_mille, incumbent_per_mille) = (100, 60);
    }
    let mut chance = Chance::new(request.seed, 4);
    let (mut booked, mut incumbent) = (Vec::new(), Vec::new());
    let mut busy: Vec<BTreeSet<NaiveDate>> = vec![BTreeSet::new(); clinicians.len()];
    for session in sessions {
        let drawn = chance.below(1000);
        if drawn >= booked_per_mille + incumbent_per_mille {
            continue;
        }
        let day = session.start.with_timezone(&ZONE).date_naive();
        // Fifty people are asked, as a manager with a telephone would.
        let found = (0..50).map(|_| chance.below(clinicians.len())).find(|index| {
            let clinician = &clinicians[*index];
            busy[*index].len() < 3 && !busy[*index].contains(&day) && would_do(session, clinician)
        });
        if let Some(index) = found {
            busy[index].insert(day);
            let pair = Pairing { session: session.id.clone(), clinician: clinicians[index].id.clone() };
            if drawn < booked_per_mille { booked.push(pair) } else { incumbent.push(pair) }
        }
    }
    (booked, incumbent)
}

fn would_do(session: &Session, clinician: &Clinician) -> bool {
    session.roles.contains(&clinician.role)
        && clinician.available.iter().any(|span| span.start <= session.start && session.end <= span.end)
        && clinician.rates.get(&session.band).is_some_and(|asked| *asked <= session.rate_max)
}

/// Somebody in every place, taken in turn, whether they may do it or not: bookings are facts, not proposals.
fn every_place(seed: u64, sessions: &[Session], clinicians: &[Clinician]) -> Vec<Pairing> {
    let mut next = Chance::new(seed, 5).below(clinicians.len());
    let mut pairs = Vec::new();
    for session in sessions {
        let places = (session.places as usize).min(clinicians.len());
        for _ in 0..places {
            next = (next + 1) % clinicians.len();
            pairs.push(Pairing { session: session.id.clone(), clinician: clinicians[next].id.clone() });
        }
    }
    pairs
}

/// Lets one practice in ten refuse somebody.
pub fn refuse_some(seed: u64, places: &mut [Place], clinicians: &[Clinician]) {
    let mut chance = Chance::new(seed, 6);
    for place in places {
        if chance.per_mille(100) && !clinicians.is_empty() {
            place.practice.refuses.push(chance.pick(clinicians).id.clone());
        }
    }
}
