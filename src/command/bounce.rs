//! `locumbank bounce`: takes a report about a mail from the mail server, on standard input.

use std::io::Read as _;
use std::process::ExitCode;

use crate::command::CommandError;
use crate::command::database::demand_ready;
use crate::command::serve::open;
use crate::ground::settings::Settings;
use crate::letters::bounce::receive::{Taken, receive};

/// The most of a message that is read, in bytes. Reports return the headers of a mail, and at most the mail itself.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The exit code by which a mail server keeps a message and tries again later (`EX_TEMPFAIL` of `sysexits.h`).
pub const TRY_AGAIN: u8 = 75;

/// Takes the message on standard input. What is no report is passed over, so that a mail server does not send it back.
pub async fn run(settings: Settings) -> Result<(), CommandError> {
    let mut message = Vec::new();
    std::io::stdin()
        .take(MOST_BYTES)
        .read_to_end(&mut message)
        .map_err(|error| CommandError::new("Reading the message", &error))?;
    demand_ready(&settings).await?;
    let app = open(settings)?;
    let taken =
        receive(&app, &message).await.map_err(|error| CommandError::new("Taking the report", &error))?;
    say!("{}", in_words(taken));
    Ok(())
}

fn in_words(taken: Taken) -> String {
    match taken {
        Taken::NoReport => "This is no report about a mail. Nothing changed.".to_owned(),
        Taken::UnknownMail => "This is about no mail of ours. Nothing changed.".to_owned(),
        Taken::Again => "This was taken before. Nothing changed.".to_owned(),
        Taken::Counted { stopped: 0 } => "Counted. The address still gets mail.".to_owned(),
        Taken::Counted { stopped } => format!("Counted. No more mail is sent to {stopped} of the addresses."),
    }
}

/// The exit code: what failed may be tried again.
#[must_use]
pub fn exit_code(done: Result<(), CommandError>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("locumbank: {error}");
            ExitCode::from(TRY_AGAIN)
        }
    }
}
