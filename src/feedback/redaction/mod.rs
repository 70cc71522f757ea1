//! Hides personal data in what visitors write, before anything is stored or logged.
//!
//! Each kind is found in two steps: a loose pattern (linear time, no look-around), then a check in code of the value
//! itself and of its neighbours. The module knows text only: no HTTP, no database, no clock, no settings.
//!
//! Decision (2026-11-23): a text is read up to three times, less and less literally (`view.rs`). Context: people paste
//! addresses of pages, source text and notes, where `%20`, `&nbsp;`, `+` and `_` stand between the parts of a number or touch
//! it; yet the same signs belong to e-mail addresses and secrets. Choice: the plain reading comes first, and a looser one only
//! for what it left. Consequence: a text without such signs costs what it did, since a reading that is the same is skipped.

mod addresses;
mod advice;
mod identifiers;
mod numbers;
mod registrations;
mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use advice::{Flag, flags};

use view::{Spelling, View};

/// A text without the personal data that could be recognised, and what was taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Redacted {
    /// The text with a mark such as `[email removed]` in place of each hit. It may be longer than what came in.
    pub text: String,
    /// How many of each kind were replaced. Marks that were already in the text are not counted.
    pub removed: BTreeMap<PersonalData, u32>,
}

/// The kinds of personal data that are recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalData {
    /// An e-mail address, also with `%40`, `[at]`, `(at)` or ` dot ` (RFC 5321 limits are not used to let one through).
    Email,
    /// A UK number (Ofcom numbering plan) or an international one (E.164, 8 to 15 digits).
    Phone,
    /// Ten digits with the modulus 11 check of the NHS Data Dictionary.
    NhsNumber,
    /// Scotland's Community Health Index number: as the NHS number, but beginning with a date of birth.
    ChiNumber,
    /// Northern Ireland's Health and Care number: as the NHS number, from 320 000 001 to 399 999 999.
    HealthAndCareNumber,
    /// A National Insurance number by the rules of HMRC manual NIM39110.
    NationalInsurance,
    /// HMRC's temporary reference, `11 A1 11 11` (NIM39110), where the words around it say so.
    TemporaryTaxReference,
    /// The inward half of a postcode (BS 7666), or all of it beside a house number.
    Postcode,
    /// A payment card number: 13 to 19 digits with the check digit of ISO/IEC 7812 (Luhn).
    Card,
    /// A sort code, an account number, or both.
    BankAccount,
    /// A date that the words around it call a birthday.
    DateOfBirth,
    /// A Nursing and Midwifery Council PIN.
    NmcPin,
    /// A Health and Care Professions Council registration number.
    HcpcNumber,
    /// A number in the register of the General Medical Council or the General Pharmaceutical Council, where words say so.
    RegisterNumber,
    /// A UCAS personal identifier, where words say so.
    UcasNumber,
    /// A passport number, where words say so.
    Passport,
    /// A British driver number, where words say so.
    DrivingLicence,
    /// The reference of a visa application (`GWF…`) or of a trader (`GB…`).
    CaseReference,
    /// An internet address, version 4 or 6.
    IpAddress,
    /// The value of a parameter such as `token=` or `reset_password_token=` in a URL.
    Secret,
}

impl PersonalData {
    /// Every kind, so that marks already in a text are known again.
    pub const ALL: [Self; 20] = [
        Self::Email,
        Self::Phone,
        Self::NhsNumber,
        Self::ChiNumber,
        Self::HealthAndCareNumber,
        Self::NationalInsurance,
        Self::TemporaryTaxReference,
        Self::Postcode,
        Self::Card,
        Self::BankAccount,
        Self::DateOfBirth,
        Self::NmcPin,
        Self::HcpcNumber,
        Self::RegisterNumber,
        Self::UcasNumber,
        Self::Passport,
        Self::DrivingLicence,
        Self::CaseReference,
        Self::IpAddress,
        Self::Secret,
    ];

