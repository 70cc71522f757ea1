//! Judges whether a report is likely to be spam, and says why. Nothing is dropped on its word: a report over the
//! threshold is put aside for people to look at.
//!
//! It sees the texts and a few signals of one report. It knows no HTTP, no database, no clock and no earlier reports.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The score from which a report is put aside.
///
/// The weights are set so that haste (25), a stale form (15), the same answer twice (25) and odd language (30) need
/// company: an honest report can show all of haste and repetition, 50, and still pass. A filled honeypot or an
/// injection probe is enough alone.
pub const QUARANTINE_SCORE: u32 = 60;

/// A form sent sooner than this many seconds after it was shown was probably not filled in by a person.
pub const TOO_FAST_SECONDS: u64 = 3;

/// A form sent later than this many seconds (24 hours) after it was shown may have been harvested.
pub const TOO_OLD_SECONDS: u64 = 24 * 60 * 60;

/// From this many URLs in both answers together on, they count as a signal.
pub const MANY_LINKS: usize = 3;

/// The way a report came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// An HTML form, whose time of showing the server has measured.
    Form,
    /// A program, whose own measure of time says nothing: the time signals are not used.
    Json,
}

/// One report as it came in. The texts may be redacted or not; the judgement does not depend on the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission<'a> {
    /// The answer to "what were you doing"; may be empty.
    pub doing: &'a str,
    /// The answer to "what went wrong"; may be empty.
    pub wrong: &'a str,
    /// What was measured around the answers.
    pub signals: Signals,
}

/// What the doors observe about a report besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signals {
    /// The way in.
    pub door: Door,
    /// Whether the field that people do not see was filled in.
    pub honeypot_filled: bool,
    /// Whole seconds from showing the form to sending it, where they are known.
    pub seconds_on_form: Option<u64>,
}

/// The judgement on one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The sum of the weights of all reasons.
    pub score: u32,
    /// What spoke against the report, in the order of [`Reason`].
    pub reasons: Vec<Reason>,
    /// Whether the score has reached [`QUARANTINE_SCORE`].
    pub quarantined: bool,
}

/// What can speak against a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The hidden field was filled in.
    Honeypot,
    /// Sent less than [`TOO_FAST_SECONDS`] after the form was shown.
    TooFast,
    /// Sent more than [`TOO_OLD_SECONDS`] after the form was shown.
    TooOld,
    /// Both answers say the same.
    IdenticalAnswers,
    /// At least [`MANY_LINKS`] URLs.
    ManyLinks,
    /// Mostly signs, one repeated character, or Latin letters without a vowel.
    NotLanguage,
    /// A probe that vulnerability scanners send.
    ScannerString,
    /// HTML or forum code for links, images or programs.
    Markup,
    /// More reports about one page than people can look at. It says nothing against the report itself.
    PageFlood,
    /// More reports about all pages than people can look at.
    Flood,
}

impl Assessment {
    /// The same with something more against the report.
    #[must_use]
    pub fn and(mut self, reason: Reason) -> Self {
        self.reasons.push(reason);
        self.score = self.score.saturating_add(reason.weight());
        self.quarantined = self.score >= QUARANTINE_SCORE;
        self
    }
}

impl Reason {
    /// What the reason adds to the score; see [`QUARANTINE_SCORE`].
    #[must_use]
    pub const fn weight(self) -> u32 {
        match self {
            Self::Honeypot | Self::ScannerString | Self::PageFlood | Self::Flood => QUARANTINE_SCORE,
            Self::ManyLinks => 40,
            Self::NotLanguage => 30,
            Self::TooFast | Self::IdenticalAnswers | Self::Markup => 25,
            Self::TooOld => 15,
        }
    }
}

