//! SQL of offers and bookings.

pub mod bookings;
pub mod facts;
pub mod lock;
pub mod offers;
