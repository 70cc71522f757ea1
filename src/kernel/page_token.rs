//! The token in the published JSON of a page: proves which document and version a visitor saw, and as of which change.
//! It holds no clock, so the JSON that carries it can be cached.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::{DocumentId, Sequence, VersionNumber};

/// Bytes of the HMAC-SHA256 that are kept: 128 bits.
const SEAL: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageToken {
    pub document: DocumentId,
    pub version: VersionNumber,
    /// The page's last change that the visitor saw.
    pub changed_sequence: Sequence,
}

impl PageToken {
    /// The token as text, in URL-safe characters.
    pub fn sign(&self, key: &str) -> String {
        let mut bytes = self.bytes();
        bytes.extend(seal(&bytes, key));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token; `None` if it was not signed with this key.
    pub fn verify(token: &str, key: &str) -> Option<Self> {
        use subtle::ConstantTimeEq;

        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (content, given) = bytes.split_at_checked(bytes.len().checked_sub(SEAL)?)?;
        if !bool::from(seal(content, key).ct_eq(given)) {
            return None;
        }
        let (document, rest) = content.split_at_checked(16)?;
        let (version, sequence) = rest.split_at_checked(4)?;
        Some(Self {
            document: DocumentId(Uuid::from_slice(document).ok()?),
            version: VersionNumber(i32::from_be_bytes(version.try_into().ok()?)),
            changed_sequence: Sequence(i64::from_be_bytes(sequence.try_into().ok()?)),
        })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.document.0.as_bytes().to_vec();
        bytes.extend(self.version.0.to_be_bytes());
        bytes.extend(self.changed_sequence.0.to_be_bytes());
        bytes
    }
}

fn seal(content: &[u8], key: &str) -> Vec<u8> {
    // HMAC takes keys of any length, so this is never `None`.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return Vec::new() };
    mac.update(b"rolebook page token\0");
    mac.update(content);
    mac.finalize().into_bytes().iter().take(SEAL).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_with_the_key_is_read() {
        let token = PageToken {
            document: DocumentId(Uuid::from_u128(7)),
            version: VersionNumber(3),
            changed_sequence: Sequence(41),
        };
        let text = token.sign("key");
        assert_eq!(PageToken::verify(&text, "key"), Some(token));
        assert_eq!(PageToken::verify(&text, "other"), None);
        assert_eq!(PageToken::verify("", "key"), None);
        assert_eq!(PageToken::verify("AAAA", "key"), None);
        for position in 0..text.len() {
            let mut forged = text.clone().into_bytes();
            forged[position] = if forged[position] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert!(PageToken::verify(&forged, "key").is_none_or(|read| read == token && forged != text));
        }
    }
}
