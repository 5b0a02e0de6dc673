//! Repairs a plan after something happened, with as little disturbance as possible.
//!
//! Booked people never move. People with an offer or a place in the plan move only when that fills another place,
//! and never more than two of them for one place. A plan is loaded once; each repair is then a matter of
//! milliseconds, since only what the events touch is looked at again, the bound included.

mod apply;
mod bound;
mod standby;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use matching_model::change::Changes;
use matching_model::plan::{Assignment, BoundProof, Millionths, PLAN_FORMAT, Plan, Price};
use matching_model::problem::{Problem, ProblemError};

use crate::index::{ClinicianIx, SessionIx};
use crate::pairs::eligible::{EligiblePair, eligible_pairs};
use crate::pairs::facts::{Facts, Placed};
use crate::pairs::score::any_worth;
use crate::reasons::unfilled::unfilled;
use crate::roster::Roster;
use crate::roster::takers::Takers;
use crate::roster::ways::{Candidates, Chains, Step, Way};
use crate::stop::NeverStop;

use self::bound::{Offered, SessionPrices, Terms};

pub use self::standby::{Standby, StandbyPerson};

/// How many people may move to another session so that one place is filled.
const MOST_MOVED: usize = 2;

/// Why a plan could not be repaired.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// The problem, or what the events make of it, cannot be planned.
    #[error(transparent)]
    Unfit(ProblemError),
    /// The plan or an event names a session that the problem does not have.
    #[error("there is no session {session} in the problem")]
    UnknownSession {
        /// The id.
        session: String,
    },
    /// The plan or an event names a clinician whom the problem does not have.
    #[error("there is no clinician {clinician} in the problem")]
    UnknownClinician {
        /// The id.
        clinician: String,
    },
    /// A clinician gives back what they do not have.
    #[error("{clinician} cannot give {session} back: the plan does not place them there")]
    NotPlaced {
        /// The session.
        session: String,
        /// The clinician.
        clinician: String,
    },
    /// A new session has the id of another.
    #[error("a new session cannot be called {session}: there is one of that id already")]
    NotNew {
        /// The id.
        session: String,
    },
}

/// A problem and its plan, held ready for repairs.
#[derive(Debug)]
pub struct LoadedPlan {
    problem: Problem,
    index: Index,
    facts: Facts,
    /// Every pair that the rules allow, in order of clinician, then session.
    pairs: Vec<EligiblePair>,
    roster: Roster,
    candidates: Candidates,
    takers: Takers,
    /// The certificate's price of each session.
    prices: SessionPrices,
    /// What each clinician's best schedule gains at these prices.
    terms: Terms,
    /// The sum of the scores of everybody placed.
    score: i64,
    seed: u64,
}

/// What a repair did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Places that the events emptied, and what was done about each.
    pub places: Vec<RepairedPlace>,
    /// Score of the plan before the events.
    pub score_before: i64,
    /// Score after the repair.
    pub score: i64,
    /// No plan for the changed problem scores more, as the prices prove.
    pub upper_bound: i64,
}

/// An emptied or still empty place, the ways to fill it, and which was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairedPlace {
    /// The session.
    pub session: String,
    /// The best way with nobody else moved, with one moved and with two; `None` where there is none.
    pub menu: [Option<RepairWay>; MOST_MOVED + 1],
    /// Which way of the menu was taken: the one that moves the fewest; `None` where the place stays empty.
    pub taken: Option<usize>,
}

/// A way to fill a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairWay {
    /// Who does what, the newcomer to the place first.
    pub steps: Vec<RepairStep>,
    /// Points the plan gains by it.
    pub gain: i64,
}

/// One person's part in a way to fill a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairStep {
    /// Who.
    pub clinician: String,
    /// The session they take.
    pub takes: String,
    /// The session they leave for it, which the next step fills.
    pub leaves: Option<String>,
}

