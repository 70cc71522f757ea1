//! Prints one line of text so that nothing in it reads as more or less than it is.
//!
//! The text becomes tokens, so that every delimiter sees what will stand beside it. Knows nothing
//! of blocks but which kind of place the line stands in.

use super::{Inline, Target};

/// Where a line of text is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Paragraph,
    Heading,
    Cell,
}

/// How much is written as numeric character references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caution {
    /// What the rules ask for, which for nearly every text is nothing.
    Needed,
    /// Also every character outside a delimiter that touches it.
    Neighbours,
    /// Everything but letters, digits and spaces.
    Everything,
}

/// The longest name of an HTML character reference is shorter than this.
const LONGEST_REFERENCE: usize = 40;

#[derive(Debug, Clone, Copy)]
enum Token<'tree> {
    Character { character: char, form: Form },
    Delimiter { text: &'static str, side: Side },
    LinkOpen,
    LinkClose(&'tree Target),
    Break,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Escaped,
    Reference,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Opening,
    Closing,
}

/// What a neighbour is to the flanking rule. `Unknown` is a character that parsers of different
/// ages disagree about, such as a currency sign; it counts as whichever is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Punctuation,
    Word,
    Unknown,
}

const STRONG: &str = "**";
const EMPHASIS: &str = "*";
const EMPHASIS_BESIDE_STRONG: &str = "_";

/// The Markdown of a normalised line of text; in a paragraph with a line feed for each break.
pub(super) fn line(content: &[Inline], place: Place, caution: Caution) -> String {
    let mut tokens = Vec::new();
    append_tokens(content, &mut tokens);
    tell_touching_marks_apart(&mut tokens);
    if caution == Caution::Everything {
        reference_all(&mut tokens);
    }
    if caution != Caution::Needed {
        reference_outer_neighbours(&mut tokens, &|_, _, _| false);
    }
    reference_outer_neighbours(&mut tokens, &is_flanking);
    match place {
        Place::Paragraph => escape_line_starts(&mut tokens),
        Place::Heading => escape_closing_sequence(&mut tokens),
        Place::Cell => {}
    }
    written(&tokens, place)
}

fn append_tokens<'tree>(content: &'tree [Inline], tokens: &mut Vec<Token<'tree>>) {
    for inline in content {
        match inline {
            Inline::Text { text } => {
                tokens.extend(text.chars().map(|character| Token::Character { character, form: Form::Plain }));
            }
            Inline::Strong { content } => append_marked(STRONG, content, tokens),
            Inline::Emphasis { content } => append_marked(EMPHASIS, content, tokens),
            Inline::Link { target, content } => {
                tokens.push(Token::LinkOpen);
                append_tokens(content, tokens);
                tokens.push(Token::LinkClose(target));
            }
            Inline::Break => tokens.push(Token::Break),
        }
    }
}

fn append_marked<'tree>(text: &'static str, content: &'tree [Inline], tokens: &mut Vec<Token<'tree>>) {
    tokens.push(Token::Delimiter { text, side: Side::Opening });
    append_tokens(content, tokens);
    tokens.push(Token::Delimiter { text, side: Side::Closing });
}

