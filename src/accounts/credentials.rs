//! Passwords: hashed and compared with argon2id, off the request threads and few at a time. Which passwords are accepted
//! stands in `password_rules.rs`.
//!
//! Decision (2026-11-22): the cost is an argument of the program, not of a site, and comes with [`Passwords`]; a hash
//! carries the cost that it was made with, so raising it leaves old passwords valid. Salts come from the kernel's chance,
//! like every random byte. Text is brought to NFC first (RFC 8265, OpaqueString), so that the same password typed on
//! another system is the same.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher, PasswordVerifier},
};
use entity::user;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::kernel::{Chance, Database, Error, Result, UserId};

use super::{
    input,
    users::{self, User},
};

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// In KiB, at least 8 for each lane.
    pub memory: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl PasswordCost {
    /// The least that argon2 can do. For tests only.
    pub const LEAST: Self = Self { memory: 8, passes: 1, lanes: 1 };
}

impl Default for PasswordCost {
    /// What the OWASP Password Storage Cheat Sheet asks of argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory: 19 * 1024, passes: 2, lanes: 1 }
    }
}

/// How many hashes are computed at the same time; the others wait.
const AT_A_TIME: usize = 2;

/// What is hashed with when there is nothing to compare with.
const NOBODYS_SALT: &[u8; 16] = b"nobody's account";

/// Hashes passwords and compares them. Cloning gives the same queue.
#[derive(Clone, Debug)]
pub struct Passwords {
    parameters: Params,
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// # Errors
    /// [`Error::Bug`] for a cost that argon2 can't do.
    pub fn new(cost: PasswordCost) -> Result<Self> {
        let parameters = Params::new(cost.memory, cost.passes, cost.lanes, None).map_err(Error::bug)?;
        Ok(Self { parameters, turns: Arc::new(Semaphore::new(AT_A_TIME)) })
    }

    /// The hash of a password with a new salt, as a PHC string.
    pub async fn hash(&self, chance: &dyn Chance, password: &str) -> Result<String> {
        let mut salt = [0; 16];
        chance.fill(&mut salt);
        let password = normal(password);
        self.work(move |argon2| {
            let hash = argon2.hash_password_with_salt(password.as_bytes(), &salt).map_err(Error::bug)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one that was hashed. Without a hash it does the same work and says no.
    pub async fn verify(&self, hash: Option<String>, password: &str) -> Result<bool> {
        let password = normal(password);
        self.work(move |argon2| match hash {
            Some(hash) => match argon2.verify_password(password.as_bytes(), hash.as_str()) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(Error::bug(error)),
            },
            None => {
                argon2.hash_password_with_salt(password.as_bytes(), NOBODYS_SALT).map_err(Error::bug)?;
                Ok(false)
            }
        })
        .await
    }

    async fn work<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Argon2<'_>) -> Result<T> + Send + 'static,
    {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(Error::bug)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.parameters.clone());
        let worked = tokio::task::spawn_blocking(move || {
            // The turn ends with the work, also when nobody waits for it any more.
            let _turn = turn;
            work(&argon2)
        });
        worked.await.map_err(Error::bug)?
    }
}

/// The active person with this address and this password. `None` doesn't say what was wrong, and takes as long whether
/// or not there is such a person.
pub async fn check_password(
    database: &Database,
    passwords: &Passwords,
    email: &str,
    password: &str,
) -> Result<Option<User>> {
    let row = {
        let snapshot = database.read().await?;
        let email = input::normal_email(email);
        user::Entity::find().filter(user::Column::Email.eq(email)).one(&*snapshot).await?
    };
    let hash = row.as_ref().and_then(|row| row.password_hash.clone());
    let right = passwords.verify(hash, password).await?;
    match row {
        // Read again: the person may have been deactivated while the password was being compared.
        Some(row) if right => {
            let user = users::load(&*database.read().await?, UserId(row.id)).await?;
            Ok(Some(user).filter(|user| user.active))
        }
        _ => Ok(None),
    }
}

fn normal(password: &str) -> String {
    password.nfc().collect()
}

#[cfg(test)]
mod tests {
    use crate::kernel::SeededChance;

    use super::*;

    #[tokio::test]
    async fn only_the_password_that_was_hashed_is_right() {
        let passwords = Passwords::new(PasswordCost::LEAST).unwrap();
        let chance = SeededChance::new(1);
        let hash = passwords.hash(&chance, "caf\u{e9} at the corner").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash(&chance, "caf\u{e9} at the corner").await.unwrap());
        assert!(passwords.verify(Some(hash.clone()), "caf\u{e9} at the corner").await.unwrap());
        assert!(passwords.verify(Some(hash.clone()), "cafe\u{301} at the corner").await.unwrap());
        assert!(!passwords.verify(Some(hash), "cafe at the corner").await.unwrap());
        assert!(!passwords.verify(None, "cafe at the corner").await.unwrap());
        assert!(passwords.verify(Some("not a hash".to_owned()), "cafe at the corner").await.is_err());
    }

    #[tokio::test]
    async fn the_cost_can_be_raised_without_losing_old_passwords() {
        let hash =
            Passwords::new(PasswordCost::LEAST).unwrap().hash(&SeededChance::new(1), "twelve or more").await.unwrap();
        let dearer = Passwords::new(PasswordCost::default()).unwrap();
        assert!(dearer.verify(Some(hash), "twelve or more").await.unwrap());
        let hash = dearer.hash(&SeededChance::new(1), "twelve or more").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(Passwords::new(PasswordCost { memory: 1, passes: 1, lanes: 1 }).is_err());
    }
}
