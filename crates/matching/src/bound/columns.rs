//! The best prices of a part, by column generation: a linear model over the schedules met so far gives prices, exact
//! scheduling at these prices gives new schedules, until no schedule is left that the model would want.
//!
//! What is to be paid for a session may move only so far from the best known in one go, since a model of few schedules
//! knows little of what lies beyond; how far, follows from what the last move brought.
//!
//! In the field: Dantzig–Wolfe decomposition by column generation. The model is the *restricted master*, its prices the
//! *duals*, exact scheduling the *pricing problem*, the widths a *box step* that stabilises the duals.

use std::collections::BTreeSet;

use crate::bound::cuts::{Answers, Cut, Filled, Levels};
use crate::bound::highs::{Column, Growing, Grown};
use crate::index::{IndexVec, Ix, PartAgentIx, PartSessionIx};
use crate::market::{PartMarket, Prices};
use crate::schedule::draft::{Draft, Given};
use crate::stop::Stop;

/// What column generation ends with.
#[derive(Debug, Clone)]
pub(crate) struct Priced {
    pub(crate) levels: Levels,
    /// What the best mixture of schedules fills, once there was one.
    pub(crate) filled: Option<Filled>,
    /// For each agent the schedule that makes up most of their mixture, where one makes up more than half.
    pub(crate) mostly: Given,
}

/// Rounds at most.
const ROUNDS: usize = 120;

/// Rounds without any gain before what is left is given up.
const ROUNDS_WITHOUT_GAIN: usize = 6;

/// The first width, as a share of the highest price: one in so many.
const FIRST_WIDTH_SHARE: i64 = 10_000;

/// The first schedules are the answers to so many prices near the first ones.
const SEEDS: i64 = 10;

/// How far the first of these steps goes, as a share of the highest price: one in so many.
const SEED_STEP_SHARE: i64 = 200;

/// Where only so few prices are held back, many want to go far together, and may.
const HELD_ALONG_A_RAY: usize = 4;

/// Where going to the model's prices helps, going on beyond may help too: to so many eighths of the way at most.
const FARTHEST_EIGHTHS: i64 = 1 << 20;

/// Being over a cut's limit costs this many times the highest price.
const OVER_A_CUT: i64 = 30;

/// Brings prices to their best, or until they prove `target`, or until the run has to end.
pub(crate) fn best_prices(
    market: &PartMarket,
    cuts: &[Cut],
    from: &Levels,
    plan: &Draft,
    target: i64,
    stop: &dyn Stop,
) -> Option<Priced> {
    let most = from.sessions.iter().copied().max().unwrap_or(0).max(1);
    let mut best = from.clone();
    best.cuts.resize(cuts.len(), 0);
    let mut master = Master::of(market, cuts, most.saturating_mul(OVER_A_CUT))?;
    for agent in market.agents.numbers() {
        master.learn(agent, plan.held(agent));
    }
    master.seed(&mut best, most / SEED_STEP_SHARE);
    let mut widths = market.timings.map(|_| most / FIRST_WIDTH_SHARE + 1);
    let mut idle_rounds = 0;
    let mut last = None;
    for _ in 0..ROUNDS {
        if stop.is_due() || best.bound <= target {
            break;
        }
        let center = best.to_pay(cuts);
        master.guard(&center, &widths);
        let grown = match master.lp.solve(stop.remaining()) {
            Some(grown) => grown,
            // What was found before the time ran out is kept.
            None if stop.is_due() => break,
            None => return None,
        };
        let out = master.levels(&grown);
        let promised = best.bound - grown.worth;
        let before = best.bound;
        let learned = master.look_between(&mut best, &out);
        let gained = before - best.bound;
        let held_back = master.count_held_back(&grown);
        last = Some(grown);
        idle_rounds = if gained > 0 { 0 } else { idle_rounds + 1 };
        let is_at_its_best = promised <= market.timings.len().cast_signed() as i64 / 4 || learned == 0;
        if (is_at_its_best && held_back == 0) || idle_rounds > ROUNDS_WITHOUT_GAIN {
            break;
        }
        let is_along_a_ray = (1..=HELD_ALONG_A_RAY).contains(&held_back);
        let is_disappointing = gained * 10 < promised;
        for (width, (to, from)) in widths.iter_mut().zip(out.to_pay(cuts).zip(&center)) {
            if is_along_a_ray && (to - from).abs() * 2 >= *width {
                *width *= if is_at_its_best { 16 } else { 2 };
            } else if is_disappointing {
                *width = (*width * 3 / 4).max(20);
            }
        }
    }
    let (filled, mostly) = last.map(|grown| master.mixture(&grown)).unzip();
    Some(Priced { levels: best, filled, mostly: mostly.unwrap_or_default() })
}

/// The model of all schedules met so far. Its rows are the sessions, the agents and the cuts.
struct Master<'a> {
    market: &'a PartMarket,
    cuts: &'a [Cut],
    lp: Growing,
    /// For each session the columns that keep its price from falling and from rising too far.
    guards: IndexVec<PartSessionIx, (Column, Column)>,
    known: IndexVec<PartAgentIx, BTreeSet<Vec<PartSessionIx>>>,
    schedules: Vec<(PartAgentIx, Vec<PartSessionIx>, Column)>,
}

