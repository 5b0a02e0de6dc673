//! May this person work this session, and if not, why?
//!
//! One way for everybody who asks: facts as they were read ([`facts`]) → a problem of matching ([`problem`]) → the
//! independent checker, asked for the rules that bind ([`wishes`], [`judge`]) → what stands in the way ([`obstacle`]) →
//! the words for whoever reads it ([`words`]). Plans are made of the same problem, and what they leave empty is told by the
//! same table ([`empty`]). What keeps somebody from work whatever the session ([`block`]) has its words there too.

pub mod block;
pub mod empty;
pub mod facts;
pub mod judge;
pub mod not_again;
pub mod obstacle;
pub mod payable;
pub mod problem;
pub mod wishes;
pub mod words;
