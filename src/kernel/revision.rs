//! What a write names of a thing whose versions are not counted: a digest of its state. The same state has the same
//! revision, so what was changed and changed back is as it was seen.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Result;

/// 64 bits in hexadecimal, made from whatever of a thing a write may depend on.
pub fn revision(state: &impl Serialize) -> Result<String> {
    let digest = Sha256::digest(serde_json::to_vec(state)?);
    Ok(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
