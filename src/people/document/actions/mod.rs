//! What can be done about documents that are handed in.

pub mod decide;
pub mod hand_in;
pub mod open;
pub mod reseal;

pub use self::hand_in::NewDocument;
