//! The house holds: what stands on which floor, and what may not be named there. The sources are read as they are, without
//! comments and texts. The checks are tried on planted violations first, so that they are known to find something.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The floors, lowest first. A module may import what stands below it; the modules of one floor don't know each other.
const FLOORS: &[&[&str]] = &[
    &["kernel", "config"],
    &["events", "search"],
    &["site", "outbound"],
    &["indexes", "mail"],
    &["content", "media", "accounts", "feedback", "webhooks"],
    &["published"],
    &["followers"],
    &["operations", "demo"],
    &["web"],
    &["delivery", "manage", "admin"],
    &["openapi"],
    &["app"],
    &["commands"],
    &["lib", "main"],
];
/// The modules that speak HTTP; the others neither know it nor make pages.
const HTTP: &[&str] = &["outbound", "web", "delivery", "manage", "admin", "openapi", "app", "commands", "main"];
const HTTP_WORDS: &[&str] = &["axum", "axum_extra", "http", "hyper", "maud", "tower", "tower_http", "tower_sessions"];
/// The modules that have no statement of their own to send.
const WITHOUT_STATEMENTS: &[&str] = &["demo", "web", "delivery", "manage", "admin", "openapi"];
const STATEMENT_WORDS: &[&str] = &["sea_orm", "sea_query", "sqlx"];
const LONGEST_FILE: usize = 700;

/// A source file: where it stands below `src`, and its text.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn planted(path: &str, text: &str) -> Self {
        Self { path: PathBuf::from(path), text: text.to_owned() }
    }

    /// The modules that the file stands in; the last is the file's own.
    fn module(&self) -> Vec<String> {
        let stem = self.path.with_extension("");
        let mut parts: Vec<String> = stem.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if parts.len() > 1 && parts.last().is_some_and(|last| last == "mod") {
            parts.pop();
        }
        parts
    }

    /// The module of the crate that the file belongs to.
    fn top(&self) -> String {
        self.module().remove(0)
    }

    fn is_test(&self) -> bool {
        self.module().iter().any(|part| part == "tests")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Mark(char),
}

/// The words and marks of a source, without comments, texts, characters and lifetimes.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |position: usize| chars.get(position).copied().unwrap_or('\0');
    let (mut found, mut here) = (Vec::new(), 0);
    while here < chars.len() {
        let c = at(here);
        if c == '/' && at(here + 1) == '/' {
            while here < chars.len() && at(here) != '\n' {
                here += 1;
            }
        } else if c == '/' && at(here + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(here), at(here + 1)) {
                    ('/', '*') => (depth, here) = (depth + 1, here + 2),
                    ('*', '/') => (depth, here) = (depth - 1, here + 2),
                    _ => here += 1,
                }
                if depth == 0 || here >= chars.len() {
                    break;
                }
            }
        } else if let Some(end) = raw_text(&chars, here) {
            here = end;
        } else if c == '"' {
            here += 1;
            while here < chars.len() && at(here) != '"' {
                here += if at(here) == '\\' { 2 } else { 1 };
            }
            here += 1;
        } else if c == '\'' {
            here = after_quote(&chars, here);
        } else if c.is_alphabetic() || c == '_' {
            let start = here;
            while at(here).is_alphanumeric() || at(here) == '_' {
                here += 1;
            }
            found.push(Token::Word(chars[start..here].iter().collect()));
        } else {
            if !c.is_whitespace() {
                found.push(Token::Mark(c));
            }
            here += 1;
        }
    }
    found
}

/// Where a raw text that begins here ends.
fn raw_text(chars: &[char], here: usize) -> Option<usize> {
    let at = |position: usize| chars.get(position).copied().unwrap_or('\0');
    if here > 0 && (at(here - 1).is_alphanumeric() || at(here - 1) == '_') {
        return None;
    }
    let mut next = here + usize::from(at(here) == 'b');
    if at(next) != 'r' {
        return None;
    }
    next += 1;
    let hashes = chars[next..].iter().take_while(|c| **c == '#').count();
    next += hashes;
    if at(next) != '"' {
        return None;
    }
    next += 1;
    while next < chars.len() {
        if at(next) == '"' && (1..=hashes).all(|offset| at(next + offset) == '#') {
            return Some(next + 1 + hashes);
        }
        next += 1;
    }
    Some(next)
}

/// A character ends at its second quote; a lifetime has none.
fn after_quote(chars: &[char], here: usize) -> usize {
    let at = |position: usize| chars.get(position).copied().unwrap_or('\0');
    if at(here + 1) == '\\' {
        let mut next = here + 3;
        while next < chars.len() && at(next) != '\'' {
            next += 1;
        }
        return next + 1;
    }
    if at(here + 2) == '\'' { here + 3 } else { here + 1 }
}