/// Weighs everything that speaks against a report. The same report always gets the same judgement.
///
/// Words are not judged: one word is enough for a report, and any language is welcome.
#[must_use]
pub fn assess(submission: &Submission<'_>) -> Assessment {
    let Signals { door, honeypot_filled, seconds_on_form } = submission.signals;
    let seconds = seconds_on_form.filter(|_| door == Door::Form);
    let (doing, wrong) = (fold(submission.doing), fold(submission.wrong));
    let both = format!("{doing}\n{wrong}");
    let checks = [
        (Reason::Honeypot, honeypot_filled),
        (Reason::TooFast, seconds.is_some_and(|seconds| seconds < TOO_FAST_SECONDS)),
        (Reason::TooOld, seconds.is_some_and(|seconds| seconds > TOO_OLD_SECONDS)),
        (Reason::IdenticalAnswers, !doing.is_empty() && doing == wrong),
        (Reason::ManyLinks, LINK.iter().flat_map(|link| link.find_iter(&both)).nth(MANY_LINKS - 1).is_some()),
        (Reason::NotLanguage, is_not_language(&doing, &wrong)),
        (Reason::ScannerString, SCANNER_STRING.as_ref().is_some_and(|probe| probe.is_match(&both))),
        (Reason::Markup, MARKUP.as_ref().is_some_and(|markup| markup.is_match(&both))),
    ];
    let reasons: Vec<Reason> = checks.into_iter().filter(|(_, found)| *found).map(|(reason, _)| reason).collect();
    let score = reasons.iter().map(|reason| reason.weight()).sum();
    Assessment { score, reasons, quarantined: score >= QUARANTINE_SCORE }
}

/// The hosts that the links of a text lead to, in the order in which they stand there.
pub fn linked_hosts(text: &str) -> Vec<String> {
    let folded = fold(text);
    let hosts = LINK.iter().flat_map(|link| link.find_iter(&folded)).filter_map(|link| {
        let rest = folded.get(link.end()..)?;
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(rest.len());
        rest.get(..end).filter(|host| !host.is_empty()).map(str::to_owned)
    });
    hosts.collect()
}

static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"https?://(?:www\.)?|(?-u:\b)www\."));

/// A closed list, each in a form that no one writes by chance ("the union select committee" is an honest phrase).
static SCANNER_STRING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        // SQL
        r"['\x22)] ?(?:or|and) ['\x22(]{0,2}[0-9]+['\x22)]{0,2} ?= ?['\x22(]{0,2}[0-9]|(?-u:\b)or 1=1",
        r"|['\x22] ?or ['\x22][a-z]['\x22] ?= ?['\x22][a-z]|union(?: all)? select (?:null|[0-9'@*(]|[a-z_]+ ?,)",
        r"|waitfor delay '|pg_sleep\(|(?-u:\b)sleep\([0-9]+\)|benchmark\([0-9]|xp_cmdshell|from information_schema\.",
        r"|dbms_pipe\.|extractvalue\(|; ?drop table [a-z_]+ ?(?:;|--)",
        // Files, commands and templates
        r"|(?:\.\./){2,}|(?:\.\.\\){2,}|/etc/(?:passwd|shadow)|windows[/\\]win\.ini|%2e%2e%2f|php://(?:filter|input)",
        r"|\$\{jndi:|\$\{[0-9]+[*+][0-9]+\}|\{\{ ?[0-9]+ ?[*+] ?[0-9]+ ?\}\}|<%= ?[0-9]|\$\(id\)|<!entity",
        r"|[;|&`] ?(?:cat /|ping -|nslookup [a-z0-9]|curl http|wget http)",
        // Scripts
        r"|<script[^<>]*>[^<]*(?:alert|prompt|confirm|eval|document\.)|javascript: ?(?:alert|prompt|confirm|eval)\(",
        r"|on(?:error|load|mouseover|focus) ?= ?['\x22]?(?:alert|prompt|confirm)",
        // Addresses that scanners have looked up; their plain names belong in honest reports on security careers
        r"|acunetix_wvs|vulnweb\.com|burpcollaborator\.net|oastify\.com|interact\.sh|bxss\.me",
    ))
});

static MARKUP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"<a [^<>]*href|\[(?:url|link|img)=|\[/(?:url|link|img)\]",
        r"|<(?:script|iframe|svg|img|object|embed|style|meta|form|base) [^<>]*=|</(?:script|iframe|style|form)>"
    ))
});

/// From so many visible characters or letters on, their kind can be judged; "404" and "NHS" are too short for that.
const JUDGED_FROM: usize = 12;

