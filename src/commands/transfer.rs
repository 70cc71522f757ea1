//! `export` and `import`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use crate::{
    config::StorageFlags,
    kernel::{Ctx, Door},
    operations::transfer as transfers,
};

use super::{Outcome, say};

#[derive(Args, Debug)]
pub struct ExportFlags {
    #[command(flatten)]
    storage: StorageFlags,
    /// The directory to write; missing or empty
    directory: PathBuf,
}

#[derive(Args, Debug)]
pub struct ImportFlags {
    #[command(flatten)]
    storage: StorageFlags,
    /// A directory that export wrote
    directory: PathBuf,
}

pub async fn export(flags: ExportFlags) -> Outcome {
    let storage = flags.storage.check()?;
    let (ctx, store) = super::connect(&storage, super::FEW, false).await?;
    say(transfers::export(&ctx, &store, &flags.directory).await?.to_string());
    Ok(ExitCode::SUCCESS)
}

pub async fn import(flags: ImportFlags) -> Outcome {
    let (ctx, store) = super::open(&flags.storage).await?;
    let ctx = Ctx { door: Door::Import, ..ctx };
    say(transfers::import(&ctx, &store, &flags.directory).await?.to_string());
    Ok(ExitCode::SUCCESS)
}
