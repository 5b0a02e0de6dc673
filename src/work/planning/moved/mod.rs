//! What has moved since a plan was made: the facts of its pairs are read again under lock, and each pair that no
//! longer holds says why.
//!
//! The judgement is the independent checker's, over the problem as it is now and the pairs as they were proposed.

use std::collections::{BTreeMap, BTreeSet};

use super::prepare::{Facts, Prepared};
use super::store::pairs::ProposedRow;
use super::{EmptyReason, Pair};
use crate::ground::words::{rate_span, short_date, time_at};
use matching_check::{Fault, check};
use matching_model::plan::{Assignment, BoundProof, Millionths, PLAN_FORMAT, Plan};
use matching_model::problem::{Problem, Session};

/// What has moved for one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Movement {
    /// The session was withdrawn, or starts too soon to be offered.
    SessionGone,
    /// The session is at another time or place.
    SessionMoved,
    /// Somebody has been booked in its place.
    Filled,
    /// Its place was offered to somebody else.
    Offered,
    /// No rate is left for it.
    Closed(EmptyReason),
    /// What it may pay has changed, in pence an hour: least and most, before and now.
    RatesChanged {
        /// Before.
        before: (i64, i64),
        /// Now.
        now: (i64, i64),
    },
    /// The clinician asks another rate.
    AskedRateChanged,
    /// The clinician no longer belongs to the bank.
    ClinicianGone,
    /// The clinician declined it.
    Declined,
    /// A rule of pairs now keeps them apart, by its published code.
    Rule(&'static str),
    /// The clinician has been booked at a time that leaves none for it, or for the drive or rest between.
    BookedElsewhere,
    /// The clinician's hours of that week or day would be passed.
    HoursUsed,
}

/// The problem as it was, and the facts as they are.
#[derive(Debug)]
pub struct Comparison<'a> {
    then: &'a Problem,
    facts: &'a Facts,
    now: &'a Prepared,
    sessions_then: BTreeMap<&'a str, &'a Session>,
    sessions_now: BTreeMap<&'a str, &'a Session>,
    clinicians_now: BTreeSet<&'a str>,
}

