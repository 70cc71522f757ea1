//! Documents and everything that happens to them: versions, reviews, publications, schedules, references, paths.
//!
//! The life of a document in ten lines (the table itself is `lifecycle.rs`):
//! a *save* makes an immutable version and a draft of it; saving again makes the next, and a save that changes nothing
//! makes none. A draft can be *submitted*, and *approved* or sent back (*request changes*) by somebody who did not write
//! it; any save voids the approval. *Publishing* makes a publication of the draft's version and ends the draft line; the
//! version before it stays in the history. A live document can be *withdrawn* (it stays, with a notice), *reinstated*, or
//! *unpublished* (its address redirects, says it is gone, or is as if it had never been). A named version can be
//! *scheduled*; later saves don't touch it. *Discard* gives up the draft, *restore* makes an old version the next one. What
//! is not public can go to the *trash*, come back as it was, or be *purged*. *Confirm* says that the live version is still
//! correct. The draft line and the live line never mix.
//!
//! Other floors use what is re-exported here and nothing deeper. It knows no HTTP; the Markdown renderer alone makes HTML.

/// How long and how many things in a content may be.
pub mod limits {
    pub use super::{
        paths::SLUG_LIMIT,
        reader::{
            BLOCKS_LIMIT, CONTENT_LIMIT, ITEMS_LIMIT, LINE_LIMIT, MARKDOWN_LIMIT, SECTIONS_LIMIT, SUMMARY_LIMIT,
            TITLE_LIMIT, TREE_DEPTH_LIMIT,
        },
    };
}

mod checks;
mod compare;
mod conflicts;
mod desk;
mod documents;
mod embedding;
pub mod findable;
mod guard;
pub mod kinds;
mod known;
pub mod lifecycle;
mod listing;
mod live_line;
mod looked_at;
pub mod markdown;
mod mending;
mod merge;
mod outlook;
mod overviews;
mod passages;
mod paths;
mod people;
mod possible;
mod presence;
mod preview_links;
mod prospects;
mod publishing;
mod quarantine;
mod queries;
mod reader;
mod redirects;
mod references;
mod replacing;
pub mod requirements;
mod reviews;
mod schedules;
mod search;
mod sittings;
mod splitting;
mod starting;
pub mod stored;
mod timeline;
pub mod transfer;
mod unpublishing;
mod upkeep;
mod uses;
pub mod values;

pub use checks::{Check, Severity, passed};
pub use compare::{
    Around, Body, Change, Comparison, Counts, Fate, PageComparison, Part, Region, Run, Shape, Style, TextLine, What,
    Within, WordOp, Words, compare, compare_pages, label_at, word_differences,
};
pub use conflicts::{Reconciliation, Start, reconcile};
pub use desk::{
    Beginnings, FullHealth, Health, ReviewQueue, Task, Today, Why, beginnings, full_health, health, recent,
    review_queue, tasks,
};
pub use documents::{
    Draft, Ownership, autosave, create, discard, own, purge, replace_image_in, restore, save, trash, untrash,
};
pub use kinds::{Content, Kind};
pub use known::{Known, Sentences, embedded_sentences, known, referred, sentences};
pub use lifecycle::{Action, DraftState, LiveState};
pub use listing::{Listed, Listing, Narrowing, Page, Row, Sort, bad_cursor, list, rows, titles};
pub use looked_at::{Looked, LookedAt, REASON_LIMIT, look_at};
pub use mending::{mend, mendable};
pub use merge::{Conflict, Side};
pub use outlook::{
    Missing, Moving, Outlook, Shown, checks_of, kinds_and_titles, live_below, live_embedding, outlook, possible_owners,
};
pub use overviews::prepare_overviews;
pub use passages::{PassageNow, Since, passage_now};
pub(crate) use paths::expected_path;
pub use people::{owners, writers};
pub use possible::{PossibleStep, possible_steps, reviewers, rules_of};
pub use presence::{
    Claim, OpenPage, Present, arrive, claim_save, depart, note_opened, note_page_saved, note_saved, present,
    tidy as tidy_presence,
};
pub use preview_links::{
    LINK_NOTE_LIMIT, LinkEmbeds, Linked, MadePreviewLink, NewPreviewLink, PreviewLink, linked, make_preview_link,
    preview_links, revoke_preview_link,
};
pub use prospects::{BulkStep, Prospect, Prospects, prospects};
pub use publishing::{ChangeSize, Choice, Publishing, publish, publish_together};
pub use quarantine::{
    Damage, DamagedText, QuarantinedText, delete_quarantined_text, quarantine, quarantined_text, quarantined_texts,
};
pub use queries::{
    Document, Person, Schedule, Standing, Version, VersionComparison, VersionSummary, comparison, document, find,
    history, kind_of, page_comparison, timeline, version,
};
pub use redirects::{MOST_REDIRECTS, Redirect, add_redirect, redirect, redirects, remove_redirect, successor};
pub use replacing::{
    ChosenPlaces, Found, Holding, Numbered, Prospective, REPLACEMENT_LIMIT, Replacement, SOUGHT_LIMIT, Sought,
    Words as SoughtWords, find_places, prospective, replace_places,
};
pub use reviews::{approve, request_changes, submit};
pub use schedules::{ScheduledAction, Scheduling, carry_out_due, next_due, schedule, unschedule};
pub use search::{Best, Found as FoundDocument, Holders, Passage, Search, best, holders, searched_parts};
pub use sittings::thin_autosaves;
pub use splitting::{Movable, SplitOff, movable, split_off};
pub use starting::{copied, outline};
pub use timeline::{Changed, SAVES, Timeline, add_note, timeline_of};
pub use unpublishing::{Children, Decision, Unpublishing, unpublish};
pub use upkeep::{Publication, confirm, publications, reinstate, suppress, withdraw};
pub use uses::{How, Needing, Use, UsesPage, needed_by, uses, uses_of_image, uses_page};
