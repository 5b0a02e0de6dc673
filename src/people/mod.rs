//! Who takes part: accounts, practices, clinicians, what they hold, when they can work.

pub mod account;
pub mod agreement;
pub mod availability;
pub mod clinician;
pub mod credential;
pub mod document;
pub mod invitation;
pub mod lookup;
pub mod membership;
pub mod practice;
pub mod profile;
