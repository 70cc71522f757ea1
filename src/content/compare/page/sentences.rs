//! A comparison in a few words: what changed in each region, and how much in all. Every word for that is in this file.

use super::{
    super::{
        What, WordOp,
        labels::{self, Noun},
    },
    Region,
    lines::Shape,
    parts::{Body, Fate, Part},
    texts::TextLine,
};

/// So many things are said of a region.
const MOST_SAID: usize = 3;

/// How much changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub sections_changed: usize,
    pub sections_added: usize,
    pub sections_removed: usize,
    pub sections_moved: usize,
    /// Title, facts, routes and whatever else is no section.
    pub other_parts: usize,
    pub words_added: usize,
    pub words_removed: usize,
}

impl Counts {
    pub fn of(regions: &[Region]) -> Self {
        let mut counts = Self::default();
        for region in regions.iter().filter(|region| region.part.is_changed()) {
            counts.words(&region.part);
            let place = match (region.part.noun, &region.part.fate) {
                (Some(Noun::Section), Fate::Added) => &mut counts.sections_added,
                (Some(Noun::Section), Fate::Removed) => &mut counts.sections_removed,
                (Some(Noun::Section), Fate::Moved(_)) => &mut counts.sections_moved,
                (Some(Noun::Section), _) => &mut counts.sections_changed,
                _ => &mut counts.other_parts,
            };
            *place += 1;
        }
        counts
    }

    fn words(&mut self, part: &Part) {
        match &part.body {
            Body::Nothing | Body::Said(_) => {}
            Body::Parts(parts) | Body::Items(parts) => parts.iter().for_each(|part| self.words(part)),
            Body::Text(lines) => {
                for run in lines.iter().flat_map(TextLine::runs) {
                    let count = run.text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
                    match run.op {
                        WordOp::Equal => {}
                        WordOp::Insert => self.words_added += count,
                        WordOp::Delete => self.words_removed += count,
                    }
                }
            }
        }
    }

