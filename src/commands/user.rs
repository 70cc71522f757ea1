//! `user add`: makes an account.
//!
//! Decision (2026-11-22): without a password the account is made all the same. It owns keys and stands as author; it
//! can't sign in until somebody sets a password. An invitation link would lead to a screen that is not there yet.

use std::{io::Read, process::ExitCode};

use clap::{Args, Subcommand};

use crate::{
    accounts::{
        PasswordCost, Passwords,
        users::{self, NewUser},
    },
    config::StorageFlags,
    kernel::{Named, Role},
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
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

fn role(text: &str) -> Result<Role, String> {
    Role::of_name(text).ok_or_else(|| format!("one of {} was expected", Role::names().join(", ")))
}

pub async fn run(command: UserCommand) -> Outcome {
    let UserCommand::Add(flags) = command;
    let password = if flags.password_stdin { Some(first_line()?) } else { None };
    let (ctx, _) = super::open(&flags.storage).await?;
    let has_password = password.is_some();
    let new = NewUser { email: flags.email, name: flags.name, roles: flags.roles, password };
    let user = users::add(&ctx, &Passwords::new(PasswordCost::default())?, new).await?;
    say(format!("{} <{}> has an account with the id {}.", user.name, user.email, user.id));
    if !has_password {
        say("It has no password yet. Keys can be made for it: rolebook api-key add --help");
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
