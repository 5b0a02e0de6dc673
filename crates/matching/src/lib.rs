//! The matching engine: who works where, how good that is, what proves it, and why the rest is empty.
//!
//! It plans and does not act: it knows no clock, no database, no web, and no chance but the seed of its budget. The same
//! problem and budget give the same plan on every machine.
//!
//! ```
//! use matching::{Budget, NeverStop, NoProgress, plan_problem};
//! use matching_check::check;
//! use matching_model::format::problem_from_slice;
//!
//! let problem = problem_from_slice(br#"{ "format": "locumbank.problem/1", "timezone": "Europe/London",
//!   "policy": { "fill_points": 1000000, "pay_points_per_pound": 100, "travel_points_per_km": 60,
//!               "preferred_practice_points": 5000, "continuity_points": 3000, "incumbent_points": 20000 },
//!   "practices": [ { "id": "J81002", "latitude": 50.80, "longitude": -1.99 } ],
//!   "clinicians": [ { "id": "C1", "role": "gp", "cleared_until": "2027-12-31", "rates": { "core": 8000 },
//!                     "home": { "latitude": 50.80, "longitude": -1.98 }, "max_travel_metres": 20000,
//!                     "available": [ ["2027-01-04T07:00:00+00:00", "2027-01-04T19:00:00+00:00"] ] } ],
//!   "sessions": [ { "id": "S1", "practice": "J81002", "roles": ["gp"], "band": "core",
//!                   "start": "2027-01-04T09:00:00+00:00", "end": "2027-01-04T13:00:00+00:00",
//!                   "rate_min": 7000, "rate_max": 9500 } ] }"#)?;
//! let plan = plan_problem(&problem, &Budget::default(), &NeverStop, &NoProgress)?;
//! assert_eq!((plan.filled, plan.fill_upper_bound), (1, Some(1)));
//! // Proven: no plan scores more than this one.
//! assert_eq!(plan.score, plan.upper_bound);
//! // Whoever keeps a plan has it checked first, by code that shares nothing with the engine.
//! assert_eq!(check(&problem, &plan).faults, []);
//! # Ok::<(), matching_model::ProblemError>(())
//! ```
//!
//! In the field's words it solves a generalised assignment problem whose every agent has a schedule in time, by
//! *Lagrangian relaxation*: prices on sessions are the dual, the best schedule of one agent the pricing problem. Plans come
//! from auctions, ejection chains and large neighbourhood search at these prices, proofs from column generation and branch
//! and bound. `docs/MATCHING.md` tells the whole story.
//!
//! Inside, arrows run down this list only: `run`, `repair`, [`simulate`], [`fits`] and [`round`] on top; `reasons` (why a plan is as
//! it is) and `roster` (who is where in it); `part` (one part of the market while it is planned); `bound` and `search`,
//! which know nothing of each other; `schedule`; `market`; `pairs`. [`example`] makes problems of any size.

#[macro_use]
mod index;

mod bound;
pub mod example;
pub mod fits;
mod market;
mod pairs;
mod part;
mod reasons;
pub mod repair;
mod roster;
pub mod round;
mod run;
#[cfg(test)]
mod sample;
mod schedule;
mod search;
pub mod simulate;
mod stop;

pub use pairs::geography::{drive_minutes, road_metres};
pub use reasons::{explain, remedies};
pub use run::budget::{Budget, NoProgress, Progress, Standing};
pub use run::engine::plan_problem;
pub use run::planning::Planning;
pub use stop::{NeverStop, Stop};
