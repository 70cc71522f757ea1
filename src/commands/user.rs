//! `user add`: makes an account.
//!
//! Decision (2026-11-22): without a password the account is made all the same, and an invitation is printed with which the
//! person chooses one. It works once and for seven days. Until then the account owns keys and stands as author; nobody
//! signs in with it.

use std::{io::Read, process::ExitCode};

use clap::{Args, Subcommand};

use crate::{
    accounts::{
        PasswordCost, Passwords, links,
        users::{self, NewUser},
    },
    config::{StorageFlags, check_public_url},
    kernel::{Named, Role},
    web::session,
};

use super::{Failure, Outcome, say};

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Make an account
    Add(AddFlags),
}

#[derive(Args, Debug)]
pub struct AddFlags {
    #[command(flatten)]
    storage: StorageFlags,
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// editor, reviewer, publisher, triager or administrator; may be given several times
    #[arg(long = "role", required = true, value_parser = role)]
    roles: Vec<Role>,
    /// Read the password from the first line of standard input; without it an invitation is printed
    #[arg(long)]
    password_stdin: bool,
    /// How the public reaches the server, for the address of the invitation
    #[arg(long, env = "ROLEBOOK_PUBLIC_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    public_url: String,
}

fn role(text: &str) -> Result<Role, String> {
    Role::of_name(text).ok_or_else(|| format!("one of {} was expected", Role::names().join(", ")))
}

pub async fn run(command: UserCommand) -> Outcome {
    let UserCommand::Add(flags) = command;
    let public_url = check_public_url(&flags.public_url)?;
    let password = if flags.password_stdin { Some(first_line()?) } else { None };
    let (ctx, _) = super::open(&flags.storage).await?;
    let has_password = password.is_some();
    let new = NewUser { email: flags.email, name: flags.name, roles: flags.roles, password };
    let user = users::add(&ctx, &Passwords::new(PasswordCost::default())?, new).await?;
    say(format!("{} <{}> has an account with the id {}.", user.name, user.email, user.id));
    if !has_password {
        let link = links::invite(&ctx, user.id).await?;
        say("It has no password yet. With this address, once and within seven days, its owner chooses one:");
        say(session::link_address(&public_url, &link));
    }
    Ok(ExitCode::SUCCESS)
}

fn first_line() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(line.to_owned()),
        None => Err(Failure::new("A password was expected on the first line of standard input.")),
    }
}