/// Gives emphasis that touches strong at either end the other character, since stars that touch
/// would be one run. Two emphases never touch: in normal form a strong delimiter or a link stands between.
fn tell_touching_marks_apart(tokens: &mut [Token<'_>]) {
    let is_strong = |token: Option<&Token<'_>>| matches!(token, Some(Token::Delimiter { text: STRONG, .. }));
    let touches: Vec<bool> = (0..tokens.len())
        .map(|position| {
            is_strong(tokens.get(position + 1))
                || position.checked_sub(1).is_some_and(|before| is_strong(tokens.get(before)))
        })
        .collect();
    // Emphasis is not nested in emphasis, so an opening delimiter is followed by its own closing one.
    let mut opening: Option<(&mut Token<'_>, bool)> = None;
    for (token, touches) in tokens.iter_mut().zip(touches) {
        match token {
            Token::Delimiter { text: EMPHASIS, side: Side::Opening } => opening = Some((token, touches)),
            Token::Delimiter { text: EMPHASIS, side: Side::Closing } => {
                if let Some((Token::Delimiter { text: opening_text, .. }, opening_touches)) = opening.take()
                    && (opening_touches || touches)
                    && let Token::Delimiter { text, .. } = token
                {
                    *opening_text = EMPHASIS_BESIDE_STRONG;
                    *text = EMPHASIS_BESIDE_STRONG;
                }
            }
            _ => {}
        }
    }
}

fn reference_all(tokens: &mut [Token<'_>]) {
    for token in tokens {
        if let Token::Character { character, form } = token
            && !character.is_alphanumeric()
            && *character != ' '
        {
            *form = Form::Reference;
        }
    }
}

/// Writes the character outside a delimiter as a reference where `is_fine` does not hold, until
/// nothing changes: a reference is punctuation to the delimiter on its other side.
fn reference_outer_neighbours(tokens: &mut [Token<'_>], is_fine: &dyn Fn(&str, Class, Class) -> bool) {
    loop {
        let mut changed = false;
        for position in 0..tokens.len() {
            let Some(Token::Delimiter { text, side }) = tokens.get(position).copied() else {
                continue;
            };
            let before = position.checked_sub(1);
            let after = Some(position + 1);
            let (outer, inner) = match side {
                Side::Opening => (before, after),
                Side::Closing => (after, before),
            };
            let class = |position: Option<usize>| {
                position.and_then(|position| tokens.get(position)).map_or(Class::Space, class_of)
            };
            let (outer_class, inner_class) = (class(outer), class(inner));
            if outer_class == Class::Space || is_fine(text, outer_class, inner_class) {
                continue;
            }
            if let Some(Token::Character { form, .. }) = outer.and_then(|outer| tokens.get_mut(outer))
                && *form != Form::Reference
            {
                *form = Form::Reference;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Whether a delimiter run can open or close between these neighbours (CommonMark 0.31.2, section
/// 6.2: left- and right-flanking, rules 1 to 8). The inner neighbour is never white space in normal form.
fn is_flanking(text: &str, outer: Class, inner: Class) -> bool {
    let outside_of_word = matches!(outer, Class::Space | Class::Punctuation);
    outside_of_word || (inner == Class::Word && text != EMPHASIS_BESIDE_STRONG)
}

fn class_of(token: &Token<'_>) -> Class {
    match token {
        Token::Break => Class::Space,
        Token::Delimiter { .. } | Token::LinkOpen | Token::LinkClose(_) => Class::Punctuation,
        Token::Character { form, .. } if *form != Form::Plain => Class::Punctuation,
        Token::Character { character, .. } => match character {
            character if character.is_whitespace() => Class::Space,
            character if character.is_ascii_punctuation() => Class::Punctuation,
            // Letters in circles and squares are symbols, though Unicode has them as alphabetic.
            '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}' => Class::Unknown,
            character if character.is_alphanumeric() => Class::Word,
            _ => Class::Unknown,
        },
    }
}

fn escape_line_starts(tokens: &mut [Token<'_>]) {
    for line in tokens.split_mut(|token| matches!(token, Token::Break)) {
        let start: String = line.iter().map_while(plain_character).collect();
        if let Some(position) = block_marker(&start) {
            escape_at(line, position);
        }
    }
}

fn plain_character(token: &Token<'_>) -> Option<char> {
    match token {
        Token::Character { character, form: Form::Plain } => Some(*character),
        _ => None,
    }
}

fn escape_at(tokens: &mut [Token<'_>], position: usize) {
    if let Some(Token::Character { form, .. }) = tokens.get_mut(position) {
        *form = Form::Escaped;
    }
}

/// Which character to escape so that the beginning of a line does not begin a heading, a list, a
/// quote or fenced code, underline a heading, draw a rule, or divide a table
/// (CommonMark 0.31.2, chapters 4 and 5; GitHub Flavored Markdown, section 4.10).
fn block_marker(start: &str) -> Option<usize> {
    let ends_word = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let first = start.chars().next()?;
    let after_first = start.get(first.len_utf8()..).unwrap_or_default();
    let at_first = match first {
        '#' => ends_word(start.trim_start_matches('#')),
        '+' => ends_word(after_first),
        '-' => ends_word(after_first) || after_first.starts_with('-'),
        '>' => true,
        '~' => start.starts_with("~~~"),
        _ => false,
    };
    let draws_line = || start.chars().all(|character| matches!(character, '-' | ':' | '|' | '=' | ' '));
    if at_first || draws_line() {
        return Some(0);
    }
    let after_number = start.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let digits = start.len() - after_number.len();
    let after_dot = after_number.strip_prefix(['.', ')'])?;
    ((1..=9).contains(&digits) && ends_word(after_dot)).then_some(digits)
}

/// Number signs at the end of a heading, after a space or alone, would be taken away
/// (CommonMark 0.31.2, section 4.2).
fn escape_closing_sequence(tokens: &mut [Token<'_>]) {
    let signs = tokens.iter().rev().take_while(|token| plain_character(token) == Some('#')).count();
    let before = tokens.len() - signs;
    let closes =
        before.checked_sub(1).is_none_or(|position| tokens.get(position).and_then(plain_character) == Some(' '));
    if signs > 0 && closes {
        escape_at(tokens, tokens.len() - 1);
    }
}

fn written(tokens: &[Token<'_>], place: Place) -> String {
    let mut result = String::new();
    let mut rest = tokens;
    while let Some((token, after)) = rest.split_first() {
        match token {
            Token::Character { character, form } => match form {
                Form::Reference => {
                    result.extend(["&#", &u32::from(*character).to_string(), ";"]);
                }
                Form::Plain if !needs_escape(*character, after, place) => result.push(*character),
                Form::Plain | Form::Escaped => result.extend(['\\', *character]),
            },
            Token::Delimiter { text, .. } => result.push_str(text),
            Token::LinkOpen => result.push('['),
            Token::LinkClose(target) => {
                result.push_str("](");
                result.push_str(&destination(&target.to_string(), place));
                result.push(')');
            }
            Token::Break => result.push_str("\\\n"),
        }
        rest = after;
    }
    result
}

fn needs_escape(character: char, after: &[Token<'_>], place: Place) -> bool {
    match character {
        '\\' | '*' | '_' | '[' | ']' | '<' | '`' => true,
        '&' => begins_reference(after.iter().map_while(plain_character)),
        '!' => matches!(after.first(), Some(Token::LinkOpen)),
        '|' => place == Place::Cell,
        _ => false,
    }
}

/// Whether an ampersand before these characters could begin a character reference
/// (CommonMark 0.31.2, section 2.5).
fn begins_reference(after: impl Iterator<Item = char>) -> bool {
    let mut length = 0;
    for character in after.take(LONGEST_REFERENCE) {
        match character {
            '#' if length == 0 => return true,
            ';' => return length > 0,
            character if character.is_ascii_alphanumeric() => length += 1,
            _ => return false,
        }
    }
    false
}

/// The destination of a link, in pointed brackets where the plain form would end too early
/// (CommonMark 0.31.2, section 6.3). Backticks and pointed brackets are escaped because code and
/// HTML are found before links are.
fn destination(address: &str, place: Place) -> String {
    let ends_plain_form = |character: char| character.is_whitespace() || "()[]<>".contains(character);
    let mut result = String::new();
    let mut rest = address.chars();
    while let Some(character) = rest.next() {
        let needs_escape = match character {
            '\\' | '<' | '>' | '`' => true,
            '&' => begins_reference(rest.clone()),
            '|' => place == Place::Cell,
            _ => false,
        };
        if needs_escape {
            result.push('\\');
        }
        result.push(character);
    }
    if address.contains(ends_plain_form) { format!("<{result}>") } else { result }
}
