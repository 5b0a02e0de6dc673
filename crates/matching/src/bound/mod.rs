//! What no plan can exceed: prices on sessions and how they come down, the linear model of near-best schedules, column
//! generation, cuts, and the proof by branching.
//!
//! In the field's words: the *Lagrangian relaxation* of the places, which leaves one *pricing problem* for each agent
//! (`schedule/`); its *dual* solved by *subgradients*, then by *column generation*; the gap closed by *branch and bound*.

pub(crate) mod columns;
pub(crate) mod cuts;
pub(crate) mod descent;
pub(crate) mod exact;
pub(crate) mod highs;
pub(crate) mod prices;
pub(crate) mod proof;
pub(crate) mod relaxation;
pub(crate) mod turns;
