//! Mail: the outbox, in which a command puts what is to be sent within its own transaction; what a follower takes out of it;
//! the log of what became of each; and the words of letters. It opens no connection and makes no links.
//!
//! Decision (2026-11-22), the outbox holds no words and no secrets. Context: an invitation carries a link with which whoever
//! reads it can take an account over, and an answer to a visitor goes to an address that is kept in one table alone. Choice: a
//! row says what kind of letter it is, for whom and about what; the letter is written from that when it is sent, the link is
//! made then, and nothing of either is kept. Consequence: every attempt carries a link of its own and the older one ends; the
//! log can show every row to an administrator; an address that was deleted in the meantime is not written to.
//!
//! Decision (2026-11-22), how often a letter is sent. Context: SMTP (RFC 5321, section 6.1) has no way to ask whether a
//! message was taken: a server can accept one and its answer get lost. Choice: an instance claims a row with a guarded
//! update before it sends, for longer than sending may take, so no two instances ever send one row at the same time; if an
//! instance ends between the server's answer and its record, or the answer is lost, the row is sent again, with the same
//! `Message-ID`. Consequence: at least once, and exactly once but for that moment; many receivers show a second copy with
//! the same id once.
//!
//! Decision (2026-11-22), what does not get through is tried at growing distances for a day and then given up, as with
//! webhooks; a final refusal is given up at once. Each row and attempt is kept for thirty days. No backup carries them
//! (`entity::MOMENTARY`): a copy of a site shall not write to people.

pub mod letters;
mod log;
mod outbox;
mod sending;

pub use log::{Attempt, Listing, Mail, MailState, Page, Recipient, attempts, get, list, send_again, test};
pub use outbox::{MailKind, NewMail, To, forget, forget_waiting, is_recent, known, queue, waiting_address};
pub use sending::{CLAIM, Claimed, Ended, KEPT, claim, due, record, thin};
