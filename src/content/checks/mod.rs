//! Content checks: what stands in the way of publishing, what an editor should look at, and what would read better. A
//! check never stops a save.
//!
//! One file a family. A family is a list of rules, each with its code, its severity and where it is from, and a function
//! from a content and what is known around it to findings. To add a rule, add it to its family; to add a family, add its
//! file and its line in [`FAMILIES`]; either way raise [`EDITION`], so that what lists count is counted again.
//!
//! Decision (2026-11-22), one finding a rule and a field: a text with twenty abbreviations is one thing to look at, not
//! twenty. A finding shows the first words that were found, and lists, ticks and counts stay short on any text.
//!
//! Decision (2026-11-22), work in proportion to the text: each text is read once and cut into words for all rules
//! ([`reading`]); no rule compares words with all other words. A test counts what the rules ask for.

mod abbreviations;
mod acronyms;
mod addresses;
mod description;
mod empty;
mod facts;
mod headings;
mod hygiene;
mod images;
mod link_text;
mod lists;
mod marks;
mod path;
mod reading;
mod references;
mod requirements;
mod slug;
mod surroundings;
#[cfg(test)]
mod tests;
mod title;

use std::collections::{HashMap, HashSet};

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::kernel::{Fault, Result};

use super::{
    kinds::Content,
    looked_at::{self, LookedAt},
};
use reading::Reading;

pub use hygiene::mended;
pub use marks::mark_of;
pub use surroundings::{Subject, Surroundings, twins};

named! {
    Severity {
        /// Publishing, scheduling and submitting refuse it.
        MustFix = "must-fix",
        LookAt = "look-at",
        Advice = "advice",
    }
}

/// The number of the rules as they are now. What was counted by others is counted again when the program starts.
pub const EDITION: i32 = 1;

/// How many of the words that were found a finding shows.
const MOST_EXCERPTS: usize = 5;

/// Every family, in the order in which people read what passed.
const FAMILIES: [&Family; 16] = [
    &title::FAMILY,
    &description::FAMILY,
    &slug::FAMILY,
    &path::FAMILY,
    &headings::FAMILY,
    &empty::FAMILY,
    &lists::FAMILY,
    &images::FAMILY,
    &link_text::FAMILY,
    &addresses::FAMILY,
    &references::FAMILY,
    &requirements::FAMILY,
    &facts::FAMILY,
    &acronyms::FAMILY,
    &abbreviations::FAMILY,
    &hygiene::FAMILY,
];

/// One rule. Its code is part of the contract with programs and never changes its meaning.
#[derive(Debug)]
struct Rule {
    code: &'static str,
    severity: Severity,
    /// Where it is from, for people.
    source: &'static str,
}

/// Rules that belong together.
struct Family {
    /// What is so when none of them finds anything.
    passed: &'static str,
    rules: &'static [Rule],
    check: fn(&Case<'_>, &mut Findings),
}

/// What is checked.
struct Case<'a> {
    content: &'a Content,
    reading: &'a Reading<'a>,
    surroundings: &'a Surroundings,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub code: String,
    pub severity: Severity,
    /// JSON pointer within the content; `/slug` for what stands beside it.
    pub pointer: String,
    /// What is found, and how it is put right.
    pub message: String,
    /// Where the rule is from.
    #[serde(default)]
    pub source: String,
    /// The first words that were found, where the finding is about words within a text.
    #[serde(default)]
    pub excerpts: Vec<String>,
    /// Names a look-at finding and the text that it is about; it stays as long as both do.
    #[serde(default)]
    pub mark: Option<String>,
    /// Who has looked at it and left the text as it is.
    #[serde(default)]
    pub looked_at: Option<LookedAt>,
}

impl Check {
    /// Where it is in the parts of a version, in which the content stands beside the slug.
    pub fn place(&self) -> String {
        if self.pointer == "/slug" { self.pointer.clone() } else { format!("/content{}", self.pointer) }
    }
}

/// Words of a text that one rule found: the first few, each once.
#[derive(Default)]
struct Found {
    excerpts: Vec<String>,
    count: usize,
}

impl Found {
    fn add(&mut self, excerpt: impl FnOnce() -> String) {
        self.count += 1;
        if self.excerpts.len() < MOST_EXCERPTS {
            let excerpt = excerpt();
            if !self.excerpts.contains(&excerpt) {
                self.excerpts.push(excerpt);
            }
        }
    }
}

/// Collects findings.
struct Findings(Vec<Check>);

impl Findings {
    fn add(&mut self, rule: &Rule, pointer: impl Into<String>, message: impl Into<String>) {
        self.push(rule, pointer.into(), message.into(), Vec::new());
    }

    /// Adds a finding if there is one.
    fn add_found(&mut self, rule: &Rule, pointer: &str, message: impl Into<String>, found: Found) {
        if found.count > 0 {
            self.push(rule, pointer.to_owned(), message.into(), found.excerpts);
        }
    }

    fn push(&mut self, rule: &Rule, pointer: String, message: String, excerpts: Vec<String>) {
        self.0.push(Check {
            code: rule.code.to_owned(),
            severity: rule.severity,
            pointer,
            message,
            source: rule.source.to_owned(),
            excerpts,
            mark: None,
            looked_at: None,
        });
    }
}

/// Everything that the checks find in a version, as things around it are now.
pub async fn find(connection: &impl ConnectionTrait, subject: Subject<'_>) -> Result<Vec<Check>> {
    let surroundings = surroundings::surroundings(connection, subject).await?;
    let mut checks = run(subject.content, &surroundings);
    looked_at::note(connection, subject, &mut checks).await?;
    Ok(checks)
}

/// The gravest first, then in reading order.
pub fn run(content: &Content, surroundings: &Surroundings) -> Vec<Check> {
    checked(&Reading::of(content), content, surroundings)
}

fn checked(reading: &Reading<'_>, content: &Content, surroundings: &Surroundings) -> Vec<Check> {
    let case = Case { content, reading, surroundings };
    let mut findings = Findings(Vec::new());
    for family in FAMILIES {
        (family.check)(&case, &mut findings);
    }
    let places: HashMap<&str, usize> =
        reading.parts.iter().enumerate().map(|(place, (pointer, _))| (pointer.as_str(), place)).collect();
    let mut checks = findings.0;
    checks.sort_by_cached_key(|check| (check.severity, place_of(&places, &check.pointer)));
    checks
}

/// The place of a pointer in reading order; of a field that is no part of its own, that of the part which it belongs to.
fn place_of(places: &HashMap<&str, usize>, pointer: &str) -> usize {
    let mut rest = pointer;
    loop {
        if let Some(place) = places.get(rest) {
            return *place;
        }
        match rest.rsplit_once('/') {
            Some((start, _)) => rest = start,
            None => return 0,
        }
    }
}

/// What is so of a content, in short sentences: of each family that found nothing.
pub fn passed<'a>(checks: impl Iterator<Item = &'a Check>) -> Vec<&'static str> {
    let codes: HashSet<&str> = checks.map(|check| check.code.as_str()).collect();
    let found = |family: &Family| family.rules.iter().any(|rule| codes.contains(rule.code));
    FAMILIES.iter().filter(|family| !found(family)).map(|family| family.passed).collect()
}

/// The must-fix findings as faults of a request to publish, schedule or submit.
pub fn faults(checks: &[Check]) -> Vec<Fault> {
    checks
        .iter()
        .filter(|check| check.severity == Severity::MustFix)
        .map(|check| Fault::new(check.place(), &check.code, &check.message))
        .collect()
}
