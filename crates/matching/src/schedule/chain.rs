//! The best schedule of an agent whose days are tied to each other by rest or travel: a longest chain in time.
//!
//! Labels are partial schedules. One is kept only while no other that ends in the same session has as much gain with
//! no more minutes of the day and the week, and no earlier start of the day where its span can bind. Sessions so far back that neither rest nor travel can bind any more are
//! settled: only the minutes of their week still matter.
//!
//! In the field: label setting with dominance for the resource-constrained longest path.

use crate::index::{IndexVec, Ix, PartSessionIx};
use crate::market::{PartAgent, PartMarket, follows};
use crate::pairs::facts::Timing;
use crate::pairs::rules::{daily_hours, rest, weekly_hours};
use crate::schedule::Offer;

numbers! {
    /// A label.
    LabelIx
}

/// A partial schedule that ends with some offer.
#[derive(Debug, Clone, Copy)]
struct Label {
    gain: i64,
    /// Minutes of the week and the day of its last session, bookings among them.
    week_minutes: i64,
    day_minutes: i64,
    /// When the day of its last session begins, bookings left out; zero where the day's span cannot bind.
    day_start: i64,
    session: PartSessionIx,
    before: Option<LabelIx>,
}

/// An offer that is not settled yet, with where the labels that end in it lie.
#[derive(Debug, Clone, Copy)]
struct Pending {
    session: PartSessionIx,
    first: usize,
    last: usize,
}

/// Finds best schedules; keeps its memory from one call to the next.
#[derive(Debug, Default)]
pub(crate) struct ChainScheduler {
    labels: IndexVec<LabelIx, Label>,
    pending: Vec<Pending>,
    /// Labels of the present week that are settled.
    settled: Vec<LabelIx>,
    /// The sessions of the best schedule found last, in order.
    chosen: Vec<PartSessionIx>,
}

/// What a partial schedule has used up before another session is added.
#[derive(Debug, Clone, Copy)]
struct Used {
    week: i64,
    day: i64,
    day_start: i64,
}

/// What stays the same during one call.
struct Frame<'a> {
    market: &'a PartMarket,
    agent: &'a PartAgent,
    /// Whether hours are counted; where they aren't, minutes are left at zero, and fewer labels are kept.
    counts_weeks: bool,
    counts_days: bool,
}

impl Frame<'_> {
    fn timing(&self, session: PartSessionIx) -> &Timing {
        &self.market.timings[session]
    }
}

impl ChainScheduler {
    /// The sessions of the best schedule found by the last call, in order.
    pub(crate) fn chosen(&self) -> &[PartSessionIx] {
        &self.chosen
    }

    /// The best total gain of a feasible schedule of these offers, which are in order of start. Offers without gain
    /// must have been left out.
    pub(crate) fn best(&mut self, market: &PartMarket, agent: &PartAgent, offers: &[Offer]) -> i64 {
        self.labels.clear();
        self.pending.clear();
        self.settled.clear();
        self.chosen.clear();
        let frame = Frame {
            market,
            agent,
            counts_weeks: agent.most_a_week.is_some(),
            counts_days: agent.most_a_day.is_some(),
        };
        // The best of everything in earlier weeks: a label, or nothing yet.
        let mut base = None;
        let mut week = i32::MIN;
        for offer in offers {
            let timing = frame.timing(offer.session);
            if timing.week != week {
                for label in std::mem::take(&mut self.settled) {
                    base = self.better(base, label);
                }
                week = timing.week;
            }
            base = self.settle(&frame, timing, base);
            self.extend(&frame, offer, timing, base);
        }
        let mut best = base;
        for label in self.labels.numbers() {
            best = self.better(best, label);
        }
        self.trace(best);
        self.gain_of(best)
    }

    fn gain_of(&self, label: Option<LabelIx>) -> i64 {
        label.map_or(0, |label| self.labels[label].gain)
    }

    fn better(&self, one: Option<LabelIx>, other: LabelIx) -> Option<LabelIx> {
        if self.labels[other].gain > self.gain_of(one) { Some(other) } else { one }
    }

