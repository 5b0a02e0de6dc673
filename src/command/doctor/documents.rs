//! What roles need, and bookings that the documents of their clinicians do not cover. They stand: people settle them.

use super::Finding;
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError};
use crate::ground::settings::Settings;
use crate::ground::words;
use crate::people::credential::DocumentEnd;
use crate::people::document::seal::DocumentKeys;
use crate::people::document::store::list_key_ids;
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

/// A line for each key that seals files and that the settings do not have: nobody can open these.
pub(super) async fn examine_keys(db: &Db, settings: &Settings) -> Result<Vec<Finding>, DbError> {
    // A list that can't be read is told of with the other settings.
    let Ok(keys) = DocumentKeys::read(&settings.secrets.document_keys) else { return Ok(Vec::new()) };
    let sealed = list_key_ids(&mut db.look(Actor::Operator).await?).await?;
    let away = sealed.into_iter().filter(|(key, _)| !keys.has(key));
    let told = |(key, files): (String, i64)| {
        let files = words::count(files, "file that was handed in is", "files that were handed in are");
        Finding::Bad(format!(
            "{files} sealed by the key {key}, which secrets.document_keys does not have: put it there again, after the \
             key in use.",
        ))
    };
    Ok(away.map(told).collect())
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