impl LoadedPlan {
    /// Makes a plan ready for repairs. The plan must be legal: check it first.
    pub fn load(problem: Problem, plan: &Plan) -> Result<Self, RepairError> {
        problem.validate().map_err(RepairError::Unfit)?;
        let facts = Facts::of(&problem);
        let mut placed = Vec::with_capacity(plan.assignments.len());
        let index = Index::of(&problem, &facts);
        for Assignment { session, clinician, .. } in &plan.assignments {
            placed.push((index.clinician(clinician)?, index.session(session)?));
        }
        let mut prices = facts.sessions.map(|_| 0);
        for Price { session, points } in &plan.prices {
            prices[index.session(session)?] = (*points).max(0);
        }
        let roster = Roster::of(&facts, placed.into_iter().chain(facts.booked.iter().copied()));
        let pairs = eligible_pairs(&facts);
        let mut terms = facts.clinicians.map(|_| 0);
        Offered::of(&facts, &pairs).add_terms(&prices, &mut terms);
        let candidates = Candidates::of_pairs(&facts, &pairs);
        let takers = Takers::of(&facts, &roster, &candidates);
        let mut loaded = Self {
            problem,
            index,
            facts,
            pairs,
            roster,
            candidates,
            takers,
            prices,
            terms,
            score: 0,
            seed: plan.seed,
        };
        loaded.score = loaded.summed_score();
        Ok(loaded)
    }

    /// The problem as it stands after all events so far.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Takes note of what happened, and fills what it emptied where that can be done.
    pub fn repair(&mut self, changes: &Changes) -> Result<Repair, RepairError> {
        let score_before = self.score;
        let emptied = self.apply(changes)?;
        let mut places = Vec::new();
        for session in &emptied.sessions {
            while self.roster.places_left(&self.facts, *session) > 0 {
                let place = self.fill(*session);
                let filled = place.taken.is_some();
                places.push(place);
                if !filled {
                    break;
                }
            }
        }
        places.extend(self.employ(&emptied.clinicians));
        self.renew_bound(&emptied);
        Ok(Repair { places, score_before, score: self.score, upper_bound: self.upper_bound() })
    }

