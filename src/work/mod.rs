//! The working week: who is ready for it, posted sessions, plans, offers and bookings.

pub mod booking;
pub mod planning;
pub mod request;
pub mod rota;
pub mod round;
pub mod session;
pub mod standing;
