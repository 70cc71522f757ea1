//! `api-key add`: makes a key for programs and prints it once.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::{
    accounts::{
        self,
        api_keys::{self, NewKey},
    },
    config::StorageFlags,
    kernel::{Named, Permission, Timestamp},
};

use super::{Failure, Outcome, say};

#[derive(Subcommand, Debug)]
pub enum ApiKeyCommand {
    /// Make a key and print it once
    Add(AddFlags),
}

#[derive(Args, Debug)]
#[command(after_help = SCOPES)]
pub struct AddFlags {
    #[command(flatten)]
    storage: StorageFlags,
    /// What the key is for
    #[arg(long)]
    name: String,
    /// The e-mail address of the account that answers for the key
    #[arg(long, value_name = "EMAIL")]
    owner: String,
    /// What the key may do, as far as its owner may; several, or "all" for everything that the owner may do now
    #[arg(long = "scope", required = true, num_args = 1.., value_name = "SCOPE")]
    scopes: Vec<String>,
    /// When the key ends by itself, such as 90d or 12h
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    expires: Option<i64>,
}

const SCOPES: &str = "Scopes:
  content:read, content:write, content:review, content:publish, content:trash,
  content:force-publish, content:purge, content:suppress, media:write,
  feedback:read, feedback:triage, feedback:export, feedback:erase,
  users:manage, keys:manage, webhooks:manage, settings:manage, audit:read";

/// Milliseconds of a duration in days (d), hours (h) or minutes (m).
fn duration(text: &str) -> Result<i64, String> {
    let expected = || "a duration such as 90d, 12h or 30m was expected".to_owned();
    let unit = text.chars().last().ok_or_else(expected)?;
    let length = match unit {
        'd' => Timestamp::DAY,
        'h' => Timestamp::HOUR,
        'm' => Timestamp::MINUTE,
        _ => return Err(expected()),
    };
    let count: u16 = text.trim_end_matches(unit).parse().map_err(|_| expected())?;
    if count == 0 { Err(expected()) } else { Ok(i64::from(count) * length) }
}

pub async fn run(command: ApiKeyCommand) -> Outcome {
    let ApiKeyCommand::Add(flags) = command;
    let (ctx, _) = super::open(&flags.storage).await?;
    let owner = accounts::find_by_email(&*ctx.database.read().await?, &flags.owner).await?;
    let owner = owner.ok_or_else(|| {
        Failure::new(format!(
            "There is no account with the address {:?}; make one with rolebook user add.",
            flags.owner
        ))
    })?;
    let scopes = if flags.scopes.iter().any(|scope| scope == "all") {
        owner.permissions().into_iter().collect()
    } else {
        flags.scopes.iter().map(|text| scope(text)).collect::<Result<_, _>>()?
    };
    let expires_at = flags.expires.map(|length| ctx.now().plus(length));
    let added = api_keys::add(&ctx, NewKey { name: flags.name, owner: owner.id, scopes, expires_at }).await?;
    say(added.secret);
    Ok(ExitCode::SUCCESS)
}

fn scope(text: &str) -> Result<Permission, Failure> {
    Permission::of_name(text).ok_or_else(|| {
        Failure::new(format!("The scope {text:?} is not one of: {}, or all.", Permission::names().join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_every_scope() {
        for name in Permission::names() {
            assert!(SCOPES.contains(name), "{name}");
        }
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(duration("90d"), Ok(90 * Timestamp::DAY));
        assert_eq!(duration("12h"), Ok(12 * Timestamp::HOUR));
        for wrong in ["", "d", "90", "0d", "-1d", "1w", "99999d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
