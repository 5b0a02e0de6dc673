//! locumbank: a recruitment and locum bank service for NHS primary care.
//!
//! The map of the code, outermost first:
//!
//! - [`command`]: the binary's subcommands; [`settings`]: what an operator can set; [`app`]: what every request shares;
//!   [`routes`]: every URL and who may ask for it.
//! - One folder a concept (the *slices*): [`account`], [`bank`], [`practice`], [`clinician`], [`credential`],
//!   [`availability`], [`rate`], [`session`],
//!   [`planning`], [`booking`], [`fill_rate`], [`audit`]. Inside each: `mod.rs` types and rules, `store.rs` SQL,
//!   `forms.rs` raw input to values, `pages.rs` and `jobs.rs` the edges.
//! - Beside this crate, in `crates/`: `matching`, the engine that plans and does not act; `matching-check`, which
//!   trusts it in nothing; `matching-model`, what both read. No clock, no database, no web.
//! - [`jobs`], [`email`], [`cache`], [`web`]: how work is queued, mail is sent, counters are shared, pages are built.
//! - [`clock`], [`id`], [`db`]: the only sources of time, of ids, and of database connections.

pub mod account;
pub mod alert;
pub mod app;
pub mod audit;
pub mod availability;
pub mod bank;
pub mod booking;
pub mod bounce;
pub mod cache;
pub mod clinician;
pub mod clock;
pub mod command;
pub mod credential;
pub mod db;
pub mod demonstration;
pub mod digest;
pub mod email;
pub mod fill_rate;
pub mod id;
pub mod idempotency;
pub mod jobs;
pub mod mail_choice;
pub mod planning;
pub mod practice;
pub mod rate;
pub mod routes;
pub mod session;
pub mod settings;
pub mod watching;
pub mod web;
