//! Typed ids: a bare UUID or number never crosses a function boundary.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )*};
}

uuid_ids! {
    /// The lasting identity of one piece of content.
    DocumentId;
    /// A section, block, role summary, task, skill, route or requirement node inside content.
    NodeId;
    /// An image in the library.
    MediaId;
    /// A person.
    UserId;
    /// A key for programs.
    ApiKeyId;
    /// A list with its filters, under a name.
    SavedViewId;
    /// What publishing a version made.
    PublicationId;
    /// A link that shows one version to people without an account.
    PreviewLinkId;
    /// What a visitor sent.
    ReportId;
    /// An answer to visitors that is kept to be used again.
    SavedReplyId;
    /// Reports about one problem.
    CaseId;
    /// An address elsewhere to which public events are posted.
    WebhookId;
    /// One event for one webhook.
    DeliveryId;
    /// One mail to a person or a visitor.
    MailId;
}

/// The number of a version of a document: 1, 2, 3 …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionNumber(pub i32);

impl fmt::Display for VersionNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The number of an event; commit order is sequence order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence(pub i64);

impl fmt::Display for Sequence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
