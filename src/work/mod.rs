//! The working week: who is ready for it, posted sessions, plans, offers and bookings.

pub mod booking;
pub mod feedback;
pub mod planning;
pub mod question;
pub mod request;
pub mod rota;
pub mod round;
pub mod session;
pub mod stage;
pub mod standing;
pub mod succession;
