//! The address at which a document will live.
//!
//! Decision (2026-11-22), no finding of these stops anything: a page that moves always leaves a redirect to wherever it
//! lives, so there is no move without one and no chain of them; an address that is taken is refused by publishing itself,
//! which alone knows whether both change places together. And what hangs on other documents' addresses must not be
//! counted in lists, where it would be old after their next publication.

use super::{Case, Family, Findings, Rule, Severity};

const SOURCE: &str = "House rule: no address is lost";

const MOVES: Rule = Rule { code: "path-moves", severity: Severity::Advice, source: SOURCE };
const TAKEN: Rule = Rule { code: "path-taken", severity: Severity::Advice, source: SOURCE };
const LEADS_ELSEWHERE: Rule = Rule { code: "path-leads-elsewhere", severity: Severity::Advice, source: SOURCE };

pub const FAMILY: Family =
    Family { passed: "The address is free and stays", rules: &[MOVES, TAKEN, LEADS_ELSEWHERE], check };

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(place) = &case.surroundings.place else { return };
    if let Some(live) = place.live_path.as_ref().filter(|live| **live != place.path) {
        let message = format!(
            "The address changes from {live} to {} when this is published. The old one will lead to the new one.",
            place.path
        );
        findings.add(&MOVES, "/slug", message);
    }
    if let Some(holder) = &place.holder {
        let message = format!(
            "“{holder}” lives at {}. This can't be published there; choose another slug, or move both together.",
            place.path
        );
        findings.add(&TAKEN, "/slug", message);
    } else if let Some(target) = &place.leads_to {
        let message = format!(
            "{} leads to “{target}” today, because it once lived there. That ends when this is published.",
            place.path
        );
        findings.add(&LEADS_ELSEWHERE, "/slug", message);
    }
}
