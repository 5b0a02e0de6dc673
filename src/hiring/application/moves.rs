//! Where an application can go from where it stands, and who takes it there. This is the one table of moves.
//!
//! ```text
//! received ─▶ shortlisted ─▶ interview ─▶ offered ─▶ accepted ─▶ checks ─▶ started
//!     │            │             │           └─▶ declined
//!     └────────────┴─────────────┴──▶ reserve ─▶ offered
//! from each of them that waits for the practice ─▶ unsuccessful, with a reason that the applicant is told
//! from each of them that has not ended          ─▶ withdrawn, by the applicant
//! ```

use super::State::{
    Accepted, Begun, Checks, Declined, Interview, Offered, Received, Reserve, Shortlisted, Started,
    Unsuccessful, Withdrawn,
};
use super::{State, named};

named! {
    /// Why somebody does not get a post.
    Reason {
        /// They have not what is essential.
        CriteriaNotMet "criteria_not_met" "You do not meet an essential criterion";
        /// Others have more of it.
        LowerScore "lower_score" "Others met the criteria better";
        /// They may not work here.
        NoRightToWork "no_right_to_work" "You would need a right to work that this post can’t give";
        /// They are not on the register.
        NoRegistration "no_registration" "The registration that the post needs was not found";
        /// A check found something.
        ChecksFailed "checks_failed" "The checks before the start could not be finished";
        /// Somebody else has it, or nobody will.
        Filled "filled" "The post is filled, or is not offered any more";
        /// It came too late.
        Late "late" "It came after the closing time";
        /// Something else.
        Other "other" "Another reason";
    }
}

/// What a practice decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Where the applications go.
    pub to: State,
    /// Why, where that is that they are unsuccessful.
    pub reason: Option<Reason>,
    /// What the applicants are told besides; may be empty.
    pub said: String,
}

/// Who takes an application somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The practice that it was made to.
    Practice,
    /// Whoever made it.
    Applicant,
}

/// Whom an application waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// For the practice that it was made to.
    ForPractice,
    /// For whoever made it.
    ForApplicant,
    /// For nobody: both know what came of it.
    Ended,
}

/// Whom an application waits for that stands there.
#[must_use]
pub fn waits(state: State) -> Waits {
    match state {
        Received | Shortlisted | Interview | Reserve | Accepted | Checks => Waits::ForPractice,
        Begun | Offered => Waits::ForApplicant,
        Started | Declined | Withdrawn | Unsuccessful => Waits::Ended,
    }
}

/// Where this side may take an application that stands there.
#[must_use]
pub fn moves(from: State, side: Side) -> &'static [State] {
    match (side, from) {
        (Side::Practice, Received) => &[Shortlisted, Interview, Offered, Reserve, Unsuccessful],
        (Side::Practice, Shortlisted) => &[Interview, Offered, Reserve, Unsuccessful],
        (Side::Practice, Interview) => &[Offered, Reserve, Unsuccessful],
        (Side::Practice, Reserve) => &[Offered, Unsuccessful],
        (Side::Practice, Offered) => &[Unsuccessful],
        (Side::Practice, Accepted) => &[Checks, Unsuccessful],
        (Side::Practice, Checks) => &[Started, Unsuccessful],
        (Side::Applicant, Begun) => &[Received],
        (Side::Applicant, Offered) => &[Accepted, Declined, Withdrawn],
        (Side::Applicant, Received | Shortlisted | Interview | Reserve | Accepted | Checks) => &[Withdrawn],
        (Side::Applicant, Withdrawn) => &[Begun],
        (Side::Practice, Begun | Started | Declined | Withdrawn | Unsuccessful)
        | (Side::Applicant, Started | Declined | Unsuccessful) => &[],
    }
}

/// Whether this side may.
#[must_use]
pub fn may_move(from: State, to: State, side: Side) -> bool {
    moves(from, side).contains(&to)
}