    /// A search for ways in the plan as it stands.
    fn chains(&self) -> Chains<'_> {
        Chains::of(&self.facts, &self.roster, &self.candidates, &self.takers)
    }

    /// The pairs of one clinician that the rules allow, in order of session.
    fn may_do(&self, clinician: ClinicianIx) -> &[EligiblePair] {
        pairs_of(&self.pairs, clinician)
    }

    /// Takes note that a clinician's diary changed.
    fn renew_takers(&mut self, clinician: ClinicianIx) {
        let sessions = pairs_of(&self.pairs, clinician).iter().map(|pair| pair.session);
        self.takers.renew((&self.facts, &self.roster, &self.candidates), clinician, sessions);
    }

    fn summed_score(&self) -> i64 {
        self.roster.pairs().map(|pair| any_worth(&self.facts, pair).score).sum()
    }

    /// Finds the menu for one empty place, and takes the way that moves the fewest.
    fn fill(&mut self, session: SessionIx) -> RepairedPlace {
        let mut chains = self.chains();
        let ways: [Option<Way>; MOST_MOVED + 1] = std::array::from_fn(|moved| chains.best(session, moved));
        let taken = ways.iter().position(Option::is_some);
        let place = RepairedPlace {
            session: self.session_id(session).to_owned(),
            menu: ways.each_ref().map(|way| way.as_ref().map(|way| self.told(way))),
            taken,
        };
        if let Some(way) = ways.iter().flatten().next() {
            self.take(way);
        }
        place
    }

    fn take(&mut self, way: &Way) {
        self.score += way.gain;
        for step in &way.steps {
            if let Some(left) = step.leaves {
                self.roster.release((step.clinician, left));
            }
            self.roster.place((step.clinician, step.takes));
            self.renew_takers(step.clinician);
        }
    }

    /// Gives people who lost a session another that is empty and that they can do without anybody moving.
    fn employ(&mut self, clinicians: &BTreeSet<ClinicianIx>) -> Vec<RepairedPlace> {
        let mut places = Vec::new();
        for &clinician in clinicians {
            while let Some(way) = self.vacancy_for(clinician) {
                places.push(RepairedPlace {
                    session: self.session_id(way.steps[0].takes).to_owned(),
                    menu: [Some(self.told(&way)), None, None],
                    taken: Some(0),
                });
                self.take(&way);
            }
        }
        places
    }

    /// The best empty place that a clinician could take as their diary stands.
    fn vacancy_for(&self, clinician: ClinicianIx) -> Option<Way> {
        let mut chains = self.chains();
        let sessions = self.may_do(clinician).iter().map(|pair| pair.session);
        let empty = sessions.filter(|session| {
            self.roster.places_left(&self.facts, *session) > 0 && self.takers.has((clinician, *session))
        });
        let ways = empty.filter_map(|session| {
            chains.best_with(session, 0, (clinician, any_worth(&self.facts, (clinician, session)).score))
        });
        ways.reduce(|best, way| if way.gain > best.gain { way } else { best })
    }

    /// The plan as it stands, ready to be written, checked or published. Its bound is proven by its prices.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let mut assignments: Vec<Assignment> =
            self.roster.pairs().map(|pair| self.assignment(pair)).collect();
        assignments.sort_by(|a, b| (&a.session, &a.clinician).cmp(&(&b.session, &b.clinician)));
        let placed: Vec<Placed> = self.roster.pairs().collect();
        let left = self.facts.places_left();
        let mut prices: Vec<Price> = self
            .prices
            .numbered()
            .map(|(session, points)| match left[session] {
                // Where bookings leave no place, the price at which nobody wants one costs the bound nothing.
                0 => (session, self.candidates.highest(&self.facts, session)),
                _ => (session, *points),
            })
            .filter(|(_, points)| *points > 0)
            .map(|(session, points)| Price { session: self.session_id(session).to_owned(), points })
            .collect();
        prices.sort_by(|a, b| a.session.cmp(&b.session));
        let score = assignments.iter().map(|assignment| assignment.score).sum();
        let upper_bound = self.upper_bound();
        Plan {
            format: PLAN_FORMAT.to_owned(),
            score,
            upper_bound,
            gap: Millionths::gap_percent(score, upper_bound),
            bound_proof: BoundProof::Prices,
            filled: assignments.len() as u64,
            places: self.facts.sessions.iter().map(|session| u64::from(session.places)).sum(),
            fill_upper_bound: None,
            unfilled: unfilled(&self.problem, &self.facts, &placed, (&OnceLock::new(), &NeverStop)),
            assignments,
            prices,
            fill_prices: Vec::new(),
            seconds: Millionths::default(),
            engine: concat!("locumbank ", env!("CARGO_PKG_VERSION"), " repair").to_owned(),
            seed: self.seed,
        }
    }

    fn assignment(&self, (clinician, session): Placed) -> Assignment {
        let worth = any_worth(&self.facts, (clinician, session));
        Assignment {
            session: self.session_id(session).to_owned(),
            clinician: self.clinician_id(clinician).to_owned(),
            rate_pence_per_hour: worth.rate_pence_per_hour,
            pay_pence: worth.pay_pence,
            road_metres: worth.road_metres,
            score: worth.score,
        }
    }

    fn told(&self, way: &Way) -> RepairWay {
        let step = |step: &Step| RepairStep {
            clinician: self.clinician_id(step.clinician).to_owned(),
            takes: self.session_id(step.takes).to_owned(),
            leaves: step.leaves.map(|left| self.session_id(left).to_owned()),
        };
        RepairWay { steps: way.steps.iter().map(step).collect(), gain: way.gain }
    }

    fn session_id(&self, session: SessionIx) -> &str {
        &self.facts.sessions[session].told(&self.problem).id
    }

    fn clinician_id(&self, clinician: ClinicianIx) -> &str {
        &self.facts.clinicians[clinician].told(&self.problem).id
    }
}

/// The pairs of one clinician among pairs in order of clinician.
fn pairs_of(pairs: &[EligiblePair], clinician: ClinicianIx) -> &[EligiblePair] {
    let from = pairs.partition_point(|pair| pair.clinician < clinician);
    let until = pairs.partition_point(|pair| pair.clinician <= clinician);
    &pairs[from..until]
}

/// Where each id of a problem stands among its facts.
#[derive(Debug, Clone, Default)]
struct Index {
    sessions: BTreeMap<String, SessionIx>,
    clinicians: BTreeMap<String, ClinicianIx>,
}

impl Index {
    fn of(problem: &Problem, facts: &Facts) -> Self {
        let sessions = facts.sessions.numbered();
        let clinicians = facts.clinicians.numbered();
        Self {
            sessions: sessions.map(|(number, work)| (work.told(problem).id.clone(), number)).collect(),
            clinicians: clinicians
                .map(|(number, person)| (person.told(problem).id.clone(), number))
                .collect(),
        }
    }

    fn session(&self, id: &str) -> Result<SessionIx, RepairError> {
        let unknown = || RepairError::UnknownSession { session: id.to_owned() };
        self.sessions.get(id).copied().ok_or_else(unknown)
    }

    fn clinician(&self, id: &str) -> Result<ClinicianIx, RepairError> {
        let unknown = || RepairError::UnknownClinician { clinician: id.to_owned() };
        self.clinicians.get(id).copied().ok_or_else(unknown)
    }
}
