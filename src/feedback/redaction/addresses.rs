//! The rules for addresses of all sorts: e-mail, postcodes, internet addresses, and secrets inside URLs.

use std::net::Ipv6Addr;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::view::{View, after, before, is_latin, pattern};
use super::{Hit, PersonalData};

/// Values of parameters that open something, in URLs or alone: all of `token=` and its relatives; of `code=`, `key=` and
/// `state=` only long values with a digit, as these names have plain uses too.
pub(super) fn secrets(view: &View) -> Vec<Hit> {
    let mut hits = Vec::new();
    for found in SECRET.iter().flat_map(|secret| secret.captures_iter(view.text())) {
        let Some(value) = found.name("value") else { continue };
        let plain = found.name("plain").is_some();
        let long = value.as_str().len() >= 8 && value.as_str().contains(|character: char| character.is_ascii_digit());
        if !plain || long {
            hits.push(Hit { range: value.range(), kind: PersonalData::Secret });
        }
    }
    hits
}

/// E-mail addresses: something, a separator, and a domain with a dot and a top level of letters (RFC 5321 in its plain
/// forms). A lone `@` is not enough. The upper limits of the RFC are not applied: a longer one is still somebody's.
pub(super) fn emails(view: &View) -> Vec<Hit> {
    let text = view.text();
    let mut hits: Vec<Hit> = Vec::new();
    let mut floor = 0;
    for separator in AT.iter().flat_map(|at| at.captures_iter(text)) {
        let Some(all) = separator.get(0) else { continue };
        if all.start() < floor {
            continue;
        }
        let spoken = separator.name("spoken").is_some();
        let local = local_part(text, floor, all.start());
        let domain = domain(text, all.end());
        floor = all.end();
        let floor_before = hits.last().map_or(0, |hit| hit.range.end);
        if let (Some(local), Some((end, has_spoken_dot))) = (local, domain)
            && (!spoken
                || is_spoken_local(
                    text.get(local.clone()).unwrap_or_default(),
                    has_spoken_dot || is_of_a_provider(text.get(all.end()..end).unwrap_or_default()),
                ))
        {
            floor = end;
            let start = with_spoken_dots(text, floor_before, local.start);
            hits.push(Hit { range: start..end, kind: PersonalData::Email });
        }
    }
    hits
}

/// Postcodes (BS 7666): the inward half only, so that a report keeps its region; all of it beside a house number, where
/// it would name a home.
pub(super) fn postcodes(view: &View) -> Vec<Hit> {
    let text = view.text();
    let mut hits = Vec::new();
    for found in POSTCODE.iter().flat_map(|postcode| postcode.captures_iter(text)) {
        let (Some(all), Some(outward), Some(inward)) = (found.get(0), found.name("outward"), found.name("inward"))
        else {
            continue;
        };
        let home = is_home(before(text, all.start(), 80), after(text, all.end(), 20));
        let named = POSTCODE_WORD.as_ref().is_some_and(|word| word.is_match(before(text, all.start(), 40)));
        if is_outward(outward.as_str()) && (home || named || !is_measure(inward.as_str())) {
            let range = if home { all.range() } else { inward.range() };
            hits.push(Hit { range, kind: PersonalData::Postcode });
        }
    }
    hits
}

/// Internet addresses: four numbers up to 255 that are not a version or a section, or a version 6 address.
pub(super) fn internet_addresses(view: &View) -> Vec<Hit> {
    let text = view.text();
    let fours = IP_FOUR.iter().flat_map(|four| four.find_iter(text)).filter(|found| {
        let head = before(text, found.start(), 16);
        let continued =
            head.ends_with('.') || DOT_DIGIT.as_ref().is_some_and(|more| more.is_match(after(text, found.end(), 2)));
        let version = VERSION_WORD.as_ref().is_some_and(|word| word.is_match(head));
        let is_address = found.as_str().split('.').all(|part| part.parse::<u8>().is_ok());
        is_address && !continued && !version
    });
    let sixes = IP_SIX.iter().flat_map(|six| six.find_iter(text)).filter_map(|found| version_six(text, found.range()));
    let mut hits: Vec<Hit> = fours
        .map(|found| found.range())
        .chain(sixes)
        .map(|range| Hit { range, kind: PersonalData::IpAddress })
        .collect();
    hits.sort_by_key(|hit| hit.range.start);
    hits
}

