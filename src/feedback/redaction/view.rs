//! The text as the rules see it: compatibility forms folded, invisible characters gone, and a way back to the original.
//!
//! It knows Unicode and the marks, and nothing about what the rules look for.

use std::ops::Range;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Hit, PersonalData};

/// Stands for what is hidden already. No rule matches it, and the view takes no other control character in.
pub(super) const BARRIER: char = '\u{1}';

/// How literally a text is taken. People paste addresses of pages and source text, and write codes with underscores; yet in an
/// e-mail address or a secret the same signs are themselves, so the plain reading comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    Plain,
    /// Escapes of URLs (`%20`, also twice: `%2520`) and of HTML (`&nbsp;`, `&#46;`) are what they stand for.
    Decoded,
    /// So is what looks like a Latin letter, and `_` and `+` are spaces, as they are in names of parameters and in forms.
    Loose,
}

impl Spelling {
    /// From the most literal on.
    pub(super) const ALL: [Self; 3] = [Self::Plain, Self::Decoded, Self::Loose];
}

/// The folded text, and for each of its bytes the range of the original that it came from.
///
/// Folded means: decomposed compatibility form (Unicode TR15) without combining marks and default-ignorable characters,
/// decimal digits of every script as ASCII, every dash as `-`, and each run of white space as one space or one newline.
/// Dropping the marks after decomposition sees through the same tricks as NFKC, and through accents put on digits.
pub(super) struct View {
    text: String,
    origins: Vec<(usize, usize)>,
}

impl View {
    pub(super) fn new(original: &str, spelling: Spelling) -> Self {
        let mut view =
            Self { text: String::with_capacity(original.len()), origins: Vec::with_capacity(original.len()) };
        let mut at = 0;
        while let Some(rest) = original.get(at..)
            && let Some(character) = rest.chars().next()
        {
            let mark = if character == '[' { mark_at(rest) } else { None };
            let escape = if spelling == Spelling::Plain { None } else { escape_at(rest) };
            let (character, length) = escape.unwrap_or((character, character.len_utf8()));
            let character = if spelling == Spelling::Loose { loosened(character) } else { character };
            let end = at + mark.map_or(length, str::len);
            if mark.is_some() {
                view.push(BARRIER, at, end);
            } else if is_combining_mark(character) {
                view.extend_last(end);
            } else if character.is_ascii() {
                view.push_folded(character, at, end);
            } else if !is_ignorable(character) {
                for part in std::iter::once(character).nfkd().filter(|part| !is_combining_mark(*part)) {
                    view.push_folded(fold(part), at, end);
                }
            }
            at = end;
        }
        view
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Puts barriers over the hits, which are in order and apart. Lengths stay, so ranges keep their meaning.
    pub(super) fn hide(&mut self, hits: &[Hit]) {
        if hits.is_empty() {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut end = 0;
        for hit in hits {
            text.push_str(self.text.get(end..hit.range.start).unwrap_or_default());
            text.extend(std::iter::repeat_n(BARRIER, hit.range.len()));
            end = hit.range.end;
        }
        text.push_str(self.text.get(end..).unwrap_or_default());
        self.text = text;
    }

    /// The part of the original that a range of the view covers; empty for an empty range.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let covered = self.origins.get(range.clone()).unwrap_or_default();
        match (covered.first(), covered.last()) {
            (Some((start, _)), Some((_, end))) => *start..*end,
            _ => 0..0,
        }
    }

    fn push_folded(&mut self, character: char, start: usize, end: usize) {
        if character.is_whitespace() {
            let newline = matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
            match self.text.chars().next_back() {
                Some(' ') if newline => {
                    self.text.pop();
                    self.text.push('\n');
                    self.extend_last(end);
                }
                Some(' ' | '\n') => self.extend_last(end),
                _ => self.push(if newline { '\n' } else { ' ' }, start, end),
            }
        } else if !character.is_control() {
            self.push(character, start, end);
        }
    }

    fn push(&mut self, character: char, start: usize, end: usize) {
        self.text.push(character);
        self.origins.extend(std::iter::repeat_n((start, end), character.len_utf8()));
    }

    /// A combining mark goes where the character it sits on goes. Only the end of the last byte's origin is ever read.
    fn extend_last(&mut self, end: usize) {
        if let Some(last) = self.origins.last_mut() {
            last.1 = end;
        }
    }
}

/// Whether a character can be part of a word or a code in Latin script. Scripts written without spaces put words and
/// numbers side by side, so their letters do not count as touching a number.
pub(super) fn is_latin(character: char) -> bool {
    character.is_alphanumeric() && character < '\u{250}'
}

/// Up to `count` characters before a place, not reaching over anything hidden.
pub(super) fn before(text: &str, at: usize, count: usize) -> &str {
    let head = text.get(..at).unwrap_or_default();
    let start = head
        .char_indices()
        .rev()
        .take(count)
        .take_while(|(_, character)| *character != BARRIER)
        .last()
        .map_or(head.len(), |(start, _)| start);
    head.get(start..).unwrap_or_default()
}

/// Up to `count` characters after a place, not reaching over anything hidden.
pub(super) fn after(text: &str, at: usize, count: usize) -> &str {
    let tail = text.get(at..).unwrap_or_default();
    let end = tail
        .char_indices()
        .take(count)
        .take_while(|(_, character)| *character != BARRIER)
        .last()
        .map_or(0, |(start, character)| start + character.len_utf8());
    tail.get(..end).unwrap_or_default()
}

/// Compiles a constant pattern. A faulty one matches nothing; the tests hold every pattern to be sound.
pub(super) fn pattern(source: &str) -> Option<Regex> {
    Regex::new(source).ok()
}

fn mark_at(rest: &str) -> Option<&'static str> {
    PersonalData::ALL.iter().map(|kind| kind.mark()).find(|mark| rest.starts_with(mark))
}

