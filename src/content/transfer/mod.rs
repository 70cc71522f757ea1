//! Documents on their way between sites: one document with its whole history as one line of JSON, and back into the
//! tables. It knows no files and no media library.
//!
//! Decision (2026-11-22): ids, sequences and times are taken over as they are. What other sites and old bookmarks know
//! stays true, and exporting again gives the same bytes. Consequence: the importing site's log continues after the
//! highest sequence that came in, and its events before that number may be missing; the first event of an import says
//! after which number it continues.
//!
//! Decision (2026-11-22): people who are known by their account only (the owner, who submitted, approved or forced) are
//! looked up by e-mail. Who is missing gets an account without roles and password that can't sign in, since a document
//! has no other place for their names. Authors of versions need none: a version keeps the name and the e-mail itself.

mod checks;
mod compose;
mod insert;
mod lines;

pub use checks::{Facts, check, collisions};
pub use compose::{People, compose, ids};
pub use insert::{Arrival, announce, insert};
pub use lines::{DocumentLine, PersonLine};
