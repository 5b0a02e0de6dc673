//! Why a plan is as it is: why places are empty, what one change would fill them, and what stands in the way.

pub(crate) mod bottleneck;
pub mod explain;
pub mod remedies;
pub(crate) mod unfilled;