/// The modules of the crate that a file imports or names by a path, `super` followed upwards.
fn imports(source: &Source) -> Vec<String> {
    let tokens = tokens(&source.text);
    let word = |position: usize| match tokens.get(position) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let mark = |position: usize, mark: char| tokens.get(position) == Some(&Token::Mark(mark));
    let path = |position: usize| mark(position, ':') && mark(position + 1, ':');
    let mut found = Vec::new();
    // The braces of modules within the file: each takes one `super` more to leave.
    let mut inner: Vec<bool> = Vec::new();
    let mut here = 0;
    while here < tokens.len() {
        if mark(here, '{') {
            let opens_module = here >= 2 && word(here - 2) == Some("mod");
            inner.push(opens_module);
        } else if mark(here, '}') {
            inner.pop();
        }
        let depth = source.module().len() + inner.iter().filter(|module| **module).count();
        let start = here;
        let rises = match word(here) {
            Some("crate") => depth,
            Some("rolebook") if path(here + 1) => depth,
            Some("super") => {
                let mut rises = 1;
                while path(here + 1) && word(here + 3) == Some("super") {
                    (rises, here) = (rises + 1, here + 3);
                }
                rises
            }
            _ => {
                here += 1;
                continue;
            }
        };
        here += 1;
        let continues_a_path = start >= 2 && path(start - 2);
        if rises < depth || continues_a_path || !path(here) {
            continue;
        }
        here += 2;
        if mark(here, '{') {
            found.extend(first_of_each(&tokens, here));
        } else if let Some(name) = word(here)
            && !mark(here + 1, '!')
        {
            found.push(name.to_owned());
        }
    }
    found
}

/// The first word of everything that a group of imports names.
fn first_of_each(tokens: &[Token], open: usize) -> Vec<String> {
    let (mut found, mut depth, mut expects) = (Vec::new(), 0, true);
    for token in &tokens[open..] {
        match token {
            Token::Mark('{') => (depth, expects) = (depth + 1, depth == 0),
            Token::Mark('}') if depth == 1 => break,
            Token::Mark('}') => depth -= 1,
            Token::Mark(',') if depth == 1 => expects = true,
            Token::Word(word) if expects && depth == 1 => {
                found.push(word.clone());
                expects = false;
            }
            _ => {}
        }
    }
    found
}

fn names(source: &Source, words: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = tokens(&source.text)
        .into_iter()
        .filter_map(|token| match token {
            Token::Word(word) if words.contains(&word.as_str()) => Some(word),
            _ => None,
        })
        .collect();
    found.dedup();
    found
}

fn floors() -> BTreeMap<&'static str, usize> {
    let each = FLOORS.iter().enumerate();
    each.flat_map(|(floor, modules)| modules.iter().map(move |module| (*module, floor))).collect()
}

