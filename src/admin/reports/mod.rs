//! The screens of feedback that are about single reports: the list, the quarantine, one report, and what people do with
//! it. Texts of reports are shown as texts and nothing else.

mod bulk;
mod erasing;
mod export;
mod list;
mod redacting;
mod show;
mod steps;

pub use bulk::bulk;
pub use erasing::{erase, erase_page};
pub use export::export;
pub use list::list;
pub use redacting::{put_back, redact, redact_page};
pub use show::{beginning, said, show};
pub use steps::{move_page, move_report, quarantine, quarantine_page, release};
