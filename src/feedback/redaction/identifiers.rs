//! The rules for numbers with letters in them, issued by the tax office and by regulators, and for dates of birth.

use std::sync::LazyLock;

use regex::Regex;

use super::view::{View, after, before, pattern};
use super::{Hit, PersonalData};

/// National Insurance numbers by HMRC manual NIM39110. The official example QQ 12 34 56 A is not a valid one and stays.
pub(super) fn national_insurance_numbers(view: &View) -> Vec<Hit> {
    let mut hits = Vec::new();
    for found in INSURANCE_NUMBER.iter().flat_map(|number| number.captures_iter(view.text())) {
        let (Some(all), Some(prefix), Some(suffix)) = (found.get(0), found.name("prefix"), found.name("suffix")) else {
            continue;
        };
        let word = PREFIX_WORDS.contains(&prefix.as_str()) && suffix.as_str() == " a";
        if is_insurance_prefix(prefix.as_str()) && !word {
            hits.push(Hit { range: all.range(), kind: PersonalData::NationalInsurance });
        }
    }
    hits
}

/// HMRC's temporary reference, two digits, a letter, five digits (NIM39110): only where words before it name it.
pub(super) fn temporary_tax_references(view: &View) -> Vec<Hit> {
    named(view, &TAX_REFERENCE, &TAX_WORD, PersonalData::TemporaryTaxReference)
}

/// Numeric and worded dates within twelve characters of "born", "date of birth", "birthday" and the like.
pub(super) fn dates_of_birth(view: &View) -> Vec<Hit> {
    let text = view.text();
    let mut hits = Vec::new();
    for found in DATE.iter().flat_map(|date| date.find_iter(text)) {
        // Twelve characters and the longest of the words, and what a form says of the date.
        let near_before = BIRTH_BEFORE.as_ref().is_some_and(|word| word.is_match(before(text, found.start(), 64)));
        let near_after = BIRTH_AFTER.as_ref().is_some_and(|word| word.is_match(after(text, found.end(), 28)));
        let eligible = ELIGIBLE.as_ref().is_some_and(|words| words.is_match(before(text, found.start(), 28)));
        if (near_before || near_after) && !eligible && is_date(found.as_str()) {
            hits.push(Hit { range: found.range(), kind: PersonalData::DateOfBirth });
        }
    }
    hits
}

/// Nursing and Midwifery Council PINs: two digits, a letter, four digits, a letter, as the council's register search
/// describes them.
pub(super) fn nmc_pins(view: &View) -> Vec<Hit> {
    NMC_PIN
        .iter()
        .flat_map(|pin| pin.find_iter(view.text()))
        .map(|found| Hit { range: found.range(), kind: PersonalData::NmcPin })
        .collect()
}

/// Health and Care Professions Council numbers: with the prefix of a profession, or any letters where words before them
/// name the council (UK Core, identifier systems).
pub(super) fn hcpc_numbers(view: &View) -> Vec<Hit> {
    let mut hits = named(view, &HCPC_NUMBER, &HCPC_WORD, PersonalData::HcpcNumber);
    for found in HCPC_PREFIXED.iter().flat_map(|number| number.find_iter(view.text())) {
        if hits.iter().all(|hit| hit.range.end <= found.start() || found.end() <= hit.range.start) {
            hits.push(Hit { range: found.range(), kind: PersonalData::HcpcNumber });
        }
    }
    hits.sort_by_key(|hit| hit.range.start);
    hits
}

static INSURANCE_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?-u:\b)(?P<prefix>[a-z][ .-]?[a-z])(?:(?:[ \n./-]| - )?[0-9]){6}",
        r"(?P<suffix>(?:[ \n./-]| - )?[a-d])(?-u:\b)"
    ))
});

/// Words of two letters that come before a number and an article: "by 202425 a new rule".
const PREFIX_WORDS: [&str; 14] = ["am", "an", "as", "at", "be", "by", "he", "me", "my", "ok", "on", "or", "pp", "we"];

/// Prefixes that were never used (NIM39110).
const UNUSED_PREFIXES: [&str; 7] = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];

fn is_insurance_prefix(prefix: &str) -> bool {
    let prefix: String =
        prefix.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase()).collect();
    !prefix.contains(['D', 'F', 'I', 'Q', 'U', 'V'])
        && !prefix.ends_with('O')
        && !UNUSED_PREFIXES.contains(&prefix.as_str())
}

static TAX_REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)[0-9]{2}[ \n-]?[a-z][ -]?[0-9][ \n-]?[0-9]{2}[ \n-]?[0-9]{2}(?-u:\b)"));

