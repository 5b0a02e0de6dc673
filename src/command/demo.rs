//! `locumbank demo`: a bank of invented people, made on the first start and kept.

use std::sync::Arc;

use clap::Args;

use super::{CommandError, serve};
use crate::app::App;
use crate::bank;
use crate::db::DbError;
use crate::demonstration::load::{Practices, Steps, load};
use crate::demonstration::{PASSWORD, SIGN_INS, Size};
use crate::settings::Settings;

/// What the demonstration is made of.
#[derive(Debug, Args)]
pub struct DemoArguments {}

/// Makes the demonstration bank unless there is one, says whom to sign in as, and serves it.
pub async fn run(settings: Settings, _arguments: DemoArguments) -> Result<(), CommandError> {
    let listener = serve::listen(&settings)?;
    let app = serve::open(settings).await?;
    prepare(&app).await?;
    greet(&app);
    serve::serve(app, listener).await
}

/// Brings the schema up to date, and makes the bank where there is none.
async fn prepare(app: &App) -> Result<(), CommandError> {
    app.db.migrate().await.map_err(|error| CommandError::new("Bringing the schema up to date", &error))?;
    let banks = app
        .db
        .read(|connection| Box::pin(async move { bank::store::list_banks(connection).await }))
        .await
        .map_err(|error: DbError| CommandError::new("Looking for the demonstration bank", &error))?;
    if !banks.is_empty() {
        return Ok(());
    }
    println!("Making the demonstration bank. This happens once and takes half a minute or so.");
    let steps: Steps = Arc::new(|step| println!("  {step} …"));
    load(app, Practices::Invented, Size::default(), steps)
        .await
        .map_err(|error| CommandError::new("Making the demonstration bank", &error))?;
    Ok(())
}

fn greet(app: &App) {
    println!("\nThe demonstration runs at {}", app.base_url());
    println!("Everybody's password is: {PASSWORD}\n");
    for (kind, email) in SIGN_INS {
        println!("  {:<20} {email}", kind.name());
    }
    if let Ok(inbox) = std::env::var("INBOX_URL") {
        println!("\nIts mail arrives at {inbox}");
    }
    println!("\nCtrl-C stops it. Everybody and everything in it is invented.");
}
