//! What lists, cards and search results say of a page.

use super::{
    super::kinds::{Content, Kind},
    Case, Family, Findings, Rule, Severity,
};

/// A description longer than this is cut in search results.
const DESCRIPTION_ADVICE: usize = 160;

const SOURCE: &str = "GOV.UK content guidance, summaries";

const SUMMARY_MISSING: Rule = Rule { code: "summary-missing", severity: Severity::LookAt, source: SOURCE };
const LONG: Rule = Rule { code: "meta-description-long", severity: Severity::Advice, source: SOURCE };
const IS_TITLE: Rule = Rule { code: "meta-description-is-title", severity: Severity::LookAt, source: SOURCE };
const NO_FULL_STOP: Rule = Rule { code: "description-full-stop", severity: Severity::Advice, source: SOURCE };

pub const FAMILY: Family = Family {
    passed: "The summary and the description say what the page is about",
    rules: &[SUMMARY_MISSING, LONG, IS_TITLE, NO_FULL_STOP],
    check,
};

/// Without a description of its own, search results show the summary; so one that is missing is the summary's finding.
fn check(case: &Case<'_>, findings: &mut Findings) {
    let summary = case.content.summary();
    if summary.is_empty() && case.content.kind() == Kind::RolePage {
        findings.add(&SUMMARY_MISSING, "/summary", "Give it a summary; lists, cards and search results show it.");
    }
    let Content::RolePage(page) = case.content else { return };
    match &page.meta_description {
        Some(description) => {
            if description.chars().count() > DESCRIPTION_ADVICE {
                let message = format!("More than {DESCRIPTION_ADVICE} characters; search results cut it.");
                findings.add(&LONG, "/meta_description", message);
            }
            if *description == page.title {
                findings.add(&IS_TITLE, "/meta_description", "It only repeats the title. Say what readers will find.");
            } else {
                check_end(description, "/meta_description", findings);
            }
        }
        None => check_end(summary, "/summary", findings),
    }
}

fn check_end(text: &str, pointer: &str, findings: &mut Findings) {
    if !text.is_empty() && !text.ends_with(['.', '?', '!']) {
        findings.add(&NO_FULL_STOP, pointer, "End it with a full stop; it is a sentence in search results.");
    }
}
