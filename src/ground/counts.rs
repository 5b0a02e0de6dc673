//! What happened in this process since it started, counted as Prometheus expects of counters.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// Jobs that a worker had in hand, by how that ended.
    Jobs,
    /// Mails that a sender had in hand, by how that ended.
    Mails,
}

impl Counted {
    /// The name of the metric.
    #[must_use]
    pub fn metric(self) -> &'static str {
        match self {
            Self::Jobs => "locumbank_jobs_finished_total",
            Self::Mails => "locumbank_mails_finished_total",
        }
    }

    /// What the metric means.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Jobs => "Jobs a worker of this process had in hand, by kind and how that ended.",
            Self::Mails => "Mails a sender of this process had in hand, by kind and how that ended.",
        }
    }
}

/// What is counted, of which kind, and how it ended.
type Key = (Counted, String, &'static str);

/// What happened in this process since it started. Cheap to clone: all clones count together.
#[derive(Debug, Clone, Default)]
pub struct Counts(Arc<Mutex<BTreeMap<Key, u64>>>);

impl Counts {
    /// Counts `times` more of them.
    pub fn add(&self, what: Counted, kind: &str, outcome: &'static str, times: u64) {
        *self.lock().entry((what, kind.to_owned(), outcome)).or_default() += times;
    }

    /// How many of any kind ended so.
    #[must_use]
    pub fn total(&self, what: Counted, outcome: &str) -> u64 {
        let counts = self.lock();
        let of_it = counts.iter().filter(|((counted, _, ended), _)| *counted == what && *ended == outcome);
        of_it.map(|(_, times)| times).sum()
    }

    /// Every count, in order.
    #[must_use]
    pub fn all(&self) -> Vec<(Counted, String, &'static str, u64)> {
        let counts = self.lock();
        counts.iter().map(|((what, kind, outcome), times)| (*what, kind.clone(), *outcome, *times)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, u64>> {
        // A number is whole even where somebody panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, Counts};

    #[test]
    fn clones_count_together() {
        let counts = Counts::default();
        counts.clone().add(Counted::Jobs, "match", "done", 2);
        counts.add(Counted::Jobs, "lapse_offers", "done", 1);
        counts.add(Counted::Jobs, "match", "failed", 1);
        counts.add(Counted::Mails, "session_offered", "done", 1);
        assert_eq!(counts.total(Counted::Jobs, "done"), 3);
        assert_eq!(counts.all()[0], (Counted::Jobs, "lapse_offers".to_owned(), "done", 1));
    }
}
