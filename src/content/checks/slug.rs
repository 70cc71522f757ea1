//! The slug: the words of the title, as people would say them aloud.
//!
//! Decision (2026-11-22), a slug of one's own stays possible: the pattern and the length are refused when it is saved.
//! That it differs from the title is advice and stops nothing, because a short slug chosen on purpose is better than a long
//! title, and the slug of a live page is worth more unchanged.

use std::collections::HashSet;

use super::{super::paths, Case, Family, Findings, Rule, Severity};

const CONTRACTION: Rule = Rule {
    code: "slug-contraction",
    severity: Severity::LookAt,
    source: "NHS digital service manual, no contractions in addresses",
};
const UNLIKE_TITLE: Rule =
    Rule { code: "slug-unlike-title", severity: Severity::Advice, source: "GOV.UK content guidance, addresses" };

pub const FAMILY: Family =
    Family { passed: "The slug says what the title says", rules: &[CONTRACTION, UNLIKE_TITLE], check };

/// What contractions become in a slug.
const CONTRACTIONS: [&str; 26] = [
    "arent", "cant", "couldnt", "didnt", "doesnt", "dont", "hadnt", "hasnt", "havent", "heres", "isnt", "shouldnt",
    "thats", "theres", "theyre", "theyve", "wasnt", "werent", "weve", "whats", "whos", "wont", "wouldnt", "youll",
    "youre", "youve",
];

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(place) = &case.surroundings.place else { return };
    if place.slug.split('-').any(|word| CONTRACTIONS.contains(&word)) {
        let message = "A shortened word stands in the slug. Write both words in full, or leave them out.";
        findings.add(&CONTRACTION, "/slug", message);
    }
    let is_live = place.live_slug.as_deref() == Some(place.slug.as_str());
    if !is_live && !case.content.title().is_empty() && !is_like(&place.slug, case.content.title()) {
        let message = format!(
            "The slug has other words than the title; made from it, it would be {}.",
            paths::slug_from(case.content.title())
        );
        findings.add(&UNLIKE_TITLE, "/slug", message);
    }
}

/// Whether every word of a slug is one of the title's; a number behind it tells it from another.
fn is_like(slug: &str, title: &str) -> bool {
    let made = paths::slug_from(title);
    let words: HashSet<&str> = made.split('-').collect();
    let unnumbered = slug.rsplit_once('-').filter(|(_, end)| end.bytes().all(|byte| byte.is_ascii_digit()));
    let slug = unnumbered.map_or(slug, |(start, _)| start);
    slug.split('-').all(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_shorter_slug_and_a_number_behind_it_are_like_the_title() {
        for slug in ["community-first-responder", "first-responder", "community-first-responder-2"] {
            assert!(is_like(slug, "Community first responder"), "{slug}");
        }
        for slug in ["first-responders", "untitled", "volunteer"] {
            assert!(!is_like(slug, "Community first responder"), "{slug}");
        }
    }
}
