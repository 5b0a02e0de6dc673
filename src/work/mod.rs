//! The working week: posted sessions, plans, offers and bookings.

pub mod booking;
pub mod planning;
pub mod session;
