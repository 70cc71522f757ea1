//! Two versions of a page laid over each other: first a list of what changed, then each change where it stands. Used
//! wherever people look at versions: comparing, reviewing, publishing, and when somebody saved meanwhile. It computes no
//! differences. A key belongs to the link nearest to the focus, so `n` and `p` go from change to change.
//!
//! Decision (2026-11-22), parts are groups. Context: the names of blocks within a change look like headings, but how deep
//! they stand follows from what changed, and the texts in them have headings of their own. Choice: each part is a group
//! with its name; the changes alone are headings. Consequence: the order of headings holds whatever is compared, and
//! those who hear the page are told in which block they are.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::content::{Body, Fate, PageComparison, Part, Region};

use super::compared_text::{self, Side};

/// How a comparison is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    /// What stands before every id, so that several comparisons can stand on a page.
    pub scope: &'a str,
    /// What tells its parts from those of another comparison on the page, to those who hear their names; else empty.
    pub of: &'a str,
    /// The older text on the left and the newer on the right, in place of one over the other.
    pub sides: bool,
    /// Whether what did not change is shown.
    pub whole: bool,
    /// The titles of documents by their ids.
    pub titles: &'a BTreeMap<String, String>,
}

/// The whole comparison.
pub fn compared(comparison: &PageComparison, drawing: Drawing<'_>) -> Markup {
    let total = comparison.changes().count();
    let mut number = 0;
    html! {
        @if total == 0 { p { "These versions are the same." } } @else {
            nav aria-label=(named("Changes", drawing.of)) {
                ol { @for (position, region) in comparison.changes().enumerate() {
                    @let key = (position == 0).then_some("n");
                    li { a href={ "#" (drawing.scope) "change-" (position + 1) } data-key=[key] aria-keyshortcuts=[key] { (region.sentence) } }
                } }
            }
            (key())
        }
        @for region in &comparison.regions {
            @if region.part.is_changed() {
                ({ number += 1; change(region, number, total, drawing) })
            } @else if let Fate::MovedAway(whither) = &region.part.fate {
                p { span.moved { (region.name) ": moved " (whither) } }
            } @else if drawing.whole {
                section.change.stack-s { h3 { (region.name) } (body(&region.part, drawing)) }
            }
        }
    }
}

fn named(name: &str, of: &str) -> String {
    if of.is_empty() { name.to_owned() } else { format!("{name}, {of}") }
}

/// What the marks mean.
pub fn key() -> Markup {
    html! {
        p.document-note {
            "Key: " ins { "put in" } ", " del { "taken out" } ", " span.moved { "moved, or said of the change" }
        }
    }
}

fn change(region: &Region, number: usize, total: usize, drawing: Drawing<'_>) -> Markup {
    let scope = drawing.scope;
    let id = format!("{scope}change-{number}");
    html! {
        section.change.stack-s id=(id) aria-labelledby={ (id) "-name" } tabindex="-1" {
            h3 id={ (id) "-name" } { "Change " (number) " of " (total) ": " (region.name) @if !drawing.of.is_empty() { span.vh { ", " (drawing.of) } } }
            @if let Some(said) = said_of(&region.part.fate) { p { (said) } }
            (body(&region.part, drawing))
            @if total > 1 {
                p.row.document-note {
                    @if number > 1 { a href={ "#" (scope) "change-" (number - 1) } data-key="p" aria-keyshortcuts="p" { "Previous change" } }
                    @if number < total { a href={ "#" (scope) "change-" (number + 1) } data-key="n" aria-keyshortcuts="n" { "Next change" } }
                }
            }
        }
    }
}

fn body(region: &Part, drawing: Drawing<'_>) -> Markup {
    let drawn = |side| Drawn { side, drawing }.body(&region.body);
    html! {
        @if drawing.sides {
            div.side-by-side {
                div.stack-s { p.vh { "Before" } (drawn(Side::Before)) }
                div.stack-s { p.vh { "After" } (drawn(Side::After)) }
            }
        } @else { (drawn(Side::Both)) }
    }
}

struct Drawn<'a> {
    side: Side,
    drawing: Drawing<'a>,
}

impl Drawn<'_> {
    fn body(&self, body: &Body) -> Markup {
        html! {
            @match body {
                Body::Nothing => {}
                Body::Said(said) => { p { span.moved { (said) } } }
                Body::Text(lines) => { (compared_text::compared_text(lines, self.side, self.drawing)) }
                Body::Parts(parts) => { @for part in self.seen(parts) { (self.part(part)) } }
                Body::Items(parts) => { ul { @for part in self.seen(parts) { li { (self.part(part)) } } } }
            }
        }
    }

    /// The parts that stand on this side.
    fn seen<'p>(&self, parts: &'p [Part]) -> impl Iterator<Item = &'p Part> {
        let side = self.side;
        parts.iter().filter(move |part| match part.fate {
            Fate::Added => side != Side::Before,
            Fate::Removed | Fate::MovedAway(_) => side != Side::After,
            _ => true,
        })
    }

    fn part(&self, part: &Part) -> Markup {
        html! {
            @match &part.fate {
                Fate::MovedAway(whither) => { p { span.moved { (part.label) ": moved " (whither) } } }
                fate => {
                    @if part.label.is_empty() {
                        (self.under(part))
                    } @else if let Body::Text(lines) = &part.body {
                        div role="group" aria-label=(part.label) { p { span.document-note { (part.label) ":" } } (compared_text::compared_text(lines, self.side, self.drawing)) }
                    } @else {
                        div.stack-s role="group" aria-label=(part.label) {
                            p { @match fate {
                                Fate::Added => { ins { (part.label) span.vh { ": added" } } }
                                Fate::Removed => { del { (part.label) span.vh { ": removed" } } }
                                _ => { strong { (part.label) } }
                            } }
                            (self.under(part))
                        }
                    }
                }
            }
        }
    }

    fn under(&self, part: &Part) -> Markup {
        html! {
            @if let Some(said) = said_of(&part.fate) { p { (said) } }
            (self.body(&part.body))
        }
    }
}

/// What is said of a part beside its text.
fn said_of(fate: &Fate) -> Option<Markup> {
    match fate {
        Fate::Moved(whence) => Some(html! { span.moved { "Moved " (whence) } }),
        Fate::Rewritten => Some(html! { span.moved { "Probably the same, rewritten" } }),
        _ => None,
    }
}