/// What the applicant is told of where their application stands: a sentence, and what happens next.
#[must_use]
pub fn told(state: State) -> (&'static str, &'static str) {
    match state {
        Begun => ("You have not sent your application yet.", "Send it before the vacancy closes."),
        Received => ("The practice has your application.", "The practice reads it next."),
        Shortlisted => ("You are on the shortlist.", "The practice looks at it closer and writes to you."),
        Interview => ("The practice would like to meet you.", "Agree a time with the practice."),
        Offered => {
            ("The post is offered to you.", "Say on the page of your application whether you take it.")
        }
        Accepted => (
            "You have taken the post.",
            "The practice begins the checks that every employer of the NHS makes.",
        ),
        Checks => (
            "The checks before your start are being made.",
            "The practice asks you for what it needs: identity, right to work, registration, references, DBS, and that occupational health has seen you.",
        ),
        Started => ("You have started.", "We wish you well."),
        Reserve => (
            "You are on the reserve list.",
            "Somebody else was offered the post first. You hear when that is settled.",
        ),
        Declined => ("You have declined the post.", "There is nothing more to do."),
        Withdrawn => ("You have taken your application back.", "There is nothing more to do."),
        Unsuccessful => ("You do not get this post.", "There is nothing more to do."),
    }
}

#[cfg(test)]
mod tests {
    use super::{Side, State, Waits, may_move, moves, told, waits};

    /// A generator of numbers with a seed, so that what fails fails again.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, most: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % most
        }
    }

    /// Whatever anybody tries, in whatever order: after each step the applicant has been told what came of it, or somebody
    /// named is to do the next step and can, and from everywhere there is a way to an end.
    #[test]
    fn any_sequence_of_moves_leaves_each_applicant_answered_or_waiting_on_somebody_named() {
        let mut reached = std::collections::BTreeSet::new();
        for seed in 0..5_000 {
            let (mut numbers, mut state) = (Numbers(seed), State::Begun);
            for _ in 0..30 {
                let side = [Side::Practice, Side::Applicant][numbers.below(2)];
                let to = State::ALL[numbers.below(State::ALL.len())];
                if may_move(state, to, side) {
                    state = to;
                    reached.insert(state);
                }
                let (practice, applicant) = (moves(state, Side::Practice), moves(state, Side::Applicant));
                match waits(state) {
                    Waits::ForPractice => {
                        assert!(!practice.is_empty(), "{state:?} waits for a practice that can do nothing");
                    }
                    Waits::ForApplicant => {
                        assert!(!applicant.is_empty(), "{state:?} waits for an applicant who can do nothing");
                    }
                    Waits::Ended => assert!(
                        practice.is_empty() && applicant.iter().all(|to| *to == State::Begun),
                        "{state:?}"
                    ),
                }
                assert!(!told(state).0.is_empty() && !told(state).1.is_empty());
            }
        }
        assert_eq!(reached.len(), State::ALL.len(), "some state is reached by nobody");
    }

    #[test]
    fn from_everywhere_there_is_a_way_to_an_answer() {
        for state in State::ALL {
            let (mut seen, mut next) = (vec![*state], vec![*state]);
            while let Some(from) = next.pop() {
                for to in moves(from, Side::Practice).iter().chain(moves(from, Side::Applicant)) {
                    if !seen.contains(to) {
                        seen.push(*to);
                        next.push(*to);
                    }
                }
            }
            assert!(seen.iter().any(|state| waits(*state) == Waits::Ended), "{state:?}");
        }
    }

    #[test]
    fn nobody_moves_for_the_other_side() {
        for to in [State::Accepted, State::Declined, State::Withdrawn] {
            assert!(State::ALL.iter().all(|from| !may_move(*from, to, Side::Practice)), "{to:?}");
        }
        for to in [State::Shortlisted, State::Offered, State::Started, State::Unsuccessful] {
            assert!(State::ALL.iter().all(|from| !may_move(*from, to, Side::Applicant)), "{to:?}");
        }
    }
}
