//! The answer to a change made once, so that asking again gives the same answer and changes nothing.
//!
//! A key names the asking, not the person: the id of an offer that is accepted, the key of a form that is sent. The
//! record is written in the transaction of the change itself.

pub mod store;
