//! The rules for numbers that are hidden where words before them say what they are, such as of a passport or of a
//! regulator's register, and for two references that show what they are by themselves.

use std::sync::LazyLock;

use regex::Regex;

use super::identifiers::named;
use super::view::{View, pattern};
use super::{Hit, PersonalData};

/// References of visa applications, GWF and nine digits, and of traders (EORI), GB and twelve digits.
pub(super) fn references(view: &View) -> Vec<Hit> {
    REFERENCE
        .iter()
        .flat_map(|reference| reference.find_iter(view.text()))
        .map(|found| Hit { range: found.range(), kind: PersonalData::CaseReference })
        .collect()
}

/// Seven digits of the General Medical Council or, beginning with a 2, of the General Pharmaceutical Council.
pub(super) fn register_numbers(view: &View) -> Vec<Hit> {
    let mut hits = named(view, &MEDICAL, &MEDICAL_WORD, PersonalData::RegisterNumber);
    for hit in named(view, &PHARMACY, &PHARMACY_WORD, PersonalData::RegisterNumber) {
        if !hits.contains(&hit) {
            hits.push(hit);
        }
    }
    hits.sort_by_key(|hit| hit.range.start);
    hits
}

/// Ten digits, alone, as 3-3-4 or as 5-5, where words before them name UCAS.
pub(super) fn ucas_numbers(view: &View) -> Vec<Hit> {
    named(view, &UCAS, &UCAS_WORD, PersonalData::UcasNumber)
}

/// Nine digits, the first of which may be a letter, where words before them say passport.
pub(super) fn passports(view: &View) -> Vec<Hit> {
    named(view, &PASSPORT, &PASSPORT_WORD, PersonalData::Passport)
}

/// The sixteen characters of a British driver number, where words before them say licence or driver.
pub(super) fn driving_licences(view: &View) -> Vec<Hit> {
    named(view, &LICENCE, &LICENCE_WORD, PersonalData::DrivingLicence)
}

static REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)(?:gwf[ \n]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}|gb[ \n]?[0-9]{12})(?-u:\b)"));

static MEDICAL: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?-u:\b)[0-9]{3}[ -]?[0-9]{4}(?-u:\b)"));

static MEDICAL_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| naming("gmc|general medical council"));

static PHARMACY: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?-u:\b)2[0-9]{6}(?-u:\b)"));

static PHARMACY_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| naming("gphc|general pharmaceutical council"));

static UCAS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?-u:\b)(?:[0-9]{3}[ \n-]?[0-9]{3}[ \n-]?[0-9]{4}|[0-9]{5}[ -][0-9]{5})(?-u:\b)"));

static UCAS_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| naming("ucas"));

static PASSPORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(?-u:\b)(?:[0-9]{3}[ \n-]?[0-9]{3}[ \n-]?[0-9]{3}|[0-9]{5}[ -][0-9]{4}|[a-z][ \n]?[0-9]{8})(?-u:\b)")
});

static PASSPORT_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| naming("passport"));

static LICENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(?-u:\b)[a-z][a-z9]{4}[ -]?[0-9][0156][0-9][0-3][0-9]{2}[ -]?[a-z][a-z9][0-9][ -]?[a-z]{2}(?-u:\b)")
});

static LICENCE_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| naming("driving|driver'?s?|dvla|licen[cs]e"));

/// One of these words, shortly before the number and not in another clause.
fn naming(words: &str) -> Option<Regex> {
    pattern(&format!(r"(?is)(?-u:\b)(?:{words})(?-u:\b)[^;]{{0,32}}$"))
}

#[cfg(test)]
pub(super) fn compiled() -> Vec<bool> {
    [
        &REFERENCE,
        &MEDICAL,
        &MEDICAL_WORD,
        &PHARMACY,
        &PHARMACY_WORD,
        &UCAS,
        &UCAS_WORD,
        &PASSPORT,
        &PASSPORT_WORD,
        &LICENCE,
        &LICENCE_WORD,
    ]
    .iter()
    .map(|pattern| pattern.is_some())
    .collect()
}
