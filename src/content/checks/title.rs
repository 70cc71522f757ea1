//! The title: it is there, it can be read in a list of results, and no neighbour has the same.

use super::{Case, Family, Findings, Rule, Severity};

/// A title longer than this is cut in search results.
const TITLE_ADVICE: usize = 65;

const MISSING: Rule =
    Rule { code: "title-missing", severity: Severity::MustFix, source: "WCAG 2.2, 2.4.2 Page titled" };
const LONG: Rule = Rule {
    code: "title-long",
    severity: Severity::Advice,
    source: "NHS digital service manual, formatting and punctuation",
};
const DUPLICATE: Rule =
    Rule { code: "title-duplicate", severity: Severity::LookAt, source: "GOV.UK content guidance, titles" };

pub const FAMILY: Family = Family {
    passed: "The title is there, short, and no neighbour has the same",
    rules: &[MISSING, LONG, DUPLICATE],
    check,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let title = case.content.title();
    if title.is_empty() {
        findings.add(&MISSING, "/title", "Give it a title.");
    } else if title.chars().count() > TITLE_ADVICE {
        let message = format!("The title is longer than {TITLE_ADVICE} characters; search results cut it.");
        findings.add(&LONG, "/title", message);
    }
    if case.surroundings.has_twin && !title.is_empty() {
        let place = if case.surroundings.stands_below { "below the same page" } else { "at the top" };
        let message = format!(
            "Another {} {place} has this title. Give each a title that says what sets it apart.",
            case.content.kind().words()
        );
        findings.add(&DUPLICATE, "/title", message);
    }
}
