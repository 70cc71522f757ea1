//! How a single requirement reads: its text, completed from its qualification where the text does not say it already,
//! with remarks in brackets. It knows nothing of groups and references.

use super::super::kinds::requirement::{Framework, Level, Nation, Necessity, Qualification, Requirement};

/// The requirement as a sentence of its own.
pub(super) fn sentence(requirement: &Requirement) -> String {
    let necessity = requirement.necessity;
    let text = requirement.text.trim();
    let is_sentence = text.ends_with(['.', '!', '?']) || mentions_first(text, &["you"]);
    if is_sentence || necessity == Necessity::None {
        full_stop(&with_capital(&phrase(requirement, Necessity::Required)))
    } else {
        full_stop(&format!("{} {}", opening(necessity), without_capital_article(&phrase(requirement, necessity))))
    }
}

/// The requirement as an item of a list whose lead-in has stated a necessity.
pub(super) fn phrase(requirement: &Requirement, stated: Necessity) -> String {
    let text = completed(requirement);
    let remarks: Vec<String> =
        [nations_remark(&text, &requirement.nations), necessity_remark(&text, requirement.necessity, stated)]
            .into_iter()
            .flatten()
            .collect();
    if remarks.is_empty() { text } else { insert_at_end(&text, &format!(" ({})", remarks.join("; "))) }
}

/// Whether there is anything to read.
pub(super) fn has_words(requirement: &Requirement) -> bool {
    !completed(requirement).is_empty()
}

/// The beginning of a lead-in or sentence for things of this necessity.
pub(super) fn opening(necessity: Necessity) -> &'static str {
    match necessity {
        Necessity::Required => "You'll need",
        Necessity::Usually => "You'll usually need",
        Necessity::Sometimes => "You'll sometimes need",
        Necessity::Helpful => "It can help to have",
        Necessity::None => "You won't need",
    }
}

/// The necessity as a remark.
pub(super) fn remark(necessity: Necessity) -> &'static str {
    match necessity {
        Necessity::Required => "required",
        Necessity::Usually => "usually",
        Necessity::Sometimes => "sometimes asked for",
        Necessity::Helpful => "helpful",
        Necessity::None => "not needed",
    }
}

fn completed(requirement: &Requirement) -> String {
    let text = requirement.text.trim();
    let Some(qualification) = &requirement.qualification else {
        return text.to_owned();
    };
    let name = qualification.name.trim();
    let several = qualification.count_minimum.max(qualification.count_maximum) > Some(1);
    let text = match (text.is_empty(), name.is_empty()) {
        (false, _) => text.to_owned(),
        (true, true) => return String::new(),
        (true, false) if several => format!("{name}s"),
        (true, false) => name.to_owned(),
    };
    let text = text.as_str();
    let mut additions = String::new();
    additions.extend(grade(text, qualification));
    additions.extend(subjects(text, qualification));
    additions.extend(level(text, qualification));
    if qualification.or_equivalent && !text.to_lowercase().contains("equivalent") {
        additions.push_str(", or equivalent");
    }
    insert_at_end(&format!("{}{text}", count(text, qualification).unwrap_or_default()), &additions)
}

/// The number, if the text begins with the plural of the qualification's name.
fn count(text: &str, qualification: &Qualification) -> Option<String> {
    let name = qualification.name.trim();
    if name.is_empty() || !mentions_first(text, &[&format!("{name}s")]) {
        return None;
    }
    match (qualification.count_minimum, qualification.count_maximum) {
        (Some(minimum), Some(maximum)) if minimum < maximum => Some(format!("{minimum} to {maximum} ")),
        (Some(minimum), _) if minimum > 1 => Some(format!("{minimum} ")),
        (None, Some(maximum)) if maximum > 1 => Some(format!("up to {maximum} ")),
        _ => None,
    }
}

fn grade(text: &str, qualification: &Qualification) -> Option<String> {
    let grade = qualification.grade.as_deref().map(str::trim).filter(|grade| !grade.is_empty())?;
    let said = mentions(text, "grade") || mentions(text, "grades") || (grade.len() > 1 && mentions(text, grade));
    if said {
        return None;
    }
    let is_range = grade.contains(" to ") || grade.contains(['-', '–']);
    Some(match grade.split([' ', '-', '–']).next() {
        _ if mentions(grade, "grade") || mentions(grade, "grades") => format!(" at {grade}"),
        Some(first) if is_letter_or_digit(first) && is_range => format!(" at grades {grade}"),
        Some(first) if is_letter_or_digit(first) => format!(" at grade {grade}"),
        _ => format!(" ({grade})"),
    })
}

/// Such as `4`, `B` or `A*`.
fn is_letter_or_digit(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(char::is_alphanumeric) && characters.all(|character| character == '*')
}

fn subjects(text: &str, qualification: &Qualification) -> Option<String> {
    let all = &qualification.subjects;
    let missing: Vec<&str> = all.iter().map(String::as_str).filter(|subject| !mentions(text, subject)).collect();
    let joint = if needs_every_subject(text, qualification) { "and" } else { "or" };
    let list = joined(&missing, joint);
    if missing.is_empty() {
        None
    } else if missing.len() < all.len() {
        let also = if joint == "and" { "also" } else { "or" };
        Some(format!(" ({also} {list})"))
    } else if ["in", "subject", "subjects"].iter().any(|word| mentions(text, word)) {
        Some(format!(" ({list})"))
    } else {
        Some(format!(" in {list}"))
    }
}

