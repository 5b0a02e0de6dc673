//! Writes a demonstration bank: everything or nothing, in one transaction.

use std::sync::Arc;

use chrono::{Days, TimeDelta};
use chrono_tz::Europe::London;
use serde_json::json;

use crate::demonstration::context::{Context, LoadError, Steps};
use crate::demonstration::people::{Invented, PlacedPractice, clinicians, later};
use crate::demonstration::trades::{BANDS, TRADES, in_steps, per_cent_of_core};
use crate::demonstration::{PASSWORD, SIGN_INS, Size, county, history, rounds, vacancies, work, worked};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::{AccountId, AvailabilityId, BankId, ClearanceId, MembershipId, RateRangeId};
use crate::ground::sign_in::PersonKind;
use crate::ground::words;
use crate::people::account::password;
use crate::people::account::store::{NewAccount, insert_account, insert_membership};
use crate::people::availability::Pattern;
use crate::people::credential::Clearance;
use crate::people::practice::import::{Register, import_practices};
use crate::people::{availability, clinician, credential, practice};
use crate::terms::bank::places::Place;
use crate::terms::bank::{self, Bank, Catalogue, calendar, presets};
use crate::terms::rate::store::{NewRange, insert_range};
use crate::work::booking::desk::Desk;
use crate::work::session::{self, AskedSession};
use matching::example::chance::Chance;

/// The same county each time but for its dates.
const SEED: u64 = 7;

/// How many weeks before the history everybody was cleared and the first ranges were published.
const WEEKS_OF_PREPARATION: i64 = 4;

/// Where the practices come from.
#[derive(Clone)]
pub enum Practices {
    /// An invented county.
    Invented,
    /// The national register.
    Register {
        /// What was read of it.
        register: Arc<Register>,
        /// The integrated care board whose practices are wanted.
        icb: String,
    },
}

/// Makes the demonstration bank and gives its id.
pub async fn load(app: &App, practices: Practices, size: Size, steps: Steps) -> Result<BankId, LoadError> {
    let now = app.clock.now();
    let context = Context {
        bank: Bank { id: BankId::new(), name: county::NAME.to_owned(), time_zone: London, invented: true },
        now,
        today: calendar::local_date(London, now),
        size,
        desk: Desk::of(app),
        policy: app.settings.matching.policy,
        password_hash: password::hash(&PASSWORD.into(), app.settings.sign_in.argon2_memory_kib)?,
        steps,
    };
    let bank =
        app.db.change(Actor::Operator, async |tx| write(tx, context.clone(), &practices).await).await?;
    Ok(bank)
}

async fn write(tx: &mut Tx, mut context: Context, practices: &Practices) -> Result<BankId, LoadError> {
    let mut chance = Chance::new(SEED, 1);
    let placed = match practices {
        Practices::Invented => write_county(tx, &context, &mut chance).await?,
        Practices::Register { register, icb } => {
            context.bank = import(tx, &context, register, icb).await?;
            read_practices(tx).await?
        }
    };
    let context = &context;
    tx.go_to_bank(context.bank.id).await?;
    if placed.is_empty() {
        return Err(LoadError::NoPractices);
    }
    (context.steps)("People");
    let (administrator, membership) = write_staff(tx, context, &placed).await?;
    write_ranges(tx, context).await?;
    let people = clinicians(&mut chance, &placed, context.size.clinicians, context.today, SIGN_INS[1].1);
    for person in &people {
        write_clinician(tx, context, person, administrator).await?;
    }
    (context.steps)("Sessions");
    let catalogue = bank::store::load_catalogue(tx).await?;
    write_sessions(tx, context, &placed, &catalogue, &mut chance).await?;
    let (bank, kind) = (context.bank.id, PersonKind::BankAdministrator);
    tx.go_on_as(Actor::Member { account: administrator, bank, membership, kind });
    worked::write_extras(tx, context).await?;
    history::write(tx, context, &mut chance).await?;
    rounds::write(tx, context, &mut chance).await?;
    // By chances of their own, so that the rest of the county is as it was.
    vacancies::write(tx, context, &mut Chance::new(SEED, 2)).await?;
    worked::write_sign_offs(tx, context, &mut Chance::new(SEED, 3)).await?;
    let detail = json!({ "clinicians": people.len(), "practices": placed.len() });
    audit::record(tx, Action::DemonstrationLoaded, context.bank.id, detail).await?;
    (context.steps)("Writing");
    Ok(context.bank.id)
}