impl<'a> Master<'a> {
    fn of(market: &'a PartMarket, cuts: &'a [Cut], over_a_cut: i64) -> Option<Self> {
        let places = market.places.iter().map(|places| i64::from(*places));
        let agents = market.agents.iter().map(|_| 1);
        let limits = cuts.iter().map(|cut| cut.limit);
        let mut lp = Growing::new(places.chain(agents).chain(limits))?;
        let first_cut = market.timings.len() + market.agents.len();
        let guards = market.timings.numbers().map(|session| {
            let weights = cuts.iter().map(|cut| cut.weights[session]);
            let rows: Vec<(usize, i64)> =
                [(session.place(), 1)].into_iter().chain((first_cut..).zip(weights)).collect();
            let opposite = rows.iter().map(|(row, by)| (*row, -by)).collect::<Vec<_>>();
            Some((lp.add(0, rows)?, lp.add(0, opposite)?))
        });
        let guards = guards.collect::<Option<_>>()?;
        for cut in 0..cuts.len() {
            let row = market.timings.len() + market.agents.len() + cut;
            lp.add(-over_a_cut, [(row, -1)])?;
        }
        let known = market.agents.map(|_| BTreeSet::new());
        Some(Self { market, cuts, lp, guards, known, schedules: Vec::new() })
    }

    /// Adds a schedule of an agent, unless it is known; says whether it was added.
    fn learn(&mut self, agent: PartAgentIx, sessions: &[PartSessionIx]) -> bool {
        if sessions.is_empty() || !self.known[agent].insert(sessions.to_vec()) {
            return false;
        }
        let who = &self.market.agents[agent];
        let score = sessions.iter().map(|session| self.market.score_of(who, *session)).sum();
        let own = (self.market.timings.len() + agent.place(), 1);
        let first_cut = self.market.timings.len() + self.market.agents.len();
        let weight = |cut: &Cut| -> i64 { sessions.iter().map(|session| cut.weights[*session]).sum() };
        let cuts: Vec<(usize, i64)> = (first_cut..).zip(self.cuts.iter().map(weight)).collect();
        let rows = sessions.iter().map(|session| (session.place(), 1)).chain([own]).chain(cuts);
        match self.lp.add(score, rows) {
            Some(column) => self.schedules.push((agent, sessions.to_vec(), column)),
            None => return false,
        }
        true
    }

    fn learn_all(&mut self, answers: &Answers) -> usize {
        answers.of.numbered().filter(|(agent, sessions)| self.learn(*agent, sessions)).count()
    }

    /// Learns the answers to prices near these, each price moving towards as many takers as places.
    fn seed(&mut self, best: &mut Levels, step: i64) {
        let mut levels = best.clone();
        for seed in 0..SEEDS {
            let answers = levels.ask(self.market, self.cuts);
            self.learn_all(&answers);
            if answers.bound < best.bound || seed == 0 {
                *best = Levels { bound: answers.bound, ..levels.clone() };
            }
            let mut excess = self.market.places.map(|places| -i64::from(*places));
            for session in answers.of.iter().flatten() {
                excess[*session] += 1;
            }
            for (price, excess) in levels.sessions.iter_mut().zip(&excess) {
                *price = (*price + step * excess * 8 / (8 + seed)).max(0);
            }
        }
    }

    /// Lets what is to be paid for each session move by at most its width.
    fn guard(&mut self, center: &Prices, widths: &Prices) {
        for ((low, high), (price, width)) in self.guards.iter().zip(center.zip(widths)) {
            self.lp.revalue(*low, price - width);
            self.lp.revalue(*high, -(price + width));
        }
    }

    /// How many of the best prices of the model would lie farther off than they may move.
    fn count_held_back(&self, grown: &Grown) -> usize {
        self.guards.iter().filter(|(low, high)| grown.is_used(*low) || grown.is_used(*high)).count()
    }

    fn levels(&self, grown: &Grown) -> Levels {
        let mut prices = grown.prices.iter().map(|price| (*price).max(0));
        let sessions = prices.by_ref().take(self.market.timings.len()).collect();
        let cuts = prices.skip(self.market.agents.len()).collect();
        Levels { sessions, cuts, bound: i64::MAX }
    }

    /// Asks everybody at the model's prices and on the way there; says how many new schedules that gave.
    fn look_between(&mut self, best: &mut Levels, out: &Levels) -> usize {
        let center = best.clone();
        let mut learned = 0;
        let mut look = |best: &mut Levels, eighths: i64| {
            let levels = center.towards(out, eighths);
            let answers = levels.ask(self.market, self.cuts);
            learned += self.learn_all(&answers);
            let is_better = answers.bound < best.bound;
            if is_better {
                *best = Levels { bound: answers.bound, ..levels };
            }
            is_better
        };
        if look(best, 8) {
            let mut eighths = 16;
            while eighths < FARTHEST_EIGHTHS && look(best, eighths) {
                eighths *= 2;
            }
        } else {
            look(best, 4);
            look(best, 2);
        }
        learned
    }

    fn mixture(&self, grown: &Grown) -> (Filled, Given) {
        let mut filled = self.market.timings.map(|_| 0);
        let mut mostly = Vec::new();
        for (agent, sessions, column) in &self.schedules {
            let share = grown.millionths(*column);
            for session in sessions {
                filled[*session] += share;
            }
            if share > 500_000 {
                mostly.push((*agent, sessions.clone()));
            }
        }
        (filled, mostly)
    }
}
