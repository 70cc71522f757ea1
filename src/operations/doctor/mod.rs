//! The doctor: looks for what can't be, by the rules of the domain, in the tables and in the media store. It changes
//! nothing, and it needs nothing but what a backup needs.
//!
//! Decision (2026-11-22): there are two severities. An error means that something was lost or that the public may see
//! something wrong; what is to be looked at does no harm by itself. Only errors make the command fail.

mod database;
mod documents;
mod feedback;
mod library;
mod live;
mod log;
mod samples;

use std::fmt;

use crate::{
    kernel::{Database, Result},
    media::Store,
};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    LookAt,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable; for programs.
    pub code: &'static str,
    pub severity: Severity,
    /// For people, with the ids of what it is about.
    pub sentence: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::LookAt => "look at",
        };
        write!(formatter, "{severity}: {} [{}]", self.sentence, self.code)
    }
}

/// Findings as they come in.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn error(&mut self, code: &'static str, sentence: impl Into<String>) {
        self.0.push(Finding { code, severity: Severity::Error, sentence: sentence.into() });
    }

    fn look_at(&mut self, code: &'static str, sentence: impl Into<String>) {
        self.0.push(Finding { code, severity: Severity::LookAt, sentence: sentence.into() });
    }
}

/// Looks at everything, at one moment; errors stand first. Tables that are not up to date are not looked into.
pub async fn examine(database: &Database, store: &Store) -> Result<Vec<Finding>> {
    let mut findings = Findings::default();
    let complete = database::migrations(database, &mut findings).await?;
    let snapshot = database.read().await?;
    database::sqlite(&*snapshot, &mut findings).await?;
    if complete {
        log::examine(&*snapshot, &mut findings).await?;
        let around = documents::Around::read(&*snapshot).await?;
        documents::examine(&*snapshot, &around, &mut findings).await?;
        live::publications(&*snapshot, &mut findings).await?;
        live::paths(&*snapshot, &mut findings).await?;
        live::parents(&around, &mut findings);
        feedback::keys(&*snapshot, &mut findings).await?;
        feedback::cases(&*snapshot, &around, &mut findings).await?;
        samples::marks(&*snapshot, &mut findings).await?;
        let files = library::rows(&*snapshot, &mut findings).await?;
        drop(snapshot);
        library::files(store, files, &mut findings).await?;
    }
    let Findings(mut findings) = findings;
    findings.sort_by_key(|finding| finding.severity);
    Ok(findings)
}

/// Whether the site needs help: what the exit code of the command says.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
