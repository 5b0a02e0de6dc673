//! Who may do what: a problem in numbers, the index that finds eligible pairs, one file for each rule, what a pair is
//! worth, and why the others are out.

pub(crate) mod eligible;
pub(crate) mod facts;
pub(crate) mod geography;
pub(crate) mod refusal;
pub(crate) mod rules;
pub(crate) mod score;
