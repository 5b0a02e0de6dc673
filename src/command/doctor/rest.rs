//! Bookings and offers that were made before the rest of working days was kept. They stand: people settle them.

use super::Finding;
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError};
use crate::ground::words;
use crate::work::booking::store::restless::{Restless, list_restless};

/// A line for each booking and offer still to begin that leaves a worker of the bank too little rest.
pub(super) async fn examine_rest(db: &Db) -> Result<Vec<Finding>, DbError> {
    let mut tx = db.look(Actor::Operator).await?;
    let found = list_restless(&mut tx).await?;
    Ok(found.iter().map(|restless| Finding::Look(told(restless))).collect())
}

fn told(restless: &Restless) -> String {
    let Restless { is_offer, bank, clinician, practice, starts_at, ends_at } = restless;
    let (day, span) =
        (words::full_date(words::london_date(*starts_at)), words::time_span(*starts_at, *ends_at));
    let (what, settle) = if *is_offer {
        ("is offered", "Withdraw the offer")
    } else {
        ("is booked", "Agree with them what to cancel")
    };
    format!(
        "{bank}: {clinician} {what} at {practice} on {day}, {span}, which leaves less than 11 hours of rest beside what \
         else they are booked for, or in that day alone. {settle}."
    )
}

#[cfg(test)]
mod tests {
    use super::{Restless, told};

    #[test]
    fn what_leaves_too_little_rest_is_named_with_what_to_do() {
        let booked = Restless {
            is_offer: false,
            bank: "Dorset bank".to_owned(),
            clinician: "Nia Example".to_owned(),
            practice: "Orchid House Surgery".to_owned(),
            starts_at: "2026-11-03T00:15:00Z".parse().unwrap(),
            ends_at: "2026-11-03T08:00:00Z".parse().unwrap(),
        };
        assert_eq!(
            told(&booked),
            "Dorset bank: Nia Example is booked at Orchid House Surgery on Tuesday 3 November 2026, 12:15am to 8am, which \
             leaves less than 11 hours of rest beside what else they are booked for, or in that day alone. Agree with them \
             what to cancel."
        );
        assert!(told(&Restless { is_offer: true, ..booked }).ends_with("Withdraw the offer."));
    }
}
