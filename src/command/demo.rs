//! `locumbank demo`: a bank of invented people, made on the first start and kept.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use secrecy::ExposeSecret as _;

use crate::command::calendar::keep_released;
use crate::command::{CommandError, import, serve};
use crate::demonstration::context::Steps;
use crate::demonstration::load::{Practices, load};
use crate::demonstration::walk::{Outcome, WalkError, walk};
use crate::demonstration::{PASSWORD, SIGN_INS, Size};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::db::health::examine_at;
use crate::ground::db::roles;
use crate::ground::form_fields::Typed;
use crate::ground::settings::Settings;
use crate::ground::words;
use crate::people::practice::import::{Files, Register};
use crate::terms::bank::{self, Bank};

/// What the demonstration is made of, and what is done with it.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Do the whole main job through pages and mails, print what came of it, and end
    #[arg(long)]
    once: bool,
    /// Invent people for the practices of the national register (epraccur), instead of a county
    #[arg(long, value_name = "FILE", requires = "map", requires = "icb")]
    ods: Option<PathBuf>,
    /// The mapping of practices to networks and integrated care boards
    #[arg(long, value_name = "FILE", requires = "ods")]
    map: Option<PathBuf>,
    /// The integrated care board whose practices are wanted, such as QVV
    #[arg(long, value_name = "CODE", requires = "ods")]
    icb: Option<Typed>,
}

/// Makes the demonstration bank unless there is one, says whom to sign in as, and serves it; or does the main job on
/// it once.
pub async fn run(settings: Settings, arguments: DemoArguments) -> Result<(), CommandError> {
    let listener = serve::listen(&settings)?;
    let app = serve::open(settings)?;
    let bank = prepare(&app, &arguments).await?;
    if arguments.once {
        return walk_once(app, &bank, listener).await;
    }
    greet(&app);
    serve::serve(app, listener).await
}

/// Brings the schema up to date, and makes the bank where there is none.
async fn prepare(app: &App, arguments: &DemoArguments) -> Result<Bank, CommandError> {
    let practices = practices(arguments)?;
    let database = &app.settings.database;
    examine_at(database.owner_url()).await.map_err(|error| CommandError::said(&error.to_string()))?;
    roles::migrate(database.owner_url(), database.url.expose_secret())
        .await
        .map_err(|error| CommandError::new("Bringing the database up to date", &error))?;
    keep_released(&app.db).await.map_err(|error| CommandError::new("Keeping the bank holidays", &error))?;
    if let Some(bank) = find_bank(app).await? {
        if arguments.ods.is_some() {
            say!("There is a demonstration bank already: {}. Begin anew with ./dev demo --fresh.", bank.name);
        }
        return Ok(bank);
    }
    say!("Making the demonstration bank. This happens once and takes half a minute or so.");
    let steps: Steps = Arc::new(|step| say!("  {step} …"));
    load(app, practices, Size::default(), steps)
        .await
        .map_err(|error| CommandError::new("Making the demonstration bank", &error))?;
    roles::gather_statistics(database.owner_url())
        .await
        .map_err(|error| CommandError::new("Making the demonstration bank", &error))?;
    find_bank(app)
        .await?
        .ok_or_else(|| CommandError::said("The demonstration bank is not there after it was made."))
}

/// Where the practices come from: the files that were named, or an invented county.
fn practices(arguments: &DemoArguments) -> Result<Practices, CommandError> {
    let (Some(ods), Some(map), Some(icb)) = (&arguments.ods, &arguments.map, &arguments.icb) else {
        return Ok(Practices::Invented);
    };
    let files =
        Files { ods: import::read(ods)?, map: import::read(map)?, postcodes: None, successors: Vec::new() };
    let register =
        Register::read(&files).map_err(|error| CommandError::new("Reading the practices", &error))?;
    Ok(Practices::Register { register: Arc::new(register), icb: icb.to_uppercase() })
}

async fn find_bank(app: &App) -> Result<Option<Bank>, CommandError> {
    let looked_for = |error: DbError| CommandError::new("Looking for the demonstration bank", &error);
    let mut tx = app.db.look(Actor::Operator).await.map_err(looked_for)?;
    let banks = bank::store::list_banks(&mut tx).await.map_err(looked_for)?;
    Ok(banks.into_iter().find(|bank| bank.invented))
}

fn greet(app: &App) {
    say!("\nThe demonstration runs at {}", app.base_url());
    say!("Everybody's password is: {PASSWORD}\n");
    for (kind, email) in SIGN_INS {
        say!("  {:<20} {email}", kind.name());
    }
    if let Ok(inbox) = std::env::var("INBOX_URL") {
        say!("\nIts mail arrives at {inbox}");
    }
    let log = &app.settings.log.file;
    if !log.as_os_str().is_empty() {
        say!("Its log is {}", log.display());
    }
    say!("\nCtrl-C stops it. The people in it and all their work are invented.");
}

/// Serves in the background while the main job is done.
async fn walk_once(app: App, bank: &Bank, listener: TcpListener) -> Result<(), CommandError> {
    say!("Doing the main job through {} …", app.base_url());
    let doing = |error: &WalkError| CommandError::new("The main job", error);
    let inbox = std::env::var("INBOX_URL").map_err(|_unset| doing(&WalkError::NoInbox))?;
    let served = tokio::spawn(serve::serve(app.clone(), listener));
    let outcome = walk(&app, bank.id, &inbox).await;
    served.abort();
    let outcome = outcome.map_err(|error| doing(&error))?;
    print(bank, &outcome);
    Ok(())
}

fn print(bank: &Bank, outcome: &Outcome) {
    let count = &outcome.count;
    say!("\n{}, {}\n", bank.name, words::date_span(outcome.dates.0, outcome.dates.1));
    say!("  Sessions        {} open on these dates", words::number(count.sessions));
    say!("  Plan            {}", outcome.plan_says.join("; "));
    say!("  Plan gap        {}", outcome.gap);
    say!("  Offers          {} made, {} accepted, {} declined", count.offers, count.accepted, count.declined);
    say!("  Bookings        {} made of offers", count.bookings);
    say!("  Mails           {} arrived, {} with a calendar entry", outcome.mails, outcome.confirmations);
    say!("  Fill rate       {}", outcome.fill_rate);
    say!("\nThe database and the inbox agree with all of it.");
}