    /// Such as "2 sections changed, 1 moved, +34 −12 words"; nothing if nothing changed.
    pub fn in_words(&self) -> String {
        let sections = [
            (self.sections_changed, "changed"),
            (self.sections_added, "added"),
            (self.sections_removed, "removed"),
            (self.sections_moved, "moved"),
        ];
        let mut said: Vec<String> = Vec::new();
        for (count, verb) in sections.into_iter().filter(|(count, _)| *count > 0) {
            said.push(if said.is_empty() {
                format!("{} {verb}", counted(count, "section", "sections"))
            } else {
                format!("{count} {verb}")
            });
        }
        if self.other_parts > 0 {
            let (one, many) = if said.is_empty() { ("part", "parts") } else { ("other part", "other parts") };
            said.push(format!("{} changed", counted(self.other_parts, one, many)));
        }
        match (self.words_added, self.words_removed) {
            (0, 0) => {}
            (added, 0) => said.push(format!("+{} ", counted(added, "word", "words")).trim_end().to_owned()),
            (0, removed) => said.push(format!("−{}", counted(removed, "word", "words"))),
            (added, removed) => said.push(format!("+{added} −{removed} words")),
        }
        said.join(", ")
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// What changed in a region, as a sentence without its full stop.
pub fn sentence(name: &str, part: &Part) -> String {
    let mut details = Details::default();
    details.within(part);
    let details = details.in_words();
    let then = |said: String| if details.is_empty() { said } else { format!("{said}; {details}") };
    match &part.fate {
        Fate::Added => format!("{name} added"),
        Fate::Removed => format!("{name} removed"),
        Fate::MovedAway(whither) => format!("{name} moved {whither}"),
        Fate::Moved(whence) if details.is_empty() => format!("{name} moved {whence}, not changed"),
        Fate::Moved(whence) => then(format!("{name} moved {whence}")),
        Fate::Rewritten => then(format!("{name} probably rewritten")),
        Fate::Kept | Fate::Changed => match &part.body {
            Body::Text(lines) if lines.len() == 1 && !lines.iter().all(TextLine::is_only_formatted) => {
                format!("{name} changed")
            }
            Body::Said(said) => said.clone(),
            _ if details.is_empty() => format!("{name} changed"),
            _ => format!("{name}: {details}"),
        },
    }
}

#[derive(Default)]
struct Details {
    said: Vec<String>,
    /// Counted things and lines, in the order in which they are met.
    counted: Vec<(Sort, What, usize)>,
    formatted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Thing(Noun),
    Line(&'static str, &'static str),
}

impl Details {
    fn within(&mut self, part: &Part) {
        match &part.body {
            Body::Nothing => {}
            Body::Said(said) => self.said.push(said.clone()),
            Body::Text(lines) => lines.iter().for_each(|line| self.line(line)),
            Body::Parts(parts) | Body::Items(parts) => parts.iter().for_each(|part| self.part(part)),
        }
    }

    fn part(&mut self, part: &Part) {
        let Some(noun) = part.noun else { return self.within(part) };
        let what = match part.fate {
            Fate::Added => What::Added,
            Fate::Removed => What::Removed,
            Fate::Moved(_) => What::Moved,
            Fate::Kept | Fate::Changed | Fate::Rewritten => What::Changed,
            Fate::MovedAway(_) => return,
        };
        let small = matches!(
            noun,
            Noun::Task | Noun::Skill | Noun::Registration | Noun::Requirement | Noun::Reference | Noun::Item
        );
        if what != What::Changed || (small && part.is_changed()) {
            self.count(Sort::Thing(noun), what);
        }
        if matches!(what, What::Changed | What::Moved) {
            if small { self.sentences(part) } else { self.within(part) }
        }
    }

    /// Only what is said in sentences: the rest of a small thing is counted.
    fn sentences(&mut self, part: &Part) {
        match &part.body {
            Body::Said(said) => self.said.push(said.clone()),
            Body::Parts(parts) | Body::Items(parts) => parts.iter().for_each(|part| self.sentences(part)),
            Body::Nothing | Body::Text(_) => {}
        }
    }

    fn line(&mut self, line: &TextLine) {
        let Some(what) = line.what else { return };
        if line.is_only_formatted() {
            self.formatted = true;
            return;
        }
        let sort = match line.shape {
            Shape::Heading(_) => Sort::Line("heading", "headings"),
            Shape::TableHead | Shape::TableRow => Sort::Line("table row", "table rows"),
            Shape::Paragraph if line.within.last().is_some_and(|within| within.begins) => {
                Sort::Line("list item", "list items")
            }
            Shape::Paragraph => Sort::Line("paragraph", "paragraphs"),
        };
        self.count(sort, what);
    }

    fn count(&mut self, sort: Sort, what: What) {
        match self.counted.iter_mut().find(|(other, verb, _)| *other == sort && *verb == what) {
            Some((.., count)) => *count += 1,
            None => self.counted.push((sort, what, 1)),
        }
    }

    fn in_words(&self) -> String {
        let counted = self.counted.iter().map(|(sort, what, count)| {
            let (one, many) = match sort {
                Sort::Thing(noun) => (noun.singular(), noun.plural()),
                Sort::Line(one, many) => (*one, *many),
            };
            format!("{} {}", self::counted(*count, one, many), labels::verb(*what))
        });
        let formatting = self.formatted.then(|| "formatting changed".to_owned());
        let all: Vec<String> =
            self.said.iter().map(|said| labels::lower_first(said)).chain(counted).chain(formatting).collect();
        let left_out = all.len().saturating_sub(MOST_SAID);
        let mut said: Vec<String> = all.into_iter().take(MOST_SAID).collect();
        if left_out > 0 {
            said.push(format!("and {left_out} more"));
        }
        said.join(", ")
    }
}
