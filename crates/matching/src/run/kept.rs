//! What a run has found so far, kept where whoever has a deadline finds it even if the run itself does not come home.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::index::SessionIx;
use crate::pairs::eligible::{EligiblePair, Reach};
use crate::pairs::facts::Placed;
use crate::part::Part;

/// The best plan and the best bound of one part of the market.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) placed: Vec<Placed>,
    pub(crate) score: i64,
    pub(crate) priced: Vec<(SessionIx, i64)>,
    pub(crate) upper_bound: i64,
    /// Whether the bound is lower than what the prices prove.
    pub(crate) is_branched: bool,
}

impl Found {
    pub(crate) fn of(part: &Part) -> Self {
        Self {
            placed: part.placed().collect(),
            score: part.draft.score(),
            priced: part.priced().collect(),
            upper_bound: part.upper_bound(),
            is_branched: part.shortfall_at_least > 0,
        }
    }
}

/// What is known of every part of a market, in the order of the parts.
#[derive(Debug, Default)]
pub(crate) struct Shelf(OnceLock<Vec<Mutex<Found>>>);

impl Shelf {
    /// Keeps how the parts are at first. Before, nothing is known.
    pub(crate) fn begin(&self, parts: &[Part]) {
        let _kept = self.0.set(parts.iter().map(|part| Mutex::new(Found::of(part))).collect());
    }

    /// Keeps how a part is now, where its plan or its bound is better.
    pub(crate) fn keep(&self, place: usize, part: &Part) {
        let Some(kept) = self.0.get().and_then(|parts| parts.get(place)) else { return };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if (kept.score, kept.upper_bound) != (part.draft.score(), part.upper_bound()) {
            *kept = Found::of(part);
        }
    }

    /// What is known of each part; nothing before there were parts.
    pub(crate) fn found(&self) -> Option<Vec<Found>> {
        let kept = |part: &Mutex<Found>| part.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Some(self.0.get()?.iter().map(kept).collect())
    }
}

/// Everything a run has found so far.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) reach: OnceLock<Reach>,
    pub(crate) pairs: OnceLock<Vec<EligiblePair>>,
    /// By score.
    pub(crate) parts: Shelf,
    /// Where every pair is worth one place.
    pub(crate) fill_parts: Shelf,
}
