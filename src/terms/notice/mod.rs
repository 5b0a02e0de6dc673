//! What everybody may read about the service itself: how accessible it is, what it keeps of people and why, and which cookies
//! it sets.

pub mod pages;
