//! What is to be matched and what came of it: problems, plans and changes, and their files.
//!
//! The engine and the checker both read these types and share nothing else. No rule, score or distance stands here,
//! so that a mistake in one of those cannot be made on both sides at once.
//!
//! ```
//! use matching_model::format::problem_from_slice;
//!
//! let file = r#"{ "format": "locumbank.problem/1", "timezone": "Europe/London",
//!   "policy": { "fill_points": 1000000, "pay_points_per_pound": 100, "travel_points_per_km": 60,
//!               "preferred_practice_points": 5000, "continuity_points": 3000, "incumbent_points": 20000 },
//!   "practices": [ { "id": "J81002", "latitude": 50.80, "longitude": -1.99 } ],
//!   "clinicians": [ { "id": "C1", "role": "gp", "cleared_until": "2027-12-31", "rates": { "core": 8000 },
//!                     "home": { "latitude": 50.80, "longitude": -1.98 }, "max_travel_metres": 20000,
//!                     "available": [ ["2027-01-04T07:00:00+00:00", "2027-01-04T19:00:00+00:00"] ] } ],
//!   "sessions": [ { "id": "S1", "practice": "J81002", "roles": ["gp"], "band": "core",
//!                   "start": "2027-01-04T09:00:00+00:00", "end": "2027-01-04T13:00:00+00:00",
//!                   "rate_min": 7000, "rate_max": 9500 } ] }"#;
//! let problem = problem_from_slice(file.as_bytes())?;
//! assert_eq!(problem.sessions[0].minutes(), 240);
//!
//! let spoilt = file.replace("\"rate_min\": 7000", "\"rate_min\": 9600");
//! let fault = problem_from_slice(spoilt.as_bytes()).expect_err("a range upside down");
//! assert_eq!(fault.to_string(), "sessions[0].rate_min: 9600 cannot be used; expected at most the session's rate_max, 9500");
//! # Ok::<(), matching_model::ProblemError>(())
//! ```

pub mod change;
pub mod format;
pub mod plan;
pub mod policy;
pub mod position;
pub mod problem;
mod validate;

pub use plan::Plan;
pub use problem::{Problem, ProblemError};
