//! `locumbank doctor`: what is wrong with the settings and with what they name, and what to do about it.

mod banks;
mod database;
pub(crate) mod documents;
mod rest;
mod settings;

use crate::command::CommandError;
use crate::ground::settings::Settings;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    /// All is well.
    Good(String),
    /// It works, but somebody should look.
    Look(String),
    /// It does not work.
    Bad(String),
}

/// Looks at everything, prints what it finds, and fails where something does not work. One thing that is wrong keeps
/// nothing else from being looked at.
pub async fn run(settings: Settings) -> Result<(), CommandError> {
    let mut findings = settings::examine_settings(&settings);
    findings.extend(settings::examine_redis(&settings).await);
    findings.extend(database::examine_database(&settings).await);
    findings.extend(settings::examine_relay(&settings).await);
    for finding in &findings {
        match finding {
            Finding::Good(text) => say!("ok     {text}"),
            Finding::Look(text) => say!("look   {text}"),
            Finding::Bad(text) => say!("wrong  {text}"),
        }
    }
    match findings.iter().filter(|finding| matches!(finding, Finding::Bad(_))).count() {
        0 => Ok(()),
        1 => Err(CommandError::said("one thing does not work: see above")),
        many => Err(CommandError::said(&format!("{many} things do not work: see above"))),
    }
}
