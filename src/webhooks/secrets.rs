//! Secrets and signatures as Standard Webhooks has them: `whsec_` and a key in base64; HMAC-SHA256 over id, time and body.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::kernel::{Chance, Timestamp};

const PREFIX: &str = "whsec_";
/// Bytes of a key; the standard asks for 24 to 64.
const KEY: usize = 32;

/// A new secret.
pub(super) fn new(chance: &dyn Chance) -> String {
    let mut key = [0; KEY];
    chance.fill(&mut key);
    format!("{PREFIX}{}", STANDARD.encode(key))
}

/// The value of the header `webhook-signature`: one signature for each secret.
pub fn sign(secrets: &[String], message_id: &str, at: Timestamp, body: &str) -> String {
    let signatures = secrets.iter().filter_map(|secret| signature(secret, message_id, at, body));
    signatures.map(|signature| format!("v1,{signature}")).collect::<Vec<_>>().join(" ")
}

/// `None` only for a secret that was not made here.
fn signature(secret: &str, message_id: &str, at: Timestamp, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{message_id}.{}.{body}", seconds(at)).as_bytes());
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

/// The value of the header `webhook-timestamp`.
pub(super) fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(Timestamp::SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SeededChance;

    #[test]
    fn a_signature_is_that_of_the_standards_example() {
        // From the specification of Standard Webhooks, as its libraries test it.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let signed =
            sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp(1_614_265_330_000), r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_has_a_key_of_256_bits_and_each_is_another() {
        let chance = SeededChance::new(1);
        let (one, other) = (new(&chance), new(&chance));
        assert_ne!(one, other);
        let key = STANDARD.decode(one.strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(key.len(), KEY);
        let both = sign(&[one.clone(), other], "m", Timestamp(0), "{}");
        assert_eq!(both.split(' ').count(), 2);
        assert!(both.starts_with(&sign(&[one], "m", Timestamp(0), "{}")));
    }
}
