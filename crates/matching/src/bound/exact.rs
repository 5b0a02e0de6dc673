//! The best plan of a part of the market, exactly, by choosing among every schedule that a better plan could use.
//!
//! The model counts what a plan falls short of the bound: each agent takes one path through the network of their
//! schedules, each place is taken or stays idle at its price, and losses and idle prices are added up. It is modelled
//! by `good_lp` and solved by `HiGHS`. Its relaxation is as tight as the best prices.
//!
//! In the field: the integer master over columns that reduced-cost fixing leaves, in arc-flow form, as a *mixed-integer
//! programme*.

use std::collections::BTreeMap;
use std::time::Duration;

use good_lp::solvers::highs::{HighsProblem, highs};
use good_lp::{Constraint, Expression, ProblemVariables, SolverModel, variable};

use crate::bound::cuts::{Cut, Levels};
use crate::bound::highs::{SolveLimits, minimise, points};
use crate::index::{IndexVec, PartAgentIx, PartSessionIx};
use crate::market::{PartMarket, Prices};
use crate::schedule::draft::Given;
use crate::schedule::network::{Network, Step, network_within};

/// The schedules that some agents may choose among.
pub(crate) type Networks = Vec<(PartAgentIx, Network)>;

/// What is known of a part of the market after it was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Searched {
    /// Every plan of this part falls short of the bound of the prices by at least so much.
    pub(crate) shortfall_at_least: i64,
    /// A better plan than before: what each agent of the part takes.
    pub(crate) better: Option<Given>,
}

/// How far a search may go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SearchLimits {
    /// Chains of one agent on one day at most; beyond, the part is left alone.
    pub(crate) chains_of_a_day: usize,
    /// Steps of all agents' networks at most.
    pub(crate) steps: usize,
    pub(crate) nodes: i32,
    pub(crate) time: Option<Duration>,
}

/// Searches a part for a plan that falls short of the bound of these prices by less than `shortfall`, which is what
/// the best plan so far falls short by. Nothing when there are too many schedules to look at.
pub(crate) fn search(
    market: &PartMarket,
    (levels, cuts): (&Levels, &[Cut]),
    shortfall: i64,
    limits: &SearchLimits,
) -> Option<Searched> {
    if shortfall <= 0 {
        return Some(Searched { shortfall_at_least: 0, better: None });
    }
    let networks = networks_of(market, &levels.to_pay(cuts), shortfall, limits)?;
    let model = model(&market.places, (levels, cuts), &networks, &Kind::Whole { shortfall });
    let limits = SolveLimits { nodes: limits.nodes, time: limits.time, cutoff: shortfall, presolve: false };
    let solved = minimise(model, limits)?;
    let chosen = solved.chosen.filter(|_| solved.at_least < shortfall);
    let better = chosen.map(|chosen| chosen_schedules(networks, chosen));
    Some(Searched { shortfall_at_least: solved.at_least, better })
}

/// A good plan of a part, chosen among schedules that lose very little at these prices: fewer than `limits.steps` steps
/// of all agents together, as many as that allows. Agents may do nothing, and any place may stay idle.
pub(crate) fn sketch(market: &PartMarket, levels: &Levels, limits: &SearchLimits) -> Option<Given> {
    let highest = levels.sessions.iter().copied().max()?.max(1);
    let (_, networks) = networks_below(market, &levels.sessions, highest / 10, limits)?;
    choose(&market.places, levels, networks, limits)
}

/// The best choice of one path through each of these networks, made at these prices, where so many places are left.
/// Agents may do nothing, and any place may stay idle.
pub(crate) fn choose(
    left: &IndexVec<PartSessionIx, u32>,
    levels: &Levels,
    networks: Networks,
    limits: &SearchLimits,
) -> Option<Given> {
    let model = model(left, (levels, &[]), &networks, &Kind::Free);
    let limits = SolveLimits { nodes: limits.nodes, time: limits.time, cutoff: i64::MAX / 4, presolve: true };
    let solved = minimise(model, limits)?;
    solved.chosen.map(|chosen| chosen_schedules(networks, chosen))
}

