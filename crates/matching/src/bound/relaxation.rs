//! The best prices of a part, and a plan near the best, from one linear model of nearly every schedule that matters.
//!
//! At prices near the best, the schedules that lose little are few steps through small networks (`schedule/network.rs`), and a
//! linear model of all of them is solved in milliseconds. Its prices are mostly the best there are at once, where column
//! generation would come to the same schedules one by one; and nearly every agent has one whole schedule in its
//! mixture. The few that have not are given theirs by a search among them alone.
//!
//! In the field: the linear relaxation of the restricted master problem in arc-flow form, inside a trust region (the
//! widths), followed by a rounding heuristic that solves a restricted integer master for the agents left mixed.

use std::time::Duration;

use crate::bound::cuts::{Filled, Levels};
use crate::bound::exact::{Networks, SearchLimits, choose, networks_below};
use crate::bound::highs::{Linear, Solution};
use crate::index::{Ix, PartAgentIx, PartSessionIx};
use crate::market::{PartMarket, Prices};
use crate::schedule::draft::{Draft, Given};
use crate::schedule::network::{Network, Step};
use crate::stop::Stop;

/// What a relaxation ends with.
#[derive(Debug, Clone)]
pub(crate) struct Relaxed {
    pub(crate) levels: Levels,
    /// What the best mixture of schedules fills.
    pub(crate) filled: Filled,
    /// What each agent does in plans next to the mixtures met.
    pub(crate) plans: Vec<Given>,
    /// No prices are better, or next to none.
    pub(crate) is_best: bool,
}

/// Rounds at most.
const ROUNDS: usize = 32;

/// The loss a schedule may have at first, as a share of the highest price: one in so many.
const FIRST_LOSS_SHARE: i64 = 40;

/// Where the model's prices were held back and yet came true, so many eighths of the way are looked at, at most.
const FARTHEST_EIGHTHS: i64 = 8 << 12;

/// So many rounds in a row that bring less than a tenth of what they promise are enough.
const MOST_DISAPPOINTMENTS: u32 = 3;

/// This much of a step, in millionths, counts as all of it.
const WHOLE: i64 = 999_000;

/// Solves the model at these prices, then at those it gives, until they are the best or a plan next to the mixture is
/// within `enough` points of them.
pub(crate) fn relax(
    market: &PartMarket,
    from: &Levels,
    limits: &SearchLimits,
    enough: i64,
    stop: &dyn Stop,
) -> Option<Relaxed> {
    let mut best = from.clone();
    let highest = best.sessions.iter().copied().max().unwrap_or(0) + 1;
    let mut loss = highest / FIRST_LOSS_SHARE + 1;
    let mut widths: Option<Prices> = None;
    let mut disappointments = 0;
    let mut plans = Vec::new();
    let mut last = None;
    for _ in 0..ROUNDS {
        if stop.is_due() {
            break;
        }
        let center = best.clone();
        let (within, networks) = networks_below(market, &center.sessions, loss, limits)?;
        // Prices may move by as much as a schedule may lose.
        let least = within + 1;
        let own = widths.get_or_insert_with(|| center.sessions.map(|_| least));
        let model = Model { market, center, networks };
        let solved = match model.solve(own, stop.remaining()) {
            Some(solved) => solved,
            // What was found before the time ran out is kept.
            None if stop.is_due() => break,
            None => return None,
        };
        let out = model.levels(&solved);
        let both = || out.sessions.zip(&model.center.sessions);
        let moves = || both().map(|(to, from)| (to - from).abs());
        let is_held_back = moves().zip(own.iter()).any(|(moved, width)| moved >= *width);
        let went = look_along(market, &mut best, &out, is_held_back);
        let gained = model.center.bound - best.bound;
        let promised = solved.cost;
        let left = promised - gained;
        let is_best = !is_held_back && left <= market.timings.len().cast_signed() as i64 / 4;
        for (width, moved) in own.iter_mut().zip(moves()) {
            if is_held_back && moved * 2 >= *width {
                *width = (*width * went / 2).clamp(least, highest.max(least));
            }
        }
        disappointments = if left * 10 > promised * 9 { disappointments + 1 } else { 0 };
        if promised <= enough / 2 || last.is_none() {
            plans.push(model.round(&solved, limits));
        }
        // As far as there are places: a model held back by its widths may take a session too often.
        let is_near = |plan: &Given| best.bound - Draft::of(market, plan).score() <= enough;
        let is_enough = plans.last().is_some_and(is_near);
        last = Some((model, solved, is_best));
        if is_best || is_enough || disappointments == MOST_DISAPPOINTMENTS {
            break;
        }
        loss = within;
    }
    let (model, solved, is_best) = last?;
    plans.push(model.round(&solved, limits));
    Some(Relaxed { filled: model.filled(&solved), plans, levels: best, is_best })
}

