//! Which passwords are accepted: length, and a look at what everybody tries first. It knows no hashes and no tables.
//!
//! Decision (2026-11-22): a password is long and not obvious, and nothing more is asked of it, as NIST SP 800-63B-4
//! section 3.1.1 advises: rules about kinds of characters make passwords worse, and regular changes make them weaker.
//! Consequence: no periods, no histories, and a list short enough to read instead of a large one to ship.

use crate::kernel::Fault;

/// In characters.
pub const SHORTEST: usize = 12;
/// In characters; a limit so that hashing one is bounded work.
pub const LONGEST: usize = 200;

/// Passwords of at least twelve characters that many people choose, in lower case.
const COMMON: [&str; 37] = [
    "0123456789ab",
    "012345678910",
    "0987654321qwerty",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u8i",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "abc123abc123",
    "abcd1234abcd1234",
    "administrator",
    "asdfghjkl123",
    "baseball1234",
    "changemechangeme",
    "correct horse battery staple",
    "correcthorsebatterystaple",
    "football1234",
    "iloveyou1234",
    "iloveyouforever",
    "letmeinletmein",
    "letmeinplease",
    "passw0rdpassw0rd",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "q1w2e3r4t5y6",
    "qazwsxedcrfv",
    "qwerty123456",
    "qwertyqwerty",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiop1234567890",
    "qwertyuiopasdfghjkl",
    "thisismypassword",
    "welcome12345",
    "whatever1234",
    "zaq12wsxcde3",
];

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
    if COMMON.contains(&folded.trim()) || is_a_run(&folded) {
        return Some(Fault::new("/password", "too-common", "Many people choose this password, so it is tried first."));
    }
    if known_words(known).iter().any(|word| is_made_of(&folded, word)) {
        let detail = "A password needs more than the e-mail address or the name of the site.";
        return Some(Fault::new("/password", "too-obvious", detail));
    }
    None
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
        assert_eq!(code(&"ab".repeat(101)).as_deref(), Some("too-long"));
        assert_eq!(code(&"ab".repeat(100)), None);
        for password in
            ["Password1234", "PASSWORDPASSWORD", "            ", "aaaaaaaaaaaaa", "123456789012", "987654321098"]
        {
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
        for password in ["ada.lovelace rides a horse", "wet paint on the stairs", "żółw i wąż 12", "121212121213"]
        {
            assert_eq!(code(password), None, "{password}");
        }
    }

    #[test]
    fn every_common_password_is_long_enough_to_be_worth_a_place() {
        for password in COMMON {
            assert!(password.chars().count() >= SHORTEST && password == password.to_lowercase(), "{password}");
        }
    }
}
