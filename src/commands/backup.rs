//! `backup` and `restore`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use crate::{
    config::StorageFlags,
    operations::{backup as backups, restore as restores},
};

use super::{Outcome, say};

#[derive(Args, Debug)]
pub struct BackupFlags {
    #[command(flatten)]
    storage: StorageFlags,
    /// The file to write; it must not exist
    file: PathBuf,
    /// Restore it to a scratch place and compare every row and image
    #[arg(long)]
    verify: bool,
}

#[derive(Args, Debug)]
pub struct RestoreFlags {
    #[command(flatten)]
    storage: StorageFlags,
    /// The backup to read
    file: PathBuf,
}

/// A copy that lacks images is written all the same, and the exit code says so.
pub async fn backup(flags: BackupFlags) -> Outcome {
    let storage = flags.storage.check()?;
    let (ctx, store) = super::connect(&storage, super::FEW, false).await?;
    let report = backups::backup(&ctx, &store, &flags.file).await?;
    say(report.to_string());
    if flags.verify {
        say(restores::verify(&ctx, &flags.file).await?.to_string());
    }
    Ok(if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub async fn restore(flags: RestoreFlags) -> Outcome {
    let storage = flags.storage.check()?;
    let (ctx, store) = super::connect(&storage, super::FEW, true).await?;
    say(restores::restore(&ctx, &flags.file, &store).await?.to_string());
    Ok(ExitCode::SUCCESS)
}
