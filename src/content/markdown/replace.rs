//! Finding in a rich text and changing what was found: words in the text itself, whatever their marks, and where links
//! lead. What is sought the caller says; places are numbered in reading order, so that what was looked at can be named.
//!
//! Decision (2026-11-22): words that run over the edge of a mark or a link are found and never replaced. Context: of two
//! halves with different marks nobody can say which the new words belong to. Choice: such a place says so, and people
//! change it by hand. Consequence: replacing never makes a word bold or takes a link from one.

use std::ops::Range;

use super::{Block, Inline, RichDoc, Target, inline::Run, text_of_inlines};

/// Finds what is sought in the characters of one line: ranges in order that do not overlap.
pub type FindIn<'a> = &'a dyn Fn(&[char]) -> Vec<Range<usize>>;

/// Words that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPlace {
    /// The line in which they stand.
    pub line: Vec<char>,
    pub range: Range<usize>,
    /// Whether they run over the edge of a mark or a link, so that they can't be replaced.
    pub over_an_edge: bool,
}

/// A link and what it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPlace {
    pub text: String,
    pub target: Target,
}

impl RichDoc {
    /// Every place in which the text holds what is sought, in reading order.
    #[must_use]
    pub fn text_places(&self, find: FindIn<'_>) -> Vec<TextPlace> {
        let mut places = Vec::new();
        let mut blocks = self.blocks.clone();
        each_line(&mut blocks, &mut |content, _| {
            let run = Run::of(content);
            let line = run.characters();
            places.extend(find(&line).into_iter().map(|range| TextPlace {
                line: line.clone(),
                over_an_edge: !run.is_uniform(&range),
                range,
            }));
        });
        places
    }

    /// The text with others in place of those words that are chosen by number. What runs over an edge stays.
    #[must_use]
    pub fn with_text_replaced(mut self, find: FindIn<'_>, with: &str, chosen: &dyn Fn(usize) -> bool) -> Self {
        let mut number = 0;
        each_line(&mut self.blocks, &mut |content, one_line| {
            let mut run = Run::of(content);
            let mut replaced = Vec::new();
            for range in find(&run.characters()) {
                if chosen(number) && run.is_uniform(&range) {
                    replaced.push(range);
                }
                number += 1;
            }
            if replaced.is_empty() {
                return;
            }
            // From the end, so that the ranges before stay where they are.
            for range in replaced.into_iter().rev() {
                run.put(range, with);
            }
            *content = if one_line { run.into_line() } else { run.into_inlines() };
        });
        self.normalised()
    }

    /// Every link, in reading order.
    #[must_use]
    pub fn link_places(&self) -> Vec<LinkPlace> {
        let mut places = Vec::new();
        let mut blocks = self.blocks.clone();
        each_line(&mut blocks, &mut |content, _| {
            each_link(content, &mut |target, inside| {
                places.push(LinkPlace { text: text_of_inlines(inside), target: target.clone() });
            });
        });
        places
    }

    /// The text in which links lead elsewhere: `change` is given the number and the target of each.
    #[must_use]
    pub fn with_links_changed(mut self, change: &dyn Fn(usize, &Target) -> Option<Target>) -> Self {
        let mut number = 0;
        each_line(&mut self.blocks, &mut |content, _| {
            each_link(content, &mut |target, _| {
                if let Some(new) = change(number, target) {
                    *target = new;
                }
                number += 1;
            });
        });
        self.normalised()
    }
}

/// Shows each line of text, and whether breaks in it are spaces.
fn each_line(blocks: &mut [Block], visit: &mut dyn FnMut(&mut Vec<Inline>, bool)) {
    for block in blocks {
        match block {
            Block::Paragraph { content } => visit(content, false),
            Block::Heading { content, .. } => visit(content, true),
            Block::List { items, .. } => items.iter_mut().for_each(|item| each_line(&mut item.blocks, visit)),
            Block::Quote { blocks } => each_line(blocks, visit),
            Block::Table { head, rows } => {
                for cell in head.iter_mut().chain(rows.iter_mut().flatten()) {
                    visit(cell, true);
                }
            }
        }
    }
}

fn each_link(content: &mut [Inline], visit: &mut dyn FnMut(&mut Target, &[Inline])) {
    for inline in content {
        match inline {
            Inline::Text { .. } | Inline::Break => {}
            Inline::Strong { content } | Inline::Emphasis { content } => each_link(content, visit),
            Inline::Link { target, content } => {
                visit(target, content);
                each_link(content, visit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds a word as it is written.
    fn word(word: &'static str) -> impl Fn(&[char]) -> Vec<Range<usize>> {
        move |line| {
            let sought: Vec<char> = word.chars().collect();
            let here = |(start, part): (usize, &[char])| (part == sought).then(|| start..start + sought.len());
            line.windows(sought.len()).enumerate().filter_map(here).collect()
        }
    }

    fn replaced(markdown: &str, old: &'static str, new: &str) -> String {
        RichDoc::parse(markdown).with_text_replaced(&word(old), new, &|_| true).to_markdown()
    }

    #[test]
    fn words_keep_their_marks_and_marks_are_no_words() {
        assert_eq!(
            replaced("A **nurse** and a [nurse](/n).", "nurse", "midwife"),
            "A **midwife** and a [midwife](/n).\n"
        );
        assert_eq!(replaced("2 * 3 and **bold**", "**", "x"), "2 \\* 3 and **bold**\n");
        assert_eq!(replaced("| a nurse | b |\n| - | - |\n| c | nurse |", "nurse", "a|b").matches("a\\|b").count(), 2);
    }

    #[test]
    fn what_is_put_in_is_text_and_never_becomes_a_mark() {
        assert_eq!(replaced("one word", "one", "1."), "1\\. word\n");
        let put = replaced("say it", "it", "*this* [x](/y) <b> # `c`");
        let read = RichDoc::parse(&put);
        assert_eq!(read.to_text(), "say *this* [x](/y) <b> # `c`");
        assert!(read.targets().is_empty());
    }

    #[test]
    fn what_runs_over_an_edge_is_found_and_stays() {
        let text = RichDoc::parse("A staff **nurse** or staff nurse.");
        let places = text.text_places(&word("staff nurse"));
        assert_eq!(places.iter().map(|place| place.over_an_edge).collect::<Vec<_>>(), [true, false]);
        assert_eq!(
            text.with_text_replaced(&word("staff nurse"), "cook", &|_| true).to_markdown(),
            "A staff **nurse** or cook.\n"
        );
    }

    #[test]
    fn only_what_is_chosen_is_replaced() {
        let text = RichDoc::parse("a a\n\n- a\n- a");
        let places = text.text_places(&word("a"));
        assert_eq!(places.len(), 4);
        let chosen = text.with_text_replaced(&word("a"), "b", &|number| number % 2 == 1);
        assert_eq!(chosen.to_text(), "a b\na\nb");
    }

    #[test]
    fn links_are_counted_as_they_are_read_and_lead_elsewhere() {
        let text = RichDoc::parse("[**One**](/a) and [two](/b), [three](/a)");
        let read: Vec<String> = text.link_places().into_iter().map(|place| place.text).collect();
        assert_eq!(read, ["One", "two", "three"]);
        let changed = text.with_links_changed(&|number, _| (number == 2).then(|| Target::Address("/c".to_owned())));
        assert_eq!(changed.to_markdown(), "[**One**](/a) and [two](/b), [three](/c)\n");
    }
}
