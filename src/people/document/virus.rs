//! Viruses are looked for by a program that the operator names, such as `clamdscan`: it reads the file from its standard
//! input, and ends with 0 where it finds nothing and with 1 where it finds a virus. Whatever else happens, nobody has
//! looked, and the file is not taken.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::ground::settings::Documents;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The operator has named no program.
    NobodyLooks,
    /// There is no virus that the program knows.
    Clean,
    /// There is a virus.
    Infected,
}

/// Why nobody has looked although somebody should have.
#[derive(Debug, thiserror::Error)]
pub enum NotLooked {
    /// The program could not be run, or its answer not be read.
    #[error("running the virus check")]
    NotRun(#[source] std::io::Error),
    /// It took longer than it may.
    #[error("the virus check took longer than {0:?}")]
    TooLong(Duration),
    /// It ended otherwise than it should.
    #[error("the virus check ended with {0:?}")]
    Ended(Option<i32>),
}

/// Looks for viruses in a file.
pub async fn look(settings: &Documents, bytes: &[u8]) -> Result<Verdict, NotLooked> {
    let mut words = settings.virus_check.split_whitespace();
    let Some(program) = words.next() else { return Ok(Verdict::NobodyLooks) };
    let child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child = child.map_err(NotLooked::NotRun)?;
    let limit = Duration::from_secs(settings.virus_check_seconds);
    let ended = tokio::time::timeout(limit, hand_over(&mut child, bytes)).await;
    match ended.map_err(|_elapsed| NotLooked::TooLong(limit))?.map_err(NotLooked::NotRun)? {
        Some(0) => Ok(Verdict::Clean),
        Some(1) => Ok(Verdict::Infected),
        other => Err(NotLooked::Ended(other)),
    }
}

/// Gives the program the file, and waits for its end. A program that has seen enough reads no further.
async fn hand_over(child: &mut Child, bytes: &[u8]) -> std::io::Result<Option<i32>> {
    if let Some(mut input) = child.stdin.take()
        && let Err(error) = input.write_all(bytes).await
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        return Err(error);
    }
    Ok(child.wait().await?.code())
}

#[cfg(test)]
mod tests {
    use super::{NotLooked, Verdict, look};
    use crate::ground::settings::Documents;

    async fn verdict(program: &str, bytes: &[u8]) -> Result<Verdict, NotLooked> {
        let settings = Documents { virus_check: program.to_owned(), virus_check_seconds: 1 };
        look(&settings, bytes).await
    }

    #[tokio::test]
    async fn the_program_reads_the_file_and_says_what_it_found() {
        assert_eq!(verdict("", b"").await.unwrap(), Verdict::NobodyLooks);
        assert_eq!(verdict("grep -v EICAR", b"plain\n").await.unwrap(), Verdict::Clean);
        assert_eq!(verdict("grep -v EICAR", b"EICAR\n").await.unwrap(), Verdict::Infected);
        // One that reads nothing of a file that no pipe holds has still said what it thinks.
        assert_eq!(verdict("true", &vec![0; 1 << 20]).await.unwrap(), Verdict::Clean);
        assert_eq!(verdict("false", &vec![0; 1 << 20]).await.unwrap(), Verdict::Infected);
    }

    #[tokio::test]
    async fn whatever_else_happens_nobody_has_looked() {
        assert!(matches!(verdict("/nowhere/clamdscan -", b"x").await, Err(NotLooked::NotRun(_))));
        assert!(matches!(verdict("grep --no-such-option", b"x").await, Err(NotLooked::Ended(Some(2)))));
        assert!(matches!(verdict("sleep 20", b"x").await, Err(NotLooked::TooLong(_))));
    }
}