static TAX_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(?-u:\b)(?:hmrc|tax|trn|national insurance|temporary (?:reference|number))(?-u:\b)")
});

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const MONTH: &str = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|\
                         sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    pattern(&format!(
        concat!(
            r"(?i)(?-u:\b)(?:[0-9]{{1,2}} ?[ ./-] ?[0-9]{{1,2}} ?[ ./-] ?(?:[0-9]{{4}}|[0-9]{{2}})",
            r"|[0-9]{{4}}[./-][0-9]{{1,2}}[./-][0-9]{{1,2}}",
            r"|[0-9]{{1,2}}(?:st|nd|rd|th)?[ \n.-]?(?: ?of[ \n])?{month}[ \n.,-]{{0,2}}(?:[0-9]{{4}}|[0-9]{{2}})",
            r"|{month}[ \n.-]?[0-9]{{1,2}}(?:st|nd|rd|th)?[ \n.,-]{{1,2}}[0-9]{{4}}|[0-9]{{8}})(?-u:\b)",
        ),
        month = MONTH
    ))
});

/// Whether a numeric date can be one, in either order of day and month; worded ones always can.
fn is_date(date: &str) -> bool {
    let parts: Vec<u32> = date.split([' ', '.', '/', '-']).filter_map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [year, first, second] if *year > 99 => is_day_and_month(*first, *second),
        [first, second, _] => is_day_and_month(*first, *second),
        [digits] if date.bytes().all(|byte| byte.is_ascii_digit()) => {
            let (year, month, day) = (digits / 10_000, digits / 100 % 100, digits % 100);
            let (first, second, last) = (digits / 1_000_000, digits / 10_000 % 100, digits % 10_000);
            let lived = |year| (1900..2100).contains(&year);
            lived(year) && is_day_and_month(month, day) || lived(last) && is_day_and_month(first, second)
        }
        _ => true,
    }
}

fn is_day_and_month(first: u32, second: u32) -> bool {
    (1..=12).contains(&first.min(second)) && first.max(second) <= 31
}

static BIRTH_BEFORE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(&format!(r"(?is)(?-u:\b){BIRTH}{OF_THE_DATE}[^;]{{0,12}}$")));

/// What can stand between the word and the date: how it is to be written, and the day of the week.
const OF_THE_DATE: &str = r"(?: ?\([a-z/ .-]{0,14}\))?(?: on)?(?: (?:mon|tues|wednes|thurs|fri|satur|sun)day)?";

/// Who may apply, not when somebody was born: "born after 1 September 2010".
static ELIGIBLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?is)(?-u:\b)born (?:on or )?(?:after|before|between|since)(?-u:\b)[^;]{0,12}$"));

static BIRTH_AFTER: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(&format!(r"(?is)^[^;]{{0,12}}(?-u:\b){BIRTH}(?-u:\b)")));

const BIRTH: &str = r"(?:born|d[. ]{1,2}o[. ]{1,2}b|dob|date[ -]?of[ -]?birth|birth ?date|birthday|geboren)";

static NMC_PIN: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)[0-9]{2}[a-z] ?[0-9]{4}[a-z](?-u:\b)"));

/// Four digits only behind the letters of a profession: "ST0120" is a standard.
static HCPC_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?-u:\b)(?:[A-Za-z]{2,3}[0-9]{5,6}|[A-Z]{2,3} [0-9]{5,6}",
        r"|(?:AS|CH|CS|DT|ODP|OR|OT|PA|PH|PO|PYL|RA|SL|SW)[0-9]{4})(?-u:\b)"
    ))
});

/// The larger professions: paramedics, physiotherapists, occupational therapists, radiographers, dietitians, speech and
/// language therapists. Practitioner psychologists have three letters.
static HCPC_PREFIXED: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?-u:\b)(?:PA|PH|OT|RA|DT|SL|PYL)[0-9]{5,6}(?-u:\b)"));

static HCPC_WORD: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)(?:hcpc|health (?:and|&) care professions council)(?-u:\b)"));

/// Matches of a pattern that stand shortly after a naming word.
pub(super) fn named(
    view: &View,
    number: &LazyLock<Option<Regex>>,
    word: &LazyLock<Option<Regex>>,
    kind: PersonalData,
) -> Vec<Hit> {
    let text = view.text();
    number
        .iter()
        .flat_map(|number| number.find_iter(text))
        .filter(|found| word.as_ref().is_some_and(|word| word.is_match(before(text, found.start(), 40))))
        .map(|found| Hit { range: found.range(), kind })
        .collect()
}

#[cfg(test)]
pub(super) fn compiled() -> Vec<bool> {
    [
        &INSURANCE_NUMBER,
        &TAX_REFERENCE,
        &TAX_WORD,
        &DATE,
        &BIRTH_BEFORE,
        &BIRTH_AFTER,
        &ELIGIBLE,
        &NMC_PIN,
        &HCPC_NUMBER,
        &HCPC_PREFIXED,
        &HCPC_WORD,
    ]
    .iter()
    .map(|pattern| pattern.is_some())
    .collect()
}
