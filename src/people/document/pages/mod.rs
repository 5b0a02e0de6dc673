//! Where clinicians hand in documents, and administrators look at them.

pub mod decide;
pub mod hand_in;
pub mod line;
pub mod open;
pub mod own;
pub mod waiting;