/// What of a run of hexadecimal digits and colons is an address of version 6: a colon may stand before it ("IPv6:") or after.
fn version_six(text: &str, run: Range<usize>) -> Option<Range<usize>> {
    let run_text = text.get(run.clone())?;
    let word = run_text.find(':').map(|colon| run.start + colon + 1);
    let starts = [Some(run.start), word];
    let ends = [Some(run.end), run_text.ends_with(':').then(|| run.end - 1)];
    let ranges = starts.into_iter().flatten().flat_map(|start| ends.into_iter().flatten().map(move |end| start..end));
    ranges.into_iter().find(|range| {
        let Some(address) = text.get(range.clone()) else { return false };
        let touches =
            before(text, range.start, 1).ends_with(is_latin) || after(text, range.end, 1).starts_with(is_latin);
        // Scope operators in program text ("a::b") parse as well: ask for a digit and some length.
        address.chars().filter(char::is_ascii_hexdigit).count() >= 4
            && address.contains(|character: char| character.is_ascii_digit())
            && !touches
            && address.parse::<Ipv6Addr>().is_ok()
    })
}

static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:(?:^|[?&;# \n(\[])",
        r"(?:[a-z_-]{0,40}token|(?:api|access|secret)[_-]?key|password|passwd|session(?:_?id)?|signature|sig)\]?",
        r"|[?&;#](?P<plain>code|key|state))=(?P<value>[^ \n&;#<>()\[\]\x22'\x01]+)"
    ))
});

/// What stands between the two halves. A bare "at" is an ordinary word and is looked at more closely.
static AT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i) ?[\[({<] ?(?:at|@) ?[\])}>] ?",
        r"|[ \n]?(?:@|%40|&#0{0,3}64;|&#x0{0,2}40;|&commat;)[ \n]?",
        r"|(?P<spoken> at )"
    ))
});

static LATIN_LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^[0-9A-Za-z_\u{C0}-\u{24F}-]+"));
static ANY_LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^[\p{L}\p{N}_-]+"));
static DOT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^(?:\.|%2e| ?[\[({<] ?(?:dot|\.) ?[\])}>] ?|(?P<spoken> dot ))"));

/// A dot with spaces around it, or a comma, where nothing but the end of a domain comes.
static LOOSE_DOT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?P<gap> \. ?|\. |,)(?:com|org|net|uk|co|ac|nhs|gov|sch|edu|eu|io|info|biz|scot|wales|cymru|london)",
        r"(?:[.,;:!?) \n]|$)"
    ))
});

/// Walks left over the characters of a local part, or over one in quotes. Latin and other scripts are not mixed, as
/// some are written without spaces around an address.
fn local_part(text: &str, floor: usize, end: usize) -> Option<Range<usize>> {
    let head = text.get(floor..end)?;
    if let Some(open) = head.strip_suffix('"') {
        let quote = before(open, open.len(), 64).rfind('"')?;
        let start = floor + open.len() - before(open, open.len(), 64).len() + quote;
        return (start + 1 < end - 1).then_some(start..end);
    }
    let latin = head.ends_with(|last: char| is_latin(last) || LOCAL_SIGNS.contains(last));
    let local = head.trim_end_matches(|character: char| {
        LOCAL_SIGNS.contains(character) || if latin { is_latin(character) } else { character.is_alphanumeric() }
    });
    let run = head.get(local.len()..)?;
    let start = end - run.trim_start_matches(|first: char| !first.is_alphanumeric() && first != '_').len();
    (start < end).then_some(start..end)
}

