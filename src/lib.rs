//! Recruitment and locum bank service for NHS primary care.

pub mod matching;
pub mod web;
