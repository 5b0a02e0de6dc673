//! Proof that a change fills no place more, from the prices of places that the plan carries.
//!
//! At these prices every part of the market has a bound on the places it can fill. A change that allows more pairs
//! raises the bound by what the best schedules of the people in them gain beyond those they have now. Where the bound
//! then still allows no more than is filled, nothing can be gained, however many people move.
//!
//! In the field: sensitivity analysis by the dual.

use std::collections::{BTreeMap, BTreeSet};

use matching_model::plan::Plan;

use crate::index::{ClinicianIx, IndexVec, PartIx, SessionIx};
use crate::market::parts::{Component, components};
use crate::market::{FILL_POINTS, Market, PartAgent};
use crate::pairs::eligible::{EligiblePair, eligible_pairs};
use crate::pairs::facts::Facts;
use crate::roster::Roster;
use crate::schedule::Scheduler;

/// What the prices of places prove of each part of the market.
pub(crate) struct Certificate {
    pairs: Vec<EligiblePair>,
    prices: IndexVec<SessionIx, i64>,
    theirs: IndexVec<ClinicianIx, Theirs>,
    /// The part of each session; sessions that nobody may do are in none.
    part_of_session: BTreeMap<SessionIx, PartIx>,
    /// What each part's bound leaves above the places it fills, in millionths of a place.
    room: IndexVec<PartIx, i64>,
}

/// What is known of one clinician.
#[derive(Default, Clone)]
struct Theirs {
    /// What their best schedule gains at these prices.
    gain: i64,
    /// The parts of the market in which they may do something.
    parts: Vec<PartIx>,
}

impl Certificate {
    /// What a plan's prices of places prove, sessions being numbered by `sessions`.
    pub(crate) fn of(
        facts: &Facts,
        plan: &Plan,
        roster: &Roster,
        sessions: &BTreeMap<&str, SessionIx>,
    ) -> Self {
        let pairs = eligible_pairs(facts);
        let market = Market::of(facts, &pairs, |_| FILL_POINTS);
        let mut prices = facts.sessions.map(|_| 0);
        for price in &plan.fill_prices {
            // Prices of a file prove what they prove, whatever else it names.
            if let Some(session) = sessions.get(price.session.as_str()) {
                prices[*session] = price.points.max(0);
            }
        }
        let mut certificate = Self {
            pairs,
            prices,
            theirs: facts.clinicians.map(|_| Theirs::default()),
            part_of_session: BTreeMap::new(),
            room: IndexVec::new(),
        };
        certificate.fill_in(&market, facts, roster);
        certificate
    }

    fn fill_in(&mut self, market: &Market, facts: &Facts, roster: &Roster) {
        for part in components(&market.all) {
            let mut room = 0;
            for &session in &part.sessions {
                let places = i64::from(market.all.places[session]);
                let taken = places - i64::from(roster.places_left(facts, session));
                room += self.prices[session] * places - FILL_POINTS * taken;
            }
            let gains = self.gains(market, &part);
            room += gains.iter().map(|(_, gain)| gain).sum::<i64>();
            let number = self.room.push(room);
            self.part_of_session.extend(part.sessions.iter().map(|session| (*session, number)));
            for (clinician, gain) in gains {
                let theirs = &mut self.theirs[clinician];
                theirs.gain += gain;
                theirs.parts.push(number);
            }
        }
    }

    /// What each agent's best schedule gains at these prices.
    fn gains(&self, market: &Market, part: &Component) -> Vec<(ClinicianIx, i64)> {
        let prices = part.sessions.map(|session| self.prices[*session]);
        let market = market.part(part);
        let mut scheduler = Scheduler::default();
        let gain = |agent: &PartAgent| (agent.clinician, scheduler.best_at(&market, agent, &prices));
        market.agents.iter().map(gain).collect()
    }

    /// Whether no plan fills more places once these pairs are allowed as well, whatever anybody leaves for them.
    pub(crate) fn rules_out(&self, facts: &Facts, new: &[EligiblePair]) -> bool {
        let mut parts: BTreeSet<PartIx> = BTreeSet::new();
        let mut room = 0;
        for pairs in new.chunk_by(|one, other| one.clinician == other.clinician) {
            let clinician = pairs[0].clinician;
            let now = &self.theirs[clinician];
            parts.extend(&now.parts);
            parts.extend(pairs.iter().filter_map(|pair| self.part_of_session.get(&pair.session)));
            room += self.gain_with(facts, clinician, pairs) - now.gain;
            if room >= FILL_POINTS {
                return false;
            }
        }
        room += parts.iter().map(|part| self.room[*part]).sum::<i64>();
        room < FILL_POINTS
    }

    /// What a clinician's best schedule gains when they may do these sessions as well.
    fn gain_with(&self, facts: &Facts, clinician: ClinicianIx, new: &[EligiblePair]) -> i64 {
        let from = self.pairs.partition_point(|pair| pair.clinician < clinician);
        let own = self.pairs[from..].iter().copied();
        let mut pairs: Vec<EligiblePair> = own.take_while(|pair| pair.clinician == clinician).collect();
        pairs.extend_from_slice(new);
        pairs.sort_unstable();
        pairs.dedup();
        let market = Market::of(facts, &pairs, |_| FILL_POINTS);
        self.gains(&market, &market.undivided()).iter().map(|(_, gain)| gain).sum()
    }
}