    /// Settles every earlier offer that can no longer stand in the way of this one or a later one.
    fn settle(&mut self, frame: &Frame<'_>, timing: &Timing, mut base: Option<LabelIx>) -> Option<LabelIx> {
        let mut kept = 0;
        for place in 0..self.pending.len() {
            let Pending { session, first, last } = self.pending[place];
            let earlier = frame.timing(session);
            if earlier.day == timing.day || earlier.end + frame.agent.ample_minutes > timing.start {
                self.pending.swap(kept, place);
                kept += 1;
                continue;
            }
            for label in LabelIx::each(first..last) {
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
    fn settle_label(&mut self, label: LabelIx) {
        let labels = &self.labels;
        let new = &labels[label];
        let is_beaten =
            |old: &LabelIx| labels[*old].gain >= new.gain && labels[*old].week_minutes <= new.week_minutes;
        if self.settled.iter().any(is_beaten) {
            return;
        }
        self.settled
            .retain(|old| labels[*old].gain > new.gain || labels[*old].week_minutes < new.week_minutes);
        self.settled.push(label);
    }

    /// Makes every label that ends in this offer.
    fn extend(&mut self, frame: &Frame<'_>, offer: &Offer, timing: &Timing, base: Option<LabelIx>) {
        let first = self.labels.len();
        let span_binds = frame.market.choices(frame.agent)[offer.choice].span_binds;
        let fresh = Used {
            week: if frame.counts_weeks { frame.agent.booked_in_week(timing.week) } else { 0 },
            day: if frame.counts_days { frame.agent.booked_in_day(timing.day) } else { 0 },
            day_start: if span_binds { timing.start } else { 0 },
        };
        let labels = &mut self.labels;
        let add = |labels: &mut IndexVec<LabelIx, Label>, before: Option<LabelIx>, used: Used| {
            let minutes = timing.minutes();
            if (frame.counts_weeks && !weekly_hours::allows(used.week, minutes, frame.agent.most_a_week))
                || (frame.counts_days && !daily_hours::allows(used.day, minutes, frame.agent.most_a_day))
                || (span_binds && !rest::leaves_rest(used.day_start, timing.end, frame.agent.rest_minutes))
            {
                return;
            }
            let label = Label {
                gain: before.map_or(0, |before| labels[before].gain) + offer.gain,
                week_minutes: if frame.counts_weeks { used.week + minutes } else { 0 },
                day_minutes: if frame.counts_days { used.day + minutes } else { 0 },
                day_start: used.day_start,
                session: offer.session,
                before,
            };
            keep(labels.as_mut_vec(), first, label);
        };
        add(labels, base, fresh);
        for &label in &self.settled {
            let week = labels[label].week_minutes;
            add(labels, Some(label), Used { week, ..fresh });
        }
        for pending in &self.pending {
            let earlier = frame.timing(pending.session);
            if !follows(earlier, timing, frame.agent.rest_minutes, &frame.market.roads) {
                continue;
            }
            for before in LabelIx::each(pending.first..pending.last) {
                let label = labels[before];
                let week = if earlier.week == timing.week { label.week_minutes } else { fresh.week };
                let used = if earlier.day == timing.day {
                    Used { week, day: label.day_minutes, day_start: label.day_start }
                } else {
                    Used { week, ..fresh }
                };
                add(labels, Some(before), used);
            }
        }
        self.pending.push(Pending { session: offer.session, first, last: self.labels.len() });
    }

    fn trace(&mut self, mut label: Option<LabelIx>) {
        while let Some(at) = label {
            let Label { session, before, .. } = self.labels[at];
            self.chosen.push(session);
            label = before;
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
            && one.day_start >= other.day_start
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
    use super::{Label, keep};
    use crate::index::{Ix, PartSessionIx};

    #[test]
    fn a_label_stays_while_no_other_is_as_good_with_no_more_minutes() {
        let label = |gain: i64, week_minutes: i64, day_minutes: i64| Label {
            gain,
            week_minutes,
            day_minutes,
            day_start: 0,
            session: PartSessionIx::at(0),
            before: None,
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
        let from = |day_start: i64| Label { day_start, ..short_day };
        assert_eq!(kept(&[from(100), from(200)]).len(), 1, "the later start leaves more of the day");
        assert_eq!(kept(&[from(100), Label { gain: 4, ..from(200) }]).len(), 2);
    }
}