impl<'a> Comparison<'a> {
    /// Of the problem a plan was made from with the facts of now and the problem made of them.
    #[must_use]
    pub fn of(then: &'a Problem, facts: &'a Facts, now: &'a Prepared) -> Self {
        let by_id = |problem: &'a Problem| {
            problem.sessions.iter().map(|session| (session.id.as_str(), session)).collect()
        };
        Self {
            then,
            facts,
            now,
            sessions_then: by_id(then),
            sessions_now: by_id(&now.problem),
            clinicians_now: now.problem.clinicians.iter().map(|person| person.id.as_str()).collect(),
        }
    }

    /// What has moved, by pair; nothing when every pair still holds.
    pub fn movements(&self, proposed: &[ProposedRow]) -> Result<BTreeMap<Pair, Movement>, Fault> {
        let mut moved = BTreeMap::new();
        let mut still = Vec::with_capacity(proposed.len());
        for row in proposed {
            match self.plain_movement(row) {
                Some(movement) => {
                    moved.insert(row.pair(), movement);
                }
                None => still.push(row),
            }
        }
        for fault in check(&self.now.problem, &self.plan_of(&still)).faults {
            if matches!(fault, Fault::ProblemUnusable { .. }) {
                return Err(fault);
            }
            for (pair, movement) in self.meaning_of(&fault, &still) {
                moved.entry(pair).or_insert(movement);
            }
        }
        Ok(moved)
    }

    /// What shows without the rules.
    fn plain_movement(&self, row: &ProposedRow) -> Option<Movement> {
        let (session, clinician) = (row.session_id.to_string(), row.clinician_id.to_string());
        if self.facts.sessions.binary_search_by_key(&row.session_id, |known| known.id).is_err() {
            return Some(Movement::SessionGone);
        }
        if let Some(closed) = self.now.closed.iter().find(|closed| closed.session == row.session_id) {
            return Some(Movement::Closed(closed.reason));
        }
        let Some(now) = self.sessions_now.get(session.as_str()) else { return Some(Movement::Filled) };
        let then = self.sessions_then.get(session.as_str());
        if then
            .is_none_or(|then| (then.start, then.end, &then.practice) != (now.start, now.end, &now.practice))
        {
            return Some(Movement::SessionMoved);
        }
        if !self.clinicians_now.contains(clinician.as_str()) {
            return Some(Movement::ClinicianGone);
        }
        let mut offers = self.facts.offers.iter().filter(|offer| offer.session_id == row.session_id);
        offers
            .any(|offer| offer.clinician_id == row.clinician_id && !offer.is_open)
            .then_some(Movement::Declined)
    }

    /// The proposed pairs and the bookings of now, as a plan to be checked.
    fn plan_of(&self, proposed: &[&ProposedRow]) -> Plan {
        let booked = self.now.problem.booked.iter().map(|pair| Assignment {
            session: pair.session.clone(),
            clinician: pair.clinician.clone(),
            rate_pence_per_hour: 0,
            pay_pence: 0,
            road_metres: 0,
            score: 0,
        });
        let proposed = proposed.iter().map(|row| Assignment {
            session: row.session_id.to_string(),
            clinician: row.clinician_id.to_string(),
            rate_pence_per_hour: row.rate_pence_per_hour.into(),
            pay_pence: row.pay_pence.into(),
            road_metres: row.road_metres.into(),
            score: 0,
        });
        Plan {
            format: PLAN_FORMAT.to_owned(),
            score: 0,
            upper_bound: 0,
            gap: Millionths(0),
            bound_proof: BoundProof::Prices,
            filled: 0,
            places: 0,
            fill_upper_bound: None,
            assignments: booked.chain(proposed).collect(),
            unfilled: Vec::new(),
            prices: Vec::new(),
            fill_prices: Vec::new(),
            seconds: Millionths(0),
            engine: String::new(),
            seed: 0,
        }
    }

    /// Which proposed pairs a fault is about, and what it says of them. Faults of the sums, which this plan does not
    /// claim, and of pairs that are booked already mean nothing.
    fn meaning_of(&self, fault: &Fault, proposed: &[&ProposedRow]) -> Vec<(Pair, Movement)> {
        let of = |session: &str, clinician: &str| {
            let mut rows = proposed.iter().filter(|row| {
                row.session_id.to_string() == session && row.clinician_id.to_string() == clinician
            });
            rows.next().map(|row| row.pair())
        };
        let one = |session: &str, clinician: &str, movement: Movement| {
            of(session, clinician).map(|pair| (pair, movement)).into_iter().collect()
        };
        match fault {
            Fault::MayNotDo { session, clinician, code } if *code != "rate" => {
                one(session, clinician, Movement::Rule(code))
            }
            Fault::MayNotDo { session, clinician, .. }
            | Fault::WrongNumber { session, clinician, field: "rate_pence_per_hour" | "pay_pence", .. } => {
                one(session, clinician, self.rate_movement(session))
            }
            Fault::Twice { session, clinician } => one(session, clinician, Movement::Filled),
            Fault::TooManyPeople { session, .. } => {
                let rows = proposed.iter().filter(|row| row.session_id.to_string() == *session);
                rows.map(|row| (row.pair(), Movement::Filled)).collect()
            }
            Fault::CannotDoBoth { clinician, first, second } => [first, second]
                .into_iter()
                .filter_map(|session| of(session, clinician))
                .map(|pair| (pair, Movement::BookedElsewhere))
                .collect(),
            Fault::TooManyMinutes { clinician, .. } => {
                let rows = proposed.iter().filter(|row| row.clinician_id.to_string() == *clinician);
                rows.take(1).map(|row| (row.pair(), Movement::HoursUsed)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether it is the session that may pay otherwise, or the clinician who asks otherwise.
    fn rate_movement(&self, session: &str) -> Movement {
        let rates = |sessions: &BTreeMap<&str, &Session>| {
            sessions.get(session).map(|session| (session.rate_min, session.rate_max))
        };
        match (rates(&self.sessions_then), rates(&self.sessions_now)) {
            (Some(before), Some(now)) if before != now => Movement::RatesChanged { before, now },
            _ => Movement::AskedRateChanged,
        }
    }

    /// The pairs that get an offer: not those who hold one of it already, nor those whose place an offer that was
    /// out when the plan was made still holds. A place that was offered to somebody else since has moved.
    #[must_use]
    pub fn to_be_offered(&self, proposed: &[ProposedRow]) -> Offering {
        let open = || self.facts.offers.iter().filter(|offer| offer.is_open);
        let held: BTreeSet<Pair> =
            open().map(|offer| Pair { session: offer.session_id, clinician: offer.clinician_id }).collect();
        let known: BTreeSet<(&str, &str)> =
            self.then.incumbent.iter().map(|pair| (pair.session.as_str(), pair.clinician.as_str())).collect();
        let mut free: BTreeMap<_, i64> = self
            .facts
            .sessions
            .iter()
            .map(|row| {
                let offered = open().filter(|offer| offer.session_id == row.id).count();
                (row.id, i64::from(row.places) - row.booked - i64::try_from(offered).unwrap_or(i64::MAX))
            })
            .collect();
        let mut offering = Offering::default();
        for row in proposed.iter().filter(|row| !held.contains(&row.pair())) {
            let free = free.entry(row.session_id).or_default();
            *free -= 1;
            if *free >= 0 {
                offering.pairs.push(row.clone());
                continue;
            }
            let mut offers = open().filter(|offer| offer.session_id == row.session_id);
            let is_new = offers.any(|offer| {
                !known.contains(&(
                    offer.session_id.to_string().as_str(),
                    offer.clinician_id.to_string().as_str(),
                ))
            });
            let list = if is_new { &mut offering.moved } else { &mut offering.waiting };
            list.push(row.pair());
        }
        offering
    }
}

/// Which pairs get an offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offering {
    /// These.
    pub pairs: Vec<ProposedRow>,
    /// Not these: an offer that was out before holds the place until it is answered.
    pub waiting: Vec<Pair>,
    /// Not these: the place was offered to somebody else since the plan was made.
    pub moved: Vec<Pair>,
}

impl Movement {
    /// What has moved, in the middle of a sentence.
    #[must_use]
    pub fn text(&self) -> String {
        let plain = match self {
            Self::RatesChanged { before, now } => {
                return format!(
                    "what the session may pay changed from {} to {}",
                    rate_span(before.0, before.1),
                    rate_span(now.0, now.1)
                );
            }
            Self::SessionGone => "the session was withdrawn, or starts too soon to be offered",
            Self::SessionMoved => "the session is at another time or place",
            Self::Filled => "somebody has been booked for it since",
            Self::Offered => "it was offered to somebody else since",
            Self::Closed(EmptyReason::NoRateRange) => "no rate range covers the session any more",
            Self::Closed(_) => "what the practice pays lies outside the rate range now",
            Self::AskedRateChanged => "they ask another rate now",
            Self::ClinicianGone => "they no longer belong to the bank",
            Self::Declined => "they have declined it",
            Self::Rule("role") => "the session is for another role now",
            Self::Rule("competency") => "they no longer hold everything the session needs on that date",
            Self::Rule("clearance") => "they are no longer cleared for that date",
            Self::Rule("availability") => "they are no longer available then",
            Self::Rule("distance") => "the practice is farther than they travel now",
            Self::Rule("refused") => "the practice or the clinician refuses the other now",
            Self::Rule(_) => "a rule keeps them from it now",
            Self::BookedElsewhere => "they have been booked for something that leaves no time for it",
            Self::HoursUsed => "it would pass their limit of hours now",
        };
        plain.to_owned()
    }

    /// The whole sentence: "Dr Amy Hall, Orchid House Surgery, Tue 3 Nov, 8:30am: they are no longer cleared for that
    /// date."
    #[must_use]
    pub fn sentence(&self, row: &ProposedRow) -> String {
        format!(
            "{}, {}, {}, {}: {}.",
            row.clinician,
            row.practice,
            short_date(row.local_date),
            time_at(row.starts_at),
            self.text()
        )
    }
}

#[cfg(test)]
mod tests;
