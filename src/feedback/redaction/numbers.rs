//! The rules for plain numbers: cards, phones, health numbers, bank accounts.
//!
//! A number is one or more whole groups of digits with tolerable gaps, so a part of a longer number never matches.

use std::sync::LazyLock;

use regex::Regex;

use super::view::{View, before, is_latin, pattern};
use super::{Hit, PersonalData};

/// Payment cards: 13 to 19 digits, grouped as on a card, Luhn (ISO/IEC 7812), not beginning with 0.
pub(super) fn cards(view: &View) -> Vec<Hit> {
    scan(
        view,
        |gap| matches!(gap, " " | "-" | "." | "/" | "\n" | " - "),
        |number| {
            // Large sums and lists of years are round; a number in one run that ends so is a card all the same.
            let round = (number.groups.len() > 1 || number.digits.ends_with("00000"))
                && number.groups.iter().all(|group| group.digits.ends_with("00") || is_year(&group.digits));
            (is_card_shape(number.groups)
                && (13..=19).contains(&number.digits.len())
                && !number.digits.starts_with('0')
                && !round
                && is_luhn(&number.digits)
                && !number.touches_code())
            .then(|| number.hit(PersonalData::Card))
        },
    )
}

/// UK phones, written nationally or with +44, 0044 or 44 (Ofcom's National Telephone Numbering Plan).
pub(super) fn british_phones(view: &View) -> Vec<Hit> {
    scan(view, is_phone_gap, |number| {
        let national = british_national(number)?;
        (is_british_national(national)
            && (number.digits.len() != 10 || number.has_plus() || is_old_shape(number.groups))
            // The old nine-digit numbers look like a Scottish health number that begins with a day and a month.
            && !(number.digits.len() == 10 && is_chi(&number.digits) && has_modulus_eleven(&number.digits))
            && !looks_like_date(number.groups)
            && !number.is_of_a_book()
            && !number.follows_amount()
            && !number.touches_code())
        .then(|| number.hit(PersonalData::Phone))
    })
}

/// Other phones that say they are international, with `+` or `00`: 8 to 15 digits in all (E.164).
pub(super) fn international_phones(view: &View) -> Vec<Hit> {
    scan(view, is_phone_gap, |number| {
        let (digits, shortest) = match number.digits.strip_prefix("00") {
            Some(digits) if !number.has_plus() => (digits, 10),
            _ if number.has_plus() => (number.digits.as_str(), 8),
            _ => return None,
        };
        let years = number.groups.len() > 1 && number.groups.iter().skip(1).all(|group| is_year(&group.digits));
        ((shortest..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && !all_same(digits)
            && !years
            && number.groups.iter().all(|group| group.digits != "00")
            && !number.follows_amount()
            && !number.touches_code())
        .then(|| number.hit(PersonalData::Phone))
    })
}

/// NHS, CHI and Health and Care numbers: ten digits with the modulus 11 check of the NHS Data Dictionary.
pub(super) fn health_numbers(view: &View) -> Vec<Hit> {
    scan(view, |gap| matches!(gap, " " | "-" | "." | "/" | "\n" | " - "), health_number)
}

fn health_number(number: &Number) -> Option<Hit> {
    let digits = number.digits.as_str();
    let lengths: Vec<usize> = number.groups.iter().map(|group| group.digits.len()).collect();
    let shape = matches!(lengths.as_slice(), [10] | [3, 3, 4] | [6, 4] | [3, 7]);
    if !shape || all_same(digits) || !has_modulus_eleven(digits) || number.touches_code() || number.is_of_a_book() {
        return None;
    }
    let kind = if is_health_and_care(digits) {
        PersonalData::HealthAndCareNumber
    } else if is_chi(digits) {
        PersonalData::ChiNumber
    } else {
        PersonalData::NhsNumber
    };
    let named = HEALTH_WORD.as_ref().is_some_and(|word| word.is_match(before(number.text, number.start(), 40)));
    // One number in eleven passes the check by chance. Bare ones that were never issued (below 400 and neither of the
    // other two, such as a time in seconds) and the ids of a URL are taken only where words before name them.
    let never_issued = kind == PersonalData::NhsNumber && digits.starts_with(['0', '1', '2', '3']);
    let unlikely = lengths.len() == 1 && (number.is_in_url() || never_issued);
    (named || !unlikely).then(|| number.hit(kind))
}

/// Sort codes with an account number or in the company of words such as "bank account", and account numbers named so.
pub(super) fn bank_accounts(view: &View) -> Vec<Hit> {
    let text = view.text();
    let mut hits: Vec<Hit> = Vec::new();
    for found in BANK_NUMBER.iter().flat_map(|number| number.captures_iter(text)) {
        let Some(all) = found.get(0) else { continue };
        let named =
            |words: &Option<Regex>| words.as_ref().is_some_and(|word| word.is_match(before(text, all.start(), 20)));
        let hyphens = found.name("hyphens").is_some();
        if (hyphens && (found.name("account").is_some() || named(&BANK_WORD))) || named(&ACCOUNT_WORD) {
            hits.push(Hit { range: all.range(), kind: PersonalData::BankAccount });
        }
    }
    hits
}

/// The words that name a health number, somewhere shortly before it.
static HEALTH_WORD: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)(?:nhs|chi|h&c|hcn|health (?:and|&) care)(?-u:\b)"));

