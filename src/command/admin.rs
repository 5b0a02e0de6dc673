//! `locumbank admin`: what an operator does at the machine, because nobody can do it on a page yet or any more.

use clap::Subcommand;

use crate::command::CommandError;
use crate::command::banks::{ClosedBank, NewBoard, NewName, add_board_to_bank, close_bank, rename_bank};
use crate::command::calendar::{WeekendHolidays, count_weekend_holidays};
use crate::command::database::open_database;
use crate::command::invite::{self, Invited};
use crate::command::need::{self, Needed};
use crate::command::reseal::reseal;
use crate::command::retention::{self, ErasedByTime};
use crate::command::second_factor::{DemandedFactor, LostFactor, demand, reset};
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError};
use crate::ground::form_fields::Typed;
use crate::ground::mail::store::held::{count_held, mark_epoch_begun};
use crate::ground::settings::Settings;
use crate::people::practice::import::removal::{RemovalError, remove_bank};
use crate::site::reliants::of_settings;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Invite somebody by email, as the first administrator of a bank, who then invites the others
    Invite(Invited),
    /// Take back a bank that an import made and nobody was added to, with its practices
    RemoveBank {
        /// The bank, by its integrated care board's code, like QVV
        #[arg(long)]
        icb: Typed,
    },
    /// Give a bank another name; it goes on as it is
    RenameBank(NewName),
    /// Give a bank another board, when boards merge or get another code; practices and bookings go on as they are
    AddBoard(NewBoard),
    /// End a bank in another, which takes over its boards; its history stays where it is
    CloseBank(ClosedBank),
    /// Choose whether 25 and 26 December and 1 January count themselves when they fall on a weekend
    WeekendHolidays(WeekendHolidays),
    /// Demand a second factor of everybody in a bank but clinicians, from a date on or of nobody
    SecondFactor(DemandedFactor),
    /// Take away the second factor of somebody who has lost it, where no other administrator can
    ResetSecondFactor(LostFactor),
    /// Say which documents a role needs, and list what each needs
    Need(Needed),
    /// Count what nights would erase by the banks’ times, or erase it now
    Retention(ErasedByTime),
    /// Seal by the newest keys of the settings what older ones have sealed, so that these can be taken away
    Reseal,
    /// After a restore, or in a copy: hold back all mail that was unsent in the backup
    BeginEpoch,
}

/// Carries out `what` on the database in `settings`.
pub async fn run(settings: Settings, what: Admin) -> Result<(), CommandError> {
    let db = open_database(&settings, 1).await?;
    match what {
        Admin::Invite(whom) => invite::run(&db, &settings, whom).await,
        Admin::RemoveBank { icb } => take_back_bank(&db, icb.to_uppercase()).await,
        Admin::RenameBank(new) => rename_bank(&db, &new).await,
        Admin::AddBoard(new) => add_board_to_bank(&db, &new).await,
        Admin::CloseBank(closed) => close_bank(&db, &of_settings(&settings), &closed).await,
        Admin::WeekendHolidays(choice) => count_weekend_holidays(&db, &choice).await,
        Admin::SecondFactor(demanded) => demand(&db, &demanded).await,
        Admin::ResetSecondFactor(lost) => reset(&db, &settings, &lost).await,
        Admin::Need(needed) => need::run(&db, &of_settings(&settings), needed).await,
        Admin::Retention(what) => retention::run(&db, &what).await,
        Admin::Reseal => reseal(&db, &settings).await,
        Admin::BeginEpoch => begin_epoch(&db).await,
    }
}

async fn take_back_bank(db: &Db, icb: String) -> Result<(), CommandError> {
    let removed = db.change(Actor::Operator, async |tx| remove_bank(tx, &icb).await);
    let removed =
        removed.await.map_err(|error: RemovalError| CommandError::new("Removing the bank", &error))?;
    say!("{} was removed, with its practices: {}.", removed.name, removed.practices);
    Ok(())
}

async fn begin_epoch(db: &Db) -> Result<(), CommandError> {
    let begun = db.change(Actor::Operator, async |tx| {
        let epoch = mark_epoch_begun(tx).await?;
        Ok::<_, DbError>((epoch, count_held(tx, None).await?))
    });
    let (epoch, held) = begun.await.map_err(|error| CommandError::new("Beginning an epoch", &error))?;
    say!("Epoch {epoch} has begun. Mail held back for a bank administrator to decide about: {held}.");
    Ok(())
}