/// Looks at the prices of a model and on the way there, and beyond where they were held back; says how far it was best
/// to go, in eighths, or one where it was best to stay.
fn look_along(market: &PartMarket, best: &mut Levels, out: &Levels, is_held_back: bool) -> i64 {
    let center = best.clone();
    let mut look = |eighths: i64| {
        let levels = center.towards(out, eighths);
        let bound = levels.ask(market, &[]).bound;
        let is_better = bound < best.bound;
        if is_better {
            *best = Levels { bound, ..levels };
        }
        is_better
    };
    if !look(8) {
        return [4, 2, 1].into_iter().find(|eighths| look(*eighths)).unwrap_or(1);
    }
    let mut eighths = 8;
    while is_held_back && eighths < FARTHEST_EIGHTHS && look(eighths * 2) {
        eighths *= 2;
    }
    eighths
}

/// The model of the networks, which are made at the prices of its center. Its columns are the steps, and then what may
/// be idle or taken too often; its rows the sessions, the agents, and the places on the way.
struct Model<'a> {
    market: &'a PartMarket,
    center: Levels,
    networks: Networks,
}

impl Model<'_> {
    /// Counts what a mixture falls short of the bound; each price may move by its width.
    fn solve(&self, widths: &Prices, time: Option<Duration>) -> Option<Solution> {
        let places = self.market.places.iter().map(|places| i64::from(*places));
        let starts = self.networks.iter().map(|_| 1);
        let on_the_way = |(_, network): &(PartAgentIx, Network)| network.places.saturating_sub(2);
        let flows = self.networks.iter().flat_map(|network| vec![0; on_the_way(network)]);
        let mut lp = Linear::new(places.chain(starts).chain(flows));
        let first_start = self.market.timings.len();
        let mut first_flow = first_start + self.networks.len();
        for (start, entry) in (first_start..).zip(&self.networks) {
            let network = &entry.1;
            let flow = |place: usize| match place {
                0 => Some(start),
                _ if place + 1 < network.places => Some(first_flow + place - 1),
                _ => None,
            };
            for step in &network.steps {
                let sessions = step.sessions.iter().map(|session| (session.place(), 1));
                let leaves = flow(step.from).map(|row| (row, 1));
                let comes = flow(step.to).map(|row| (row, -1));
                lp.add(step.loss, sessions.chain(leaves).chain(comes));
            }
            first_flow += on_the_way(entry);
        }
        for ((session, price), width) in self.center.sessions.numbered().zip(widths) {
            lp.add(*price.min(width), [(session.place(), 1)]);
            lp.add(*width, [(session.place(), -1)]);
        }
        lp.solve(time)
    }

    /// The prices of a solution.
    fn levels(&self, solved: &Solution) -> Levels {
        let lower = |(price, by): (&i64, &i64)| (price - by).max(0);
        let sessions = self.center.sessions.iter().zip(&solved.prices).map(lower).collect();
        Levels { sessions, cuts: Vec::new(), bound: i64::MAX }
    }

    /// Every step with how much of it is used, by agent.
    fn used<'a>(&'a self, solved: &'a Solution) -> impl Iterator<Item = (PartAgentIx, Vec<(&'a Step, i64)>)> {
        let mut shares = solved.millionths.iter();
        self.networks.iter().map(move |(agent, network)| {
            let steps = network.steps.iter().zip(shares.by_ref());
            (*agent, steps.map(|(step, share)| (step, *share)).filter(|(_, share)| *share > 0).collect())
        })
    }

    /// How much of each session the mixture fills, in millionths of a place.
    fn filled(&self, solved: &Solution) -> Filled {
        let mut filled = self.market.timings.map(|_| 0);
        for (step, share) in self.used(solved).flat_map(|(_, steps)| steps) {
            for session in &step.sessions {
                filled[*session] += share;
            }
        }
        filled
    }

    /// A plan next to the mixture: whoever has one whole schedule in it does that, and the others are searched.
    fn round(&self, solved: &Solution, limits: &SearchLimits) -> Given {
        let mut left = self.market.places.clone();
        let mut plan = Given::new();
        for (agent, steps) in self.used(solved) {
            if steps.iter().all(|(_, share)| *share >= WHOLE) {
                let sessions: Vec<PartSessionIx> =
                    steps.iter().flat_map(|(step, _)| step.sessions.iter().copied()).collect();
                for session in &sessions {
                    left[*session] = left[*session].saturating_sub(1);
                }
                plan.push((agent, sessions));
            }
        }
        let is_mixed = |(agent, _): &&(PartAgentIx, Network)| {
            plan.binary_search_by_key(agent, |(agent, _)| *agent).is_err()
        };
        let mixed = self.networks.iter().filter(is_mixed).cloned().collect();
        plan.extend(choose(&left, &self.center, mixed, limits).unwrap_or_default());
        plan
    }
}
