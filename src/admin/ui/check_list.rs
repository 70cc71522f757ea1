//! What checks found, in groups by how much it matters, each with a link to its field; what passed; and the same under the
//! fields. It judges nothing.

use maud::{Markup, html};

use super::{
    Badge, Field, count, field, small_button,
    time::{self, Zone},
};
use crate::{
    content::{self, Check, Severity},
    kernel::Timestamp,
};

/// A finding as people see it: with who has looked at it, in words.
#[derive(Clone, Debug)]
pub struct Finding {
    pub check: Check,
    pub looked: Option<String>,
}

impl Finding {
    pub fn of(check: &Check, zone: &Zone, now: Timestamp) -> Self {
        let looked = check.looked_at.as_ref().map(|looked| {
            let who = format!("Looked at by {}, {}", looked.by.name, time::day_of(zone, now, looked.at));
            looked.reason.as_ref().map_or_else(|| who.clone(), |reason| format!("{who}: {reason}"))
        });
        Self { check: check.clone(), looked }
    }

    /// All of a document.
    pub fn all(checks: &[Check], zone: &Zone, now: Timestamp) -> Vec<Self> {
        checks.iter().map(|check| Self::of(check, zone, now)).collect()
    }
}

/// The findings, what somebody has looked at, and what passed; `address` says where the field of a finding can be mended,
/// if anywhere on hand.
pub fn check_list(findings: &[Finding], address: &dyn Fn(&Check) -> Option<String>) -> Markup {
    let passed = content::passed(findings.iter().map(|finding| &finding.check));
    let looked: Vec<&Finding> = findings.iter().filter(|finding| finding.looked.is_some()).collect();
    html! {
        @if findings.len() == looked.len() { p { "The checks found nothing to mend or to look at." } }
        @for severity in [Severity::MustFix, Severity::LookAt, Severity::Advice] {
            @let group: Vec<&Finding> = findings.iter().filter(|one| one.check.severity == severity && one.looked.is_none()).collect();
            @if !group.is_empty() {
                div {
                    p { (Badge::severity(severity)) " " (group.len()) }
                    (list(&group, address))
                }
            }
        }
        @if !looked.is_empty() { details { summary { (looked.len()) " looked at" } (list(&looked, address)) } }
        @if !passed.is_empty() {
            details {
                summary { (count(u64::try_from(passed.len()).unwrap_or(u64::MAX), "check passed", "checks passed")) }
                ul.small { @for sentence in passed { li { (sentence) } } }
            }
        }
    }
}

fn list(findings: &[&Finding], address: &dyn Fn(&Check) -> Option<String>) -> Markup {
    html! { ul.unmarked { @for one in findings { li.check { (finding(one, address(&one.check).as_deref())) } } } }
}

/// One finding: what it is, the words that were found, where the rule is from, and who has looked at it.
pub fn finding(one: &Finding, address: Option<&str>) -> Markup {
    let check = &one.check;
    html! {
        div {
            @match address { Some(address) => { a href=(address) { (check.message) } } None => { (check.message) } }
            (excerpts(check)) " " span.source { (check.source) }
            @if let Some(looked) = &one.looked { p { (looked) } }
        }
    }
}

/// The same under a field, whose description has the id; with a way to say that it can stay as it is.
pub fn notes(id: &str, findings: &[Finding]) -> Markup {
    html! {
        @if !findings.is_empty() {
            div id=(id) { @for one in findings { (note(one)) } }
            @for one in findings { (ignoring(one)) }
        }
    }
}

fn note(one: &Finding) -> Markup {
    let class = match one.check.severity {
        Severity::MustFix => "note-at bad",
        Severity::LookAt if one.looked.is_none() => "note-at",
        Severity::LookAt | Severity::Advice => "note-at quiet",
    };
    html! {
        p class=(class) {
            strong { (Badge::severity(one.check.severity).words) ": " }
            (one.check.message) (excerpts(&one.check)) " " span.source { (one.check.source) }
            @if let Some(looked) = &one.looked { " " (looked) }
        }
    }
}

/// A button of the editor, which saves what was typed as every button does.
fn ignoring(one: &Finding) -> Markup {
    let Some(mark) = one.check.mark.as_deref().filter(|_| one.looked.is_none()) else { return html! {} };
    let about = format!("“{}”", one.check.message);
    html! {
        details.ignore {
            summary { "Ignore here" span.vh { " " (about) } }
            (field::text(&Field::new(format!("why:{mark}"), "Why it can stay as it is").about(about.as_str()).limit(content::REASON_LIMIT)
                .hint("You can leave it empty. It comes back when the text changes.")))
            (small_button("op", &format!("ignore:{mark}"), "Mark as looked at", &about))
        }
    }
}

/// The words that a check found.
fn excerpts(check: &Check) -> Markup {
    html! { @for (position, excerpt) in check.excerpts.iter().enumerate() { @if position > 0 { "," } " “" (excerpt) "”" } }
}
