//! People and their keys: who there is, which roles they hold, how a password or a key is recognised.
//!
//! Other floors use what is re-exported here, and `users` and `api_keys` for what both call `add`, `list` and `get`. It knows no HTTP, no cookies and no content; what a role
//! allows stands in the kernel's table. Whoever carries a person from one request to the next (a session) asks here
//! once, and again for the permissions, since roles can change meanwhile.

pub mod api_keys;
mod credentials;
mod input;
mod key_text;
mod password_rules;
#[cfg(test)]
mod tests;
pub mod users;

pub use api_keys::{Added, ApiKey, NewKey, Owner, authenticate};
pub use credentials::{PasswordCost, Passwords, check_password};
pub use password_rules::{LONGEST as LONGEST_PASSWORD, SHORTEST as SHORTEST_PASSWORD};
pub use users::{NewUser, User, UserChange, count, find_by_email, has_administrator, permissions_of, set_password};
