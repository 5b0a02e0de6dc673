//! Banks at the command line: another name, another board, an end in another bank.

use chrono::NaiveDate;
use clap::Args;

use crate::command::{CommandError, closings};
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError, Tx};
use crate::ground::facts::Reliants;
use crate::ground::form_fields::{self, Typed};
use crate::ground::words;
use crate::people::practice::import::merging::{MergeError, add_board, close_into, rename};
use crate::work::booking::error::DeskError;

/// The most letters of a bank's name.
const MOST_LETTERS: usize = 120;

/// Which bank gets which name.
#[derive(Debug, Args)]
pub struct NewName {
    /// The bank, by a code of its integrated care boards, like QVV
    #[arg(long)]
    icb: Typed,
    /// The name it goes on under
    #[arg(long)]
    name: Typed,
}

/// Which bank gets which board.
#[derive(Debug, Args)]
pub struct NewBoard {
    /// The bank, by a code of its integrated care boards, like QVV
    #[arg(long)]
    icb: Typed,
    /// The code of a board that it has too, or that its board has from now on
    #[arg(long)]
    board: Typed,
}

/// Which bank ends in which.
#[derive(Debug, Args)]
pub struct ClosedBank {
    /// The bank that ends, by a code of its integrated care boards, like QKS
    #[arg(long)]
    icb: Typed,
    /// The bank that goes on, by a code of its boards; it takes over those of the other
    #[arg(long)]
    into: Typed,
    /// The last day on which there is work in the bank that ends, like 2027-03-31
    #[arg(long)]
    last_day: NaiveDate,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// The code of a board as it was typed.
fn code(typed: &Typed) -> Result<String, CommandError> {
    form_fields::ods_code(typed).map_err(|_wrong| {
        CommandError::said(&format!("{typed} is no board\u{2019}s code: it has 3 letters or more, like QVV"))
    })
}

/// Gives a bank another name.
pub async fn rename_bank(db: &Db, new: &NewName) -> Result<(), CommandError> {
    let name = form_fields::text(&new.name, MOST_LETTERS)
        .map_err(|wrong| CommandError::said(&format!("--name: {}", wrong.sentence("name"))))?;
    let icb = code(&new.icb)?;
    let before = db.change(Actor::Operator, async |tx| rename(tx, &icb, &name).await).await;
    let before = before.map_err(|error: MergeError| CommandError::new("Renaming the bank", &error))?;
    say!("{before} is {name} now.");
    Ok(())
}

/// Gives a bank another board.
pub async fn add_board_to_bank(db: &Db, new: &NewBoard) -> Result<(), CommandError> {
    let (icb, board) = (code(&new.icb)?, code(&new.board)?);
    let added = db.change(Actor::Operator, async |tx| add_board(tx, &icb, &board).await).await;
    let (bank, boards) = added.map_err(|error: MergeError| CommandError::new("Adding a board", &error))?;
    say!(
        "{} has the boards {} now. The next import brings the practices of all of them.",
        bank.name,
        words::list(&boards)
    );
    Ok(())
}

/// Why a bank was not closed.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Merge(#[from] MergeError),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// Ends a bank in another.
pub async fn close_bank(db: &Db, reliants: &Reliants, closed: &ClosedBank) -> Result<(), CommandError> {
    let (icb, into) = (code(&closed.icb)?, code(&closed.into)?);
    let failed = |error: &(dyn std::error::Error + 'static)| CommandError::new("Closing the bank", error);
    let mut tx = db.begin(Actor::Operator).await.map_err(|error| failed(&error))?;
    let done = end(&mut tx, reliants, (&icb, &into), closed.last_day).await;
    let is_kept = done.is_ok() && !closed.dry_run;
    let settled: Result<(), DbError> = if is_kept { tx.commit().await } else { tx.give_up().await };
    settled.map_err(|error| failed(&error))?;
    say!("{}", done.map_err(|error| failed(&error))?.join("\n"));
    if closed.dry_run {
        say!("Nothing was changed: this was a dry run.");
    }
    Ok(())
}

async fn end(
    tx: &mut Tx,
    reliants: &Reliants,
    (icb, into): (&str, &str),
    last_day: NaiveDate,
) -> Result<Vec<String>, Failed> {
    let merged = close_into(tx, icb, into, last_day).await?;
    let (ends, goes_on) = (&merged.ends.name, &merged.goes_on.name);
    let mut lines = vec![format!(
        "{ends} ends with {}, with its history; {goes_on} has the boards {} now. The next import opens the practices there.",
        words::date_without_weekday(last_day),
        words::list(&merged.boards)
    )];
    lines.extend(closings::follow(tx, reliants, [(merged.ends.id, merged.practices)].into()).await?);
    Ok(lines)
}