/// All schedules that lose less than `most`, or less than a part of that where they would be too many; says how much.
pub(crate) fn networks_below(
    market: &PartMarket,
    prices: &Prices,
    most: i64,
    limits: &SearchLimits,
) -> Option<(i64, Networks)> {
    let mut limit = most;
    loop {
        match networks_of(market, prices, limit, limits) {
            Some(networks) => return Some((limit, networks)),
            None if limit > 1 => limit /= 2,
            None => return None,
        }
    }
}

fn chosen_schedules(networks: Networks, chosen: Vec<bool>) -> Given {
    let mut chosen = chosen.into_iter();
    let mut taken = |steps: Vec<Step>| -> Vec<PartSessionIx> {
        let steps = steps.into_iter().zip(chosen.by_ref()).filter(|(_, chosen)| *chosen);
        steps.flat_map(|(step, _)| step.sessions).collect()
    };
    networks.into_iter().map(|(agent, network)| (agent, taken(network.steps))).collect()
}

fn networks_of(market: &PartMarket, prices: &Prices, limit: i64, limits: &SearchLimits) -> Option<Networks> {
    let mut networks = Networks::new();
    let mut steps = 0;
    for (agent, who) in market.agents.numbered() {
        let network = network_within(market, who, prices, limit, limits.chains_of_a_day)?;
        steps += network.steps.len();
        if steps > limits.steps {
            return None;
        }
        networks.push((agent, network));
    }
    Some(networks)
}

/// Which model is meant.
enum Kind {
    /// Whole steps; sessions whose price reaches the shortfall cannot stay idle.
    Whole { shortfall: i64 },
    /// Whole steps; anybody may do nothing, and any place may stay idle.
    Free,
}

fn model(
    left: &IndexVec<PartSessionIx, u32>,
    (levels, cuts): (&Levels, &[Cut]),
    networks: &[(PartAgentIx, Network)],
    kind: &Kind,
) -> HighsProblem {
    let mut variables = ProblemVariables::new();
    let mut cost = Expression::default();
    let mut rows: Vec<Constraint> = Vec::new();
    let mut starts: Vec<(Expression, i64)> = Vec::new();
    let mut of_session: BTreeMap<PartSessionIx, Expression> = BTreeMap::new();
    // The steps' columns come first, in order, so that the solution can be read off by counting.
    for (_, network) in networks {
        let mut flow: Vec<Expression> = vec![Expression::default(); network.places];
        for step in &network.steps {
            let column = variables.add(variable().binary());
            cost.add_mul(points(step.loss), column);
            for session in &step.sessions {
                of_session.entry(*session).or_default().add_mul(1, column);
            }
            for (place, direction) in [(step.from, 1), (step.to, -1)] {
                flow[place].add_mul(direction, column);
            }
        }
        // What leaves a place has come to it, and one schedule leaves the first; the last need not be told.
        flow.pop();
        let mut flow = flow.into_iter();
        starts.extend(flow.next().map(|start| (start, network.best_gain)));
        rows.extend(flow.map(|row| row.eq(0)));
    }
    for (mut start, best_gain) in starts {
        if let Kind::Free = kind {
            let nothing = variables.add(variable().min(0));
            cost.add_mul(points(best_gain), nothing);
            start.add_mul(1, nothing);
        }
        rows.push(start.eq(1));
    }
    for (cut, price) in cuts.iter().zip(&levels.cuts) {
        let mut counted = Expression::default();
        for (session, weight) in cut.weights.numbered().filter(|(_, weight)| **weight != 0) {
            if let Some(taken) = of_session.get(&session) {
                counted.add_mul(points(*weight), taken);
            }
        }
        let below = variables.add(variable().min(0));
        cost.add_mul(points(*price), below);
        counted.add_mul(1, below);
        rows.push(counted.eq(points(cut.limit)));
    }
    for ((session, places), price) in left.numbered().zip(&levels.sessions) {
        let mut taken = of_session.remove(&session).unwrap_or_default();
        let idle = match kind {
            Kind::Whole { shortfall } if price >= shortfall => variable().min(0).max(0),
            _ => variable().min(0).max(*places),
        };
        let idle = variables.add(idle);
        cost.add_mul(points(*price), idle);
        taken.add_mul(1, idle);
        rows.push(taken.eq(*places));
    }
    let mut model = variables.minimise(cost).using(highs);
    for row in rows {
        model.add_constraint(row);
    }
    model
}
