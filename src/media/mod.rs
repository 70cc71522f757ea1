//! The media library: images, the files that are made of them, and who uses them.
//!
//! Other floors use what is re-exported here and nothing deeper. It knows no HTTP and no content; that documents use
//! images it knows from the table of references alone.

mod image;
mod input;
mod library;
mod listing;
mod queries;
mod store;
#[cfg(test)]
mod tests;
mod uses;

pub use self::image::MAX_BYTES;
pub use input::{FocalPoint, MediaChange, NewImage};
pub use library::{Replaced, add, already_there, change, delete, kept, replace};
pub use listing::{Listing, Page, Sort, count, list};
pub use queries::{File, Media, Person, Rendition, Stocktake, by_ids, file, get, several, stocktake};
pub use store::{MediaKey, NotAMediaKey, Store, StoreFault};
pub use uses::{Use, use_counts, uses};