/// Signs that people really have in addresses. RFC 5322 allows more, but those end a sentence or part a URL.
const LOCAL_SIGNS: &str = "._%+'~-";

/// Where a local part begins whose dots may be words: "jane dot doe".
fn with_spoken_dots(text: &str, floor: usize, start: usize) -> usize {
    let mut start = start;
    while let Some(head) = text.get(floor..start)
        && let Some(cut) = head.len().checked_sub(SPOKEN_DOT.len())
        && head.get(cut..).is_some_and(|dot| dot.eq_ignore_ascii_case(SPOKEN_DOT))
        && let Some(rest) = head.get(..cut)
    {
        let word = rest.trim_end_matches(|character: char| is_latin(character) || LOCAL_SIGNS.contains(character));
        if word.len() == rest.len() {
            break;
        }
        start = floor + word.len();
    }
    start
}

const SPOKEN_DOT: &str = " dot ";

/// Whether a domain is one where people have private addresses: nobody is "working at gmail.com".
fn is_of_a_provider(domain: &str) -> bool {
    const NAMES: [&str; 14] = [
        "gmail",
        "googlemail",
        "hotmail",
        "outlook",
        "yahoo",
        "icloud",
        "live",
        "msn",
        "aol",
        "btinternet",
        "proton",
        "protonmail",
        "gmx",
        "sky",
    ];
    let domain = domain.to_lowercase();
    domain.split('.').next().is_some_and(|name| NAMES.contains(&name)) || domain == "nhs.net"
}

/// The end of the domain that begins here, and whether one of its dots was the word. At least two labels, the last of
/// which begins with two letters; labels after that are left alone.
fn domain(text: &str, start: usize) -> Option<(usize, bool)> {
    let mut at = start;
    let mut labels = 0;
    let mut spoken = false;
    let mut valid = None;
    loop {
        let rest = text.get(at..)?;
        let pattern = if rest.starts_with(is_latin) { &LATIN_LABEL } else { &ANY_LABEL };
        let Some(label) = pattern.as_ref().and_then(|label| label.find(rest)) else { break };
        labels += 1;
        at += label.end();
        if labels > 1 && label.as_str().chars().take(2).filter(|letter| letter.is_alphabetic()).count() == 2 {
            valid = Some((at, spoken));
        }
        let rest = text.get(at..)?;
        if valid.is_none()
            && let Some(gap) = LOOSE_DOT.as_ref().and_then(|dot| dot.captures(rest)).and_then(|found| found.name("gap"))
        {
            at += gap.len();
            continue;
        }
        let Some(dot) = DOT.as_ref().and_then(|dot| dot.captures(rest)) else { break };
        spoken |= dot.name("spoken").is_some();
        at += dot.get(0)?.len();
    }
    valid
}

/// After a bare "at": "jane.doe at example.com" and "jane at example dot com" are addresses, "look at example.com" and
/// "it is at example dot com" are not.
fn is_spoken_local(local: &str, has_spoken_dot: bool) -> bool {
    let letters = local.contains(char::is_alphabetic);
    let joined = local.trim_end_matches('.').contains(['.', '_']) && letters;
    joined || (has_spoken_dot && letters && !ORDINARY_WORDS.contains(&local.to_lowercase().as_str()))
}

/// Words that come before "at" and a site.
const ORDINARY_WORDS: [&str; 41] = [
    "and",
    "apply",
    "are",
    "available",
    "broken",
    "contact",
    "for",
    "found",
    "here",
    "is",
    "it",
    "job",
    "jobs",
    "link",
    "listed",
    "look",
    "looked",
    "looking",
    "me",
    "online",
    "page",
    "pages",
    "read",
    "register",
    "see",
    "seen",
    "shown",
    "site",
    "that",
    "there",
    "them",
    "this",
    "us",
    "visit",
    "was",
    "website",
    "work",
    "worked",
    "working",
    "works",
    "you",
];

static POSTCODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)(?-u:\b)(?P<outward>[a-z]{1,2}[0-9][0-9a-z]?|gir)(?:[ \n+-]|%20| - )?(?P<inward>[0-9][abd-hjlnp-uw-z]{2})(?-u:\b)",
    )
});

/// The shapes and letters of BS 7666: A9, A99, AA9, AA99, A9A, AA9A, and GIR.
fn is_outward(outward: &str) -> bool {
    let outward = outward.to_ascii_uppercase();
    let mut letters = outward.chars();
    let first = letters.next().unwrap_or_default();
    let second = letters.next().unwrap_or_default();
    outward == "GIR" || (!matches!(first, 'Q' | 'V' | 'X') && !matches!(second, 'I' | 'J' | 'Z'))
}

/// Small letters after the digit that make it an ordinal or a measure: "M25 2nd", "E1 5hr". Where words say that a postcode
/// comes, or a home, it is one all the same.
fn is_measure(inward: &str) -> bool {
    match (inward.get(..1), inward.get(1..)) {
        (Some(digit), Some("st")) => digit == "1",
        (Some(digit), Some("nd")) => digit == "2",
        (Some(digit), Some("rd")) => digit == "3",
        (Some(digit), Some("th")) => !matches!(digit, "1" | "2" | "3"),
        (_, Some(letters)) => matches!(letters, "hr" | "yr" | "gb" | "tb" | "pt" | "ft" | "lb"),
        _ => false,
    }
}

/// Words that say that a postcode comes.
static POSTCODE_WORD: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?-u:\b)(?:post ?code|address|lives?|living|home)(?-u:\b)[^;]{0,32}$"));

fn is_home(head: &str, tail: &str) -> bool {
    HOUSE_BEFORE.as_ref().is_some_and(|house| house.is_match(head))
        || HOUSE_AFTER.as_ref().is_some_and(|house| house.is_match(tail))
}

/// A house number directly before, or one with a street.
static HOUSE_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:^|[ \n,;:(#])[0-9]{1,4}(?:-[0-9]{1,4})?[a-z]?(?:[, \n]{1,2}|[, \n]{1,2}(?:[\p{L}'.-]+[, \n]{1,2}){0,4}",
        r"(?:street|st|road|rd|avenue|ave|lane|ln|close|drive|dr|way|court|ct|crescent|gardens|grove|place|terrace",
        r"|square|hill|park|row|walk|view|mews|house|green|rise|parade|heol|stryd|ffordd)\.?[, \n]{1,2}",
        r"(?:[\p{L}'.-]+[, \n]{1,2}){0,4})$"
    ))
});

static HOUSE_AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)^[, \n]{1,2}(?:number|no\.?|house|flat|door)(?: number| no\.?)? ?[0-9]{1,4}(?-u:\b)")
});

static IP_FOUR: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?-u:\b)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?-u:\b)"));

static IP_SIX: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?i)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}"));

static DOT_DIGIT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^\.[0-9]"));

static VERSION_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(?-u:\b)(?:v|ver|version|release|build|update|section|paragraph|clause|rule|unit)[.:]? ?$")
});

#[cfg(test)]
pub(super) fn compiled() -> Vec<bool> {
    [
        &SECRET,
        &AT,
        &LATIN_LABEL,
        &ANY_LABEL,
        &DOT,
        &LOOSE_DOT,
        &POSTCODE,
        &POSTCODE_WORD,
        &HOUSE_BEFORE,
        &HOUSE_AFTER,
        &IP_FOUR,
        &IP_SIX,
        &DOT_DIGIT,
        &VERSION_WORD,
    ]
    .iter()
    .map(|pattern| pattern.is_some())
    .collect()
}
