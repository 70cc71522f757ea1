//! A digest of visible text: how many characters there are, and a sum over them. It finds accidents, not attacks.

use std::fmt;

/// The count of characters that are not white space, and the FNV-1a sum of their UTF-8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    count: u64,
    hash: u32,
}

/// FNV-1a with 32 bits (draft-eastlake-fnv, section 5).
const BASIS: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

impl Digest {
    /// Of texts in order, joined without anything between them. White space, U+FEFF and U+200B do not count.
    pub fn of<'text>(texts: impl Iterator<Item = &'text str>) -> Self {
        let mut digest = Self { count: 0, hash: BASIS };
        let mut buffer = [0; 4];
        for character in texts.flat_map(str::chars).filter(|character| counts(*character)) {
            digest.count += 1;
            for byte in character.encode_utf8(&mut buffer).bytes() {
                digest.hash = (digest.hash ^ u32::from(byte)).wrapping_mul(PRIME);
            }
        }
        digest
    }
}

fn counts(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, '\u{feff}' | '\u{200b}')
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{:08x}", self.count, self.hash)
    }
}
