//! SQL of offers and bookings.

pub mod bookings;
pub mod facts;
pub mod feed;
pub mod lists;
pub mod lock;
pub mod not_again;
pub mod offers;
pub mod plan_answers;
pub mod reliance;
pub mod reminders;
pub mod restless;
pub mod uncovered;
