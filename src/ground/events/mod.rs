//! What happens in a bank, one line an event, for whoever counts it. Rows are added, never changed.
//!
//! The log of [`audit`](crate::ground::audit) says who changed which record, for people who look into it; an event says
//! what happened to whom, in facts that can be added up: a closed list of kinds, each with the records it is about and
//! its facts as they were then. An action writes its event in its own transaction.

mod happened;
mod kind;
mod of_application;
mod of_vacancy;
mod of_work;
pub mod store;
mod subjects;

pub use self::happened::{DocumentOf, Happened};
pub use self::kind::EventKind;
pub use self::of_application::{OfApplication, ToVacancy};
pub use self::of_vacancy::OfVacancy;
pub use self::of_work::OfWork;
pub use self::subjects::{BookingOf, OfferOf, RequestOf};
use crate::ground::db::{DbError, Tx};

/// Writes what whoever acts in `tx` has made happen.
pub async fn record(tx: &mut Tx, events: &[Happened]) -> Result<(), DbError> {
    let by = tx.account();
    store::insert_events(tx, by, events).await
}

/// The same, of what the service does by itself in somebody's transaction, as a consequence of what they did.
pub async fn record_consequence(tx: &mut Tx, events: &[Happened]) -> Result<(), DbError> {
    store::insert_events(tx, None, events).await
}
