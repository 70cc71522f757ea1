//! How many reports reach the inbox at a time. What comes beyond is taken in all the same and waits in quarantine, with
//! the reason. In what order they are written is the business of `line.rs`. It knows pages by their ids and no senders: how often one sender may send is the business of the door.
//!
//! Decisions (2026-11-22):
//! - Nothing is dropped without a row. A page that has gone round gets hundreds of reports an hour, most of which say the
//!   same; an attack gets no further than the quarantine. Whoever looks at that can release what is meant seriously.
//! - What is suspected of being spam counts for nothing here, so that spam can't push honest reports aside.
//! - The counts stand in memory, of each instance its own. With several instances so many times as much gets through,
//!   which is no harm; a table of counts would be one more lock in every report.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use uuid::Uuid;

use crate::kernel::{Recent, Timestamp};

use super::{line::Line, spam::Reason};

/// Reports of one page that reach the inbox within an hour.
pub const PAGE_HOURLY: u32 = 100;
/// Reports of all pages together that reach the inbox within ten minutes.
pub const EVERYWHERE: u32 = 1_000;
/// The span of the bound on all pages.
const SPAN: i64 = 10 * Timestamp::MINUTE;
/// Pages that are remembered at most. Those of which nothing was reported lately are forgotten first.
const PAGES: usize = 10_000;

/// What has reached the inbox lately, and what waits to be written.
#[derive(Default)]
pub struct Limits {
    lately: Mutex<Lately>,
    pub(super) line: Line,
}

struct Lately {
    everywhere: Recent,
    pages: HashMap<Uuid, Recent>,
}

impl Default for Lately {
    fn default() -> Self {
        Self { everywhere: Recent::over(SPAN), pages: HashMap::new() }
    }
}

impl Limits {
    /// Lets a report through and counts it, or says why it has to wait in quarantine.
    pub(super) fn admit(&self, page: Uuid, now: Timestamp) -> Result<(), Reason> {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if lately.everywhere.count(now) >= EVERYWHERE {
            return Err(Reason::Flood);
        }
        if lately.pages.len() >= PAGES && !lately.pages.contains_key(&page) {
            lately.pages.retain(|_, recent| recent.count(now) > 0);
            if lately.pages.len() >= PAGES {
                lately.pages.clear();
            }
        }
        let of_page = lately.pages.entry(page).or_insert_with(|| Recent::over(Timestamp::HOUR));
        if of_page.count(now) >= PAGE_HOURLY {
            return Err(Reason::PageFlood);
        }
        of_page.add(now);
        lately.everywhere.add(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_and_all_pages_have_their_bounds_and_both_end() {
        let (limits, start) = (Limits::default(), Timestamp(Timestamp::HOUR));
        let page = Uuid::from_u128;
        for _ in 0..PAGE_HOURLY {
            assert_eq!(limits.admit(page(0), start), Ok(()));
        }
        assert_eq!(limits.admit(page(0), start), Err(Reason::PageFlood));
        for number in u128::from(PAGE_HOURLY)..u128::from(EVERYWHERE) {
            assert_eq!(limits.admit(page(number), start), Ok(()));
        }
        assert_eq!(limits.admit(page(0), start), Err(Reason::Flood));
        assert_eq!(limits.admit(page(7), start.plus(SPAN / 2)), Err(Reason::Flood));
        assert_eq!(limits.admit(page(7), start.plus(SPAN + Timestamp::MINUTE)), Ok(()));
        assert_eq!(limits.admit(page(0), start.plus(SPAN + Timestamp::MINUTE)), Err(Reason::PageFlood));
        assert_eq!(limits.admit(page(0), start.plus(Timestamp::HOUR + SPAN)), Ok(()));
    }

    #[test]
    fn any_number_of_pages_takes_bounded_room() {
        let limits = Limits::default();
        for number in 0..30_000_u32 {
            let _ = limits.admit(Uuid::from_u128(number.into()), Timestamp(i64::from(number) * Timestamp::SECOND));
        }
        assert!(limits.lately.lock().unwrap().pages.len() <= PAGES);
    }
}
