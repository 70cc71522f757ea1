//! References: each leads to something that is there, and to the right kind of it.

use super::{
    super::{kinds::Kind, references::ReferenceRole},
    Case, Family, Findings, Rule, Severity,
};

const SOURCE: &str = "House rule: references hold";

const MISSING: Rule = Rule { code: "reference-missing", severity: Severity::MustFix, source: SOURCE };
const KIND: Rule = Rule { code: "reference-kind", severity: Severity::MustFix, source: SOURCE };
const NOT_LIVE: Rule = Rule { code: "related-not-live", severity: Severity::Advice, source: SOURCE };

pub const FAMILY: Family =
    Family { passed: "Everything that it refers to is there", rules: &[MISSING, KIND, NOT_LIVE], check };

fn check(case: &Case<'_>, findings: &mut Findings) {
    let surroundings = case.surroundings;
    let mut not_live = 0_usize;
    let mut related = 0_usize;
    for reference in &surroundings.references {
        if reference.role == ReferenceRole::Image {
            continue;
        }
        let expected = match reference.role {
            ReferenceRole::Embed | ReferenceRole::Tree => Some(Kind::RequirementSection),
            ReferenceRole::Related | ReferenceRole::OwnPage => Some(Kind::RolePage),
            _ => None,
        };
        match (surroundings.documents.get(&reference.target), expected) {
            (None, _) => {
                let message = format!("The document {} is not there, or is in the trash.", reference.target);
                findings.add(&MISSING, &reference.pointer, message);
            }
            (Some(kind), Some(expected)) if *kind != expected => {
                let message = format!("A {} was expected here, not a {}.", expected.words(), kind.words());
                findings.add(&KIND, &reference.pointer, message);
            }
            _ => {}
        }
        if reference.role == ReferenceRole::Related {
            related += 1;
            not_live += usize::from(!surroundings.live.contains(&reference.target));
        }
    }
    if not_live > 0 {
        let message = format!("{not_live} of {related} related roles are not live; readers don't see them.");
        findings.add(&NOT_LIVE, "/related_roles", message);
    }
}
