//! Facts that contradict themselves or each other.
//!
//! Decision (2026-11-22), nothing that a clock decides: whether a pay table has run out would change without a save, and
//! the counts in lists would be old the next day. Such dates belong to what the dashboard asks on each visit.

use super::{
    super::kinds::{
        Content, Part,
        requirement::{EntryRoute, Framework, RouteKind, Standard},
        role_page::{Facts, Hours, Pay},
    },
    Case, Family, Findings, Found, Rule, Severity,
    reading::{PieceKind, bare, excerpt},
};

/// The highest level of an apprenticeship that is never a university's.
const COLLEGE_LEVEL: usize = 4;

const SENSE: &str = "House rule: numbers make sense";
const CODES: &str = "Office for National Statistics, coding index";

const PAY: Rule = Rule { code: "pay-range", severity: Severity::MustFix, source: SENSE };
const BANDS: Rule = Rule { code: "pay-bands-missing", severity: Severity::MustFix, source: SENSE };
const HOURS: Rule = Rule { code: "hours-range", severity: Severity::MustFix, source: SENSE };
const SCHEME: Rule = Rule { code: "scheme-version-missing", severity: Severity::MustFix, source: CODES };
const CODE: Rule = Rule { code: "code-missing", severity: Severity::MustFix, source: CODES };
const UNIVERSITY: Rule = Rule {
    code: "apprenticeship-level-university",
    severity: Severity::LookAt,
    source: "GOV.UK, apprenticeship levels",
};
const ROUTE: Rule = Rule { code: "route-empty", severity: Severity::LookAt, source: "House rule: no empty parts" };

pub const FAMILY: Family = Family {
    passed: "Facts and entry routes don’t contradict themselves",
    rules: &[PAY, BANDS, HOURS, SCHEME, CODE, UNIVERSITY, ROUTE],
    check,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if let Content::RolePage(page) = case.content {
        check_pay(&page.facts, findings);
        check_hours(&page.facts, findings);
        check_codes(&page.facts, findings);
    }
    for (pointer, part) in &case.reading.parts {
        if let Part::Route(route) = part {
            if route.requirements.is_none() && route.introduction.is_empty() && route.links.is_empty() {
                let message = "The route says nothing yet: no introduction, no requirements, no links.";
                findings.add(&ROUTE, pointer, message);
            }
            if is_below_university(route) && says_university(&route.introduction.0, &route.further_information.0) {
                let message = "Apprenticeships up to level 3 are not taught at universities. Look at the level, or at \
                               where people study.";
                findings.add(&UNIVERSITY, pointer, message);
            }
        }
    }
    check_prose(case, findings);
}

fn check_pay(facts: &Facts, findings: &mut Findings) {
    match &facts.pay {
        Some(Pay::Range { minimum: Some(minimum), maximum: Some(maximum), .. }) if minimum > maximum => {
            findings.add(&PAY, "/facts/pay/maximum", "The highest pay is lower than the lowest.");
        }
        Some(Pay::Progression { starter: Some(starter), experienced: Some(experienced), .. })
            if starter > experienced =>
        {
            findings.add(&PAY, "/facts/pay/experienced", "Experienced people would be paid less than starters.");
        }
        Some(Pay::Bands { bands, .. }) if bands.is_empty() => {
            findings.add(&BANDS, "/facts/pay/bands", "Name the pay bands, or remove the pay.");
        }
        _ => {}
    }
}

fn check_hours(facts: &Facts, findings: &mut Findings) {
    if let Some(Hours { minimum: Some(minimum), maximum: Some(maximum), .. }) = &facts.hours
        && minimum > maximum
    {
        let message = "The highest number of hours is lower than the lowest.";
        findings.add(&HOURS, "/facts/hours/maximum", message);
    }
}

fn check_codes(facts: &Facts, findings: &mut Findings) {
    for (position, code) in facts.occupation_codes.iter().enumerate() {
        let pointer = format!("/facts/occupation_codes/{position}");
        if code.scheme_version.is_empty() {
            let message = "Say which version of the scheme; the same code means other things in another.";
            findings.add(&SCHEME, format!("{pointer}/scheme_version"), message);
        }
        if code.code.is_none() && code.uri.is_none() {
            findings.add(&CODE, format!("{pointer}/code"), "Give the code or its URI.");
        }
    }
}

/// Whether all standards of an apprenticeship are at a level that colleges teach (RQF 3 at most).
fn is_below_university(route: &EntryRoute) -> bool {
    let level = |standard: &Standard| {
        standard.level.as_ref().filter(|level| level.framework == Framework::Rqf).map(|level| level.rank())
    };
    route.kind == RouteKind::Apprenticeship
        && !route.standards.is_empty()
        && route.standards.iter().all(|standard| level(standard).is_some_and(|rank| rank <= COLLEGE_LEVEL))
}

fn says_university(introduction: &str, further: &str) -> bool {
    [introduction, further].iter().any(|text| text.split_whitespace().any(is_university))
}

fn is_university(word: &str) -> bool {
    matches!(bare(word).to_lowercase().as_str(), "university" | "universities")
}

/// The same in a paragraph: “level 3 apprenticeship” and “university”.
fn check_prose(case: &Case<'_>, findings: &mut Findings) {
    for passage in &case.reading.passages {
        let mut found = Found::default();
        for piece in passage.pieces.iter().filter(|piece| piece.kind != PieceKind::Cell) {
            let words = case.reading.words(piece);
            let Some(at) = words.windows(3).position(is_low_apprenticeship) else { continue };
            if words.iter().any(|word| is_university(word)) {
                found.add(|| excerpt(&words, at + 1));
            }
        }
        let message = "Apprenticeships up to level 3 are not taught at universities. Look at the level, or at where \
                       people study.";
        findings.add_found(&UNIVERSITY, &passage.pointer, message, found);
    }
}

fn is_low_apprenticeship(words: &[&str]) -> bool {
    let [level, number, what] = words else { return false };
    bare(level).eq_ignore_ascii_case("level")
        && matches!(bare(number), "2" | "3")
        && bare(what).to_lowercase().starts_with("apprenticeship")
}