/// Imports the practices of a board, and marks their bank as invented: its people will be.
async fn import(tx: &mut Tx, context: &Context, register: &Register, icb: &str) -> Result<Bank, LoadError> {
    (context.steps)("Practices of the national register");
    import_practices(tx, &context.desk.reliants, register, (Some(icb), false)).await?;
    let bank = bank::store::find_bank_by_icb(tx, icb).await?.ok_or(LoadError::NoPractices)?;
    tx.go_to_bank(bank.id).await?;
    bank::store::mark_invented(tx).await?;
    Ok(Bank { invented: true, ..bank })
}

async fn write_county(
    tx: &mut Tx,
    context: &Context,
    chance: &mut Chance,
) -> Result<Vec<PlacedPractice>, LoadError> {
    (context.steps)("Practices");
    let bank = &context.bank;
    bank::store::insert_bank(tx, bank, None).await?;
    tx.go_to_bank(bank.id).await?;
    presets::insert_presets(tx).await?;
    let practices = county::practices(chance);
    for new in &practices {
        practice::store::insert_practice(tx, new).await?;
    }
    let placed = practices.into_iter().map(|new| PlacedPractice {
        id: new.id,
        postcode: new.postcode,
        place: new.place,
        clinical_system: new.clinical_system,
    });
    Ok(placed.collect())
}

async fn read_practices(tx: &mut Tx) -> Result<Vec<PlacedPractice>, LoadError> {
    let practices = practice::store::list_practices(tx, "", i64::MAX, 0).await?;
    let today = words::london_date(tx.now());
    let open = practices.into_iter().filter(|practice| practice.is_open_on(today));
    let placed = open.map(|practice| PlacedPractice {
        id: practice.id,
        place: Place {
            latitude_microdegrees: practice.latitude_microdegrees,
            longitude_microdegrees: practice.longitude_microdegrees,
        },
        postcode: practice.postcode,
        clinical_system: practice.clinical_system,
    });
    Ok(placed.collect())
}

/// One practice manager to every four practices, an administrator and a commissioner. Gives the administrator.
async fn write_staff(
    tx: &mut Tx,
    context: &Context,
    practices: &[PlacedPractice],
) -> Result<(AccountId, MembershipId), LoadError> {
    for (number, group) in practices.chunks(4).enumerate() {
        let email = if number == 0 {
            SIGN_INS[0].1.to_owned()
        } else {
            format!("manager{number:03}@demonstration.example")
        };
        let name =
            format!("{} Fairweather", ["Morgan", "Robin", "Sacha", "Ellis", "Rowan", "Frankie"][number % 6]);
        let (_, membership) = write_person(tx, context, PersonKind::PracticeManager, &email, &name).await?;
        for practice in group {
            practice::store::insert_practice_manager(tx, membership, practice.id).await?;
        }
    }
    write_person(tx, context, PersonKind::Commissioner, SIGN_INS[3].1, "Jordan Merriweather").await?;
    write_person(tx, context, PersonKind::BankAdministrator, SIGN_INS[2].1, "Alex Goodfellow").await
}

async fn write_person(
    tx: &mut Tx,
    context: &Context,
    kind: PersonKind,
    email: &str,
    name: &str,
) -> Result<(AccountId, MembershipId), LoadError> {
    let (id, membership) = (AccountId::new(), MembershipId::new());
    let password_hash = Some(context.password_hash.clone());
    let account = NewAccount { id, email: email.to_owned(), name: name.to_owned(), password_hash };
    insert_account(tx, &account).await?;
    insert_membership(tx, membership, id, kind).await?;
    events::record(tx, &[Happened::PersonJoined(membership, kind)]).await?;
    Ok((id, membership))
}

async fn write_ranges(tx: &mut Tx, context: &Context) -> Result<(), LoadError> {
    let weeks = context.size.weeks_behind + WEEKS_OF_PREPARATION;
    let first = later(context.today, -7 * weeks);
    tx.go_to_time(context.now - TimeDelta::weeks(weeks));
    for trade in &TRADES {
        for band in BANDS {
            let per_cent = per_cent_of_core(band);
            let range = NewRange {
                id: RateRangeId::new(),
                role: trade.role.to_owned(),
                band,
                valid_from: first,
                floor_pence_per_hour: in_steps(trade.floor_pence_per_hour, per_cent),
                ceiling_pence_per_hour: in_steps(trade.ceiling_pence_per_hour, per_cent),
            };
            insert_range(tx, &range).await?;
            events::record(tx, &[range.as_published()]).await?;
        }
    }
    tx.go_to_time(context.now);
    Ok(())
}

