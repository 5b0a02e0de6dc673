//! The notices that the foot of every page leads to.

mod help;
mod notices;

pub use self::help::{help, help_for_banks, help_for_clinicians, help_for_commissioners, help_for_practices};
pub use self::notices::{accessibility, cookies, privacy};
