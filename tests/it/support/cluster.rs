//! A PostgreSQL of a story's own, which it can stop and start.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The cluster; it ends and goes when it is dropped.
pub struct Cluster {
    folder: TempDir,
}

impl Cluster {
    /// Makes one and starts it. Only a socket in its folder leads to it.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("locumbank-").tempdir_in("/tmp").expect("a folder");
        let cluster = Self { folder };
        if is_root() {
            run(Command::new("chown").arg("postgres:postgres").arg(cluster.folder.path()));
        }
        let data = cluster.data();
        cluster.tool(
            "initdb",
            &[
                "--username=locumbank",
                "--auth-local=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            &data,
        );
        cluster.start_again();
        cluster
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgres:///postgres?host={}&user=locumbank", self.folder.path().display())
    }

    /// Starts it where it was stopped, and returns when it answers.
    pub fn start_again(&self) {
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c fsync=off",
            self.folder.path().display()
        );
        let log = self.folder.path().join("log");
        let log = log.to_string_lossy();
        self.tool(
            "pg_ctl",
            &["start", "--wait", "--silent", "--log", &log, "--options", &options],
            &self.data(),
        );
    }

    /// Stops it at once, as a crash does: whoever is connected is cut off.
    pub fn crash(&self) {
        self.tool("pg_ctl", &["stop", "--wait", "--silent", "--mode=immediate"], &self.data());
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs one of PostgreSQL's tools, which refuse to be run by root.
    fn tool(&self, name: &str, arguments: &[&str], data: &Path) {
        let program =
            std::env::var_os("POSTGRES_BIN").map_or(name.into(), |bin| PathBuf::from(bin).join(name));
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        run(command.arg("--pgdata").arg(data).args(arguments).current_dir(self.folder.path()));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            self.crash();
        }
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id is installed");
    id.stdout == b"0\n"
}

fn run(command: &mut Command) {
    let done = command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .status()
        .expect("the tool is installed");
    assert!(done.success(), "{command:?}");
}
