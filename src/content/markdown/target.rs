//! Where a link may lead.
//!
//! The one place that decides which addresses are safe to print. It does not know whether a
//! document exists or is live.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The target of a link; in Markdown and JSON one string, such as `ref:ID`, `ref:ID#BLOCK` or `https://example.org/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Target {
    /// A document of this site by its id, and if given a block in it.
    Document { id: Uuid, block: Option<Uuid> },
    /// `http`, `https`, `mailto`, `tel`, or a path of the site that begins with exactly one `/`.
    /// A value built by hand is checked when the document is normalised.
    Address(String),
}

impl Target {
    /// Reads a target; `None` if such a target is not allowed. White space around it is ignored.
    ///
    /// A path whose second character is a backslash is refused with those that begin with `//`,
    /// because browsers read both as the name of another host (WHATWG URL, "relative slash state").
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(reference) = after_scheme(text, "ref") {
            let (id, block) = match reference.split_once('#') {
                Some((id, block)) => (id, Some(Uuid::parse_str(block).ok()?)),
                None => (reference, None),
            };
            let id = Uuid::parse_str(id).ok()?;
            return Some(Self::Document { id, block });
        }
        address_is_allowed(text).then(|| Self::Address(text.to_owned()))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document { id, block: None } => write!(formatter, "ref:{id}"),
            Self::Document { id, block: Some(block) } => write!(formatter, "ref:{id}#{block}"),
            Self::Address(address) => formatter.write_str(address),
        }
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

impl From<String> for Target {
    /// Keeps an address that is not allowed, so that one bad link does not lose a whole document;
    /// normalising reduces it to its text.
    fn from(text: String) -> Self {
        Self::parse(&text).unwrap_or(Self::Address(text))
    }
}

fn address_is_allowed(address: &str) -> bool {
    let breaks_lines = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    if address.contains(breaks_lines) {
        return false;
    }
    if let Some(path) = address.strip_prefix('/') {
        return !path.starts_with(['/', '\\']);
    }
    if let Some(rest) = after_scheme(address, "http").or_else(|| after_scheme(address, "https")) {
        return rest
            .strip_prefix("//")
            .is_some_and(|host| host.starts_with(|first: char| first.is_alphanumeric() || first == '['));
    }
    after_scheme(address, "mailto").or_else(|| after_scheme(address, "tel")).is_some_and(|rest| !rest.is_empty())
}

/// What follows `scheme:`, whose letters may be of either case (RFC 3986, section 3.1).
fn after_scheme<'text>(text: &'text str, scheme: &str) -> Option<&'text str> {
    let (found, rest) = text.split_once(':')?;
    found.eq_ignore_ascii_case(scheme).then_some(rest)
}
