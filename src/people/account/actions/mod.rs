//! What can be done with an account: a forgotten password replaced, a known one changed, sign-ins ended and switched.

pub mod address;
pub mod change;
pub mod forgotten;
pub mod second_factor;
pub mod sign_ins;
pub mod switch;
