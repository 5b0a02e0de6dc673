//! The best plan of a part with its proof, by branching: plans are split by how many places they fill, each half gets
//! prices of its own, and what a half still leaves open is searched exactly.
//!
//! What keeps prices from meeting the best plan is mostly that a mixture of schedules fills a part of a place more than
//! whole schedules can. So the places filled are counted first, each as often as its session's priority, then day by
//! day, then session by session: wherever the count is not whole, one half has at most the whole number below, the
//! other at least the one above. Each half's prices prove a bound for its plans; the larger of the two holds for all.
//!
//! In the field: *branch and price*: branch and bound whose nodes are bounded by column generation, with branching on
//! counts of filled places, and reduced-cost fixing at the leaves.

use std::collections::BTreeMap;

use crate::bound::columns::{Priced, best_prices};
use crate::bound::cuts::{Cut, Filled, Levels};
use crate::bound::exact::{SearchLimits, search};
use crate::index::{IndexVec, PartSessionIx};
use crate::market::PartMarket;
use crate::schedule::draft::{Draft, Given};
use crate::stop::Stop;

/// What is known once the tree is searched as far as it goes.
#[derive(Debug, Clone)]
pub(crate) struct Proven {
    /// No plan scores more.
    pub(crate) bound: i64,
    /// The best plan known.
    pub(crate) best: Draft,
}

/// Halves looked at, in all.
const MOST_NODES: usize = 40;

/// The first guess of how far the best plan falls short of the bound, as a share of the bound: one in so many.
const FIRST_GUESS_SHARE: i64 = 100_000;

/// A search of no more steps is over in so little time that it need not begin with a guess.
const FEW_STEPS: usize = 6_000;

/// A search that could rule out no more than one in so many of the gap is not begun.
const NARROWEST_SHARE: i64 = 32;

/// A gap above one in so many of what a place is worth comes from counts that are not whole: they are split first.
const WIDE_SHARE: i64 = 100;

/// A count this close to a whole number, in millionths, counts as whole.
const WHOLE_WITHIN: i64 = 10_000;

/// Searches a part from these prices and this plan.
pub(crate) fn prove(
    market: &PartMarket,
    from: &Levels,
    filled: Option<&Filled>,
    best: Draft,
    limits: &SearchLimits,
    stop: &dyn Stop,
) -> Proven {
    let unit = market.highest_scores().into_iter().filter(|score| *score > 0).min().unwrap_or(1);
    let mut tree = Tree { market, best, limits: *limits, stop, nodes_left: MOST_NODES, unit };
    let bound = tree.node(&[], from, filled);
    Proven { bound: bound.max(tree.best.score()), best: tree.best }
}

struct Tree<'a> {
    market: &'a PartMarket,
    best: Draft,
    limits: SearchLimits,
    stop: &'a dyn Stop,
    nodes_left: usize,
    /// The least of the sessions' highest scores: what filling one place of the lowest priority is worth.
    unit: i64,
}

