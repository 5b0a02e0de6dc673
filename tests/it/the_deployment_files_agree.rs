//! An operator copies the files of `deploy/` and the recipes of docs/OPERATIONS.md as they stand.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

use locumbank::ground::app::REQUEST_GRACE_SECONDS;
use locumbank::ground::worker::running::JOB_GRACE_SECONDS;

use crate::architecture::source::root;
use crate::support::{World, test_settings};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}

/// What follows `before` on each line that holds it, up to what is no figure.
fn numbers_after(text: &str, before: &str) -> Vec<u64> {
    let figures = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    text.lines()
        .filter_map(|line| line.split_once(before))
        .map(|(_, rest)| figures(rest).parse().expect("a number"))
        .collect()
}

/// The part of compose.yaml about one of its services.
fn service(name: &str) -> String {
    let compose = read("deploy/compose.yaml");
    let (_, rest) = compose.split_once(&format!("\n  {name}:\n")).expect(name);
    let own = rest.lines().take_while(|line| line.is_empty() || line.starts_with("    "));
    own.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn whatever_stops_a_process_waits_longer_than_the_process_takes() {
    let relay = test_settings().smtp.send_timeout_seconds;
    for (stops, needed) in [
        (
            numbers_after(&read("deploy/systemd/locumbank-worker.service"), "TimeoutStopSec="),
            JOB_GRACE_SECONDS + relay,
        ),
        (numbers_after(&service("worker"), "stop_grace_period: "), JOB_GRACE_SECONDS + relay),
        (
            numbers_after(&read("deploy/systemd/locumbank-serve@.service"), "TimeoutStopSec="),
            REQUEST_GRACE_SECONDS,
        ),
        (numbers_after(&service("web"), "stop_grace_period: "), REQUEST_GRACE_SECONDS),
    ] {
        assert!(matches!(stops[..], [seconds] if seconds > needed), "{stops:?} for {needed}");
    }
}

#[test]
fn the_proxy_leads_to_the_ports_that_are_served() {
    let upstream = numbers_after(&read("deploy/nginx.conf"), "    server 127.0.0.1:");
    let published = numbers_after(&service("web"), "- 127.0.0.1:");
    assert_eq!(upstream, published, "nginx.conf and compose.yaml");
    let guide = numbers_after(&read("deploy/README.md"), "locumbank-serve@");
    assert_eq!(upstream, guide, "nginx.conf and README.md");
    let inside = numbers_after(&service("web"), &format!("- 127.0.0.1:{}:", published[0]));
    let image = read("deploy/Dockerfile");
    assert_eq!(inside, numbers_after(&image, "PORT="));
    assert_eq!(inside, numbers_after(&image, "EXPOSE "));
}

/// The lines that begin a process, in files to be copied and in recipes: by what stands before the process's arguments.
const STARTS: [&str; 6] = ["argv=", "command =", "ExecStart=", "command: ", "CMD ", "ENTRYPOINT "];

fn shown_secrets(text: &str) -> Vec<String> {
    let tells = |arguments: &str| {
        ["://", "_URL=", "PASSWORD", "SECRET", "KEY="].iter().any(|part| arguments.contains(part))
    };
    let arguments =
        |line: &str| STARTS.iter().find_map(|start| line.split_once(start)).map(|(_, rest)| rest.to_owned());
    text.lines().filter(|line| arguments(line).is_some_and(|rest| tells(&rest))).map(str::to_owned).collect()
}

#[test]
fn no_recipe_puts_a_secret_where_a_list_of_processes_shows_it() {
    let mut recipes = vec!["docs/OPERATIONS.md".to_owned(), "README.md".to_owned()];
    for folder in ["deploy", "deploy/systemd"] {
        for entry in std::fs::read_dir(root().join(folder)).expect(folder).flatten() {
            if entry.path().is_file() {
                recipes.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    assert!(recipes.len() > 9, "{recipes:?}");
    for recipe in recipes {
        assert_eq!(shown_secrets(&read(&recipe)), Vec::<String>::new(), "{recipe}");
    }
    let old = "locumbank unix - n n - 2 pipe user=locumbank argv=/usr/bin/env DATABASE_URL=… /usr/local/bin/locumbank";
    assert_eq!(shown_secrets(old), [old], "a recipe that shows one is found");
}

/// The pairs of an environment file, by the rules of systemd and compose: a name, and a value in single quotes.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| {
        let (name, value) = line.split_once('=').expect("a name and a value");
        let value = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
        (name.to_owned(), value.unwrap_or_else(|| panic!("quote the value of {name}")).to_owned())
    };
    lines.map(pair).collect()
}

#[test]
fn a_shell_reads_the_environment_file_as_systemd_does() {
    let file = root().join("deploy/locumbank.env.example");
    let script = "set -eu; set -a; . \"$1\"; env -0";
    let shell =
        Command::new("env").args(["-i", "sh", "-c", script, "sh"]).arg(file).output().expect("a shell");
    assert_eq!(String::from_utf8_lossy(&shell.stderr), "");
    let said = String::from_utf8_lossy(&shell.stdout).into_owned();
    let said: BTreeMap<&str, &str> =
        said.split_terminator('\0').filter_map(|pair| pair.split_once('=')).collect();
    let wanted = pairs(&read("deploy/locumbank.env.example"));
    assert!(wanted.len() > 7, "{wanted:?}");
    for (name, value) in &wanted {
        assert_eq!(said.get(name.as_str()), Some(&value.as_str()), "{name}");
    }
}

#[tokio::test]
async fn the_filled_in_file_is_all_that_the_service_needs_and_no_list_of_processes_shows_it() {
    let world = World::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("locumbank.env");
    let mut filled = pairs(&read("deploy/locumbank.env.example"));
    filled.insert("DATABASE_URL".to_owned(), world.database_url().to_owned());
    filled.insert("SMTP_URL".to_owned(), world.inbox.url());
    filled.insert("LOCUMBANK__SECRETS__LINK_KEY".to_owned(), "5e".repeat(32));
    filled.remove("REDIS_URL");
    let lines: Vec<String> = filled.iter().map(|(name, value)| format!("{name}='{value}'\n")).collect();
    let text = lines.concat();
    std::fs::write(&file, text).expect("the file");
    let operate = |arguments: &[&str]| {
        let mut command = Command::new(root().join("deploy/locumbankctl"));
        command.args(arguments).env_clear().env("LOCUMBANK_ENV", &file);
        command.env("LOCUMBANK_PROGRAM", env!("CARGO_BIN_EXE_locumbank")).env("PORT", "0");
        command
    };
    let well = operate(&["doctor"]).output().expect("a shell");
    let said = String::from_utf8_lossy(&well.stdout).into_owned();
    assert!(well.status.success() && said.contains("Mail comes from locums@example.org."), "{said}");

    let mut worker = operate(&["worker"]).stderr(Stdio::null()).spawn().expect("a shell");
    let shown = || std::fs::read_to_string(format!("/proc/{}/cmdline", worker.id())).unwrap_or_default();
    for _ in 0..200 {
        if shown().ends_with("locumbank\0worker\0") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(shown(), format!("{}\0worker\0", env!("CARGO_BIN_EXE_locumbank")));
    worker.kill().expect("the worker ends");
    worker.wait().expect("the worker has ended");

    let mut unreadable = operate(&["bounce"]);
    let refused = unreadable.env("LOCUMBANK_ENV", "/nowhere").output().expect("a shell");
    assert_eq!(refused.status.code(), Some(75), "the mail server keeps the report");
}