/// Everything in the program's own sources that must not be so.
fn violations(sources: &[Source]) -> Vec<String> {
    let floors = floors();
    let mut found = Vec::new();
    for source in sources {
        let (top, path) = (source.top(), source.path.display());
        let mut note = |what: String| found.push(format!("{path}: {what}"));
        let Some(floor) = floors.get(top.as_str()) else {
            note(format!("the module {top} stands on no floor"));
            continue;
        };
        if !source.text.starts_with("//!") {
            note("does not begin by saying what it is for".to_owned());
        }
        let lines = source.text.lines().count();
        if lines > LONGEST_FILE {
            note(format!("has {lines} lines"));
        }
        for word in names(source, &["PreEscaped"]) {
            if !source.module().iter().any(|part| part == "markdown") {
                note(format!("names {word}"));
            }
        }
        if source.is_test() {
            continue;
        }
        for import in imports(source) {
            match floors.get(import.as_str()) {
                Some(other) if import != top && other > floor => note(format!("imports {import} from above")),
                Some(other) if import != top && other == floor => note(format!("imports its neighbour {import}")),
                _ => {}
            }
        }
        if !HTTP.contains(&top.as_str()) {
            for word in names(source, HTTP_WORDS) {
                note(format!("names {word}"));
            }
        }
        if WITHOUT_STATEMENTS.contains(&top.as_str()) && !source.module().iter().any(|part| part == "session") {
            for word in names(source, STATEMENT_WORDS) {
                note(format!("names {word}"));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The sources below a directory of the workspace.
fn sources(directory: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push(Source { path: path.strip_prefix(&root).unwrap().to_owned(), text });
            }
        }
    }
    found
}

#[test]
fn every_module_keeps_to_its_floor() {
    let sources = sources("src");
    assert!(sources.len() > 100, "the sources are read");
    let found = violations(&sources);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn migrations_do_not_know_the_tables_of_today() {
    let sources = sources("migration/src");
    assert!(!sources.is_empty());
    for source in &sources {
        let named = names(source, &["entity", "rolebook"]);
        // `sea_orm::entity` and the like would be another's.
        assert!(named.is_empty(), "{} names {named:?}", source.path.display());
    }
    for (directory, strangers) in [("migration", ["entity", "rolebook"]), ("entity", ["migration", "rolebook"])] {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory).join("Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        for stranger in strangers {
            let depends =
                manifest.lines().any(|line| line.trim_start().split(['=', '.', ' ']).next() == Some(stranger));
            assert!(!depends, "{directory} depends on {stranger}");
        }
    }
}

#[test]
fn comments_and_texts_are_not_read() {
    let text = r##"//! A comment about crate::manage.
/* crate::web /* crate::admin */ still crate::app */
fn f<'a>(x: &'a str) -> char { let _ = ("crate::web", r#"crate::"manage"#, b"axum \" axum"); '"' }
use crate::kernel::Ctx; // crate::delivery
"##;
    let source = Source::planted("content/planted.rs", text);
    assert_eq!(imports(&source), ["kernel"]);
    assert_eq!(violations(&[source]), Vec::<String>::new());
}

#[test]
fn planted_violations_are_found() {
    let planted = [
        ("content/x.rs", "use crate::web::Call;", "imports web from above"),
        ("kernel/x.rs", "use crate::events;", "imports events from above"),
        ("events/mod.rs", "fn f() { crate::site::settings(); }", "imports site from above"),
        ("content/x.rs", "use crate::{kernel::{Ctx, Result}, feedback::Case};", "imports its neighbour feedback"),
        ("content/kinds/x.rs", "use super::super::super::media::Store;", "imports its neighbour media"),
        ("content/x.rs", "mod inner { use super::super::super::media; }", "imports its neighbour media"),
        ("media/mod.rs", "use super::{accounts, kernel};", "imports its neighbour accounts"),
        ("published/x.rs", "use crate::followers::tick;", "imports followers from above"),
        ("web/x.rs", "use crate::{manage};", "imports manage from above"),
        ("delivery/x.rs", "use crate::manage::lists;", "imports its neighbour manage"),
        ("manage/mod.rs", "fn f() { rolebook::delivery::router(); }", "imports its neighbour delivery"),
        ("site.rs", "use super::content;", "imports content from above"),
        ("accounts/x.rs", "use axum::http::StatusCode;", "names axum"),
        ("feedback/x.rs", "fn f() -> maud::Markup { todo() }", "names maud"),
        ("published/x.rs", "use tower::Service;", "names tower"),
        ("web/x.rs", "use sea_orm::EntityTrait;", "names sea_orm"),
        ("manage/x.rs", "fn f() { sea_orm::Statement::x(); }", "names sea_orm"),
        ("manage/x.rs", "fn f() { maud::PreEscaped(x); }", "names PreEscaped"),
        ("surprise/mod.rs", "", "the module surprise stands on no floor"),
    ];
    for (path, text, expected) in planted {
        let found = violations(&[Source::planted(path, &format!("//! Planted.\n{text}\n"))]);
        let expected = format!("{path}: {expected}");
        assert!(found.contains(&expected), "{text}: {found:?} instead of {expected:?}");
    }
    let long = "\n".repeat(LONGEST_FILE);
    assert_eq!(violations(&[Source::planted("site.rs", &format!("//! Planted.\n{long}"))]), ["site.rs: has 701 lines"]);
    let silent = violations(&[Source::planted("site.rs", "// Planted.\n")]);
    assert_eq!(silent, ["site.rs: does not begin by saying what it is for"]);
    let allowed = [
        ("content/markdown/html.rs", "use super::super::values::Markdown; fn f() { PreEscaped(x); }"),
        ("manage/x.rs", "use super::lists; use crate::{content, web::Call}; use axum::http::StatusCode;"),
        ("content/kinds/x.rs", "mod tests { use super::super::super::reader; }"),
        ("content/tests/x.rs", "use crate::media::Store;"),
    ];
    for (path, text) in allowed {
        let found = violations(&[Source::planted(path, &format!("//! Planted.\n{text}\n"))]);
        assert_eq!(found, Vec::<String>::new(), "{text}");
    }
}