impl Tree<'_> {
    /// A bound of all plans that keep these cuts, no lower than the best plan's score.
    fn node(&mut self, cuts: &[Cut], levels: &Levels, filled: Option<&Filled>) -> i64 {
        let is_wide = levels.bound - self.best.score() > self.unit / WIDE_SHARE;
        let count = filled.and_then(|filled| self.count_to_split(filled));
        if is_wide && let Some(cut) = count {
            return self.split(cuts, levels, cut);
        }
        let bound = self.close(cuts, levels);
        if bound <= self.best.score() {
            return bound;
        }
        match count.or_else(|| self.part_to_split(filled?)) {
            Some(cut) => self.split(cuts, levels, cut).min(bound),
            None => bound,
        }
    }

    /// The bound of both halves of a node.
    fn split(&mut self, cuts: &[Cut], levels: &Levels, cut: Cut) -> i64 {
        let mut bound = self.best.score();
        for half in [cut.otherwise(), cut] {
            if self.nodes_left == 0 || self.stop.is_due() {
                return levels.bound;
            }
            self.nodes_left -= 1;
            let cuts: Vec<Cut> = cuts.iter().cloned().chain([half]).collect();
            let target = self.best.score();
            let priced = best_prices(self.market, &cuts, levels, &self.best, target, self.stop);
            let Some(Priced { levels: own, filled, mostly }) = priced else { return levels.bound };
            self.round(&mostly);
            let own_bound = if own.bound <= self.best.score() {
                own.bound
            } else {
                self.node(&cuts, &own, filled.as_ref())
            };
            bound = bound.max(own_bound.min(levels.bound));
        }
        bound
    }

    /// Takes a mixture's main schedules as a plan, as far as they go together.
    fn round(&mut self, mostly: &Given) {
        let draft = Draft::of(self.market, mostly);
        if draft.score() > self.best.score() {
            self.best = draft;
        }
    }

    /// Searches a node for a better plan, or the proof that there is none: at once where the steps are few, else first
    /// among plans that fall short of the bound by very little, then by more and more. Whatever is ruled out lowers the
    /// bound, which is returned.
    fn close(&mut self, cuts: &[Cut], levels: &Levels) -> i64 {
        let mut bound = levels.bound;
        let known = levels.bound - self.best.score();
        let few = SearchLimits { steps: FEW_STEPS, time: self.stop.remaining(), ..self.limits };
        if let Some(found) = search(self.market, (levels, cuts), known, &few) {
            self.round(&found.better.unwrap_or_default());
            return (levels.bound - found.shortfall_at_least).max(self.best.score());
        }
        let mut guess = levels.bound.abs() / FIRST_GUESS_SHARE + 1;
        let mut too_wide = None;
        while bound > self.best.score() && !self.stop.is_due() {
            let known = levels.bound - self.best.score();
            let ruled_out = levels.bound - bound;
            let limit = guess.max(ruled_out * 2).min(known);
            let limit = too_wide.map_or(limit, |too_wide| limit.min(ruled_out.midpoint(too_wide)));
            if limit - ruled_out <= known / NARROWEST_SHARE {
                break;
            }
            let limits = SearchLimits { time: self.stop.remaining(), ..self.limits };
            let Some(found) = search(self.market, (levels, cuts), limit, &limits) else {
                too_wide = Some(limit);
                continue;
            };
            let ruled_out = levels.bound - found.shortfall_at_least.min(known);
            let is_over = ruled_out >= bound && found.better.is_none();
            bound = bound.min(ruled_out);
            if let Some(better) = found.better {
                self.round(&better);
            }
            if is_over {
                break;
            }
            guess = if limit.saturating_mul(16) >= known { known } else { limit.saturating_mul(8) };
        }
        bound
    }

    /// A cut through the count of all places filled, where it is not whole.
    fn count_to_split(&self, filled: &Filled) -> Option<Cut> {
        let every = |_: PartSessionIx| true;
        cut_through(self.priorities(), filled, every)
            .or_else(|| cut_through(filled.map(|_| 1), filled, every))
    }

    /// A cut through the count of one day's places or one session's, where it is not whole; the day or session that is
    /// farthest from it.
    fn part_to_split(&self, filled: &Filled) -> Option<Cut> {
        let mut of_day: BTreeMap<i32, i64> = BTreeMap::new();
        for (timing, filled) in self.market.timings.zip(filled) {
            *of_day.entry(timing.day).or_default() += filled;
        }
        let day = of_day.iter().max_by_key(|(_, filled)| from_whole(**filled)).map(|(day, _)| *day);
        let on_day = |session: PartSessionIx| Some(self.market.timings[session].day) == day;
        let farthest = filled.numbered().max_by_key(|(_, filled)| from_whole(**filled));
        let farthest = farthest.map(|(session, _)| session);
        cut_through(filled.map(|_| 1), filled, on_day)
            .or_else(|| cut_through(filled.map(|_| 1), filled, |session| Some(session) == farthest))
    }

    /// How many times the unit each session's highest score is, to the nearest whole number.
    fn priorities(&self) -> IndexVec<PartSessionIx, i64> {
        self.market.highest_scores().map(|score| (score + self.unit / 2) / self.unit)
    }
}

/// How far millionths are from a whole number.
fn from_whole(millionths: i64) -> i64 {
    let above = millionths.rem_euclid(1_000_000);
    above.min(1_000_000 - above)
}

/// The cut at the whole number below what is filled of the sessions that count, where that is not whole.
fn cut_through(
    mut weights: IndexVec<PartSessionIx, i64>,
    filled: &Filled,
    counts: impl Fn(PartSessionIx) -> bool,
) -> Option<Cut> {
    let mut sum = 0;
    for (session, filled) in filled.numbered() {
        if !counts(session) {
            weights[session] = 0;
        }
        sum += weights[session] * filled;
    }
    let limit = sum.div_euclid(1_000_000);
    (from_whole(sum) > WHOLE_WITHIN).then_some(Cut { weights, limit })
}

#[cfg(test)]
mod tests {
    use super::{Cut, cut_through, from_whole};
    use crate::bound::cuts::Filled;
    use crate::index::Ix;

    #[test]
    fn a_cut_goes_through_counts_that_are_not_whole() {
        assert_eq!(
            (from_whole(2_300_000), from_whole(2_900_000), from_whole(3_000_000)),
            (300_000, 100_000, 0)
        );
        let list = |numbers: [i64; 2]| numbers.into_iter().collect::<Filled>();
        let filled = list([500_000, 1_000_000]);
        let cut = cut_through(list([1, 3]), &filled, |_| true);
        assert_eq!(cut, Some(Cut { weights: list([1, 3]), limit: 3 }));
        assert_eq!(cut.map(|cut| cut.otherwise()), Some(Cut { weights: list([-1, -3]), limit: -4 }));
        assert_eq!(cut_through(list([1, 3]), &filled, |session| session.place() == 1), None);
    }
}
