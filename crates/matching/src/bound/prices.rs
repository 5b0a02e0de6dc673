//! The dual: prices on sessions, and the bound they prove.
//!
//! For any prices λ ≥ 0 on sessions, Σ λ × places + Σ over agents of their best schedule when each session pays
//! score − λ is at least the score of every plan. Prices are whole points, so the bound is exact on every machine.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::market::{Agent, Market};
use crate::schedule::Scheduler;

/// What one look at all agents at some prices gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pass {
    /// No plan of the free part scores more.
    pub(crate) bound: i64,
    /// How many agents would take each session.
    pub(crate) demand: Vec<u32>,
}

/// How many agents are looked at by one thread in one go.
const BATCH: usize = 64;

/// Looks at every agent at these prices.
pub(crate) fn pass(market: &Market, prices: &[i64]) -> Pass {
    let batches: Vec<&[Agent]> = market.agents.chunks(BATCH).collect();
    let parts: Vec<(i64, Vec<u32>)> = batches
        .into_par_iter()
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
    let mut found = Pass { bound: 0, demand: vec![0; market.timings.len()] };
    for (price, places) in prices.iter().zip(&market.places) {
        found.bound += price * i64::from(*places);
    }
    for (sum, taken) in parts {
        found.bound += sum;
        for session in taken {
            if let Some(demand) = found.demand.get_mut(session as usize) {
                *demand += 1;
            }
        }
    }
    found
}

/// Prices, and the bound they prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dual {
    pub(crate) prices: Vec<i64>,
    pub(crate) bound: i64,
}

impl Dual {
    /// Every session at the highest score anybody has in it: nobody gains anything, and the bound is plain.
    pub(crate) fn at_the_top(market: &Market) -> Self {
        let prices = market.highest_scores();
        let bound = prices.iter().zip(&market.places).map(|(price, places)| price * i64::from(*places)).sum();
        Self { prices, bound }
    }

    /// The prices, with the bound they prove found out anew.
    pub(crate) fn at(market: &Market, prices: Vec<i64>) -> Self {
        let bound = pass(market, &prices).bound;
        Self { prices, bound }
    }

    /// Takes over these prices where their bound is lower.
    pub(crate) fn better(&mut self, market: &Market, prices: &[i64]) {
        let bound = pass(market, prices).bound;
        if bound < self.bound {
            *self = Self { prices: prices.to_vec(), bound };
        }
    }
}