/// The word that names the number of a book, directly before it.
static BOOK_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?i)(?-u:\b)isbn(?:-?1[03])?[:.]? ?$"));

static BANK_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?-u:\b)(?:(?P<hyphens>[0-9]{2}-[0-9]{2}-[0-9]{2})",
        r"(?:[ \n,/:&-]{0,3}(?:(?:and|account|acc|a/c)(?: (?:number|no))?[.:]? ?)?(?P<account>[0-9]{8}))?",
        r"|[0-9]{4}[ -][0-9]{4}|[0-9]{2} [0-9]{2} [0-9]{2} [0-9]{2}",
        r"|(?:[0-9]{6}|[0-9]{2}[ .][0-9]{2}[ .][0-9]{2})(?:[ \n,/-]{1,2}[0-9]{8})?|[0-9]{8})(?-u:\b)"
    ))
});

/// Words that tell a sort code from a date or a score, anywhere shortly before it.
static BANK_WORD: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)(?:sort ?-?code|account|acct|a/c|s/c|bank details)(?-u:\b)"));

/// Words that name plain digits as a sort code or an account number, directly before them.
static ACCOUNT_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(?-u:\b)(?:account|acct?|a/c|sort ?-?code)(?: (?:number|num|no))?[.:#]?(?: (?:is|was))?[.:# ]{0,3}$")
});

static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern("[0-9]+"));

/// A run of digits in the view; or digits written one by one with the same gap, taken as a single run.
struct Group {
    start: usize,
    end: usize,
    digits: String,
}

/// Neighbouring groups, read as one number.
struct Number<'a> {
    text: &'a str,
    groups: &'a [Group],
    digits: String,
    /// Where the previous hit of the same rule ends: what is before it will be gone.
    floor: usize,
}

impl<'a> Number<'a> {
    fn start(&self) -> usize {
        self.groups.first().map_or(0, |group| group.start)
    }

    fn end(&self) -> usize {
        self.groups.last().map_or(0, |group| group.end)
    }

    fn head(&self) -> &'a str {
        self.text.get(self.floor..self.start()).unwrap_or_default()
    }

    fn tail(&self) -> &'a str {
        self.text.get(self.end()..).unwrap_or_default()
    }

    fn has_plus(&self) -> bool {
        let head = self.head();
        head.strip_suffix('(').unwrap_or(head).trim_end_matches(' ').ends_with('+')
    }

    /// The number with its plus sign, and with an opening bracket whose partner is inside.
    fn hit(&self, kind: PersonalData) -> Hit {
        let body = self.text.get(self.start()..self.end()).unwrap_or_default();
        let closes = body.contains(')') && body.find(')') < body.find('(').or(Some(body.len()));
        let mut head = self.head();
        let full = head.len();
        if closes && head.ends_with('(') {
            head = head.strip_suffix('(').unwrap_or(head);
        }
        if kind == PersonalData::Phone && head.trim_end_matches(' ').ends_with('+') {
            head = head.trim_end_matches(' ').strip_suffix('+').unwrap_or(head);
            if closes && full - head.len() == 1 && head.ends_with('(') {
                head = head.strip_suffix('(').unwrap_or(head);
            }
        }
        Hit { range: self.start() - (full - head.len())..self.end(), kind }
    }

    /// Whether the number goes on as part of a price or of a decimal fraction.
    fn follows_amount(&self) -> bool {
        let head = self.head();
        let decimal = head.strip_suffix('.').is_some_and(|whole| whole.ends_with(|last: char| last.is_ascii_digit()));
        decimal || head.trim_end_matches([' ', '+', '(']).ends_with(['£', '$', '€'])
    }

    /// Whether letters touch the number in the way of a product or reference code. A missing space ("on07700 900123")
    /// joins a whole word to it; a code joins a single letter, or letters and more digits.
    fn touches_code(&self) -> bool {
        let extension = self.tail().starts_with(['x', 'X']);
        is_code(self.head().chars().rev()) || (!extension && is_code(self.tail().chars()))
    }

    fn is_of_a_book(&self) -> bool {
        BOOK_WORD.as_ref().is_some_and(|word| word.is_match(before(self.text, self.start(), 20)))
    }

    fn is_in_url(&self) -> bool {
        let token = before(self.text, self.start(), 300);
        let token = token.rsplit([' ', '\n']).next().unwrap_or_default();
        token.contains("://") || token.contains("www.")
    }
}

