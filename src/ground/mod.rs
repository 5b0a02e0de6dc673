//! What everything stands on and what knows no slice: database, web, queue, mail, log, time, ids, words.

pub mod actor;
pub mod app;
pub mod audit;
pub mod cache;
pub mod clock;
pub mod counts;
pub mod data_key;
pub mod db;
pub mod events;
pub mod facts;
pub mod form_fields;
pub mod id;
pub mod idempotency;
pub mod mail;
pub mod not_done;
pub mod outbox;
pub mod queue;
pub mod settings;
pub mod sign_in;
pub mod table;
pub mod web;
pub mod words;
pub mod worker;
