//! `doctor`: looks at everything and changes nothing. The exit code is 1 if something is wrong.

use std::process::ExitCode;

use clap::Args;

use crate::{
    config::ServerFlags,
    operations::doctor::{self, Severity},
};

use super::{Outcome, say};

#[derive(Args, Debug)]
pub struct DoctorFlags {
    #[command(flatten)]
    server: ServerFlags,
}

pub async fn run(flags: DoctorFlags) -> Outcome {
    let config = flags.server.check()?;
    let (ctx, store) = super::connect(&config.storage, super::FEW, false).await?;
    let findings = doctor::examine(&ctx.database, &store).await?;
    for finding in &findings {
        let grave = match finding.severity {
            Severity::Error => "wrong",
            Severity::LookAt => "look at",
        };
        say(format!("{grave}: {} [{}]", finding.sentence, finding.code));
    }
    if doctor::has_errors(&findings) {
        return Ok(ExitCode::FAILURE);
    }
    let rest = if findings.is_empty() { "everything is as it should be" } else { "nothing is wrong" };
    say(format!("Configuration, database, migrations, references and storage were looked at; {rest}."));
    Ok(ExitCode::SUCCESS)
}
