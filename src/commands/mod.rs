//! The command line: one file a command. What a command prints is for people; `serve` alone writes a log.

mod api_key;
mod backup;
mod demo;
mod doctor;
mod metrics;
mod serve;
mod transfer;
mod user;

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

use clap::{Parser, Subcommand};

use crate::{
    app,
    config::{ConfigFault, ServerFlags, Storage, StorageFlags},
    kernel::{Actor, Ctx, Database, Door, Error, SystemChance, SystemClock},
    media::Store,
    openapi,
};

/// A headless content-management backend for careers content.
#[derive(Parser, Debug)]
#[command(name = "rolebook", version, about, args_conflicts_with_subcommands = true)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServerFlags,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Bring the database up to date, then listen (the default)
    Serve(ServerFlags),
    /// People who sign in or own keys
    #[command(subcommand)]
    User(user::UserCommand),
    /// Keys for programs
    #[command(subcommand)]
    ApiKey(api_key::ApiKeyCommand),
    /// Write everything that is content into a directory
    Export(transfer::ExportFlags),
    /// Read what export wrote; a second time changes nothing
    Import(transfer::ImportFlags),
    /// Write a consistent copy of database and images into a file, while serving
    Backup(backup::BackupFlags),
    /// Read a backup into an empty database
    Restore(backup::RestoreFlags),
    /// Print the OpenAPI 3.1 document
    Openapi,
    /// Check configuration, database, migrations, references and storage; the exit code says it
    Doctor(doctor::DoctorFlags),
}

/// Why a command failed, for the person who typed it.
#[derive(Debug)]
pub(crate) struct Failure(String);

pub(crate) type Outcome = Result<ExitCode, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl From<ConfigFault> for Failure {
    fn from(fault: ConfigFault) -> Self {
        Self(fault.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// Runs a command to its end.
pub fn run(line: CommandLine) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&Failure::from(error)),
    };
    let command = line.command.unwrap_or(Command::Serve(line.serve));
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve(flags) => serve::run(&flags).await,
            Command::User(command) => user::run(command).await,
            Command::ApiKey(command) => api_key::run(command).await,
            Command::Export(flags) => transfer::export(flags).await,
            Command::Import(flags) => transfer::import(flags).await,
            Command::Backup(flags) => backup::backup(flags).await,
            Command::Restore(flags) => backup::restore(flags).await,
            Command::Openapi => print_contract(),
            Command::Doctor(flags) => doctor::run(flags).await,
        }
    });
    outcome.unwrap_or_else(|failure| complain(&failure))
}

fn complain(failure: &Failure) -> ExitCode {
    let _ = writeln!(io::stderr(), "rolebook: {}", failure.0);
    ExitCode::FAILURE
}

/// Prints a line for people. A closed pipe ends nothing that is under way.
pub(crate) fn say(line: impl AsRef<str>) {
    let _ = writeln!(io::stdout(), "{}", line.as_ref());
}

fn print_contract() -> Outcome {
    let document = openapi::document("http://127.0.0.1:8080", &app::routes());
    say(serde_json::to_string_pretty(&document).map_err(Error::from)?);
    Ok(ExitCode::SUCCESS)
}

/// Connections of a command that runs by itself.
const FEW: u32 = 4;

/// The database and the images of a command, made if they are missing and brought up to date.
pub(crate) async fn open(flags: &StorageFlags) -> Result<(Ctx, Store), Failure> {
    let storage = flags.check()?;
    let (ctx, store) = connect(&storage, FEW, true).await?;
    app::prepare(&ctx, false).await?;
    Ok((ctx, store))
}

/// Connects without changing anything in the database.
pub(crate) async fn connect(storage: &Storage, connections: u32, create: bool) -> Result<(Ctx, Store), Failure> {
    if create {
        std::fs::create_dir_all(&storage.data_dir).map_err(|error| {
            Failure::new(format!("The data directory {} can't be made: {error}.", storage.data_dir.display()))
        })?;
    }
    let database =
        Database::connect(&storage.database_url, connections, create).await.map_err(|error| match error {
            Error::Bug(source) => Failure::new(format!("The database can't be opened: {source}")),
            Error::Unavailable(_) => {
                let setting = "--database (ROLEBOOK_DATABASE_URL)";
                Failure::new(format!(
                    "The database that {setting} names can't be reached; is it running, and the address right?"
                ))
            }
            other => other.into(),
        })?;
    let store = Store::local(&storage.data_dir.join("media")).map_err(|fault| {
        Failure::new(format!("The images in {} can't be reached: {fault}", storage.data_dir.display()))
    })?;
    let ctx = Ctx {
        actor: Actor::system("command line"),
        door: Door::CommandLine,
        database,
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        request_id: None,
        idempotency: None,
    };
    Ok((ctx, store))
}
