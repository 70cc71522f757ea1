//! Reads the words that people type about accounts, and collects what is wrong with them. It knows no tables.

use std::collections::BTreeSet;

use validator::ValidateEmail;

use crate::kernel::{Error, Fault, Result, Role};

/// The longest name of a person or a key, in characters.
const NAME_LIMIT: usize = 100;
/// The longest address that can be written to (RFC 5321 with erratum 1690), in characters.
const EMAIL_LIMIT: usize = 254;

/// An address as it is stored and compared: without white space around it, in lower case.
pub fn normal_email(text: &str) -> String {
    text.trim().to_lowercase()
}

pub fn email(text: &str, faults: &mut Vec<Fault>) -> String {
    let email = normal_email(text);
    if email.chars().count() > EMAIL_LIMIT || !email.validate_email() {
        faults.push(Fault::new(
            "/email",
            "not-an-email",
            "An e-mail address such as name@example.org was expected here.",
        ));
    }
    email
}

/// One line of 1 to 100 characters; white space becomes single spaces.
pub fn name(text: &str, faults: &mut Vec<Fault>) -> String {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        faults.push(Fault::new("/name", "missing-field", "The name is missing."));
    }
    let length = name.chars().count();
    if length > NAME_LIMIT {
        let detail = format!("The name has {length} characters; at most {NAME_LIMIT} are possible.");
        faults.push(Fault::new("/name", "too-long", detail));
    }
    if name.chars().any(char::is_control) {
        faults.push(Fault::new("/name", "control-character", "Control characters can't stand in a name."));
    }
    name
}

/// The roles, each once.
pub fn roles(roles: &[Role], faults: &mut Vec<Fault>) -> BTreeSet<Role> {
    if roles.is_empty() {
        faults.push(Fault::new("/roles", "missing-field", "A person holds at least one role."));
    }
    roles.iter().copied().collect()
}

/// Everything was accepted, or all that was not.
pub fn accept(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
