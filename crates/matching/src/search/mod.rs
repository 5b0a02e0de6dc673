//! Good plans, guided by prices: construction, auctions, ejection chains, and giving people what suits them best.

pub(crate) mod auction;
pub(crate) mod construct;
pub(crate) mod ejection;
pub(crate) mod regret;

/// Auctions and chains that gain one in so many of the score, or less, are enough.
pub(crate) const IDLE_SHARE: i64 = 50_000;
