//! The dual: prices on sessions, and the bound they prove.
//!
//! For any prices λ ≥ 0 on sessions, Σ λ × places + Σ over agents of their best schedule when each session pays
//! score − λ is at least the score of every plan. Prices are whole points, so the bound is exact on every machine.
//!
//! A *price* is a Lagrange multiplier on the places of a session, a *pass* one evaluation of the Lagrangian dual with a
//! subgradient: demand less places.

use rayon::prelude::ParallelIterator;
use rayon::slice::ParallelSlice;

use crate::index::{IndexVec, PartSessionIx};
use crate::market::{PartMarket, Prices};
use crate::schedule::Scheduler;

/// What one look at all agents at some prices gives.
#[derive(Debug, Clone)]
pub(crate) struct Pass {
    /// No plan of the part scores more.
    pub(crate) bound: i64,
    /// How many agents would take each session.
    pub(crate) demand: IndexVec<PartSessionIx, u32>,
}

/// How many agents are looked at by one thread in one go.
const BATCH: usize = 64;

/// Looks at every agent at these prices.
pub(crate) fn pass(market: &PartMarket, prices: &Prices) -> Pass {
    let batches: Vec<(i64, Vec<PartSessionIx>)> = market
        .agents
        .as_slice()
        .par_chunks(BATCH)
        .map_init(Scheduler::default, |scheduler, agents| {
            let mut taken = Vec::new();
            let mut sum = 0;
            for agent in agents {
                sum += scheduler.best_at(market, agent, prices);
                taken.extend_from_slice(scheduler.chosen());
            }
            (sum, taken)
        })
        .collect();
    let mut found = Pass { bound: idle_cost(market, prices), demand: IndexVec::repeat(0, prices.len()) };
    for (sum, taken) in batches {
        found.bound += sum;
        for session in taken {
            found.demand[session] += 1;
        }
    }
    found
}

/// What all places cost at these prices if all stayed idle.
pub(crate) fn idle_cost(market: &PartMarket, prices: &Prices) -> i64 {
    prices.zip(&market.places).map(|(price, places)| price * i64::from(*places)).sum()
}

/// Prices, and the bound they prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dual {
    pub(crate) prices: Prices,
    pub(crate) bound: i64,
}

impl Dual {
    /// Every session at the highest score anybody has in it: nobody gains anything, and the bound is plain.
    pub(crate) fn at_the_top(market: &PartMarket) -> Self {
        let prices = market.highest_scores();
        let bound = idle_cost(market, &prices);
        Self { prices, bound }
    }

    /// The prices, with the bound they prove found out anew.
    pub(crate) fn at(market: &PartMarket, prices: Prices) -> Self {
        let bound = pass(market, &prices).bound;
        Self { prices, bound }
    }

    /// Takes over these prices where their bound is lower.
    pub(crate) fn better(&mut self, market: &PartMarket, prices: &Prices) {
        let bound = pass(market, prices).bound;
        if bound < self.bound {
            *self = Self { prices: prices.clone(), bound };
        }
    }
}
