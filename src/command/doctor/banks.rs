//! The banks in the database: what each lacks before work can be posted, the log, and mail that waits for a person.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::Finding;
use crate::command::calendar::told;
use crate::command::closings;
use crate::ground::actor::Actor;
use crate::ground::audit::jobs::compare_with_seals;
use crate::ground::audit::seal::Verdict;
use crate::ground::db::{Db, DbError, Tx};
use crate::ground::mail::MailState;
use crate::ground::mail::store::count_by_state;
use crate::ground::mail::store::held::count_held;
use crate::ground::sign_in::PersonKind;
use crate::ground::words;
use crate::people::account::store::count_members;
use crate::people::practice::store::count_practices;
use crate::terms::bank::holidays::known_until;
use crate::terms::bank::store::holidays::list_published;
use crate::terms::bank::store::list_banks;
use crate::terms::rate::store::count_publications;
use crate::work::session::actions::closing::find_stranded;
use crate::work::session::actions::reband::find_out_of_band;

/// Sessions are posted a year ahead and more, and each needs to know whether its day is a bank holiday.
const HOLIDAYS_AHEAD: TimeDelta = TimeDelta::days(365);
/// The most banks that are named where the same is to be said of several.
const MOST_NAMED: usize = 5;

/// Looks at what is in a database with the schema of this binary.
pub(super) async fn examine_banks(db: &Db, today: NaiveDate) -> Result<Vec<Finding>, DbError> {
    let tx = &mut db.look(Actor::Operator).await?;

    examine(tx, today).await
}

async fn examine(tx: &mut Tx, today: NaiveDate) -> Result<Vec<Finding>, DbError> {
    let mut findings = vec![match compare_with_seals(tx).await? {
        Verdict::Whole { sealed_until } => {
            Finding::Good(format!("The audit log is as it was sealed, up to line {sealed_until}."))
        }
        Verdict::Altered { after, until } => Finding::Bad(format!(
            "The audit log was altered after it was sealed, between lines {after} and {until}: compare it with a backup."
        )),
        Verdict::OtherDetail { position } => Finding::Bad(format!(
            "What lies beside line {position} of the audit log is not what was written: compare it with a backup."
        )),
    }];
    let banks = list_banks(tx).await?;
    if banks.is_empty() {
        findings.push(Finding::Look(
            "There is no bank yet: locumbank import practices makes one, with the practices of an integrated care board.".to_owned(),
        ));
    }
    let known = known_until(&list_published(tx).await?);
    if known.is_none_or(|until| until < today + HOLIDAYS_AHEAD) {
        let until = known.map_or("not known".to_owned(), |until| {
            format!("known until {} only", words::date_without_weekday(until))
        });
        findings.push(Finding::Look(format!(
            "Bank holidays are {until}, and nothing can be posted beyond: locumbank import holidays reads \
             https://www.gov.uk/bank-holidays.json, saved to a file."
        )));
    }
    let held = count_held(tx, None).await?;
    if held > 0 {
        findings.push(Finding::Look(format!(
            "Mail held back after a restore, for an administrator to decide: {held}."
        )));
    }
    let mut lacking: BTreeMap<Vec<&'static str>, Vec<String>> = BTreeMap::new();
    for bank in banks {
        tx.go_to_bank(bank.id).await?;
        lacking.entry(find_lacking(tx).await?).or_default().push(bank.name.clone());
        let stranded = find_stranded(tx).await?;
        let booked = stranded.iter().filter(|stranded| stranded.booked > 0);
        findings.extend(booked.map(|stranded| Finding::Look(closings::told(&bank.name, stranded))));
        let out = find_out_of_band(tx).await?;
        findings.extend(told(&bank.name, &out).into_iter().take(MOST_NAMED).map(Finding::Look));
        for (state, count) in count_by_state(tx).await? {
            if matches!(state, MailState::Failed | MailState::Uncertain) {
                findings.push(Finding::Look(format!(
                    "{}: mail {}: {count}.",
                    bank.name,
                    state.name().to_lowercase()
                )));
            }
        }
    }
    findings.extend(lacking.iter().map(|(what, banks)| say_what_is_lacking(what, banks)));
    Ok(findings)
}

/// What a bank has to have before anything can be posted, planned and booked in it, in the order in which it is given.
const NEEDED: [(&str, &str); 6] = [
    ("no practices", "locumbank import practices"),
    ("no bank administrator", "locumbank admin invite"),
    ("no commissioner", "invited on the page People"),
    (
        "no rate ranges, without which nothing can be posted",
        "a commissioner publishes them on the page Rate ranges",
    ),
    ("no practice manager", "invited on the page People"),
    ("no clinicians", "invited on the page People"),
];

async fn find_lacking(tx: &mut Tx) -> Result<Vec<&'static str>, DbError> {
    let counts = [
        count_practices(tx, "").await?,
        count_members(tx, PersonKind::BankAdministrator).await?,
        count_members(tx, PersonKind::Commissioner).await?,
        count_publications(tx).await?,
        count_members(tx, PersonKind::PracticeManager).await?,
        count_members(tx, PersonKind::Clinician).await?,
    ];
    Ok(NEEDED.iter().zip(counts).filter(|(_, count)| *count == 0).map(|((what, _), _)| *what).collect())
}

/// One line for all banks that lack the same.
fn say_what_is_lacking(what: &[&'static str], banks: &[String]) -> Finding {
    let who = match banks {
        [bank] => bank.clone(),
        many if many.len() <= MOST_NAMED => words::list(many),
        many => format!("{} banks ({} …)", many.len(), many[..MOST_NAMED].join(", ")),
    };
    if what.is_empty() {
        return Finding::Good(format!("{who}: practices, people and rate ranges are there."));
    }
    let has = if banks.len() == 1 { "has" } else { "have" };
    let lacking = NEEDED.iter().filter(|(needed, _)| what.contains(needed));
    let lacking: Vec<String> = lacking.map(|(needed, how)| format!("{needed} ({how})")).collect();
    Finding::Look(format!("{who} {has} {}.", lacking.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::{Finding, NEEDED, say_what_is_lacking};

    #[test]
    fn banks_that_lack_the_same_share_a_line() {
        let names = |count: usize| (0..count).map(|at| format!("Bank {at}")).collect::<Vec<_>>();
        let Finding::Look(one) = say_what_is_lacking(&[NEEDED[1].0], &names(1)) else { panic!("a line") };
        assert_eq!(one, "Bank 0 has no bank administrator (locumbank admin invite).");
        let Finding::Look(many) = say_what_is_lacking(&[NEEDED[1].0, NEEDED[5].0], &names(36)) else {
            panic!("a line")
        };
        assert!(
            many.starts_with(
                "36 banks (Bank 0, Bank 1, Bank 2, Bank 3, Bank 4 …) have no bank administrator ("
            )
        );
        assert!(many.contains("; no clinicians ("));
        assert!(matches!(say_what_is_lacking(&[], &names(1)), Finding::Good(_)));
    }
}
