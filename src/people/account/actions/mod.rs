//! What can be done with an account: a forgotten password replaced, a known one changed, sign-ins ended.

pub mod change;
pub mod forgotten;
pub mod sign_ins;
