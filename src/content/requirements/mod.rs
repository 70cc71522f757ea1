//! What a requirement tree means: its expansion, what it asks for in each framework of levels, and how it reads in
//! plain English. Everything is computed from values that are handed in. It must not know how content is stored, which
//! version is live, or what a page looks like.
//!
//! # Decisions
//!
//! 2026-11-22, an expanded tree is a tree of the same shape. *Context:* the published tree, the sentences and the
//! filters must speak of one and the same tree. *Choice:* a referenced tree stands in the place of its reference with its own ids,
//! and a reference that remains is one that could not be followed. *Consequence:* it serialises like any tree; ids
//! repeat where a section is referenced twice.
//!
//! 2026-11-22, references that can't be followed. *Context:* the target is missing or not chosen yet, it leads back to
//! a document it came from, or it is too deep or too large. *Choice:* such a reference asks for something unknown,
//! and unknown lies above every level: `all_of` with it is unknown, `one_of` with a known alternative is that
//! alternative's level, because nobody is asked for more. One that is merely `sometimes`, `helpful` or `none` asks for
//! nothing, whatever would stand there. A section that exists and has no tree asks for nothing extra. *Consequence:* a
//! level is always a promise: this is enough.
//!
//! 2026-11-22, a replaced necessity. *Context:* lead-ins say how necessary something is. *Choice:* the outermost
//! necessity that a reference names holds for all requirements below it, and a lead-in of a group in which it changed
//! something is left out. *Consequence:* the sentences never contradict the tree.
//!
//! 2026-11-22, what does not count. *Choice:* a requirement that is `sometimes`, `helpful` or `none` asks for 0 wherever
//! it stands, also as an alternative: who reads "one of: a degree; GCSEs (helpful)" may try without either.
//! *Consequence:* one helpful alternative makes a `one_of` ask for nothing.
//!
//! 2026-11-22, groups that can't be met. *Choice:* an empty `all_of` asks for nothing. A `one_of` or `at_least` with
//! fewer items than it needs can't be met, unless it has items and none of what is in it counts: wishes never bar
//! anybody. What is limited to other nations is taken out first, and so is a group of which nothing is left, so that an
//! alternative for Scotland, written as an `all_of`, is no way in for nothing in England; a `one_of` or `at_least` that
//! counted then can't be met. *Consequence:* without a nation, only a malformed tree can't be met; its `asks_for` is
//! null, like an unknown one.
//!
//! 2026-11-22, sentences. *Context:* readers get a flat list. *Choice:* after the lead-in, every string is one item of
//! the outermost group, and a group within it is one string, with semicolons between its items and brackets around
//! groups further in; groups that say the same as the one around them are merged into it. *Consequence:* nothing
//! depends on how a site indents.

mod asks;
mod expansion;
mod line;
mod plain;
#[cfg(test)]
mod tests;

use super::kinds::requirement::Necessity;

pub use asks::{Asks, AsksFor, matches_max_level, route_asks_for};
pub use expansion::{ExpandedTree, Sections, Unresolved, UnresolvedReason, expand};
pub use plain::{plain, plain_text};

/// Whether a requirement of this necessity asks for something.
fn counts(necessity: Necessity) -> bool {
    matches!(necessity, Necessity::Required | Necessity::Usually)
}
