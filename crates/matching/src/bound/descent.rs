//! How prices come down to good ones: a subgradient method with momentum.
//!
//! In the field: the subgradient method with momentum (a deflected subgradient) and a geometrically falling step,
//! projected on prices of zero or more.

use std::time::Duration;

use crate::bound::prices::{Dual, pass};
use crate::market::PartMarket;
use crate::stop::Stop;

/// The steps of a descent, as shares of the highest score.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steps {
    first: f64,
    last: f64,
}

impl Steps {
    /// From the highest prices there can be. Smaller last steps come nearer to the best prices, but leave large groups of
    /// prices behind, which the model that follows (`relaxation.rs`) takes longer to move than to settle each.
    pub(crate) const FROM_THE_TOP: Self = Self { first: 0.1, last: 0.000_5 };

    /// From prices that are good already.
    pub(crate) const NEARBY: Self = Self { first: 0.005, last: 0.000_2 };

    /// The step when so much of the descent is done, from 0 to 1.
    pub(crate) fn at(self, done: f64) -> f64 {
        self.first * (self.last / self.first).powf(done)
    }
}

/// How much of its direction a price keeps from one pass to the next. Without it, prices swing about their places: after
/// 300 passes over a county's month the bound was 0.074 % above the optimum, with it 0.021 %.
const MOMENTUM: f64 = 0.9;

/// How a descent goes from its first step to its last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Passes at most.
    pub(crate) passes: u32,
    /// Of the time that is left when it begins, so many hundredths at most; without a deadline, passes alone count.
    pub(crate) hundredths_of_time: u32,
}

impl Pace {
    /// How much of the descent is done, from 0 to 1.
    pub(crate) fn done(self, pass: u32, at_first: Option<Duration>, stop: &dyn Stop) -> f64 {
        let by_passes = f64::from(pass) / f64::from(self.passes.max(1));
        let by_time = at_first.zip(stop.remaining()).map_or(0.0, |(all, left)| {
            if left.is_zero() {
                return 1.0;
            }
            let mine = all.as_secs_f64() * f64::from(self.hundredths_of_time) / 100.0;
            (all.as_secs_f64() - left.as_secs_f64()) / mine.max(0.001)
        });
        by_passes.max(by_time)
    }
}

/// Brings prices down, each pass moving every price towards as many takers as places: a subgradient method with
/// momentum, whose step falls geometrically, until they prove `target`. Gives the best dual met on the way.
pub(crate) fn descend(
    market: &PartMarket,
    from: Dual,
    target: i64,
    (steps, pace): (Steps, Pace),
    stop: &dyn Stop,
) -> Dual {
    let highest = market.highest_scores();
    let all = points(highest.iter().copied().max().unwrap_or(0));
    let mut best = from;
    let mut prices = best.prices.clone();
    let mut directions = prices.map(|_| 0.0);
    let at_first = stop.remaining();
    for pass_number in 0..pace.passes {
        let done = pace.done(pass_number, at_first, stop);
        if done >= 1.0 || best.bound <= target || stop.is_due() {
            break;
        }
        let found = pass(market, &prices);
        if found.bound < best.bound {
            best = Dual { prices: prices.clone(), bound: found.bound };
        }
        let step = all * steps.at(done);
        let sessions = prices.iter_mut().zip(&mut directions).zip(&highest);
        for (((price, direction), highest), (demand, places)) in
            sessions.zip(found.demand.zip(&market.places))
        {
            let excess = f64::from(*demand) - f64::from(*places);
            *direction = MOMENTUM * *direction + (1.0 - MOMENTUM) * excess;
            *price = whole(points(*price) + step * *direction).clamp(0, *highest);
        }
    }
    best
}

#[expect(clippy::cast_precision_loss, reason = "sums of points stay below 2^53, which validation sees to")]
pub(crate) fn points(points: i64) -> f64 {
    points as f64
}

#[expect(clippy::cast_possible_truncation, reason = "a float out of range becomes the nearest whole number")]
pub(crate) fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests;
