//! What happened, one after the other, each with when and who. It knows no events; screens put them into sentences.

use maud::{Markup, html};

use super::time::{self, Zone};
use crate::kernel::Timestamp;

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    pub at: Timestamp,
    pub who: String,
    /// What happened, as a sentence.
    pub what: Markup,
    /// What belongs to it, such as a note or the words that changed.
    pub more: Option<Markup>,
}

/// The entries in the order given.
pub fn timeline(zone: &Zone, now: Timestamp, entries: &[Entry]) -> Markup {
    html! {
        ol.timeline.unmarked {
            @for entry in entries {
                li {
                    p { (entry.what) }
                    p.small.muted { (time::when(zone, now, entry.at)) ", " (entry.who) }
                    @if let Some(more) = &entry.more { div.stack-s { (more) } }
                }
            }
        }
    }
}
