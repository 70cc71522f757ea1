//! Parses the command line and runs one command.

use std::process::ExitCode;

use clap::Parser;
use rolebook::commands::{self, CommandLine};

fn main() -> ExitCode {
    commands::run(CommandLine::parse())
}