/// `Default_Ignorable_Code_Point` of the Unicode character database (joiners, soft hyphens, direction marks, tags), and what
/// stands for something else within a line.
fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The longest escape of HTML that is known, without its sign: `NewLine;`.
const LONGEST_ESCAPE: usize = 9;

/// The character that an escape at the beginning of the text stands for, and how long the escape is.
fn escape_at(rest: &str) -> Option<(char, usize)> {
    match rest.as_bytes().first()? {
        b'%' => percent_at(rest),
        b'&' => {
            let name = rest.get(1..)?;
            let end = name.bytes().take(LONGEST_ESCAPE).position(|byte| byte == b';')?;
            Some((entity(name.get(..end)?)?, end + 2))
        }
        _ => None,
    }
}

/// One character of UTF-8, each byte of which is a `%` and two digits; `%25` before two more digits was escaped again.
fn percent_at(rest: &str) -> Option<(char, usize)> {
    let mut bytes = [0; 4];
    let mut at = 0;
    for length in 1..=bytes.len() {
        at += 1;
        while rest.get(at..at + 2) == Some("25") && hex(rest.get(at + 2..at + 4)).is_some() {
            at += 2;
        }
        *bytes.get_mut(length - 1)? = hex(rest.get(at..at + 2))?;
        at += 2;
        if let Some(character) = std::str::from_utf8(bytes.get(..length)?).ok().and_then(|text| text.chars().next()) {
            return Some((character, at));
        }
        if !rest.get(at..)?.starts_with('%') {
            return None;
        }
    }
    None
}

fn hex(digits: Option<&str>) -> Option<u8> {
    let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

/// A reference to a character (HTML, 13.5): by its number, or one of the names that part or join what is looked for.
fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" | "Tab" => ' ',
        "NewLine" => '\n',
        "shy" | "zwj" | "zwnj" => '\u{AD}',
        "period" => '.',
        "commat" => '@',
        "amp" => '&',
        "plus" => '+',
        "sol" => '/',
        "colon" => ':',
        "equals" => '=',
        "lowbar" => '_',
        "hyphen" | "dash" | "ndash" | "mdash" => '-',
        "lpar" => '(',
        "rpar" => ')',
        _ => return None,
    })
}

/// What a character can be mistaken for (Unicode TR39, confusables), of the letters that codes and addresses are made of.
fn loosened(character: char) -> char {
    match character {
        '_' | '+' => ' ',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'Ϲ' => 'C',
        'Е' | 'Ε' => 'E',
        'Ԍ' => 'G',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Ԝ' => 'W',
        'Х' | 'Χ' => 'X',
        'У' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        'а' | 'α' => 'a',
        'с' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'υ' => 'u',
        'ν' => 'v',
        'ԝ' => 'w',
        'х' => 'x',
        'у' => 'y',
        other => other,
    }
}

fn fold(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{58A}' | '\u{5BE}' | '\u{2E3A}' | '\u{2E3B}' => '-',
        '\u{3002}' | '\u{B7}' | '\u{2022}' | '\u{6D4}' => '.',
        '\u{2795}' => '+',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{2800}' => ' ',
        '\u{2018}' | '\u{2019}' => '\'',
        _ => digit(character).unwrap_or(character),
    }
}

/// The ASCII form of a decimal digit of another script. Each script has its ten digits in a row, from zero.
fn digit(character: char) -> Option<char> {
    // Digits in filled circles, from one on.
    const ONES: [u32; 4] = [0x24F5, 0x2776, 0x2780, 0x278A];
    const ZEROS: [u32; 59] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
        0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
        0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450,
        0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50,
        0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950,
    ];
    let code = u32::from(character);
    if let Some(one) = ONES.iter().rev().find(|one| (**one..**one + 9).contains(&code)) {
        return char::from_digit(code - one + 1, 10);
    }
    if code == 0x24FF {
        return Some('0');
    }
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code)?;
    char::from_digit(code - zero, 10)
}
