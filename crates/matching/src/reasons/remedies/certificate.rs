//! Proof that a change fills no place more, from the prices of places that the plan carries.
//!
//! At these prices every part of the market has a bound on the places it can fill. A change that allows more pairs
//! raises the bound by what the best schedules of the people in them gain beyond those they have now. Where the bound
//! then still allows no more than is filled, nothing can be gained, however many people move.

use std::collections::{BTreeMap, BTreeSet};

use matching_model::plan::Plan;

use crate::market::FILL_POINTS;
use crate::market::Market;
use crate::market::parts::components;
use crate::pairs::eligible::{EligiblePair, eligible_pairs};
use crate::pairs::facts::Facts;
use crate::roster::Roster;
use crate::schedule::Scheduler;

/// What the prices of places prove of each part of the market.
pub(crate) struct Certificate {
    pairs: Vec<EligiblePair>,
    prices: Vec<i64>,
    /// By clinician.
    theirs: Vec<Theirs>,
    /// The part of each session; sessions that nobody may do are in none.
    part_of_session: BTreeMap<u32, usize>,
    /// What each part's bound leaves above the places it fills, in millionths of a place.
    room: Vec<i64>,
}

/// What is known of one clinician.
#[derive(Default, Clone)]
struct Theirs {
    /// What their best schedule gains at these prices.
    gain: i64,
    /// The parts of the market in which they may do something.
    parts: Vec<usize>,
}

impl Certificate {
    /// What a plan's prices of places prove, sessions being numbered by `sessions`.
    pub(crate) fn of(facts: &Facts, plan: &Plan, roster: &Roster, sessions: &BTreeMap<&str, u32>) -> Self {
        let pairs = eligible_pairs(facts);
        let market = Market::of(facts, &pairs, |_| FILL_POINTS);
        let mut prices = vec![0; market.timings.len()];
        for price in &plan.fill_prices {
            let place = sessions.get(price.session.as_str()).map(|place| *place as usize);
            if let Some(slot) = place.and_then(|place| prices.get_mut(place)) {
                *slot = price.points.max(0);
            }
        }
        let mut certificate = Self {
            pairs,
            prices,
            theirs: vec![Theirs::default(); facts.clinicians.len()],
            part_of_session: BTreeMap::new(),
            room: Vec::new(),
        };
        certificate.fill_in(&market, facts, roster);
        certificate
    }

    fn fill_in(&mut self, market: &Market, facts: &Facts, roster: &Roster) {
        let mut scheduler = Scheduler::default();
        for (number, part) in components(market, |_, _| true).into_iter().enumerate() {
            let mut room = 0;
            for agent in part.agents.iter().filter_map(|agent| market.agents.get(*agent)) {
                let gain = scheduler.best_at(market, agent, &self.prices);
                room += gain;
                if let Some(theirs) = self.theirs.get_mut(agent.clinician as usize) {
                    theirs.gain += gain;
                    theirs.parts.push(number);
                }
            }
            for &session in &part.sessions {
                let places = market.places.get(session as usize).copied().unwrap_or(0);
                let price = self.prices.get(session as usize).copied().unwrap_or(0);
                let taken = i64::from(places) - i64::from(roster.places_left(facts, session));
                room += price * i64::from(places) - FILL_POINTS * taken;
                self.part_of_session.insert(session, number);
            }
            self.room.push(room);
        }
    }

    /// Whether no plan fills more places once these pairs are allowed as well, whatever anybody leaves for them.
    pub(crate) fn rules_out(&self, facts: &Facts, new: &[EligiblePair]) -> bool {
        let mut parts = BTreeSet::new();
        let mut room = 0;
        for pairs in new.chunk_by(|one, other| one.clinician == other.clinician) {
            let Some(clinician) = pairs.first().map(|pair| pair.clinician) else { continue };
            let now = self.theirs.get(clinician as usize);
            parts.extend(now.into_iter().flat_map(|theirs| theirs.parts.iter().copied()));
            parts.extend(pairs.iter().filter_map(|pair| self.part_of_session.get(&pair.session).copied()));
            room += self.gain_with(facts, clinician, pairs) - now.map_or(0, |theirs| theirs.gain);
            if room >= FILL_POINTS {
                return false;
            }
        }
        room += parts.iter().filter_map(|part| self.room.get(*part)).sum::<i64>();
        room < FILL_POINTS
    }

    /// What a clinician's best schedule gains when they may do these sessions as well.
    fn gain_with(&self, facts: &Facts, clinician: u32, new: &[EligiblePair]) -> i64 {
        let from = self.pairs.partition_point(|pair| pair.clinician < clinician);
        let own = self.pairs.get(from..).unwrap_or_default().iter();
        let mut pairs: Vec<EligiblePair> =
            own.copied().take_while(|pair| pair.clinician == clinician).collect();
        pairs.extend_from_slice(new);
        pairs.sort_unstable();
        pairs.dedup();
        let market = Market::of(facts, &pairs, |_| FILL_POINTS);
        let mut scheduler = Scheduler::default();
        market.agents.iter().map(|agent| scheduler.best_at(&market, agent, &self.prices)).sum()
    }
}
