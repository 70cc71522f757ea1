//! Requirement trees and the blocks that embed sections: nothing stands half said.

use super::{
    super::kinds::{
        Part,
        requirement::{Node, NodeBody, Rule as GroupRule},
        section::BlockBody,
    },
    Case, Family, Findings, Rule, Severity,
};

const SOURCE: &str = "House rule: requirements are whole";

const SECTION: Rule = Rule { code: "requirement-section-missing", severity: Severity::MustFix, source: SOURCE };
const GROUP: Rule = Rule { code: "group-empty", severity: Severity::MustFix, source: SOURCE };
const COUNT: Rule = Rule { code: "count-missing", severity: Severity::MustFix, source: SOURCE };
const TOO_HIGH: Rule = Rule { code: "count-too-high", severity: Severity::MustFix, source: SOURCE };
const TEXT: Rule = Rule { code: "requirement-text-missing", severity: Severity::MustFix, source: SOURCE };
const RANGE: Rule = Rule { code: "count-range", severity: Severity::MustFix, source: SOURCE };

pub const FAMILY: Family = Family {
    passed: "Each requirement and each group is whole",
    rules: &[SECTION, GROUP, COUNT, TOO_HIGH, TEXT, RANGE],
    check,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    for (pointer, part) in &case.reading.parts {
        match part {
            Part::Node(node) => check_node(node, pointer, findings),
            Part::Block(block) => {
                if let BlockBody::Requirements { requirement_section: None, note: _ } = &block.body {
                    let pointer = format!("{pointer}/requirement_section");
                    findings.add(&SECTION, pointer, "Choose the requirement section to show.");
                }
            }
            _ => {}
        }
    }
}

fn check_node(node: &Node, pointer: &str, findings: &mut Findings) {
    match &node.body {
        NodeBody::Group(group) => {
            if group.items.is_empty() {
                findings.add(&GROUP, pointer, "Nothing stands in this group; fill it or remove it.");
            }
            if group.rule == GroupRule::AtLeast {
                let count = group.count.and_then(|count| usize::try_from(count).ok());
                match count {
                    None => {
                        let message = "Say at least how many of these are needed.";
                        findings.add(&COUNT, format!("{pointer}/count"), message);
                    }
                    Some(count) if count > group.items.len() => {
                        let message = format!("{count} are needed, but only {} stand here.", group.items.len());
                        findings.add(&TOO_HIGH, format!("{pointer}/count"), message);
                    }
                    Some(_) => {}
                }
            }
        }
        NodeBody::Requirement(requirement) => {
            if requirement.text.is_empty() {
                findings.add(&TEXT, format!("{pointer}/text"), "Say what is required.");
            }
            if let Some(qualification) = &requirement.qualification
                && let (Some(minimum), Some(maximum)) = (qualification.count_minimum, qualification.count_maximum)
                && minimum > maximum
            {
                let pointer = format!("{pointer}/qualification/count_maximum");
                findings.add(&RANGE, pointer, "The highest number is lower than the lowest.");
            }
        }
        NodeBody::Section { requirement_section: None, necessity: _ } => {
            let pointer = format!("{pointer}/requirement_section");
            findings.add(&SECTION, pointer, "Choose the requirement section that stands here.");
        }
        NodeBody::Section { requirement_section: Some(_), necessity: _ } => {}
    }
}
