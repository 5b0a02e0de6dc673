//! Runs matching in a process of its own, so that a solver that does not stop harms nobody: it is killed.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::ground::settings;
use matching_model::Plan;
use matching_model::format::read_plan;

/// Why a run gave no plan.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The binary is not there or may not be run.
    #[error("starting the matching run: {0}")]
    Start(#[source] std::io::Error),
    /// It did not end in time, and was killed.
    #[error("the matching run went on for more than {seconds} seconds and was killed")]
    Overran {
        /// The time it had.
        seconds: u64,
    },
    /// It ended without a plan.
    #[error("the matching run gave up: {0}")]
    GaveUp(String),
    /// What it wrote is no plan.
    #[error("the matching run wrote no plan: {0}")]
    NoPlan(#[source] serde_json::Error),
}

/// What to run, and for how long.
#[derive(Debug, Clone)]
pub struct Run {
    /// The binary.
    pub program: PathBuf,
    /// Seconds after which it should stop with its best plan.
    pub seconds: u32,
    /// How long it may take before it is killed.
    pub kill_after: Duration,
}

impl Run {
    /// A run as the settings say.
    pub fn of(settings: &settings::Matching) -> Result<Self, RunError> {
        let program = if settings.program.is_empty() {
            std::env::current_exe().map_err(RunError::Start)?
        } else {
            PathBuf::from(&settings.program)
        };
        let kill_after = Duration::from_secs(settings.kill_after_seconds.into());
        Ok(Self { program, seconds: settings.seconds, kill_after })
    }

    /// Plans the problem in this file's text. The process gets nothing of the environment: it needs no secrets.
    pub async fn plan(&self, problem: Vec<u8>) -> Result<Plan, RunError> {
        let output =
            tokio::time::timeout(self.kill_after, output_of(&self.program, self.seconds, problem)).await;
        let Ok(output) = output else {
            // Dropping the future dropped the process, which kills it.
            return Err(RunError::Overran { seconds: self.kill_after.as_secs() });
        };
        let output = output.map_err(RunError::Start)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
            return Err(RunError::GaveUp(last.to_owned()));
        }
        read_plan(output.stdout.as_slice()).map_err(RunError::NoPlan)
    }
}

async fn output_of(
    program: &Path,
    seconds: u32,
    problem: Vec<u8>,
) -> Result<std::process::Output, std::io::Error> {
    let mut child = Command::new(program)
        .args(["match", "/dev/stdin", "--quiet", "--seconds"])
        .arg(seconds.to_string())
        .arg("--remedies")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdin = child.stdin.take();
    let write = async move {
        if let Some(mut stdin) = stdin {
            // A process that ends before it has read everything says why on its way out; the broken pipe does not.
            let _broken_pipe = stdin.write_all(&problem).await;
        }
    };
    let ((), output) = tokio::join!(write, child.wait_with_output());
    output
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, Instant};

    use super::{Run, RunError};

    /// A program that does what `script` says, in the place of the binary.
    fn run_of(script: &str) -> (tempfile::TempPath, Run) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "#!/bin/sh\n{script}").unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = file.into_temp_path();
        let run = Run { program: path.to_path_buf(), seconds: 1, kill_after: Duration::from_millis(500) };
        (path, run)
    }

    #[tokio::test]
    async fn a_run_that_does_not_stop_is_killed() {
        let mark = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        let (_file, run) = run_of(&format!("exec sleep 3.14159; echo survived > {}", mark.display()));
        let began = Instant::now();
        let outcome = run.plan(b"{}".to_vec()).await;
        assert!(matches!(outcome, Err(RunError::Overran { .. })), "{outcome:?}");
        assert!(began.elapsed() < Duration::from_secs(2));
        tokio::time::sleep(Duration::from_millis(200)).await;
        let sleepers = std::process::Command::new("pgrep").args(["-f", "sleep 3.14159"]).output().unwrap();
        assert!(sleepers.stdout.is_empty(), "the process lives on");
    }

    #[tokio::test]
    async fn a_run_that_gives_up_says_why() {
        let (_file, run) = run_of("echo 'sessions[0].end: too early' >&2; exit 2");
        let outcome = run.plan(vec![b'x'; 1 << 20]).await;
        assert!(matches!(&outcome, Err(RunError::GaveUp(said)) if said == "sessions[0].end: too early"));
    }

    #[tokio::test]
    async fn a_run_without_a_plan_is_no_plan() {
        let (_file, run) = run_of("cat > /dev/null; echo nonsense");
        assert!(matches!(run.plan(b"{}".to_vec()).await, Err(RunError::NoPlan(_))));
        let nowhere = Run { program: "/nowhere".into(), ..run };
        assert!(matches!(nowhere.plan(b"{}".to_vec()).await, Err(RunError::Start(_))));
    }

    #[tokio::test]
    async fn a_run_sees_the_problem_and_none_of_our_environment() {
        let plan = r#"{"format":"locumbank.plan/1","score":0,"upper_bound":0,"gap":0,"bound_proof":"prices","filled":0,"places":0,"assignments":[],"engine":"'"$(/bin/cat "$2")|$5|$HOME"'"}"#;
        let (_file, run) = run_of(&format!("printf '%s' '{plan}'"));
        let plan = run.plan(b"the problem".to_vec()).await.unwrap();
        assert_eq!(plan.engine, "the problem|1|");
    }
}
