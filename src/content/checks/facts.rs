//! Facts of a role page that contradict themselves.

use super::{
    super::kinds::{
        Content,
        role_page::{Hours, Pay},
    },
    Findings,
};

pub fn check(content: &Content, findings: &mut Findings) {
    let Content::RolePage(page) = content else { return };
    match &page.facts.pay {
        Some(Pay::Range { minimum: Some(minimum), maximum: Some(maximum), .. }) if minimum > maximum => {
            findings.must_fix("pay-range", "/facts/pay/maximum", "The highest pay is lower than the lowest.");
        }
        Some(Pay::Progression { starter: Some(starter), experienced: Some(experienced), .. })
            if starter > experienced =>
        {
            let message = "Experienced people would be paid less than starters.";
            findings.must_fix("pay-range", "/facts/pay/experienced", message);
        }
        Some(Pay::Bands { bands, .. }) if bands.is_empty() => {
            findings.must_fix("pay-bands-missing", "/facts/pay/bands", "Name the pay bands, or remove the pay.");
        }
        _ => {}
    }
    if let Some(Hours { minimum: Some(minimum), maximum: Some(maximum), .. }) = &page.facts.hours
        && minimum > maximum
    {
        findings.must_fix(
            "hours-range",
            "/facts/hours/maximum",
            "The highest number of hours is lower than the lowest.",
        );
    }
    for (position, code) in page.facts.occupation_codes.iter().enumerate() {
        let pointer = format!("/facts/occupation_codes/{position}");
        if code.scheme_version.is_empty() {
            let message = "Say which version of the scheme; the same code means other things in another.";
            findings.must_fix("scheme-version-missing", format!("{pointer}/scheme_version"), message);
        }
        if code.code.is_none() && code.uri.is_none() {
            findings.must_fix("code-missing", format!("{pointer}/code"), "Give the code or its URI.");
        }
    }
}
