//! What was worked in the weeks that have been: each practice signs a week off on the Wednesday after it, through the actions that
//! pages use. What ended since waits, and one clinician asks about a sign-off.

use std::collections::BTreeMap;
use std::fmt::Display;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use matching::example::chance::Chance;

use crate::demonstration::SIGN_INS;
use crate::demonstration::context::{Context, LoadError};
use crate::demonstration::store::{Managing, list_clinicians, list_managing};
use crate::ground::actor::Actor;
use crate::ground::db::Tx;
use crate::ground::id::MembershipId;
use crate::ground::mail::Letterhead;
use crate::ground::sign_in::PersonKind;
use crate::pay::worked::actions::query::ask_about;
use crate::pay::worked::actions::sign_off::sign_off;
use crate::pay::worked::store::works::{Work, list_waiting_works, list_works_of_clinician};
use crate::pay::worked::{Hours, NewSignOff, Outcome, Taken};
use crate::people::practice::actions::decide_extra;
use crate::people::practice::extras::{ExtraUnit, NewExtra};
use crate::terms::bank::calendar::{local_date, monday_of, start_of_day};

/// What practices pay beside the rate: name, unit, and pence a unit.
const EXTRAS: [(&str, ExtraUnit, i32); 3] = [
    ("Home visit", ExtraUnit::Each, 2_500),
    ("Extra patients", ExtraUnit::QuarterHour, 2_200),
    ("Mileage", ExtraUnit::Mile, 55),
];
/// Of a thousand sessions so many had something beside the rate, ran over, or had nobody come.
const WITH_EXTRAS_PER_MILLE: usize = 120;
const RAN_OVER_PER_MILLE: usize = 40;
const NOT_ATTENDED_PER_MILLE: usize = 6;

fn failed(error: impl Display) -> LoadError {
    LoadError::Worked(error.to_string())
}

fn manager_of(context: &Context, one: &Managing) -> Actor {
    let (bank, kind) = (context.bank.id, PersonKind::PracticeManager);
    Actor::Member { account: one.account, bank, membership: one.membership, kind }
}

/// Each practice says what it pays beside the rate, before the history begins.
pub(super) async fn write_extras(tx: &mut Tx, context: &Context) -> Result<(), LoadError> {
    let administrator = tx.actor();
    tx.go_to_time(context.now - TimeDelta::weeks(context.size.weeks_behind + 3));
    let valid_from = local_date(context.bank.time_zone, tx.now());
    for one in list_managing(tx).await? {
        tx.go_on_as(manager_of(context, &one));
        for (name, unit, pence) in EXTRAS {
            let extra = NewExtra { name: name.to_owned(), unit, pence_per_unit: Some(pence), valid_from };
            decide_extra(tx, one.practice, &extra).await.map_err(failed)?;
        }
    }
    tx.go_to_time(context.now);
    tx.go_on_as(administrator);
    Ok(())
}

/// Signs off the weeks that have been, and has somebody ask about one of them.
pub(super) async fn write_sign_offs(
    tx: &mut Tx,
    context: &Context,
    chance: &mut Chance,
) -> Result<(), LoadError> {
    (context.steps)("What was worked");
    let administrator = tx.actor();
    let managers: BTreeMap<MembershipId, Managing> =
        list_managing(tx).await?.into_iter().map(|one| (one.membership, one)).collect();
    for one in managers.values() {
        tx.go_on_as(manager_of(context, one));
        sign_weeks_off(tx, context, one.membership, chance).await?;
    }
    ask_about_the_last(tx, context).await?;
    tx.go_to_time(context.now);
    tx.go_on_as(administrator);
    Ok(())
}

async fn sign_weeks_off(
    tx: &mut Tx,
    context: &Context,
    membership: MembershipId,
    chance: &mut Chance,
) -> Result<(), LoadError> {
    let zone = context.bank.time_zone;
    tx.go_to_time(context.now);
    let works = list_waiting_works(tx, membership, (i64::MAX, 0)).await?;
    let mut weeks: BTreeMap<NaiveDate, Vec<&Work>> = BTreeMap::new();
    for work in &works {
        weeks.entry(monday_of(local_date(zone, work.starts_at))).or_default().push(work);
    }
    let letterhead = &context.desk.reliants.means.letterhead;
    for (monday, of_week) in weeks {
        let wednesday = start_of_day(zone, monday + Days::new(9)) + TimeDelta::hours(10);
        if wednesday > context.now {
            continue;
        }
        let wanted: Vec<NewSignOff> = of_week.iter().map(|work| signed_of(work, chance)).collect();
        sign_at(tx, letterhead, wednesday, &wanted).await?;
    }
    Ok(())
}

async fn sign_at(
    tx: &mut Tx,
    letterhead: &Letterhead,
    at: DateTime<Utc>,
    wanted: &[NewSignOff],
) -> Result<(), LoadError> {
    tx.go_to_time(at);
    sign_off(tx, letterhead, wanted).await.map_err(failed)?;
    Ok(())
}

fn signed_of(work: &Work, chance: &mut Chance) -> NewSignOff {
    let mut hours = work.booked();
    let mut extras = Vec::new();
    let mut reason = String::new();
    if chance.per_mille(RAN_OVER_PER_MILLE) {
        hours = Hours { ends_at: hours.ends_at + TimeDelta::minutes(30), ..hours };
        "The clinic ran over".clone_into(&mut reason);
    }
    if chance.per_mille(WITH_EXTRAS_PER_MILLE)
        && let Some(extra) = work.agreed.first()
    {
        extras.push(Taken { extra: extra.clone(), quantity: 2 });
    }
    let outcome = if chance.per_mille(NOT_ATTENDED_PER_MILLE) {
        "Nobody came, and we could not reach them".clone_into(&mut reason);
        Outcome::NotAttended
    } else {
        Outcome::Attended { hours, extras }
    };
    NewSignOff { booking: work.id, seen_version: 0, outcome, reason }
}

/// The clinician of the demonstration asks about what was signed off of theirs last.
async fn ask_about_the_last(tx: &mut Tx, context: &Context) -> Result<(), LoadError> {
    tx.go_to_time(context.now);
    let clinicians = list_clinicians(tx).await?;
    let Some(own) = clinicians.iter().find(|one| one.email == SIGN_INS[1].1) else { return Ok(()) };
    let works = list_works_of_clinician(tx, own.clinician, (50, 0)).await?;
    let Some(work) = works.iter().find(|work| work.newest().is_some()) else { return Ok(()) };
    let (bank, kind) = (context.bank.id, PersonKind::Clinician);
    tx.go_on_as(Actor::Member { account: own.account, bank, membership: own.membership, kind });
    let letterhead = &context.desk.reliants.means.letterhead;
    ask_about(tx, letterhead, work.id, "I made a home visit as well: can you add it?").await.map_err(failed)
}