/// Looks, from every group on, for the longest number that `judge` accepts; accepted groups are not used again.
fn scan(view: &View, joins: fn(&str) -> bool, judge: impl Fn(&Number) -> Option<Hit>) -> Vec<Hit> {
    let text = view.text();
    let groups = groups(text);
    let mut hits: Vec<Hit> = Vec::new();
    let mut first = 0;
    while first < groups.len() {
        let floor = hits.last().map_or(0, |hit| hit.range.end);
        let reach = reach(text, groups.get(first..).unwrap_or_default(), joins);
        let accepted = (1..=reach).rev().find_map(|count| {
            let groups = groups.get(first..first + count)?;
            let digits = groups.iter().map(|group| group.digits.as_str()).collect();
            judge(&Number { text, groups, digits, floor }).map(|hit| (count, hit))
        });
        match accepted {
            Some((count, hit)) => {
                hits.push(hit);
                first += count;
            }
            None => first += 1,
        }
    }
    hits
}

/// How many groups from the first one on can belong to one number.
fn reach(text: &str, groups: &[Group], joins: fn(&str) -> bool) -> usize {
    let mut digits = 0;
    let mut count = 0;
    let mut end = None;
    for group in groups {
        let joined = end.is_none_or(|end| text.get(end..group.start).is_some_and(joins));
        digits += group.digits.len();
        if !joined || digits > LONGEST {
            break;
        }
        end = Some(group.end);
        count += 1;
    }
    count
}

/// The longest number of any rule: a payment card.
const LONGEST: usize = 19;

/// From so many digits one by one on, they are one number; a list of ratings or steps is shorter.
const SPELT_OUT: usize = 9;

fn groups(text: &str) -> Vec<Group> {
    let runs: Vec<Group> = DIGITS
        .iter()
        .flat_map(|digits| digits.find_iter(text))
        .map(|run| Group { start: run.start(), end: run.end(), digits: run.as_str().to_owned() })
        .collect();
    let mut groups = Vec::with_capacity(runs.len());
    let mut spelt: Vec<Group> = Vec::new();
    for run in runs {
        let joined = spelt.last().is_some_and(|last| {
            matches!(text.get(last.end..run.start), Some(" " | "-" | "." | "\n")) && run.digits.len() == 1
        });
        if !joined {
            settle(&mut spelt, &mut groups);
        }
        if run.digits.len() == 1 {
            spelt.push(run);
        } else {
            groups.push(run);
        }
    }
    settle(&mut spelt, &mut groups);
    groups
}

/// Moves single digits over to the groups: as one group when they spell a number, otherwise each for itself.
fn settle(spelt: &mut Vec<Group>, groups: &mut Vec<Group>) {
    let digits: String = spelt.iter().map(|group| group.digits.as_str()).collect();
    let counts_up = "01234567890".contains(&digits) || "9876543210".contains(&digits);
    match (spelt.first(), spelt.last()) {
        (Some(first), Some(last)) if spelt.len() >= SPELT_OUT && !counts_up => {
            groups.push(Group { start: first.start, end: last.end, digits });
            spelt.clear();
        }
        _ => groups.append(spelt),
    }
}

fn is_code(neighbours: impl Iterator<Item = char>) -> bool {
    let mut letters = 0;
    for neighbour in neighbours.take(32) {
        if !is_latin(neighbour) {
            break;
        }
        if neighbour.is_ascii_digit() {
            return letters > 0;
        }
        letters += 1;
    }
    letters == 1
}

fn is_phone_gap(gap: &str) -> bool {
    gap.len() <= 4
        && !gap.is_empty()
        && gap.chars().all(|character| " -.()/\n".contains(character))
        && gap.matches(['/', '\n', '.']).count() <= 1
}

