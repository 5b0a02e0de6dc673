//! That people accept their bank's terms of use: when they join, and a new version when they next sign in. Each acceptance
//! stays on record with the version and the moment.

pub mod actions;
pub mod pages;
pub mod store;
