//! The ground floor: words that everybody shares. Typed ids, the clock, chance, errors, who acts, and the database.
//! It knows nothing of documents, HTTP or HTML.

#[macro_use]
mod named;

mod chance;
mod clock;
mod ctx;
mod database;
mod error;
mod ids;
mod page_token;
mod permissions;
mod recent;
mod revision;
mod words;

pub use chance::{Chance, SeededChance, SystemChance};
pub use clock::{Clock, ManualClock, SystemClock, Timestamp, is_date};
pub use ctx::{Actor, ActorKind, Ctx, Door, IdempotencyClaim};
pub use database::{Database, Dialect, Snapshot, Transaction, few_lengths, insert_all};
pub use error::{Error, Fault, Result, Stale};
pub use ids::{
    ApiKeyId, CaseId, DeliveryId, DocumentId, MailId, MediaId, NodeId, PreviewLinkId, PublicationId, ReportId,
    SavedReplyId, SavedViewId, Sequence, UserId, VersionNumber, WebhookId,
};
pub use named::Named;
pub use page_token::PageToken;
pub use permissions::{Permission, Permissions, Role};
pub use recent::Recent;
pub use revision::revision;
pub use words::{containing, holds};
