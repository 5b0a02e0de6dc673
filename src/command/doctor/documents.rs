//! What roles need, and bookings that the documents of their clinicians do not cover. They stand: people settle them.

use super::Finding;
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError};
use crate::ground::words;
use crate::people::credential::DocumentEnd;
use crate::terms::bank::store::list_banks;
use crate::terms::bank::store::needs::list_needs;
use crate::work::booking::store::uncovered::{Uncovered, list_uncovered};

/// A line for each bank whose roles need no document, and for each booking still to begin that documents do not cover.
pub(super) async fn examine_documents(db: &Db) -> Result<Vec<Finding>, DbError> {
    let mut tx = db.look(Actor::Operator).await?;
    let mut findings = Vec::new();
    for bank in list_banks(&mut tx).await? {
        tx.go_to_bank(bank.id).await?;
        if list_needs(&mut tx).await?.is_empty() {
            findings.push(Finding::Look(format!(
                "{}: no role needs a document, so one that ended stops nobody from working: locumbank admin need says \
                 what a role needs, like indemnity for GPs.",
                bank.name
            )));
        }
    }
    let today = words::london_date(tx.now());
    let uncovered = list_uncovered(&mut tx).await?;
    findings.extend(uncovered.iter().map(|it| Finding::Look(told(it, today))));
    Ok(findings)
}

/// What the documents of somebody who is booked do not cover, and what to do.
pub(crate) fn told(uncovered: &Uncovered, today: chrono::NaiveDate) -> String {
    let Uncovered { bank, clinician, practice, starts_at, ends_at, document, document_ends } = uncovered;
    let (day, span) =
        (words::full_date(words::london_date(*starts_at)), words::time_span(*starts_at, *ends_at));
    let document = DocumentEnd { name: document.clone(), ends: *document_ends }.sentence(today);
    format!(
        "{bank}: {clinician} is booked at {practice} on {day}, {span}. {document}. Record the new one, or cancel the booking."
    )
}
