//! The `locumbank` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    locumbank::command::run()
}
