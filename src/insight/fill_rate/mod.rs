//! The fill rate: how many of the places that practices asked for were filled, by the method of docs/METRICS.md.
//!
//! Fill rate = places filled ÷ places requested. A place counts in the week, from Monday, in which its session takes
//! place. Requested are the places of open sessions, and of those their practice withdrew less than seven days before
//! they would have started; filled are those with a live booking.

pub mod jobs;
pub mod messages;
pub mod pages;
pub mod store;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::ground::id::PracticeId;

/// The method in one sentence, to be stated beside every figure.
pub const METHOD: &str = "Fill rate = places filled ÷ places requested. Requested places include those of sessions their practice withdrew less than 7 days ahead. A place counts in the week, Monday to Sunday, in which its session takes place.";

/// Places asked for and places filled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figure {
    /// Places asked for.
    pub requested: i64,
    /// Places filled.
    pub filled: i64,
}

impl Figure {
    /// Both figures of several counts.
    #[must_use]
    pub fn of<'a>(counts: impl Iterator<Item = &'a Count>) -> Self {
        counts.fold(Self::default(), |sum, count| Self {
            requested: sum.requested + count.requested,
            filled: sum.filled + count.filled,
        })
    }
}

/// The figures of one week, practice and role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The Monday of the week.
    pub week: NaiveDate,
    /// The practice.
    pub practice: PracticeId,
    /// Its ODS code.
    pub practice_code: String,
    /// Its name.
    pub practice_name: String,
    /// The role; of several the first by code, so that a session counts once.
    pub role: String,
    /// Places asked for.
    pub requested: i64,
    /// Places filled.
    pub filled: i64,
}

/// The figures of everything that has the same `key`, in its order.
#[must_use]
pub fn figures_by<'a, K: Ord>(
    counts: impl Iterator<Item = &'a Count>,
    key: impl Fn(&'a Count) -> K,
) -> BTreeMap<K, Figure> {
    let mut figures: BTreeMap<K, Figure> = BTreeMap::new();
    for count in counts {
        let figure = figures.entry(key(count)).or_default();
        figure.requested += count.requested;
        figure.filled += count.filled;
    }
    figures
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Count, Figure, figures_by};
    use crate::ground::id::PracticeId;

    fn count(week: &str, role: &str, requested: i64, filled: i64) -> Count {
        Count {
            week: week.parse().unwrap(),
            practice: PracticeId(Uuid::from_u128(1)),
            practice_code: "J81001".to_owned(),
            practice_name: "Orchid House Surgery".to_owned(),
            role: role.to_owned(),
            requested,
            filled,
        }
    }

    #[test]
    fn figures_add_up_whichever_way_they_are_grouped() {
        let counts = [
            count("2026-11-02", "gp", 4, 3),
            count("2026-11-02", "paramedic", 2, 0),
            count("2026-11-09", "gp", 5, 5),
        ];
        assert_eq!(Figure::of(counts.iter()), Figure { requested: 11, filled: 8 });
        let by_role = figures_by(counts.iter(), |count| count.role.as_str());
        assert_eq!(by_role["gp"], Figure { requested: 9, filled: 8 });
        assert_eq!(by_role["paramedic"], Figure { requested: 2, filled: 0 });
        let by_week = figures_by(counts.iter(), |count| count.week);
        assert_eq!(by_week.values().map(|figure| figure.filled).collect::<Vec<_>>(), [3, 5]);
    }
}
