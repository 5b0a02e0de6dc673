//! A round: people have asked for sessions and said in which order they want them; who gets which.
//!
//! Decided in layers, each among the plans that are best by all layers before it:
//!
//! 1. **Fill.** The places filled, each counted as often as its session's priority, are as many as any plan fills.
//! 2. **People in turn.** Whoever is first in turn gets the best that their own ranking still allows: as many as
//!    possible of their first choices, then of their second, and so on. Then the next, and nobody loses what was decided
//!    for somebody before.
//! 3. **Score.** Among sessions that somebody wants equally much, the score decides.
//! 4. **Lot.** What is equal by all of that, the lot decides; so there is one result, on every machine.
//!
//! When somebody asked plays no part: people come in the order of their turn, and nothing else is known of them.
//!
//! ```
//! use matching::round::{Asker, Offered, Outcome, Round, Why, Wish, decide};
//!
//! let wish = |session: &str, choice| Wish { session: session.to_owned(), choice, score: 0, lot: 0 };
//! let asker = |id: &str, wishes| Asker { id: id.to_owned(), wishes, ..Asker::default() };
//! let session = |id: &str| Offered { id: id.to_owned(), places: 1, priority: 1 };
//! let round = Round {
//!     sessions: vec![session("monday"), session("tuesday")],
//!     // Ann would rather work on Monday, but nobody else has asked for Tuesday.
//!     people: vec![
//!         asker("ann", vec![wish("monday", 1), wish("tuesday", 2)]),
//!         asker("bob", vec![wish("monday", 1)]),
//!     ],
//! };
//! let round = Round { people: round.people.into_iter().map(|one| Asker { most: Some(1), ..one }).collect(), ..round };
//! let decision = decide(&round)?;
//! assert_eq!(decision.filled, 2);
//! assert_eq!(decision.outcomes[0], [Outcome::Not(Why::LeavesEmpty), Outcome::Given]);
//! # Ok::<(), matching::round::RoundError>(())
//! ```
//!
//! In the field: *serial dictatorship* over the optima of a weighted many-to-many assignment whose agents have conflicts and
//! knapsacks, each step a *mixed-integer programme* over what hangs together with it. What is fixed by one step splits the
//! rest, so the programmes shrink as the turns go on. A permutation of one's own ranking gains nothing, since the plans
//! among which people choose do not depend on it; leaving out a wish can, since fill does (`docs/MATCHING.md` has how often).

mod decide;
mod model;
mod open;
#[cfg(test)]
mod tests;
mod why;

use std::collections::{BTreeMap, BTreeSet};

pub use decide::decide;

/// What is to be filled, and who asked for what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Round {
    /// The sessions. Their order does not matter.
    pub sessions: Vec<Offered>,
    /// Who asked, in the order of their turn.
    pub people: Vec<Asker>,
}

/// A session that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its id.
    pub id: String,
    /// Places left in it.
    pub places: u32,
    /// How often each of its places counts, 1 to 1,000.
    pub priority: u32,
}

/// Somebody who asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asker {
    /// Their id.
    pub id: String,
    /// What they asked for, each session once.
    pub wishes: Vec<Wish>,
    /// The places in `wishes` of two that they can't do both.
    pub apart: Vec<(usize, usize)>,
    /// What several of them together may not exceed, such as the hours of a week.
    pub limits: Vec<Limit>,
    /// How many they want at most.
    pub most: Option<u32>,
}

/// That somebody asked for a session. They may do it, taken alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The session's id.
    pub session: String,
    /// Which choice it is, from 1: the smaller, the sooner they want it. Those with the same number they want equally.
    pub choice: u32,
    /// What giving it to them scores.
    pub score: i64,
    /// Drawn by lot; what is equal otherwise goes where the lots come to more. Below 1,048,576.
    pub lot: u32,
}

/// What wishes together may not exceed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The most that may be taken in all.
    pub most: i64,
    /// What each wish takes, in the order of the wishes.
    pub takes: Vec<i64>,
}

/// Who gets what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// The places filled, each counted as often as its session's priority.
    pub filled: i64,
    /// For each person, and in their order for each wish, what came of it.
    pub outcomes: Vec<Vec<Outcome>>,
    /// How many programmes were solved.
    pub solved: usize,
}

/// What came of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// They get it.
    Given,
    /// They don't.
    Not(Why),
}

/// Why a wish was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// So many people ahead in turn have its places.
    Ahead(u32),
    /// It does not go with what they were given.
    Clashes,
    /// They have as many as they want.
    Enough,
    /// Others that they want equally much were given to them instead.
    Alike,
    /// Beside what was decided for people ahead in turn, giving it to them would have left another place empty.
    LeavesEmpty,
}

/// Why a round could not be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoundError {
    /// Two sessions or people have this id, or one person asks for this session twice.
    #[error("{0} is there twice")]
    Twice(String),
    /// Somebody asks for a session that is not in the round.
    #[error("{asker} asks for {session}, which is not in the round")]
    Unknown {
        /// Who.
        asker: String,
        /// The session.
        session: String,
    },
    /// A number is out of its bounds, or a list is not as long as another.
    #[error("{0} is out of bounds")]
    Bounds(String),
    /// The solver ended without a proven best.
    #[error("no best plan could be proven")]
    Unproven,
}

/// One more than the greatest lot; sums of lots stay where the solver counts exactly.
pub const LOTS: u32 = 1 << 20;

/// The greatest score of a wish, either way.
const MOST_SCORE: i64 = 1_000_000_000;

impl Round {
    /// Refuses a round that says something twice or out of bounds.
    fn validate(&self) -> Result<(), RoundError> {
        let mut sessions = BTreeMap::new();
        for session in &self.sessions {
            if !(1..=1_000).contains(&session.priority) {
                return Err(RoundError::Bounds(format!("the priority of {}", session.id)));
            }
            if sessions.insert(&session.id, session).is_some() {
                return Err(RoundError::Twice(session.id.clone()));
            }
        }
        let mut people = BTreeSet::new();
        for person in &self.people {
            if !people.insert(&person.id) {
                return Err(RoundError::Twice(person.id.clone()));
            }
            let known = |session: &str| sessions.contains_key(&session.to_owned());
            if let Some(wish) = person.wishes.iter().find(|wish| !known(&wish.session)) {
                let (asker, session) = (person.id.clone(), wish.session.clone());
                return Err(RoundError::Unknown { asker, session });
            }
            person.validate()?;
        }
        Ok(())
    }
}

impl Asker {
    fn validate(&self) -> Result<(), RoundError> {
        let bounds = |what: &str| RoundError::Bounds(format!("{what} of {}", self.id));
        let mut asked = BTreeSet::new();
        for wish in &self.wishes {
            if !asked.insert(&wish.session) {
                return Err(RoundError::Twice(format!("{} of {}", wish.session, self.id)));
            }
            if wish.choice == 0 || wish.lot >= LOTS || wish.score.abs() > MOST_SCORE {
                return Err(bounds("a wish"));
            }
        }
        let count = self.wishes.len();
        if self.apart.iter().any(|(one, other)| one == other || *one >= count || *other >= count) {
            return Err(bounds("what stands apart"));
        }
        let is_sound = |limit: &Limit| {
            limit.takes.len() == count && limit.takes.iter().all(|takes| (0..=MOST_SCORE).contains(takes))
        };
        if self.limits.iter().all(is_sound) { Ok(()) } else { Err(bounds("a limit")) }
    }
}
