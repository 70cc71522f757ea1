//! Which passwords are accepted: length, and a look at what everybody tries first. It knows no hashes and no tables.
//!
//! Decision (2026-11-22): a password is long and not obvious, and nothing more is asked of it, as NIST SP 800-63B-4
//! section 3.1.1 advises: rules about kinds of characters make passwords worse, and regular changes make them weaker.
//! Consequence: no periods, no histories, and lists short enough to read, with a few rules for the families that everybody
//! thinks of, instead of a large list to ship.

use crate::kernel::Fault;

/// In characters.
pub const SHORTEST: usize = 12;
/// In characters; a limit so that hashing one is bounded work.
pub const LONGEST: usize = 200;

/// Passwords of at least twelve characters that many people choose; the file says where they come from.
const COMMON_PASSWORDS: &str = include_str!("common_passwords.txt");
/// Words that many people make a password of, with digits and signs about them.
const COMMON_WORDS: &str = include_str!("common_words.txt");
/// Ways over the keys, of which no part is a password, forwards or backwards.
const WALKS: [&str; 7] = [
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "abcdefghijklmnopqrstuvwxyz1234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
];
/// The longest piece that makes no password by being repeated, in characters.
const LONGEST_PIECE: usize = 8;

/// Words from which alone no password may be made, because whoever attacks an account knows them.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub email: &'a str,
    pub site_name: &'a str,
}

/// What is wrong with a password, if anything.
pub fn fault(password: &str, known: Known<'_>) -> Option<Fault> {
    let length = password.chars().count();
    if length < SHORTEST {
        let detail = format!("A password has at least {SHORTEST} characters; a few words make a good one.");
        return Some(Fault::new("/password", "too-short", detail));
    }
    if length > LONGEST {
        let detail = format!("A password has at most {LONGEST} characters.");
        return Some(Fault::new("/password", "too-long", detail));
    }
    let folded = password.to_lowercase();
    if is_common(folded.trim()) {
        return Some(Fault::new("/password", "too-common", "Many people choose this password, so it is tried first."));
    }
    if known_words(known).iter().any(|word| is_made_of(&folded, word)) {
        let detail = "A password needs more than the e-mail address or the name of the site.";
        return Some(Fault::new("/password", "too-obvious", detail));
    }
    None
}

/// What everybody tries first: the lists, and what follows from a simple rule.
fn is_common(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    entries(COMMON_PASSWORDS).any(|common| common == text)
        || is_a_run(text)
        || is_repeated(text)
        || is_a_walk(&bare)
        || is_a_common_word(&bare)
}

fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// One character over and over, or each the successor (or predecessor) of the one before, as on the digit keys.
fn is_a_run(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let steps = characters.windows(2).map(|pair| match pair {
        ['9', '0'] => 1,
        ['0', '9'] => -1,
        [before, after] => i64::from(u32::from(*after)) - i64::from(u32::from(*before)),
        _ => 0,
    });
    let distinct: std::collections::BTreeSet<i64> = steps.collect();
    distinct.len() == 1 && distinct.iter().all(|step| step.abs() <= 1)
}

/// A short piece over and over; the last may be cut short.
fn is_repeated(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let repeats = |length: usize| characters.iter().zip(characters.iter().skip(length)).all(|(one, next)| one == next);
    (1..=LONGEST_PIECE.min(characters.len() / 2)).any(repeats)
}

fn is_a_walk(text: &str) -> bool {
    let backwards: String = text.chars().rev().collect();
    WALKS.iter().any(|walk| walk.contains(text) || walk.contains(&backwards))
}

/// A common word with digits and signs before and after it, and digits and signs for some of its letters.
fn is_a_common_word(text: &str) -> bool {
    let word = text.trim_matches(|c: char| !c.is_alphabetic());
    let outer = text.trim_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation() && !"@$".contains(c));
    [word, outer].into_iter().any(|word| {
        let plain: String = word.chars().map(letter).collect();
        entries(COMMON_WORDS).any(|common| plain == common || plain == common.repeat(2))
    })
}

/// The letter that a digit or a sign is often written for.
fn letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

fn known_words(known: Known<'_>) -> Vec<String> {
    let local_part = known.email.rsplit_once('@').map_or(known.email, |(local_part, _)| local_part);
    let site_name = known.site_name.to_lowercase();
    let joined = site_name.split_whitespace().collect::<String>();
    [known.email.to_lowercase(), local_part.to_lowercase(), site_name, joined]
        .into_iter()
        .filter(|word| word.chars().count() >= 3)
        .collect()
}

/// Whether nothing but the word, as often as it likes, and digits and signs stand in a text.
fn is_made_of(text: &str, word: &str) -> bool {
    text.contains(word) && !text.replace(word, "").chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<String> {
        let known = Known { email: "ada.lovelace@example.org", site_name: "Care Careers" };
        fault(password, known).map(|fault| fault.code)
    }

    #[test]
    fn long_and_not_obvious_is_all_that_is_asked() {
        for password in ["elevenchars", "a b c", ""] {
            assert_eq!(code(password).as_deref(), Some("too-short"), "{password}");
        }
        assert_eq!(code(&"lighthouse ".repeat(19)).as_deref(), Some("too-long"));
        assert_eq!(code(&"lighthouse ".repeat(18)), None);
        for password in
            ["Password1234", "PASSWORDPASSWORD", "            ", "aaaaaaaaaaaaa", "123456789012", "987654321098"]
        {
            assert_eq!(code(password).as_deref(), Some("too-common"), "{password}");
        }
        for password in [
            "P4ssw0rd!2026",
            "p@$$w0rd12345",
            "!!!Summer2026!!!",
            "2026-December",
            "sunshinesunshine1",
            "Welcome Welcome 7",
            "abababababab",
            "carecarecarec",
            "12ab12ab12ab12ab",
            "asdfghjklzxcvbnm",
            "mnbvcxzlkjhgf",
            "5tgb6yhn7ujm",
            "Correct Horse Battery Staple",
            "YoullNeverWalkAlone",
        ] {
            assert_eq!(code(password).as_deref(), Some("too-common"), "{password}");
        }
        for password in [
            "Ada.Lovelace2026!",
            "carecareers1",
            "Care Careers",
            "ada.lovelaceada.lovelace",
            "ada.lovelace@example.org",
        ] {
            assert_eq!(code(password).as_deref(), Some("too-obvious"), "{password}");
        }
        for password in [
            "ada.lovelace rides a horse",
            "wet paint on the stairs",
            "żółw i wąż 12",
            "121212121213",
            "summer in a lighthouse 7",
            "qwerty on the stairs",
        ] {
            assert_eq!(code(password), None, "{password}");
        }
    }

    #[test]
    fn every_common_password_is_long_enough_to_be_worth_a_place() {
        let known = |list: &'static str| entries(list).collect::<Vec<_>>();
        let (passwords, words) = (known(COMMON_PASSWORDS), known(COMMON_WORDS));
        assert!(passwords.len() > 300 && words.len() > 200);
        for list in [&passwords, &words] {
            assert!(list.is_sorted_by(|one, next| one < next), "in order, each once");
            assert!(list.iter().all(|entry| *entry == entry.to_lowercase().trim()));
        }
        for password in passwords {
            assert!((SHORTEST..=LONGEST).contains(&password.chars().count()), "{password}");
            assert_eq!(code(password).as_deref(), Some("too-common"), "{password}");
        }
        for word in words {
            assert_eq!(code(&format!("{word}1234567890")).as_deref(), Some("too-common"), "{word}");
        }
    }
}
