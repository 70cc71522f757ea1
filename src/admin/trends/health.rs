//! How the content does at the moment, beside what visitors said of it: how much of it asks for attention, each number with
//! the way to the list that it counts.

use maud::{Markup, html};

use crate::{
    content::{self, FullHealth, Kind},
    kernel::{Permission, Result},
    media,
};

use super::super::{
    request::PanelRequest,
    ui::{self, words},
};

/// The images that nobody has described.
const UNDESCRIBED: &str = "/admin/media?without_alt=true";

/// What is counted: the filter of the list, its words, and which number it is.
type Measure = (&'static str, &'static str, fn(&FullHealth) -> u64);

const MEASURES: [Measure; 7] = [
    ("review_passed", "Past the date of their review", |health| health.health.overdue),
    ("unowned", "Without an owner", |health| health.unowned),
    ("must_fix", "With things that must be fixed", |health| health.health.must_fix),
    ("problems", "With things to fix or to look at", |health| health.problems),
    ("open_cases", "With open cases", |health| health.health.open_cases),
    ("broken_links", "Live, with links that lead nowhere for readers", |health| health.broken_links),
    ("unpublished_changes", "Live, with changes that are not published", |health| health.unpublished_changes),
];

/// What there is of each kind.
pub struct Content {
    kinds: Vec<(Kind, FullHealth)>,
    undescribed: u64,
}

impl Content {
    /// Reads it; `None` for those who may not read drafts.
    pub async fn of(request: &PanelRequest) -> Result<Option<Self>> {
        if !request.may(Permission::ContentRead) {
            return Ok(None);
        }
        let date = request.chrome.zone.date(request.now());
        let mut kinds = Vec::new();
        for kind in Kind::ALL {
            kinds.push((*kind, content::full_health(&request.ctx, *kind, &date).await?));
        }
        let listing = media::Listing { without_alt: true, ..media::Listing::default() };
        Ok(Some(Self { kinds, undescribed: media::count(&request.ctx, &listing).await? }))
    }

    /// The card, with `below` under its table.
    pub fn card(&self, below: Markup) -> Markup {
        html! {
            section.card.stack-s aria-labelledby="health" {
                h2 #health { "How the content does" }
                p.small.muted { "At this moment, whichever weeks are shown above." }
                div.table { table.cards {
                    caption.vh { "Pages and sections that ask for attention" }
                    thead { tr {
                        th scope="col" { "What" }
                        @for (kind, _) in &self.kinds { th scope="col" { (words::kind(*kind)) "s" } }
                    } }
                    tbody {
                        @for (filter, words, number) in MEASURES {
                            tr {
                                th scope="row" { (words) }
                                @for (kind, health) in &self.kinds {
                                    td data-label={ (words::kind(*kind)) "s" } { (share(*kind, filter, words, number(health), health.documents)) }
                                }
                            }
                        }
                    }
                } }
                @if self.undescribed > 0 {
                    p { a href=(UNDESCRIBED) { (ui::count(self.undescribed, "picture", "pictures")) " without alternative text" } }
                } @else { p { "Every picture has alternative text." } }
                (below)
            }
        }
    }

    /// The lines of a file: what, kind, number, of how many.
    pub fn lines(&self) -> Vec<[String; 4]> {
        let line = |what: &str, kind: &str, number: u64, of: String| {
            [what.to_owned(), kind.to_owned(), number.to_string(), of]
        };
        let mut lines = Vec::new();
        for (filter, _, number) in MEASURES {
            for (kind, health) in &self.kinds {
                lines.push(line(filter, kind.name(), number(health), health.documents.to_string()));
            }
        }
        lines.push(line("without_alternative_text", "picture", self.undescribed, String::new()));
        lines
    }
}

/// "3 of 40 (8%)", with the way to the three.
fn share(kind: Kind, filter: &str, words: &str, number: u64, of: u64) -> Markup {
    let percent = number.saturating_mul(100).saturating_add(of / 2).checked_div(of);
    html! {
        @if number == 0 { span.muted { "None" } }
        @else {
            a href={ "/admin/" (kind.collection()) "?" (filter) "=true" } {
                (number) span.vh { " " (words::kind(kind).to_lowercase()) "s, " (words.to_lowercase()) }
            }
            " of " (of)
            @if let Some(percent) = percent { span.muted { " (" (percent) "%)" } }
        }
    }
}
