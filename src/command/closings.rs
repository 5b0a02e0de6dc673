//! What follows when practices close, open later or move: sessions that are withdrawn, bookings that people have to settle,
//! managers who are concerned.

use std::collections::BTreeMap;

use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactChange, Reliants};
use crate::ground::id::{BankId, PracticeId};
use crate::ground::words;
use crate::people::practice::store::list_contacts;
use crate::terms::bank::store::find_bank;
use crate::work::booking::error::DeskError;
use crate::work::session::actions::closing::{Closing, why, withdraw_stranded};
use crate::work::session::store::closing::Stranded;

/// The most lines about one bank.
const MOST_LINES: usize = 20;

/// Withdraws what can't take place any more in these banks, of whose practices the days changed, puts what is booked there
/// on the list of bookings to look at, and says what there is to
/// say of each.
pub(crate) async fn follow(
    tx: &mut Tx,
    reliants: &Reliants,
    changed: BTreeMap<BankId, Vec<PracticeId>>,
) -> Result<Vec<String>, DeskError> {
    let mut lines = Vec::new();
    for (bank, practices) in changed {
        tx.go_to_bank(bank).await?;
        let closing = withdraw_stranded(tx).await?;
        let announced = reliants.announce(tx, FactChange::Practices(practices.clone())).await?;
        reliants.settle(tx, announced).await?;
        let managers = managers_of(tx, &practices).await?;
        let name = find_bank(tx, bank).await?.map_or_else(String::new, |bank| bank.name);
        lines.extend(said(&name, practices.len(), &closing, &managers));
    }
    Ok(lines)
}

async fn managers_of(tx: &mut Tx, practices: &[PracticeId]) -> Result<Vec<String>, DbError> {
    let contacts = list_contacts(tx, practices).await?;
    let mut named: Vec<String> =
        contacts.into_iter().map(|one| format!("{} <{}>", one.name, one.email)).collect();
    named.sort();
    named.dedup();
    Ok(named)
}

fn said(bank: &str, practices: usize, closing: &Closing, managers: &[String]) -> Vec<String> {
    if practices == 0 && *closing == Closing::default() {
        return Vec::new();
    }
    let count = |number: usize, one: &str, many: &str| {
        words::count(i64::try_from(number).unwrap_or(i64::MAX), one, many)
    };
    let bookings: i64 = closing.booked.iter().map(|stranded| stranded.booked).sum();
    let mut lines = vec![format!(
        "{bank}: days of work changed for {}; {} withdrawn; {} to settle by people; {} concerned.",
        count(practices, "practice", "practices"),
        count(closing.withdrawn.len(), "session", "sessions"),
        words::count(bookings, "booking", "bookings"),
        count(managers.len(), "manager", "managers"),
    )];
    lines.extend(closing.booked.iter().map(|stranded| told(bank, stranded)));
    if !managers.is_empty() {
        lines.push(format!("{bank}: tell {}.", words::list(managers)));
    }
    if lines.len() > MOST_LINES {
        let more = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(format!("{bank}: and {more} more lines; locumbank doctor lists the bookings."));
    }
    lines
}

/// What there is to settle about a session at a practice that is not open on its day.
pub(crate) fn told(bank: &str, stranded: &Stranded) -> String {
    let day = words::full_date(stranded.local_date);
    let span = words::time_span(stranded.starts_at, stranded.ends_at);
    let booked = words::count(stranded.booked, "person is", "people are");
    format!(
        "{bank}: {booked} booked at {} on {day}, {span}. {} Agree with them, and cancel the booking.",
        stranded.practice_name,
        why(stranded)
    )
}
