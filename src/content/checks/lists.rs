//! Lists: more than one item, not too many, and a lead-in that ends in a colon.

use super::{
    super::{
        kinds::Part,
        markdown::{Block, Item},
    },
    Case, Family, Findings, Found, Rule, Severity,
    reading::{shortened, text_of},
};

/// More bullets than this are hard to keep in mind.
const ITEMS_ADVICE: usize = 6;

const SOURCE: &str = "NHS digital service manual, formatting and punctuation";

const ONE: Rule = Rule { code: "list-one-item", severity: Severity::LookAt, source: SOURCE };
const LONG: Rule = Rule { code: "list-long", severity: Severity::Advice, source: SOURCE };
const LEAD_IN: Rule = Rule { code: "list-lead-in", severity: Severity::Advice, source: SOURCE };
const AFTER_HEADING: Rule = Rule { code: "list-after-heading", severity: Severity::Advice, source: SOURCE };

pub const FAMILY: Family =
    Family { passed: "Lists have several items and a lead-in", rules: &[ONE, LONG, LEAD_IN, AFTER_HEADING], check };

/// What was found in one text.
#[derive(Default)]
struct Lists {
    one: Found,
    long: Found,
    lead_in: Found,
    after_heading: Found,
    seen: usize,
}

fn check(case: &Case<'_>, findings: &mut Findings) {
    let one = "A list with one item is a sentence. Write it as one, or add what is missing.";
    for (pointer, part) in &case.reading.parts {
        if let Part::Role(role) = part
            && let [task] = role.tasks.as_slice()
        {
            let mut found = Found::default();
            found.add(|| words_of(&task.text));
            findings.add_found(&ONE, &format!("{pointer}/tasks/0/text"), one, found);
        }
    }
    for passage in &case.reading.passages {
        let Some(rich) = &passage.rich else { continue };
        let mut lists = Lists::default();
        look(&rich.blocks, &mut lists);
        case.reading.note_work(lists.seen);
        findings.add_found(&ONE, &passage.pointer, one, lists.one);
        let message = format!("More than {ITEMS_ADVICE} bullets. Split the list, or leave away what matters least.");
        findings.add_found(&LONG, &passage.pointer, message, lists.long);
        let message = "End the line before the list with a colon, so that it is heard as the beginning of the list.";
        findings.add_found(&LEAD_IN, &passage.pointer, message, lists.lead_in);
        let message = "Put a sentence between the heading and the list that says what is listed.";
        findings.add_found(&AFTER_HEADING, &passage.pointer, message, lists.after_heading);
    }
}

fn look(blocks: &[Block], lists: &mut Lists) {
    let mut before: Option<&Block> = None;
    for block in blocks {
        lists.seen += 1;
        match block {
            Block::List { ordered, start: _, items } => {
                if items.len() == 1 {
                    lists.one.add(|| first_words(items));
                } else if items.len() > ITEMS_ADVICE && !ordered {
                    lists.long.add(|| format!("{} …", first_words(items)));
                }
                match before {
                    Some(Block::Heading { level: _, content }) => {
                        lists.after_heading.add(|| words_of(&text_of(content)))
                    }
                    Some(Block::Paragraph { content }) if !ordered => {
                        let text = text_of(content);
                        if !text.trim_end().ends_with(':') {
                            lists.lead_in.add(|| last_words(&text));
                        }
                    }
                    _ => {}
                }
                items.iter().for_each(|item| in_item(item, lists));
            }
            Block::Quote { blocks } => look(blocks, lists),
            Block::Paragraph { content: _ }
            | Block::Heading { level: _, content: _ }
            | Block::Table { head: _, rows: _ } => {}
        }
        before = Some(block);
    }
}

/// The words of an item are no lead-in for the items below it.
fn in_item(item: &Item, lists: &mut Lists) {
    let leads = matches!(
        item.blocks.as_slice(),
        [Block::Paragraph { content: _ }, Block::List { ordered: _, start: _, items: _ }, ..]
    );
    look(item.blocks.get(usize::from(leads)..).unwrap_or_default(), lists);
}

fn first_words(items: &[Item]) -> String {
    let first = items.first().and_then(|item| item.blocks.first());
    match first {
        Some(Block::Paragraph { content }) => words_of(&text_of(content)),
        _ => String::new(),
    }
}

fn words_of(text: &str) -> String {
    text.split_whitespace().take(8).map(shortened).collect::<Vec<_>>().join(" ")
}

fn last_words(text: &str) -> String {
    let mut words: Vec<String> = text.split_whitespace().rev().take(6).map(shortened).collect();
    words.reverse();
    words.join(" ")
}
