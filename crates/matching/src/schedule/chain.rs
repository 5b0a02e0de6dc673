//! The best schedule of an agent whose days are tied to each other by rest or travel: a longest chain in time.
//!
//! Labels are partial schedules. One is kept only while no other that ends in the same session has as much gain with
//! no more minutes of the day and the week. Sessions so far back that neither rest nor travel can bind any more are
//! settled: only the minutes of their week still matter.

use crate::market::{Agent, Market, follows};
use crate::pairs::facts::Timing;
use crate::pairs::rules::{daily_hours, weekly_hours};
use crate::schedule::Offer;

const NOTHING: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Label {
    gain: i64,
    week_minutes: i64,
    day_minutes: i64,
    offer: u32,
    before: u32,
}

/// Finds best schedules; keeps its memory from one call to the next.
#[derive(Debug, Default)]
pub(crate) struct ChainScheduler {
    labels: Vec<Label>,
    /// Offers not settled yet, with where their labels lie.
    pending: Vec<(u32, u32, u32)>,
    /// Labels of the present week that are settled.
    settled: Vec<u32>,
    /// The sessions of the best schedule found last, in order.
    chosen: Vec<u32>,
}

/// What stays the same during one call.
struct Frame<'a> {
    market: &'a Market,
    agent: &'a Agent,
    offers: &'a [Offer],
    /// Whether hours are counted; where they aren't, minutes are left at zero, and fewer labels are kept.
    counts_weeks: bool,
    counts_days: bool,
}

impl ChainScheduler {
    /// The sessions of the best schedule found by the last call, in order.
    pub(crate) fn chosen(&self) -> &[u32] {
        &self.chosen
    }

    /// The best total gain of a feasible schedule of these offers, which are in order of start. Offers without gain
    /// must have been left out.
    pub(crate) fn best(&mut self, market: &Market, agent: &Agent, offers: &[Offer]) -> i64 {
        self.labels.clear();
        self.pending.clear();
        self.settled.clear();
        self.chosen.clear();
        if offers.is_empty() {
            return 0;
        }
        let frame = Frame {
            market,
            agent,
            offers,
            counts_weeks: agent.most_a_week.is_some(),
            counts_days: agent.most_a_day.is_some(),
        };
        // The best of everything in earlier weeks: a label, or nothing yet.
        let mut base = NOTHING;
        let mut week = i32::MIN;
        for (place, offer) in (0..).zip(offers) {
            let Some(timing) = market.timing(offer.session) else { continue };
            if timing.week != week {
                for label in std::mem::take(&mut self.settled) {
                    base = self.better(base, label);
                }
                week = timing.week;
            }
            base = self.settle(&frame, timing, base);
            self.extend(&frame, place, offer, timing, base);
        }
        let mut best = base;
        for label in 0..u32::try_from(self.labels.len()).unwrap_or(NOTHING) {
            best = self.better(best, label);
        }
        self.trace(best, offers);
        self.gain_of(best)
    }

    fn gain_of(&self, label: u32) -> i64 {
        self.labels.get(label as usize).map_or(0, |label| label.gain)
    }

    fn better(&self, one: u32, other: u32) -> u32 {
        if self.gain_of(other) > self.gain_of(one) { other } else { one }
    }

    /// Settles every earlier offer that can no longer stand in the way of this one or a later one.
    fn settle(&mut self, frame: &Frame<'_>, timing: &Timing, mut base: u32) -> u32 {
        let mut kept = 0;
        for place in 0..self.pending.len() {
            let Some(&(offer, first, last)) = self.pending.get(place) else { break };
            let earlier =
                frame.offers.get(offer as usize).and_then(|offer| frame.market.timing(offer.session));
            let Some(earlier) = earlier else { continue };
            if earlier.day == timing.day || earlier.end + frame.agent.ample_minutes > timing.start {
                self.pending.swap(kept, place);
                kept += 1;
                continue;
            }
            for label in first..last {
                if earlier.week == timing.week {
                    self.settle_label(label);
                } else {
                    base = self.better(base, label);
                }
            }
        }
        self.pending.truncate(kept);
        base
    }

    /// Adds a label to the settled ones unless another is as good with no more minutes.
    fn settle_label(&mut self, label: u32) {
        let Some(new) = self.labels.get(label as usize).copied() else { return };
        let labels = &self.labels;
        let of = |label: &u32| labels.get(*label as usize);
        if self
            .settled
            .iter()
            .filter_map(of)
            .any(|old| old.gain >= new.gain && old.week_minutes <= new.week_minutes)
        {
            return;
        }
        self.settled.retain(|old| {
            of(old).is_some_and(|old| old.gain > new.gain || old.week_minutes < new.week_minutes)
        });
        self.settled.push(label);
    }