async fn write_clinician(
    tx: &mut Tx,
    context: &Context,
    person: &Invented,
    administrator: AccountId,
) -> Result<(), LoadError> {
    let id = person.clinician.id;
    let began = context.now - TimeDelta::weeks(context.size.weeks_behind + WEEKS_OF_PREPARATION);
    let membership = MembershipId::new();
    let account = NewAccount {
        id: person.clinician.account,
        email: person.clinician.email.clone(),
        name: person.clinician.name.clone(),
        password_hash: Some(context.password_hash.clone()),
    };
    tx.go_to_time(began);
    insert_account(tx, &account).await?;
    insert_membership(tx, membership, account.id, PersonKind::Clinician).await?;
    events::record(tx, &[Happened::PersonJoined(membership, PersonKind::Clinician)]).await?;
    clinician::store::insert_clinician(tx, membership, &person.clinician).await?;
    tx.go_to_time(context.now);
    clinician::store::replace_rates(tx, id, &person.rates).await?;
    for held in &person.held {
        credential::store::upsert_held(tx, id, held).await?;
    }
    for (weekday, hours) in &person.weekly {
        let from_date = calendar::local_date(context.bank.time_zone, began);
        let pattern = Pattern {
            id: AvailabilityId::new(),
            weekday: *weekday,
            hours: *hours,
            from_date,
            until_date: None,
        };
        availability::store::insert_pattern(tx, id, &pattern).await?;
    }
    if let Some(away) = &person.away {
        availability::store::insert_time_away(tx, id, away).await?;
    }
    for (practice, kind) in &person.preferences {
        clinician::store::upsert_preference(tx, id, *practice, *kind).await?;
    }
    let Some(cleared_until) = person.cleared_until else { return Ok(()) };
    let clearance = Clearance {
        id: ClearanceId::new(),
        clinician: id,
        role: person.clinician.role.clone(),
        cleared_until,
        works_until: cleared_until,
        document: None,
        reason: "Documents seen and register checked".to_owned(),
        decided_by: administrator,
        decided_by_name: String::new(),
        decided_at: began,
        is_of_number: true,
    };
    credential::store::insert_clearance(tx, &clearance).await?;
    tx.go_to_time(began);
    events::record(tx, &[clearance.as_decided()]).await?;
    tx.go_to_time(context.now);
    Ok(())
}

async fn write_sessions(
    tx: &mut Tx,
    context: &Context,
    practices: &[PlacedPractice],
    catalogue: &Catalogue,
    chance: &mut Chance,
) -> Result<(), LoadError> {
    let (zone, size) = (context.bank.time_zone, context.size);
    let days = u64::try_from(7 * size.weeks_ahead).unwrap_or(0);
    let tomorrow = context.today + Days::new(1);
    let ahead = work::sessions(chance, practices, catalogue, zone, (tomorrow, days), size.sessions);
    tx.go_to_time(context.now - TimeDelta::days(10));
    post(tx, &ahead).await?;
    for week in 0..=size.weeks_behind {
        let first = later(calendar::monday_of(context.today), -7 * week);
        let days = (tomorrow - first).num_days().clamp(0, 7);
        let count = size.sessions_a_week_behind * usize::try_from(days).unwrap_or(0) / 7;
        let days = u64::try_from(days).unwrap_or(0);
        let behind = work::sessions(chance, practices, catalogue, zone, (first, days), count);
        tx.go_to_time(context.now - TimeDelta::weeks(week + 3));
        post(tx, &behind).await?;
    }
    tx.go_to_time(context.now);
    Ok(())
}

async fn post(tx: &mut Tx, sessions: &[AskedSession]) -> Result<(), LoadError> {
    session::store::insert_sessions(tx, sessions).await?;
    let happened: Vec<Happened> = sessions.iter().map(AskedSession::as_posted).collect();
    Ok(events::record(tx, &happened).await?)
}
