//! What has moved since a plan was made: the facts of its pairs are read again under lock, and each pair that no
//! longer holds says why.
//!
//! The judgement is the independent checker's, of the proposed pairs in the problem as it is now.

use std::collections::{BTreeMap, BTreeSet};

use super::Pair;
use super::prepare::{Facts, Prepared};
use super::store::facts::SessionRow;
use super::store::pairs::ProposedRow;
use crate::eligibility::empty::EmptyReason;
use crate::eligibility::words::no_longer;
use crate::ground::words::{rate_span, short_date, time_at};
use matching_check::{Fault, Hindrance, JudgedPair, judge_pairs};
use matching_model::plan::RuleCode;
use matching_model::problem::{Pairing, Problem, Session};

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
    /// A round decides about it, or proposes somebody for it.
    LeftToRound,
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
    /// A rule now keeps them apart.
    Rule(RuleCode),
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
        let pairs: Vec<Pairing> = still
            .iter()
            .map(|row| Pairing {
                session: row.session_id.to_string(),
                clinician: row.clinician_id.to_string(),
            })
            .collect();
        for (row, judged) in still.into_iter().zip(judge_pairs(&self.now.problem, &pairs)?) {
            if let Some(movement) = self.movement_of(row, judged) {
                moved.insert(row.pair(), movement);
            }
        }
        Ok(moved)
    }

    /// What has moved by what the problem makes of the pair now.
    fn movement_of(&self, row: &ProposedRow, judged: JudgedPair) -> Option<Movement> {
        match judged.hindrance {
            Some(Hindrance::OfPair(RuleCode::Rate)) => Some(self.rate_movement(row)),
            Some(Hindrance::OfPair(rule) | Hindrance::OfDiary(rule)) => Some(Movement::Rule(rule)),
            Some(Hindrance::NoPlace) => Some(Movement::Filled),
            None => {
                let proposed = (i64::from(row.rate_pence_per_hour), i64::from(row.pay_pence));
                let is_same = proposed == (judged.rate_pence_per_hour, judged.pay_pence);
                (!is_same).then(|| self.rate_movement(row))
            }
        }
    }

    /// What shows without the rules.
    fn plain_movement(&self, row: &ProposedRow) -> Option<Movement> {
        let (session, clinician) = (row.session_id.to_string(), row.clinician_id.to_string());
        let found = self.facts.sessions.binary_search_by_key(&row.session_id, |known| known.id);
        let Some(known) = found.ok().and_then(|at| self.facts.sessions.get(at)) else {
            return Some(Movement::SessionGone);
        };
        if known.is_in_round || known.proposed > 0 && known.places_left() < 1 {
            return Some(Movement::LeftToRound);
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
        (!self.clinicians_now.contains(clinician.as_str())).then_some(Movement::ClinicianGone)
    }

    /// Whether it is the session that may pay otherwise, or the clinician who asks otherwise.
    fn rate_movement(&self, row: &ProposedRow) -> Movement {
        let session = row.session_id.to_string();
        let rates = |sessions: &BTreeMap<&str, &Session>| {
            sessions.get(session.as_str()).map(|session| (session.rate_min, session.rate_max))
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
        let held: BTreeSet<Pair> = self.facts.sessions.iter().flat_map(SessionRow::open_offers).collect();
        let known: BTreeSet<(&str, &str)> =
            self.then.incumbent.iter().map(|pair| (pair.session.as_str(), pair.clinician.as_str())).collect();
        let mut free: BTreeMap<_, i64> = self
            .facts
            .sessions
            .iter()
            .map(|row| {
                let offered = i64::try_from(row.offered_to.len()).unwrap_or(i64::MAX);
                (row.id, row.places_left() - offered)
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
            let mut offers = held.iter().filter(|offer| offer.session == row.session_id);
            let is_new = offers.any(|offer| {
                !known.contains(&(offer.session.to_string().as_str(), offer.clinician.to_string().as_str()))
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
            Self::LeftToRound => "a round decides about it now",
            Self::Closed(EmptyReason::NoRateRange) => "no rate range covers the session any more",
            Self::Closed(_) => "what the practice pays lies outside the rate range now",
            Self::AskedRateChanged => no_longer(RuleCode::Rate),
            Self::ClinicianGone => "they no longer belong to the bank",
            Self::Rule(rule) => no_longer(*rule),
        };
        plain.to_owned()
    }
}

/// Where and when a pair would work: "Orchid House Surgery, Tue 3 Nov, 8:30am".
#[must_use]
pub fn place_of(row: &ProposedRow) -> String {
    format!("{}, {}, {}", row.practice, short_date(row.local_date), time_at(row.starts_at))
}

#[cfg(test)]
mod tests;
