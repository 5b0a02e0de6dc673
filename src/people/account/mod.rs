//! Accounts, memberships and sign-ins.
//!
//! One person has one account and a membership in each bank they act in; a *sign-in* is their authenticated browser
//! state, acting in one membership.

pub mod pages;
pub mod password;
pub mod store;
