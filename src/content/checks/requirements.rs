//! Requirement trees and the blocks that embed sections: nothing stands half said.

use super::{
    super::kinds::{
        Content, Part,
        requirement::{Node, NodeBody, Rule},
        section::BlockBody,
    },
    Findings,
};

pub fn check(content: &Content, findings: &mut Findings) {
    content.walk(&mut |pointer, part| match part {
        Part::Node(node) => check_node(node, pointer, findings),
        Part::Block(block) => {
            if let BlockBody::Requirements { requirement_section: None, note: _ } = &block.body {
                let pointer = format!("{pointer}/requirement_section");
                findings.must_fix("requirement-section-missing", pointer, "Choose the requirement section to show.");
            }
        }
        Part::Route(route)
            if route.requirements.is_none() && route.introduction.is_empty() && route.links.is_empty() =>
        {
            let message = "The route says nothing yet: no introduction, no requirements, no links.";
            findings.look_at("route-empty", pointer, message);
        }
        _ => {}
    });
}

fn check_node(node: &Node, pointer: &str, findings: &mut Findings) {
    match &node.body {
        NodeBody::Group(group) => {
            if group.items.is_empty() {
                findings.must_fix("group-empty", pointer, "Nothing stands in this group; fill it or remove it.");
            }
            if group.rule == Rule::AtLeast {
                let count = group.count.and_then(|count| usize::try_from(count).ok());
                match count {
                    None => {
                        let message = "Say at least how many of these are needed.";
                        findings.must_fix("count-missing", format!("{pointer}/count"), message);
                    }
                    Some(count) if count > group.items.len() => {
                        let message = format!("{count} are needed, but only {} stand here.", group.items.len());
                        findings.must_fix("count-too-high", format!("{pointer}/count"), message);
                    }
                    Some(_) => {}
                }
            }
        }
        NodeBody::Requirement(requirement) => {
            if requirement.text.is_empty() {
                findings.must_fix("requirement-text-missing", format!("{pointer}/text"), "Say what is required.");
            }
            if let Some(qualification) = &requirement.qualification
                && let (Some(minimum), Some(maximum)) = (qualification.count_minimum, qualification.count_maximum)
                && minimum > maximum
            {
                let pointer = format!("{pointer}/qualification/count_maximum");
                findings.must_fix("count-range", pointer, "The highest number is lower than the lowest.");
            }
        }
        NodeBody::Section { requirement_section: None, necessity: _ } => {
            let pointer = format!("{pointer}/requirement_section");
            findings.must_fix(
                "requirement-section-missing",
                pointer,
                "Choose the requirement section that stands here.",
            );
        }
        NodeBody::Section { requirement_section: Some(_), necessity: _ } => {}
    }
}
