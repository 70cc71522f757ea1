//! What the public reads: publications, composed into JSON. Everything here starts from publications and can reach no
//! draft, but for `preview.rs`, which composes versions for those who may read drafts. It knows no HTTP.
//!
//! `reading.rs` answers for single pages and lists (with `directory/` for which, in which order and how many), `addresses.rs` for paths and what became of old ones, `feed.rs` for
//! what changed, `fixes_told.rs` for what was changed because of reports, `search/` for words, `seen.rs` for what a visitor saw. They load a [`Bundle`] from one snapshot and compose it.

mod addresses;
mod bundle;
pub mod cache;
mod compose;
mod directory;
mod feed;
mod fields;
mod fixes_told;
mod json_ld;
mod load;
mod preview;
mod reading;
mod search;
mod seen;
#[cfg(test)]
mod tests;
pub mod view;

pub use addresses::{Address, Listed as ListedAddress, Paths, address, addresses};
pub use bundle::{Bundle, DependsOn, EmbeddedSection, Media, PublishedDocument, Rendition};
pub use compose::compose;
pub use directory::{Directory, Filter, Selection};
pub use feed::{Feed, FeedCursor, entry, feed};
pub use fixes_told::fixes_told;
pub use load::{At, bundle};
pub use preview::{AddressOf, Embedded, Line, Shared, difference_for_readers, drafted, preview, shared, shares_image};
pub use reading::{Listing, Reading, list, page, structured};
pub use search::{Findings, Search, Searching, search};
pub use seen::{Seen, Sight, seen};
