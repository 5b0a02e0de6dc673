//! pgbench, the measure that comes with PostgreSQL: what the database alone can do on this machine at this moment.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::figures::Figures;

/// So many times a client first makes its plans: PostgreSQL settles on one after five.
pub const WARMING: u64 = 6;

/// How often or how long each client runs its script.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// So many times each.
    Times(usize),
    /// For so long.
    Seconds(u64),
}

/// Makes pgbench's own tables.
pub fn initialise(url: &str) {
    run(Command::new(program()).args(["--initialize", "--quiet", "--scale=5", url]));
}

/// Its select-only script: one row of an index, asked for by that protocol.
pub fn select_only(url: &str, folder: &Path, protocol: &str, (clients, seconds): (usize, u64)) -> Figures {
    let mut command = Command::new(program());
    command.arg("--select-only").arg(format!("--protocol={protocol}"));
    measured(command, url, folder, clients, Until::Seconds(seconds))
}

/// A script of ours, each client's run with its number in `:client_id`, and with these variables; with prepared
/// statements, as the service has them.
pub fn script(
    url: &str,
    folder: &Path,
    (clients, until): (usize, Until),
    script: &str,
    variables: &[(&str, usize)],
) -> Figures {
    let file = folder.join("script.sql");
    std::fs::write(&file, script).expect("the script is written");
    let mut command = Command::new(program());
    command.arg("--protocol=prepared").arg("--file").arg(file);
    for (name, value) in variables {
        command.arg("--define").arg(format!("{name}={value}"));
    }
    measured(command, url, folder, clients, until)
}

/// With a log of how long each took.
fn measured(mut command: Command, url: &str, folder: &Path, clients: usize, until: Until) -> Figures {
    let logs = folder.join("pgbench");
    std::fs::create_dir_all(&logs).expect("a folder");
    command.args(["--no-vacuum", "--log", "--jobs=2"]);
    command.arg(format!("--client={clients}")).current_dir(&logs);
    match until {
        Until::Times(times) => command.arg(format!("--transactions={times}")),
        Until::Seconds(seconds) => command.arg(format!("--time={seconds}")),
    };
    let said = run(command.arg(url));
    let failed = said.lines().find(|line| line.contains("number of failed transactions"));
    assert!(failed.is_none_or(|line| line.contains(": 0 ")), "{said}");
    let microseconds = latencies(&logs);
    std::fs::remove_dir_all(&logs).expect("the logs go");
    // Each client begins again as soon as it is done, so the time in which all were busy is what they took in all, shared.
    let clients = u32::try_from(clients).unwrap_or(u32::MAX);
    let busy = Duration::from_micros(microseconds.iter().sum()) / clients;
    Figures::of(microseconds, busy)
}

/// The third word of each line of the logs, in microseconds, once a client has its plans: the second word counts what it
/// did.
fn latencies(folder: &Path) -> Vec<u64> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).expect("the logs") {
        let text = std::fs::read_to_string(file.expect("a log").path()).expect("a log");
        found.extend(text.lines().filter_map(|line| {
            let mut words = line.split(' ').skip(1).map(str::parse::<u64>);
            let (number, microseconds) = (words.next()?.ok()?, words.next()?.ok()?);
            (number >= WARMING).then_some(microseconds)
        }));
    }
    found
}

fn program() -> PathBuf {
    std::env::var_os("POSTGRES_BIN").map_or_else(|| "pgbench".into(), |bin| Path::new(&bin).join("pgbench"))
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("pgbench runs; it comes with PostgreSQL");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "pgbench: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}
