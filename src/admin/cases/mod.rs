//! The screens of feedback that are about cases: the inbox, one case, what people do with it, and with several at once.
//! What is possible in which state is the lifecycle's to say; the screens draw what it allows.

mod arrivals;
mod aside;
mod bulk;
mod changes;
pub mod classifying;
mod export;
mod fixing;
mod framing;
mod inbox;
mod notes;
mod said;
mod seen;
mod show;
mod sight;
mod splitting;
mod steps;
mod telling;
mod timeline;
mod view;

use crate::kernel::CaseId;

use super::ui::list;

pub use arrivals::arrivals;
pub use bulk::bulk;
pub use changes::by_number;
pub use export::export;
pub use fixing::fix;
pub use inbox::inbox;
pub use seen::seen;
pub use show::{mentioned, show};
pub use splitting::{split, split_page};
pub use steps::{
    assign, classify, classify_page, dismiss, dismiss_page, merge, merge_page, note, open, reopen, reopen_page,
    resolve, resolve_page, resume, retitle, start, undo, unmerge, unmerge_page, wait, wait_page,
};
pub use telling::{tell, tell_page};
pub use view::{INBOX, check_query};

/// The address of a case, with the view that people came from.
pub fn address(id: CaseId, from: &str) -> String {
    list::address(&format!("/admin/cases/{id}"), "", &[("from", Some(from).filter(|from| !from.is_empty()))])
}

/// The address of a page below a case.
fn below(id: CaseId, page: &str, from: &str) -> String {
    list::address(&format!("/admin/cases/{id}/{page}"), "", &[("from", Some(from).filter(|from| !from.is_empty()))])
}
