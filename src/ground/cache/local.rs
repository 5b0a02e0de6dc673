//! Counters inside one process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// The most keys kept; past it the expired are cleared, and if none has expired, all are.
const MOST_KEYS: usize = 100_000;

/// Each key's count and the instant at which it ends.
type Counts = BTreeMap<String, (u64, DateTime<Utc>)>;

/// Counts with the instant at which each ends.
#[derive(Debug, Clone, Default)]
pub struct LocalCounters {
    counts: Arc<Mutex<Counts>>,
}

impl LocalCounters {
    /// Adds one to the count of `key` and gives the count since its first in the last `window_seconds`.
    #[must_use]
    pub fn count(&self, key: &str, window_seconds: u32, now: DateTime<Utc>) -> u64 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_KEYS {
            counts.retain(|_, (_, ends)| *ends > now);
            if counts.len() >= MOST_KEYS {
                counts.clear();
            }
        }
        let ends = now + TimeDelta::seconds(i64::from(window_seconds));
        let entry = counts.entry(key.to_owned()).or_insert((0, ends));
        if entry.1 <= now {
            *entry = (0, ends);
        }
        entry.0 += 1;
        entry.0
    }

    /// Takes one back from the count of `key`.
    pub fn take_back(&self, key: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((count, _)) = counts.get_mut(key) {
            *count = count.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::LocalCounters;

    #[test]
    fn a_count_ends_with_its_window() {
        let counters = LocalCounters::default();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(counters.count("a", 60, now), 1);
        assert_eq!(counters.count("a", 60, now + TimeDelta::seconds(59)), 2);
        assert_eq!(counters.count("b", 60, now), 1);
        assert_eq!(counters.count("a", 60, now + TimeDelta::seconds(60)), 1);
    }

    #[test]
    fn what_is_taken_back_does_not_count() {
        let counters = LocalCounters::default();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        counters.take_back("a");
        assert_eq!((counters.count("a", 60, now), counters.count("a", 60, now)), (1, 2));
        counters.take_back("a");
        assert_eq!(counters.count("a", 60, now), 2);
    }
}
