//! The notices that the foot of every page leads to.

mod notices;

pub use self::notices::{accessibility, cookies, privacy};
