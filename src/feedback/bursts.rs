//! The quarantine, with what came in one burst laid together: the same words or the same links about one page, one after
//! the other. A night of advertising is one thing to look at, not five hundred.
//!
//! Decision (2026-11-22), bursts are found while reading. Context: what is alike is a matter of the words, and words go:
//! they are taken out, purged, erased. Choice: nothing is kept about bursts; whoever reads the quarantine goes from the
//! newest report to older ones and lays each beside those that are like it, until a page is full. Consequence: a burst
//! that is longer than what is read at once goes on upon the next page, and a page never costs more than that.

use std::collections::BTreeSet;

use crate::kernel::{Ctx, DocumentId, Result, Timestamp};

use super::{
    queries::Page,
    reports::{Report, ReportListing, reports},
    spam,
};

/// Reports that came in one after the other and are alike: at least one, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burst {
    pub reports: Vec<Report>,
}

/// How many reports are gone through for a page.
const READ: u64 = 500;
/// The longest time between one report of a burst and the next.
const APART: i64 = Timestamp::HOUR;

/// What makes reports alike: the page, and the places that links lead to or, without links, the words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Likeness {
    page: DocumentId,
    links: BTreeSet<String>,
    words: String,
}

/// Reports by bursts, newest first; at most `listing.limit` of them. The total counts reports.
pub async fn bursts(ctx: &Ctx, listing: &ReportListing) -> Result<Page<Burst>> {
    let read = reports(ctx, &ReportListing { limit: READ, ..listing.clone() }).await?;
    let most = usize::try_from(listing.limit).unwrap_or(usize::MAX);
    let mut found: Vec<(Likeness, Burst)> = Vec::new();
    let mut last = None;
    for report in read.rows {
        let place = (report.received_at.0.to_string(), report.id.0);
        let likeness = Likeness::of(&report);
        let is_full = found.len() >= most;
        let like = found.iter_mut().find(|(other, burst)| *other == likeness && is_near(burst, &report));
        match like {
            Some((_, burst)) => burst.reports.push(report),
            // The page is full: the next one begins here.
            None if is_full => return Ok(Page { rows: rows(found), next: last, total: read.total }),
            None => found.push((likeness, Burst { reports: vec![report] })),
        }
        last = Some(place);
    }
    Ok(Page { rows: rows(found), next: read.next, total: read.total })
}

fn rows(found: Vec<(Likeness, Burst)>) -> Vec<Burst> {
    found.into_iter().map(|(_, burst)| burst).collect()
}

/// Whether a report came soon before the oldest of a burst.
fn is_near(burst: &Burst, report: &Report) -> bool {
    burst.reports.last().is_some_and(|oldest| oldest.received_at.0 - report.received_at.0 <= APART)
}

impl Likeness {
    fn of(report: &Report) -> Self {
        let texts = [report.doing.as_deref(), report.wrong.as_deref()];
        let links: BTreeSet<String> = texts.iter().copied().flatten().flat_map(spam::linked_hosts).collect();
        let words = if links.is_empty() {
            // Spam that numbers itself is the same spam.
            texts.iter().copied().flatten().flat_map(str::chars).filter(|letter| letter.is_alphabetic()).collect()
        } else {
            String::new()
        };
        Self { page: report.page, links, words }
    }
}
