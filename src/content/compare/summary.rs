//! A comparison in a few sentences for people. It knows which sentences come first and how many there are, and takes
//! the words from the labels.
//!
//! Decision (2026-11-22): changes of levels and rules come first, because they change what is asked of people; the rest
//! keeps the order of the page. Things of one sort that were all added, removed or moved share a sentence, and so do
//! changed tasks, skills and registrations.

use std::collections::HashMap;

use super::{
    Change, What,
    labels::{Label, Noun, many, more},
};

/// No more sentences than these, not counting the one that says how much is left out.
const SENTENCES_LIMIT: usize = 8;

pub struct Reported {
    pub change: Change,
    pub label: Label,
    /// What sort of thing it is about; `None` for a field.
    pub noun: Option<Noun>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Topic {
    Things(Noun, What),
    Sentence(String),
}

struct Said<'a> {
    urgent: bool,
    topic: Topic,
    about: Vec<&'a Reported>,
}

pub fn sentences(reported: &[Reported]) -> Vec<String> {
    let mut said: Vec<Said<'_>> = Vec::new();
    let mut places: HashMap<Topic, usize> = HashMap::new();
    for one in reported {
        let (urgent, topic) = topic(one);
        let place = *places.entry(topic).or_insert_with_key(|topic| {
            said.push(Said { urgent, topic: topic.clone(), about: Vec::new() });
            said.len().saturating_sub(1)
        });
        if let Some(said) = said.get_mut(place) {
            said.about.push(one);
        }
    }
    said.sort_by_key(|said| !said.urgent);
    let mut sentences: Vec<String> = said.iter().take(SENTENCES_LIMIT).map(sentence).collect();
    let left_out: usize = said.iter().skip(SENTENCES_LIMIT).map(|said| said.about.len()).sum();
    if left_out > 0 {
        sentences.push(more(left_out));
    }
    sentences
}

fn topic(one: &Reported) -> (bool, Topic) {
    let Change { what, from, to, .. } = &one.change;
    if let Some(sentence) = one.label.level_sentence(from, to).filter(|_| *what == What::Changed) {
        return (true, Topic::Sentence(sentence));
    }
    let together = |noun| *what != What::Changed || matches!(noun, Noun::Task | Noun::Skill | Noun::Registration);
    match one.noun.filter(|noun| together(*noun)) {
        Some(noun) => (false, Topic::Things(noun, *what)),
        None => (one.label.is_about_a_rule(), Topic::Sentence(one.label.sentence(*what))),
    }
}

fn sentence(said: &Said<'_>) -> String {
    match (&said.topic, said.about.as_slice()) {
        (Topic::Sentence(sentence), _) => sentence.clone(),
        (Topic::Things(_, what), [one]) => one.label.sentence(*what),
        (Topic::Things(noun, what), about) => many(about.len(), *noun, *what),
    }
}