/// The digits after the trunk 0 or the country code, if the number is written in one of the British ways.
fn british_national<'n>(number: &'n Number) -> Option<&'n str> {
    let digits = number.digits.as_str();
    let first = number.groups.first().map_or("", |group| group.digits.as_str());
    if number.has_plus() && !digits.starts_with('0') {
        let national = digits.strip_prefix("44")?;
        return Some(national.strip_prefix('0').unwrap_or(national));
    }
    if let Some(national) = digits.strip_prefix("0044") {
        return Some(national.strip_prefix('0').unwrap_or(national));
    }
    if digits.len() == 12 && digits.starts_with("447") && (first.len() == 12 || first.starts_with("44")) {
        return digits.strip_prefix("44");
    }
    // "07 700 900 123" is common; a lone 01 or 02 is more often a day, a month or a step. Times and lists of short
    // numbers have many short groups.
    let bracket = first == "0"
        && number.text.get(number.end().min(number.start() + 1)..).is_some_and(|rest| rest.starts_with(')'));
    let short = number.groups.len() > 1
        && first.len() == 2
        && (first != "07" || number.groups.iter().any(|group| is_year(&group.digits)));
    let apart = first == "0" && number.groups.get(1).is_some_and(|second| second.digits.len() >= 4);
    let split = number.groups.len() > 6
        || number.groups.iter().skip(usize::from(bracket || apart)).any(|group| group.digits.len() < 2);
    if short || split { None } else { digits.strip_prefix('0') }
}

/// Ten digits, or nine for a few old codes; the first one by Ofcom's plan; not the same digit throughout.
fn is_british_national(national: &str) -> bool {
    let length = match national.len() {
        10 => national.starts_with(['1', '2', '3', '5', '7', '8', '9']),
        9 => national.starts_with('1') || national.starts_with("800") || national.starts_with("500"),
        _ => false,
    };
    length && !all_same(national)
}

/// How numbers with nine national digits are written; other splits are times of day and the like.
fn is_old_shape(groups: &[Group]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
    matches!(lengths.as_slice(), [_] | [_, _] | [5 | 6, _, _] | [4, 3, 3])
}

fn looks_like_date(groups: &[Group]) -> bool {
    match groups {
        [day, month, year, ..] => day.digits.len() <= 2 && month.digits.len() <= 2 && is_year(&year.digits),
        _ => false,
    }
}

/// One run, fours (the last may be shorter), or the 4-6-5 and 4-6-4 of American Express and Diners Club.
fn is_card_shape(groups: &[Group]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
    match lengths.as_slice() {
        [_] | [4, 6, 4 | 5] => true,
        [fours @ .., last] => fours.iter().all(|length| *length == 4) && *last <= 4,
        [] => false,
    }
}

/// The check digit of ISO/IEC 7812-1, annex B.
fn is_luhn(digits: &str) -> bool {
    let sum: u32 = values(digits)
        .rev()
        .enumerate()
        .map(|(place, value)| if place % 2 == 0 { value } else { value * 2 / 10 + value * 2 % 10 })
        .sum();
    sum.is_multiple_of(10)
}

/// Weights 10 to 2 on the first nine digits; eleven less the remainder is the tenth, 11 counting as 0 and 10 as never
/// (NHS Data Dictionary, NHS number).
fn has_modulus_eleven(digits: &str) -> bool {
    let weighted: u32 = values(digits).zip((2..=10).rev()).map(|(value, weight)| value * weight).sum();
    let check = (11 - weighted % 11) % 11;
    digits.len() == 10 && values(digits).next_back() == Some(check)
}

/// Whether the first six digits are a day, a month and a year, as in a Community Health Index number.
fn is_chi(digits: &str) -> bool {
    let part = |range| digits.get(range).and_then(|part: &str| part.parse::<u32>().ok()).unwrap_or(0);
    (1..=31).contains(&part(0..2)) && (1..=12).contains(&part(2..4))
}

/// The range of Northern Ireland's numbers: 320 000 001 to 399 999 999 before the check digit.
fn is_health_and_care(digits: &str) -> bool {
    digits
        .get(..9)
        .and_then(|prefix| prefix.parse::<u32>().ok())
        .is_some_and(|prefix| (320_000_001..=399_999_999).contains(&prefix))
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

fn all_same(digits: &str) -> bool {
    let mut characters = digits.chars();
    let first = characters.next();
    characters.all(|character| Some(character) == first)
}

fn values(digits: &str) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator {
    digits.bytes().map(|byte| u32::from(byte.saturating_sub(b'0')))
}

#[cfg(test)]
pub(super) fn compiled() -> Vec<bool> {
    [&HEALTH_WORD, &BOOK_WORD, &BANK_NUMBER, &BANK_WORD, &ACCOUNT_WORD, &DIGITS]
        .iter()
        .map(|pattern| pattern.is_some())
        .collect()
}