/// From so many on, one repeated character is a key held down.
const REPEATED_FROM: usize = 5;

/// Whether no answer that was given can be language. One that can is enough for a report.
fn is_not_language(doing: &str, wrong: &str) -> bool {
    let mut given = [doing, wrong].into_iter().filter(|answer| !answer.is_empty()).peekable();
    given.peek().is_some() && given.all(is_noise)
}

fn is_noise(answer: &str) -> bool {
    let visible: Vec<char> = answer.chars().filter(|character| !character.is_whitespace()).collect();
    let different: BTreeSet<&char> = visible.iter().collect();
    if different.len() == 1 && visible.len() >= REPEATED_FROM {
        return true;
    }
    // Marks carry vowels in many scripts, so what isn't ASCII counts as language unless it is known to be a sign.
    let signs = visible.iter().filter(|character| character.is_numeric() || character.is_ascii_punctuation()).count();
    if visible.len() >= JUDGED_FROM && signs * 5 > visible.len() * 3 {
        return true;
    }
    // In Welsh, "w" and "y" are vowels. Accents are taken off first; letters of other scripts end the judgement.
    let letters: Vec<char> = answer.nfd().filter(|character| character.is_alphabetic()).collect();
    letters.len() >= JUDGED_FROM
        && letters.iter().all(|letter| letter.is_ascii_alphabetic() && !"aeiouwy".contains(*letter))
}

