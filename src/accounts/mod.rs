//! People and their keys: who there is, which roles they hold, how a password, a link or a key is recognised, and which
//! sessions have not ended.
//!
//! Other floors use what is re-exported here, and the modules by name for what several call `add`, `list` or `end`. It
//! knows no HTTP, no cookies and no content; what a role allows stands in the kernel's table. Whoever carries a person from
//! one request to the next asks here each time, since roles can change and sessions can end meanwhile.

pub mod api_keys;
mod attempts;
mod credentials;
mod input;
mod key_text;
pub mod links;
pub mod mailed_links;
mod password_rules;
pub mod preferences;
pub mod saved_views;
pub mod sessions;
#[cfg(test)]
mod tests;
pub mod users;
pub mod ways_in;

pub use api_keys::{Added, ApiKey, NewKey, Owner, authenticate};
pub use attempts::{confirm_password, sign_in};
pub use credentials::{PasswordCost, Passwords, check_password};
pub use links::{Link, NewAdministrator, NewLink, Purpose};
pub use password_rules::{LONGEST as LONGEST_PASSWORD, SHORTEST as SHORTEST_PASSWORD};
pub use sessions::{SessionKey, SignedIn};
pub use users::{NewUser, User, UserChange, count, find_by_email, has_administrator, permissions_of, set_password};

/// Removes what has expired: sessions, links, counts of failed sign-ins. Answers how much.
pub async fn tidy(ctx: &crate::kernel::Ctx) -> crate::kernel::Result<u64> {
    Ok(sessions::tidy(ctx).await? + links::tidy(ctx).await? + attempts::tidy(ctx).await?)
}