    /// What stands in the text in place of the value. A mark holds no digit and no `@`, so no rule can match inside it.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Email => "[email removed]",
            Self::Phone => "[phone removed]",
            Self::NhsNumber => "[NHS number removed]",
            Self::ChiNumber => "[CHI number removed]",
            Self::HealthAndCareNumber => "[health and care number removed]",
            Self::NationalInsurance => "[National Insurance number removed]",
            Self::TemporaryTaxReference => "[tax reference removed]",
            Self::Postcode => "[postcode removed]",
            Self::Card => "[card removed]",
            Self::BankAccount => "[bank account removed]",
            Self::DateOfBirth => "[date of birth removed]",
            Self::NmcPin => "[NMC PIN removed]",
            Self::HcpcNumber => "[HCPC number removed]",
            Self::RegisterNumber => "[register number removed]",
            Self::UcasNumber => "[UCAS number removed]",
            Self::Passport => "[passport number removed]",
            Self::DrivingLicence => "[driving licence number removed]",
            Self::CaseReference => "[reference number removed]",
            Self::IpAddress => "[IP address removed]",
            Self::Secret => "[secret removed]",
        }
    }
}

/// Replaces the personal data that can be recognised in `text` by typed marks; everything else stays byte for byte.
///
/// It is a net, not a proof: names, street addresses and anything spelt out in words stay. Redacting what has been
/// redacted changes nothing. Takes any Unicode text of any length; the time grows linearly with it.
#[must_use]
pub fn redact(text: &str) -> Redacted {
    let mut redacted = Redacted { text: text.to_owned(), removed: BTreeMap::new() };
    for _ in 0..PASSES {
        let Some(hits) = find_in_any(&redacted.text) else { break };
        redacted.text = replace(&redacted.text, &hits);
        for hit in &hits {
            let count = redacted.removed.entry(hit.kind).or_insert(0);
            *count = count.saturating_add(1);
        }
    }
    redacted
}

/// Hiding one value can free the next one from a neighbour that ruled it out, so the search is repeated until it finds
/// nothing. Two passes are the rule; the bound keeps the time linear.
const PASSES: usize = 16;

/// A value to hide: a byte range, of the view while rules look for it, of the original text once they are done.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hit {
    range: Range<usize>,
    kind: PersonalData,
}

/// A rule sees what the earlier ones left over.
type Rule = fn(&View) -> Vec<Hit>;

/// In order: what a more certain rule has taken is out of reach for a vaguer one. A Luhn or prefix rule is more certain
/// than a modulus 11 that one number in eleven passes by chance.
const RULES: [Rule; 19] = [
    addresses::secrets,
    addresses::emails,
    registrations::references,
    registrations::driving_licences,
    numbers::cards,
    identifiers::national_insurance_numbers,
    identifiers::temporary_tax_references,
    numbers::british_phones,
    numbers::international_phones,
    registrations::ucas_numbers,
    numbers::health_numbers,
    numbers::bank_accounts,
    identifiers::dates_of_birth,
    addresses::postcodes,
    identifiers::nmc_pins,
    identifiers::hcpc_numbers,
    registrations::register_numbers,
    registrations::passports,
    addresses::internet_addresses,
];

/// The hits in the first spelling of `text` that has any.
fn find_in_any(text: &str) -> Option<Vec<Hit>> {
    let mut seen = String::new();
    for spelling in Spelling::ALL {
        let view = View::new(text, spelling);
        if view.text() == seen {
            continue;
        }
        view.text().clone_into(&mut seen);
        let hits = find(view);
        if !hits.is_empty() {
            return Some(hits);
        }
    }
    None
}

/// The hits, in order and apart from each other, as ranges of the original text.
fn find(mut view: View) -> Vec<Hit> {
    let mut found = Vec::new();
    for rule in RULES {
        let hits = rule(&view);
        view.hide(&hits);
        found.extend(hits);
    }
    found.sort_by_key(|hit| hit.range.start);
    // Two hits in the view can share one original character, such as a ligature: it goes to the first.
    let mut end = 0;
    let mut apart = Vec::with_capacity(found.len());
    for hit in found {
        let original = view.original(&hit.range);
        let range = original.start.max(end)..original.end;
        if range.start < range.end {
            end = range.end;
            apart.push(Hit { range, kind: hit.kind });
        }
    }
    apart
}

fn replace(text: &str, hits: &[Hit]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut end = 0;
    for hit in hits {
        result.push_str(text.get(end..hit.range.start).unwrap_or_default());
        result.push_str(hit.kind.mark());
        end = hit.range.end;
    }
    result.push_str(text.get(end..).unwrap_or_default());
    result
}
