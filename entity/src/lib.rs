//! The tables, one file each, without logic. Times are milliseconds since 1970 (UTC), dates are `YYYY-MM-DD`,
//! enumerations are short strings whose meaning the domain gives them.

pub mod api_key;
pub mod case;
pub mod case_label;
pub mod case_note;
pub mod case_undo;
pub mod confirmation;
pub mod counter;
pub mod document;
pub mod event;
pub mod findable;
pub mod fix_told;
pub mod follower;
pub mod idempotency;
pub mod lease;
pub mod live_document;
pub mod live_path;
pub mod looked_at;
pub mod mail;
pub mod mail_attempt;
pub mod media;
pub mod mention;
pub mod overview;
pub mod page_view;
pub mod preference;
pub mod presence;
pub mod preview_link;
pub mod publication;
pub mod quarantined_text;
pub mod redirect;
pub mod reference;
pub mod rendition;
pub mod report;
pub mod report_addition;
pub mod report_contact;
pub mod report_reply;
pub mod sample;
pub mod saved_reply;
pub mod saved_view;
pub mod schedule;
pub mod sealed_words;
pub mod session;
pub mod setting;
pub mod sign_in_attempt;
pub mod sign_in_link;
pub mod site;
pub mod tombstone;
pub mod user;
pub mod user_role;
pub mod version;
pub mod webhook;
pub mod webhook_attempt;
pub mod webhook_delivery;

/// The tables whose rows belong to this moment of this database: who is signed in, which links are open, who has tried in
/// vain, which links show a version to strangers, who has an editor open, what is on its way to webhooks and by mail, which
/// words of a report can still be put back, what can be undone. No backup carries them.
pub const MOMENTARY: [&str; 11] = [
    "case_undo",
    "session",
    "sign_in_link",
    "sign_in_attempt",
    "preview_link",
    "presence",
    "webhook_delivery",
    "webhook_attempt",
    "mail",
    "mail_attempt",
    "sealed_words",
];

/// Calls `$each!(module, "table")` for every table, parents before children, so that rows can be inserted in this order
/// and removed in the opposite one. Backup, restore, `doctor` and the comparison of databases read this list.
#[macro_export]
macro_rules! for_each_table {
    ($each:ident) => {
        $each!(counter, "counter");
        $each!(site, "site");
        $each!(setting, "setting");
        $each!(lease, "lease");
        $each!(follower, "follower");
        $each!(idempotency, "idempotency");
        $each!(event, "event");
        $each!(user, "user");
        $each!(user_role, "user_role");
        $each!(preference, "preference");
        $each!(api_key, "api_key");
        $each!(saved_view, "saved_view");
        $each!(webhook, "webhook");
        $each!(webhook_delivery, "webhook_delivery");
        $each!(webhook_attempt, "webhook_attempt");
        $each!(mail, "mail");
        $each!(mail_attempt, "mail_attempt");
        $each!(session, "session");
        $each!(sign_in_link, "sign_in_link");
        $each!(sign_in_attempt, "sign_in_attempt");
        $each!(document, "document");
        $each!(live_document, "live_document");
        $each!(version, "version");
        $each!(overview, "overview");
        $each!(findable, "findable");
        $each!(quarantined_text, "quarantined_text");
        $each!(preview_link, "preview_link");
        $each!(presence, "presence");
        $each!(looked_at, "looked_at");
        $each!(publication, "publication");
        $each!(live_path, "live_path");
        $each!(redirect, "redirect");
        $each!(reference, "reference");
        $each!(confirmation, "confirmation");
        $each!(schedule, "schedule");
        $each!(tombstone, "tombstone");
        $each!(page_view, "page_view");
        $each!(media, "media");
        $each!(rendition, "rendition");
        $each!(case, "case");
        $each!(report, "report");
        $each!(report_addition, "report_addition");
        $each!(report_contact, "report_contact");
        $each!(report_reply, "report_reply");
        $each!(saved_reply, "saved_reply");
        $each!(sealed_words, "sealed_words");
        $each!(case_note, "case_note");
        $each!(mention, "mention");
        $each!(case_label, "case_label");
        $each!(case_undo, "case_undo");
        $each!(fix_told, "fix_told");
        $each!(sample, "sample");
    };
}
