//! What checks found, in groups by how much it matters, each with a link to its field. It judges nothing.

use maud::{Markup, html};

use super::Badge;
use crate::content::{Check, Severity};

/// The findings; `address` says where the field of a pointer can be mended, if anywhere on hand.
pub fn check_list(checks: &[Check], address: &dyn Fn(&str) -> Option<String>) -> Markup {
    html! {
        @if checks.is_empty() {
            p { "The checks found nothing." }
        } @else {
            @for severity in [Severity::MustFix, Severity::LookAt, Severity::Advice] {
                @let group: Vec<&Check> = checks.iter().filter(|check| check.severity == severity).collect();
                @if !group.is_empty() {
                    ul.checks.unmarked {
                        @for check in group {
                            li.check {
                                (Badge::severity(severity))
                                @match address(&check.pointer) {
                                    Some(address) => { a href=(address) { (check.message) } }
                                    None => { span { (check.message) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