/// Compatibility form (NFKC) in lower case with single spaces, without the characters that no one sees.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkc().flat_map(char::to_lowercase) {
        if character.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if !character.is_control()
            && !matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
        {
            folded.push(character);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Compiles a constant pattern. A faulty one matches nothing; the tests hold every pattern to be sound.
fn pattern(source: &str) -> Option<Regex> {
    Regex::new(source).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CALM: Signals = Signals { door: Door::Form, honeypot_filled: false, seconds_on_form: Some(40) };

    fn submission<'a>(doing: &'a str, wrong: &'a str) -> Submission<'a> {
        Submission { doing, wrong, signals: CALM }
    }

    const HONEST: &[&str] = &[
        "The link is broken",
        "typo",
        "404",
        "NHS",
        "wrong",
        "??",
        "ok",
        "Mae'r ddolen wedi torri",
        "Cwm rhyl",
        "Nid yw'r cyflog yn gywir, gwelwch y dudalen",
        "Le lien ne marche pas",
        "Ссылка не работает",
        "链接坏了",
        "الرابط لا يعمل",
        "लिंक टूटा हुआ है",
        "ลิงก์เสีย",
        "The salary says £23,615 but it is £29,969 (Band 5)",
        "Is it 5 GCSEs at 9-4 (A*-C)?",
        "The union select committee page is missing",
        "I see <b> in the text & it isn't bold",
        "I see <script> on the page",
        "the [link] here goes nowhere",
        "Turned JavaScript: on and off, no change",
        "https://example.org/a does not open",
        "the page was not loading and it went to sleep (again)",
        "SMT, NHS, NMC, HCPC: what do they mean?",
        "I dropped the table of contents and ... nothing",
        "Nessus and sqlmap are listed twice under tools",
        "the page shows <?php echo $title ?>",
        "rock & roll; cat or dog grooming",
    ];

    #[test]
    fn honest_reports_pass_without_a_reason() {
        for text in HONEST {
            for (doing, wrong) in [(*text, ""), ("", *text), (*text, "I was looking for a job"), ("asdf", *text)] {
                assert_eq!(assess(&submission(doing, wrong)).reasons, [], "{doing} / {wrong}");
            }
        }
    }

    #[test]
    fn honest_reports_in_haste_and_said_twice_are_not_put_aside() {
        for text in HONEST {
            for seconds in [None, Some(0), Some(2), Some(90_000)] {
                let signals = Signals { seconds_on_form: seconds, ..CALM };
                let assessment = assess(&Submission { doing: text, wrong: text, signals });
                assert!(!assessment.quarantined, "{text}: {assessment:?}");
            }
        }
    }

    #[test]
    fn each_signal_has_its_reason() {
        let links = "http://a.example https://www.b.example www.c.example";
        let cases = [
            ("The link", "the  LINK", Reason::IdenticalAnswers),
            (links, "", Reason::ManyLinks),
            ("https://a.example", "https://b.example http://c.example", Reason::ManyLinks),
            ("aaaaaaaa", "", Reason::NotLanguage),
            ("", ".....", Reason::NotLanguage),
            ("", "sdfghjkl qrt sdfg", Reason::NotLanguage),
            ("", "#$%^&*()_+ 12345 @@", Reason::NotLanguage),
            ("1' OR '1'='1", "", Reason::ScannerString),
            ("", "x UNION ALL SELECT NULL,NULL--", Reason::ScannerString),
            ("", "../../../etc/passwd", Reason::ScannerString),
            ("${jndi:ldap://x}", "", Reason::ScannerString),
            ("{{7*7}}", "", Reason::ScannerString),
            ("", "1;SELECT pg_sleep(5)", Reason::ScannerString),
            ("", "＜script＞alert(1)", Reason::ScannerString),
            ("", "http://bx\u{200b}ss.me", Reason::ScannerString),
            ("", "<a class=x href=https://a.example>cheap</a>", Reason::Markup),
            ("", "[url=https://a.example]cheap[/url]", Reason::Markup),
        ];
        for (doing, wrong, reason) in cases {
            let reasons = assess(&submission(doing, wrong)).reasons;
            assert!(reasons.contains(&reason), "{doing} / {wrong}: {reasons:?}");
        }
    }

    #[test]
    fn time_counts_at_the_form_only_and_its_limits_are_exact() {
        let reasons = |door, seconds| {
            let signals = Signals { door, honeypot_filled: false, seconds_on_form: seconds };
            assess(&Submission { doing: "Looking for pay", wrong: "Old figures", signals }).reasons
        };
        assert_eq!(reasons(Door::Form, Some(2)), [Reason::TooFast]);
        assert_eq!(reasons(Door::Form, Some(3)), []);
        assert_eq!(reasons(Door::Form, Some(86_400)), []);
        assert_eq!(reasons(Door::Form, Some(86_401)), [Reason::TooOld]);
        assert_eq!(reasons(Door::Form, None), []);
        assert_eq!(reasons(Door::Json, Some(0)), []);
    }

    #[test]
    fn typical_spam_is_put_aside() {
        let filled = Signals { honeypot_filled: true, ..CALM };
        let hasty = Signals { seconds_on_form: Some(1), ..CALM };
        for (doing, wrong, signals) in [
            ("hello", "nice site", filled),
            ("' or 1=1 --", "", CALM),
            ("<a href='http://a.example'>a</a> http://b.example", "http://c.example", CALM),
            ("https://a.example https://b.example https://c.example", "", hasty),
            ("zxcvbnmkl zxcvbnm", "zxcvbnmkl zxcvbnm", hasty),
        ] {
            let assessment = assess(&Submission { doing, wrong, signals });
            assert!(assessment.quarantined, "{doing}: {assessment:?}");
        }
    }

    #[test]
    fn reasons_are_written_in_snake_case() {
        let json = serde_json::to_value([Reason::TooFast, Reason::NotLanguage]).unwrap_or_default();
        assert_eq!(json, serde_json::json!(["too_fast", "not_language"]));
    }

    #[test]
    fn every_pattern_compiles() {
        assert!([&LINK, &SCANNER_STRING, &MARKUP].iter().all(|pattern| pattern.is_some()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_report_gets_the_same_judgement_twice(doing in any::<String>(), wrong in any::<String>()) {
            let assessment = assess(&submission(&doing, &wrong));
            prop_assert_eq!(&assessment, &assess(&submission(&doing, &wrong)));
            prop_assert_eq!(assessment.quarantined, assessment.score >= QUARANTINE_SCORE);
            prop_assert_eq!(assessment.score, assessment.reasons.iter().map(|reason| reason.weight()).sum::<u32>());
            prop_assert!(assessment.reasons.is_sorted());
        }
    }
}