    /// Makes every label that ends in this offer.
    fn extend(&mut self, frame: &Frame<'_>, place: u32, offer: &Offer, timing: &Timing, base: u32) {
        let first = self.labels.len();
        let fresh_week = if frame.counts_weeks { frame.agent.booked_in_week(timing.week) } else { 0 };
        let fresh_day = if frame.counts_days { frame.agent.booked_in_day(timing.day) } else { 0 };
        let add = |labels: &mut Vec<Label>, before: u32, gain: i64, week_used: i64, day_used: i64| {
            let minutes = timing.minutes();
            if (frame.counts_weeks && !weekly_hours::allows(week_used, minutes, frame.agent.most_a_week))
                || (frame.counts_days && !daily_hours::allows(day_used, minutes, frame.agent.most_a_day))
            {
                return;
            }
            let label = Label {
                gain: gain + offer.gain,
                week_minutes: if frame.counts_weeks { week_used + minutes } else { 0 },
                day_minutes: if frame.counts_days { day_used + minutes } else { 0 },
                offer: place,
                before,
            };
            keep(labels, first, label);
        };
        let base_gain = self.gain_of(base);
        add(&mut self.labels, base, base_gain, fresh_week, fresh_day);
        for place in 0..self.settled.len() {
            let Some(label) = self.settled.get(place).copied() else { break };
            let Some(Label { gain, week_minutes, .. }) = self.labels.get(label as usize).copied() else {
                continue;
            };
            add(&mut self.labels, label, gain, week_minutes, fresh_day);
        }
        for place in 0..self.pending.len() {
            let Some(&(earlier, from, until)) = self.pending.get(place) else { break };
            let earlier =
                frame.offers.get(earlier as usize).and_then(|offer| frame.market.timing(offer.session));
            let Some(earlier) = earlier else { continue };
            if !follows(earlier, timing, frame.agent.rest_minutes, &frame.market.roads) {
                continue;
            }
            for before in from..until {
                let Some(label) = self.labels.get(before as usize).copied() else { continue };
                let week_used = if earlier.week == timing.week { label.week_minutes } else { fresh_week };
                let day_used = if earlier.day == timing.day { label.day_minutes } else { fresh_day };
                add(&mut self.labels, before, label.gain, week_used, day_used);
            }
        }
        let [first, last] = [first, self.labels.len()].map(|place| u32::try_from(place).unwrap_or(NOTHING));
        self.pending.push((place, first, last));
    }

    fn trace(&mut self, mut label: u32, offers: &[Offer]) {
        while let Some(step) = self.labels.get(label as usize) {
            if let Some(offer) = offers.get(step.offer as usize) {
                self.chosen.push(offer.session);
            }
            label = step.before;
        }
        self.chosen.reverse();
    }
}

/// Adds a label to those from `first` on unless one of them is as good, and drops those that it makes needless.
fn keep(labels: &mut Vec<Label>, first: usize, new: Label) {
    let no_worse = |one: &Label, other: &Label| {
        one.gain >= other.gain
            && one.week_minutes <= other.week_minutes
            && one.day_minutes <= other.day_minutes
    };
    let mut place = first;
    while let Some(old) = labels.get(place) {
        if no_worse(old, &new) {
            return;
        }
        if no_worse(&new, old) {
            labels.swap_remove(place);
        } else {
            place += 1;
        }
    }
    labels.push(new);
}

#[cfg(test)]
mod tests {
    use super::{Label, NOTHING, keep};

    #[test]
    fn a_label_stays_while_no_other_is_as_good_with_no_more_minutes() {
        let label = |gain: i64, week_minutes: i64, day_minutes: i64| Label {
            gain,
            week_minutes,
            day_minutes,
            offer: 0,
            before: NOTHING,
        };
        let kept = |labels: &[Label]| {
            let mut kept = Vec::new();
            for label in labels {
                keep(&mut kept, 0, *label);
            }
            let mut kept: Vec<(i64, i64, i64)> =
                kept.iter().map(|label| (label.gain, label.week_minutes, label.day_minutes)).collect();
            kept.sort_unstable();
            kept
        };
        let (long_day, short_day) = (label(5, 10, 8), label(5, 10, 4));
        assert_eq!(kept(&[long_day, short_day]), [(5, 10, 4)]);
        assert_eq!(kept(&[short_day, long_day]), [(5, 10, 4)]);
        let (long_week, short_week) = (label(5, 10, 4), label(5, 6, 4));
        assert_eq!(kept(&[long_week, short_week]), [(5, 6, 4)]);
        assert_eq!(kept(&[label(4, 10, 8), long_day]), [(5, 10, 8)]);
        assert_eq!(kept(&[label(5, 6, 8), short_day, label(6, 12, 12)]).len(), 3);
    }
}