/// Four GCSEs can be in English and maths; a degree, or two A levels, are in some of three subjects.
fn needs_every_subject(text: &str, qualification: &Qualification) -> bool {
    match qualification.count_minimum {
        Some(minimum) => usize::try_from(minimum).is_ok_and(|minimum| minimum >= qualification.subjects.len()),
        None => {
            let name = qualification.name.trim();
            let is_one = mentions_first(text, &["a", "an", "one"]) || (!name.is_empty() && mentions(text, name));
            !is_one
        }
    }
}

/// The level, for qualifications whose name stands for several levels.
fn level(text: &str, qualification: &Qualification) -> Option<String> {
    const AT_SEVERAL_LEVELS: [&str; 8] =
        ["diploma", "certificate", "award", "nvq", "svq", "btec", "apprenticeship", "qualification"];
    let level = qualification.level.as_ref()?;
    let several = AT_SEVERAL_LEVELS.iter().any(|name| mentions(&qualification.name, name));
    let said = mentions(text, "level") || mentions(text, "levels");
    (several && !said).then(|| format!(" ({})", level_words(level)))
}

fn level_words(level: &Level) -> String {
    match (level.framework, level.name()) {
        (Framework::Rqf | Framework::Cqfw, "entry") => "entry level".to_owned(),
        (Framework::Rqf | Framework::Cqfw, name) => format!("level {name}"),
        (Framework::Scqf, name) => format!("SCQF level {name}"),
    }
}

/// Only if they are some of the nations, and not all of them are named in the text.
fn nations_remark(text: &str, nations: &[Nation]) -> Option<String> {
    let named: Vec<&str> =
        Nation::ALL.iter().filter(|nation| nations.contains(nation)).map(|nation| nation_words(*nation)).collect();
    let limited = !named.is_empty() && named.len() < Nation::ALL.len();
    let said = named.iter().all(|name| mentions(text, name));
    (limited && !said).then(|| format!("in {}", joined(&named, "and")))
}

fn nation_words(nation: Nation) -> &'static str {
    match nation {
        Nation::England => "England",
        Nation::Scotland => "Scotland",
        Nation::Wales => "Wales",
        Nation::NorthernIreland => "Northern Ireland",
    }
}

fn necessity_remark(text: &str, necessity: Necessity, stated: Necessity) -> Option<String> {
    let said = match necessity {
        Necessity::Required => false,
        Necessity::Usually => mentions(text, "usually"),
        Necessity::Sometimes => mentions(text, "sometimes"),
        Necessity::Helpful => mentions(text, "helpful"),
        Necessity::None => is_negative(text),
    };
    (necessity != stated && !said).then(|| remark(necessity).to_owned())
}

/// Such as "no formal qualifications", which says by itself that it is not needed.
fn is_negative(text: &str) -> bool {
    mentions_first(text, &["no", "not", "none", "nothing"])
        || ["not needed", "not need", "don't need", "don’t need", "won't need", "won’t need"]
            .iter()
            .any(|words| mentions(text, words))
}

/// Whether the words stand in the text, whole, in whichever case; "maths" is also mathematics.
fn mentions(text: &str, words: &str) -> bool {
    let text = comparable(text);
    let words = comparable(words);
    let words = words.trim();
    words.is_empty()
        || text.match_indices(words).any(|(start, found)| {
            let before = text.get(..start).and_then(|before| before.chars().next_back());
            let after = text.get(start + found.len()..).and_then(|after| after.chars().next());
            ![before, after].into_iter().flatten().any(char::is_alphanumeric)
        })
}

/// Whether the text begins with one of these, whole.
fn mentions_first(text: &str, beginnings: &[&str]) -> bool {
    let text = comparable(text);
    beginnings.iter().any(|beginning| {
        let rest = text.trim_start().strip_prefix(&comparable(beginning));
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

fn comparable(text: &str) -> String {
    text.to_lowercase().replace("mathematics", "maths")
}

/// "English, maths and physics".
fn joined(words: &[&str], joint: &str) -> String {
    match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} {joint} {last}", before.join(", ")),
        _ => words.concat(),
    }
}

/// Before the full stop, if there is one.
fn insert_at_end(text: &str, addition: &str) -> String {
    match text.strip_suffix('.') {
        Some(before) if !addition.is_empty() => format!("{before}{addition}."),
        _ => format!("{text}{addition}"),
    }
}

fn full_stop(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn with_capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// "A degree" becomes "a degree" within a sentence, "A levels" stays.
fn without_capital_article(text: &str) -> String {
    let article = ["A ", "An ", "The "].into_iter().find(|article| text.starts_with(article));
    match article.and_then(|article| text.strip_prefix(article).map(|rest| (article, rest))) {
        Some((article, rest)) if !rest.to_lowercase().starts_with("level") => {
            format!("{}{rest}", article.to_lowercase())
        }
        _ => text.to_owned(),
    }
}
