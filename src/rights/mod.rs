//! What people may have of what is held about them: a copy, and that it is erased; and what is erased by itself when its
//! time is over.

pub mod erasure;
pub mod export;
pub mod held;
pub mod retention;
