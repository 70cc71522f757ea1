//! The text of a key for programs: `rb_`, eight characters that find it, `_`, and 256 bits of secret in base64url. The
//! fixed beginning lets scanners for leaked secrets recognise it. It knows no tables.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::kernel::Chance;

const MARK: &str = "rb_";
const PREFIX: usize = 8;
const SECRET: usize = 32;

/// Letters and digits that can't be mistaken for one another; 32 of them, so that five random bits choose one.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A key that has just been made. Its text is shown once and stored nowhere.
pub struct NewText {
    pub text: String,
    pub prefix: String,
    pub digest: String,
}

pub fn new(chance: &dyn Chance) -> NewText {
    let mut bytes = [0; PREFIX];
    chance.fill(&mut bytes);
    let prefix: String =
        bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).map(|byte| char::from(*byte)).collect();
    let mut secret = [0; SECRET];
    chance.fill(&mut secret);
    let text = format!("{MARK}{prefix}_{}", URL_SAFE_NO_PAD.encode(secret));
    NewText { digest: digest(&text), prefix, text }
}

/// The characters that find a key; `None` for a text that can't be one.
pub fn prefix(text: &str) -> Option<&str> {
    let (prefix, secret) = text.strip_prefix(MARK)?.split_at_checked(PREFIX)?;
    let secret = URL_SAFE_NO_PAD.decode(secret.strip_prefix('_')?).ok()?;
    let valid = prefix.bytes().all(|byte| ALPHABET.contains(&byte)) && secret.len() == SECRET;
    valid.then_some(prefix)
}

/// Whether a text is the key that was stored, in a time that says nothing about how nearly it is.
pub fn matches(text: &str, stored_digest: &str) -> bool {
    digest(text).as_bytes().ct_eq(stored_digest.as_bytes()).into()
}

/// SHA-256 in hexadecimal. A slow hash would add nothing: 256 random bits can't be guessed.
fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use crate::kernel::SeededChance;

    use super::*;

    #[test]
    fn a_key_is_found_by_its_prefix_and_known_by_its_digest() {
        let key = new(&SeededChance::new(3));
        assert_eq!(key.text.len(), 3 + 8 + 1 + 43);
        assert_eq!(prefix(&key.text), Some(key.prefix.as_str()));
        assert!(matches(&key.text, &key.digest));
        let other = new(&SeededChance::new(4));
        assert!(!matches(&other.text, &key.digest));
        assert!(!matches(&key.text, ""));
    }

    #[test]
    fn anything_else_is_no_key() {
        let key = new(&SeededChance::new(3)).text;
        let shorter = &key[..key.len() - 1];
        let upper = key.replacen(&key[3..11], &key[3..11].to_uppercase(), 1);
        let longer = format!("{key}A");
        for text in [
            "",
            "rb_",
            "rb_abcdefgh",
            "rb_abcdefgh_",
            "rb_ééééé",
            shorter,
            &longer,
            &upper,
            &key.replacen("rb_", "xx_", 1),
        ] {
            assert_eq!(prefix(text), None, "{text}");
        }
    }
}
