//! The door for people: the panel, pages of HTML that need no script. A screen reads a request, calls the commands and
//! queries that programs call too, and draws what came of it. THE list of its screens stands below.
//!
//! How a screen is made: a handler takes a [`PanelRequest`], reads its parameters and refuses others
//! (`end_of_query`), asks the domain, and answers with `request.page(area, title, markup)`. A form posts to the address
//! that it stands at; what a command refuses comes back as [`FormState`] with everything typed and status 422; what it
//! did is said once on the page that follows (`request.done`). Whatever else goes wrong is returned as an error, and
//! `layers.rs` makes a page of it.
//!
//! What scripts add (`admin-assets/js/`, begun by `panel.js`): a form with `data-enhance` is answered on the page that is in
//! view, and so are links within anything else that has it; a link or button with `data-dialog` opens the page that it
//! leads to over the one in view; a control with `data-key` is pressed by that key, in a row of a list if the row has the
//! focus; an option with one is the step for the rows that are ticked; what has the class `scripted` is only seen with
//! scripts. Things that come in numbers need ids, by which they are known again.

mod access;
mod accessibility;
mod administration;
mod assets;
mod audit_log;
mod cases;
mod connect;
mod csv;
mod dashboard;
mod destinations;
pub mod document;
mod editor;
mod errors;
mod form;
mod gallery;
mod help;
mod layers;
mod mail;
mod reports;
mod retention;

mod media;
mod quarantined_texts;
pub mod reader;
mod redirects;
mod replacing;
mod replies;

mod lists;
mod request;
mod rich_text;
mod search;
mod settings;
mod shared;
mod shortcuts;
mod sign_in;
mod targets;
mod trends;
mod ui;
mod views;
mod webhooks;

use axum::Router;

use crate::{
    kernel::Permission::{
        AuditRead, ContentPublish, ContentPurge, ContentRead, ContentReview, ContentSuppress, ContentTrash,
        ContentWrite, FeedbackErase, FeedbackExport, FeedbackRead, FeedbackTriage, MediaWrite, SettingsManage,
        UsersManage, WebhooksManage,
    },
    web::{
        Access::{Permission, Public, SignedIn},
        App,
    },
};

pub use form::{Form, FormState};
pub use request::PanelRequest;

crate::routes! {
    get "/admin/assets/{hash}/{*file}" Public, "What pages load: the style sheet and the modules of script" => assets::file;
    get "/admin/sign-in" Public, "Sign in" => sign_in::show;
    post "/admin/sign-in" Public, "Sign in" => sign_in::sign_in;
    post "/admin/sign-out" Public, "Sign out" => sign_in::sign_out;
    get "/admin/forgotten" Public, "What to do without the password" => sign_in::forgotten;
    post "/admin/forgotten" Public, "Ask for a new password by mail" => sign_in::ask_for_reset;
    get "/admin/unsent" SignedIn, "What was typed before the session ended" => sign_in::unsent;
    post "/admin/unsent" SignedIn, "Give it up" => sign_in::give_up;

    // One-time links.
    get "/admin/set-up/{secret}" Public, "Who the first administrator is to be" => access::links::show_set_up;
    post "/admin/set-up/{secret}" Public, "Set the site up" => access::links::set_up;
    get "/admin/invitation/{secret}" Public, "An invitation" => access::links::show_invitation;
    post "/admin/invitation/{secret}" Public, "Accept an invitation" => access::links::accept_invitation;
    get "/admin/reset/{secret}" Public, "Choose a new password" => access::links::show_reset;
    post "/admin/reset/{secret}" Public, "Set the new password" => access::links::reset;
    get "/admin/demo/{secret}" Public, "Whom a link of the demo is for" => access::links::show_demo;
    post "/admin/demo/{secret}" Public, "Sign in as a person of the demo" => access::links::sign_in_to_demo;

    // One's own account.
    get "/admin/profile" SignedIn, "Your account" => access::profile::show;
    post "/admin/profile" SignedIn, "Change your name" => access::profile::change;
    post "/admin/profile/preferences" SignedIn, "Keep your preferences" => access::preferences::change;
    post "/admin/profile/email" SignedIn, "Change your e-mail address" => access::profile::set_email;
    post "/admin/profile/password" SignedIn, "Set a new password" => access::profile::set_password;
    post "/admin/profile/sessions/end-others" SignedIn, "End all other sessions of yours" => access::profile::end_others;
    post "/admin/profile/sessions/{key}/end" SignedIn, "End a session of yours" => access::profile::end_session;

    // People and what they may do.
    get "/admin/users" Permission(UsersManage), "Everybody who has an account" => access::people::list;
    get "/admin/users/new" Permission(UsersManage), "Whom to add" => access::people::show_new;
    post "/admin/users/new" Permission(UsersManage), "Add a person" => access::people::add;
    get "/admin/users/{id}" Permission(UsersManage), "A person" => access::person::show;
    post "/admin/users/{id}" Permission(UsersManage), "Change name and roles of a person" => access::person::change;
    get "/admin/users/{id}/activate" Permission(UsersManage), "What activating an account would do" => access::person::show_activate;
    post "/admin/users/{id}/activate" Permission(UsersManage), "Activate an account" => access::person::activate;
    get "/admin/users/{id}/deactivate" Permission(UsersManage), "What deactivating an account would do" => access::person::show_deactivate;
    post "/admin/users/{id}/deactivate" Permission(UsersManage), "Deactivate an account" => access::person::deactivate;
    get "/admin/users/{id}/hand-over" Permission(UsersManage), "What a person is working on, and who can have it" => access::hand_over::show;
    post "/admin/users/{id}/hand-over" Permission(UsersManage), "Hand over what a person is working on" => access::hand_over::take;
    get "/admin/users/{id}/link" Permission(UsersManage), "What a link for a person is good for" => access::person::show_link;
    post "/admin/users/{id}/link" Permission(UsersManage), "Make a link for a person" => access::person::make_link;
    post "/admin/users/{id}/sessions/end-all" Permission(UsersManage), "End the sessions of a person" => access::person::end_sessions;
    post "/admin/users/{id}/sessions/{key}/end" Permission(UsersManage), "End a session of a person" => access::person::end_session;
    get "/admin/roles" Permission(UsersManage), "What roles allow" => access::roles::show;

    // Keys, settings, the log.
    get "/admin/api-keys" SignedIn, "API keys" => access::api_keys::list;
    get "/admin/api-keys/new" SignedIn, "What a new key is to allow" => access::api_keys::show_new;
    post "/admin/api-keys/new" SignedIn, "Make an API key" => access::api_keys::add;
    get "/admin/api-keys/{id}/revoke" SignedIn, "What revoking a key would do" => access::api_keys::show_revoke;
    post "/admin/api-keys/{id}/revoke" SignedIn, "Revoke an API key" => access::api_keys::revoke;
    get "/admin/webhooks" Permission(WebhooksManage), "Which programs are told of changes" => webhooks::list;
    get "/admin/webhooks/new" Permission(WebhooksManage), "What a new webhook is to be" => webhooks::show_new;
    post "/admin/webhooks/new" Permission(WebhooksManage), "Make a webhook" => webhooks::add;
    get "/admin/webhooks/{id}" Permission(WebhooksManage), "A webhook and what was sent" => webhooks::show;
    get "/admin/webhooks/{id}/change" Permission(WebhooksManage), "What to change about a webhook" => webhooks::show_change;
    post "/admin/webhooks/{id}/change" Permission(WebhooksManage), "Change a webhook" => webhooks::change;
    post "/admin/webhooks/{id}/test" Permission(WebhooksManage), "Send a test" => webhooks::test;
    get "/admin/webhooks/{id}/pause" Permission(WebhooksManage), "What pausing a webhook would do" => webhooks::show_pause;
    post "/admin/webhooks/{id}/pause" Permission(WebhooksManage), "Pause a webhook" => webhooks::pause;
    get "/admin/webhooks/{id}/resume" Permission(WebhooksManage), "What resuming a webhook would do" => webhooks::show_resume;
    post "/admin/webhooks/{id}/resume" Permission(WebhooksManage), "Resume a webhook" => webhooks::resume;
    get "/admin/webhooks/{id}/replay" Permission(WebhooksManage), "Since when to send past events" => webhooks::show_replay;
    post "/admin/webhooks/{id}/replay" Permission(WebhooksManage), "Send past events again" => webhooks::replay;
    get "/admin/webhooks/{id}/rotate" Permission(WebhooksManage), "How to go over to another secret" => webhooks::show_rotate;
    post "/admin/webhooks/{id}/rotate" Permission(WebhooksManage), "Make another secret" => webhooks::rotate;
    get "/admin/webhooks/{id}/delete" Permission(WebhooksManage), "What deleting a webhook would do" => webhooks::show_delete;
    post "/admin/webhooks/{id}/delete" Permission(WebhooksManage), "Delete a webhook" => webhooks::delete;
    get "/admin/webhooks/{id}/deliveries/{delivery}" Permission(WebhooksManage), "What was sent and what came back" => webhooks::show_delivery;
    post "/admin/webhooks/{id}/deliveries/{delivery}/send-again" Permission(WebhooksManage), "Send it again" => webhooks::send_again;
    get "/admin/mail" Permission(SettingsManage), "What was sent to people and visitors" => mail::list;
    post "/admin/mail/test" Permission(SettingsManage), "Send a test to oneself" => mail::test;
    get "/admin/mail/{id}" Permission(SettingsManage), "A letter and what became of it" => mail::show;
    post "/admin/mail/{id}/send-again" Permission(SettingsManage), "Send a letter again" => mail::send_again;
    get "/admin/settings" Permission(SettingsManage), "The settings of the site" => settings::show;
    post "/admin/settings" Permission(SettingsManage), "Change the settings" => settings::change;
    get "/admin/settings/targets" Permission(SettingsManage), "Targets of cases, and holidays" => targets::show;
    post "/admin/settings/targets" Permission(SettingsManage), "Change targets and holidays" => targets::change;
    get "/admin/settings/retention" Permission(SettingsManage), "How long what visitors say is kept" => retention::show;
    post "/admin/settings/retention" Permission(SettingsManage), "Change how long it is kept" => retention::change;
    get "/admin/audit-log" Permission(AuditRead), "Who did what" => audit_log::show;
    get "/admin/audit-log/download" Permission(AuditRead), "Who did what, as a file" => audit_log::download;
    get "/admin/administration" SignedIn, "The screens about the site as a whole" => administration::show;

    get "/admin/quarantined-texts" Permission(SettingsManage), "Texts that arrived damaged" => quarantined_texts::list;
    get "/admin/quarantined-texts/{id}" Permission(SettingsManage), "A text that arrived damaged" => quarantined_texts::show;
    get "/admin/quarantined-texts/{id}/delete" Permission(SettingsManage), "Whether to delete a damaged text" => quarantined_texts::show_delete;
    post "/admin/quarantined-texts/{id}/delete" Permission(SettingsManage), "Delete a damaged text" => quarantined_texts::delete;

    get "/admin" SignedIn, "What needs the person who is signed in" => dashboard::show;
    get "/admin/samples" Permission(SettingsManage), "What sample content is for a new site, or what removing it does" => dashboard::samples::show;
    post "/admin/samples" Permission(SettingsManage), "Add sample content" => dashboard::samples::add;
    post "/admin/samples/remove" Permission(SettingsManage), "Remove sample content" => dashboard::samples::remove;

    // The editor.
    get "/admin/{collection}/{id}" Permission(ContentRead), "Edit a document" => editor::show;
    post "/admin/{collection}/{id}" Permission(ContentWrite), "Save a document" => editor::save;
    get "/admin/{collection}/{id}/presence" Permission(ContentWrite), "Who else has the editor open, as it changes" => editor::presence;
    post "/admin/{collection}/{id}/presence" Permission(ContentWrite), "Say in which part of it one is" => editor::be_present;
    get "/admin/{collection}/{id}/choose" Permission(ContentWrite), "Choose a document or an image" => editor::choose;
    post "/admin/{collection}/{id}/choose" Permission(ContentWrite), "Take what was chosen" => editor::chosen;

    get "/admin/{collection}/{id}/lines" Permission(ContentWrite), "Paste lines into a tree" => editor::show_lines;
    post "/admin/{collection}/{id}/lines" Permission(ContentWrite), "Make requirements of lines" => editor::lines;
    get "/admin/{collection}/{id}/split" Permission(ContentWrite), "What would move to a new section" => editor::show_split;
    post "/admin/{collection}/{id}/split" Permission(ContentWrite), "Move a part to a new section" => editor::split;
    get "/admin/{collection}/{id}/move" Permission(ContentWrite), "Where a part can stand" => editor::show_move;
    post "/admin/{collection}/{id}/move" Permission(ContentWrite), "Move a part to another place" => editor::move_thing;

    // Rich text between its two forms.
    post "/admin/richtext/markdown" SignedIn, "The Markdown of a document of the editor" => rich_text::markdown;
    post "/admin/richtext/doc" SignedIn, "The document of a Markdown" => rich_text::document;
    get "/admin/destinations" Permission(ContentRead), "What a link in a text can lead to" => destinations::list;

    // The pages about one document.
    get "/admin/publish" Permission(ContentPublish), "Publish several documents together" => document::publish::show_several;
    post "/admin/publish" Permission(ContentPublish), "Publish several documents together" => document::publish::publish_several;
    get "/admin/{collection}/{id}/publish" Permission(ContentPublish), "What publishing will do" => document::publish::show;
    post "/admin/{collection}/{id}/publish" Permission(ContentPublish), "Publish the version" => document::publish::publish;
    get "/admin/{collection}/{id}/history" Permission(ContentRead), "What happened to it" => document::history::show;
    post "/admin/{collection}/{id}/note" Permission(ContentWrite), "Leave a note" => document::history::add_note;
    get "/admin/{collection}/{id}/versions/{version}" Permission(ContentRead), "One version" => document::preview::version;
    get "/admin/{collection}/{id}/compare" Permission(ContentRead), "Two versions compared" => document::compare::show;
    get "/admin/{collection}/{id}/preview" Permission(ContentRead), "As a reader would see it" => document::preview::show;
    get "/admin/{collection}/{id}/preview/frame" Permission(ContentRead), "The page within the preview" => document::preview::frame;
    get "/admin/{collection}/{id}/preview-links" Permission(ContentWrite), "Links for people without an account" => document::preview_links::show;
    post "/admin/{collection}/{id}/preview-links" Permission(ContentWrite), "Make a link for people without an account" => document::preview_links::make;
    post "/admin/{collection}/{id}/preview-links/{link}/revoke" Permission(ContentWrite), "End a link for people without an account" => document::preview_links::revoke;
    get "/preview/{secret}" Public, "A version, for whoever holds the link" => shared::show;
    get "/preview/{secret}/files/{key}" Public, "A picture in that version" => shared::file;
    get "/admin/{collection}/{id}/used-by" Permission(ContentRead), "Who refers to it" => document::used_by::show;
    get "/admin/{collection}/{id}/publications" Permission(ContentRead), "What was public, and when" => document::versions::publications;
    get "/admin/{collection}/{id}/publications/{publication}/suppress" Permission(ContentSuppress), "Hide a past publication" => document::versions::hide;
    post "/admin/{collection}/{id}/publications/{publication}/suppress" Permission(ContentSuppress), "Hide a past publication" => document::versions::suppress;
    get "/admin/{collection}/{id}/submit" Permission(ContentWrite), "Ask for a review" => document::steps::show;
    post "/admin/{collection}/{id}/submit" Permission(ContentWrite), "Ask for a review" => document::steps::take;
    get "/admin/{collection}/{id}/approve" Permission(ContentReview), "Approve the version" => document::steps::show;
    post "/admin/{collection}/{id}/approve" Permission(ContentReview), "Approve the version" => document::steps::take;
    get "/admin/{collection}/{id}/request-changes" Permission(ContentReview), "Send it back" => document::steps::show;
    post "/admin/{collection}/{id}/request-changes" Permission(ContentReview), "Send it back" => document::steps::take;
    get "/admin/{collection}/{id}/schedule" Permission(ContentPublish), "Publish or unpublish later" => document::steps::show;
    post "/admin/{collection}/{id}/schedule" Permission(ContentPublish), "Publish or unpublish later" => document::steps::take;
    get "/admin/{collection}/{id}/unschedule" Permission(ContentPublish), "Take a schedule away" => document::steps::show;
    post "/admin/{collection}/{id}/unschedule" Permission(ContentPublish), "Take a schedule away" => document::steps::take;
    get "/admin/{collection}/{id}/confirm" Permission(ContentPublish), "Still correct" => document::steps::show;
    post "/admin/{collection}/{id}/confirm" Permission(ContentPublish), "Still correct" => document::steps::take;
    get "/admin/{collection}/{id}/withdraw" Permission(ContentPublish), "Keep it, with a notice" => document::steps::show;
    post "/admin/{collection}/{id}/withdraw" Permission(ContentPublish), "Keep it, with a notice" => document::steps::take;
    get "/admin/{collection}/{id}/reinstate" Permission(ContentPublish), "Take the notice away" => document::steps::show;
    post "/admin/{collection}/{id}/reinstate" Permission(ContentPublish), "Take the notice away" => document::steps::take;
    get "/admin/{collection}/{id}/unpublish" Permission(ContentPublish), "Take it away from the public" => document::steps::show;
    post "/admin/{collection}/{id}/unpublish" Permission(ContentPublish), "Take it away from the public" => document::steps::take;
    get "/admin/{collection}/{id}/discard" Permission(ContentWrite), "Give up the draft" => document::steps::show;
    post "/admin/{collection}/{id}/discard" Permission(ContentWrite), "Give up the draft" => document::steps::take;
    get "/admin/{collection}/{id}/restore" Permission(ContentWrite), "Make an old version the draft" => document::steps::show;
    post "/admin/{collection}/{id}/restore" Permission(ContentWrite), "Make an old version the draft" => document::steps::take;
    get "/admin/{collection}/{id}/trash" Permission(ContentTrash), "Put it into the trash" => document::steps::show;
    post "/admin/{collection}/{id}/trash" Permission(ContentTrash), "Put it into the trash" => document::steps::take;
    get "/admin/{collection}/{id}/untrash" Permission(ContentTrash), "Take it out of the trash" => document::steps::show;
    post "/admin/{collection}/{id}/untrash" Permission(ContentTrash), "Take it out of the trash" => document::steps::take;
    get "/admin/{collection}/{id}/purge" Permission(ContentPurge), "Remove it for good" => document::steps::show;
    post "/admin/{collection}/{id}/purge" Permission(ContentPurge), "Remove it for good" => document::steps::take;
    get "/admin/{collection}/{id}/ownership" Permission(ContentWrite), "Owner and review date" => document::ownership;
    post "/admin/{collection}/{id}/ownership" Permission(ContentWrite), "Owner and review date" => document::own;

    // Feedback: cases.
    get "/admin/cases" Permission(FeedbackRead), "The inbox" => cases::inbox;
    get "/admin/cases/arrivals" Permission(FeedbackRead), "What has come in since" => cases::arrivals;
    post "/admin/cases/bulk" Permission(FeedbackTriage), "Do something to several cases" => cases::bulk;
    get "/admin/cases/{id}" Permission(FeedbackRead), "A case" => cases::show;
    get "/admin/cases/{id}/seen" Permission(FeedbackRead), "The page as a visitor saw it" => cases::seen;
    post "/admin/cases/{id}/open" Permission(FeedbackTriage), "Open a new case" => cases::open;
    post "/admin/cases/{id}/start" Permission(FeedbackTriage), "Start work on a case" => cases::start;
    get "/admin/cases/{id}/wait" Permission(FeedbackTriage), "Until when to let a case wait" => cases::wait_page;
    post "/admin/cases/{id}/wait" Permission(FeedbackTriage), "Let a case wait" => cases::wait;
    post "/admin/cases/{id}/resume" Permission(FeedbackTriage), "Go on with a case that waits" => cases::resume;
    get "/admin/cases/{id}/resolve" Permission(FeedbackTriage), "How to resolve a case" => cases::resolve_page;
    post "/admin/cases/{id}/resolve" Permission(FeedbackTriage), "Resolve a case" => cases::resolve;
    get "/admin/cases/{id}/dismiss" Permission(FeedbackTriage), "Why to dismiss a case" => cases::dismiss_page;
    post "/admin/cases/{id}/dismiss" Permission(FeedbackTriage), "Dismiss a case" => cases::dismiss;
    get "/admin/cases/{id}/reopen" Permission(FeedbackTriage), "Why to reopen a case" => cases::reopen_page;
    post "/admin/cases/{id}/reopen" Permission(FeedbackTriage), "Reopen a case" => cases::reopen;
    get "/admin/cases/{id}/merge" Permission(FeedbackTriage), "What to merge a case into" => cases::merge_page;
    post "/admin/cases/{id}/merge" Permission(FeedbackTriage), "Merge a case into another" => cases::merge;
    get "/admin/cases/{id}/unmerge" Permission(FeedbackTriage), "Whether to undo a merge" => cases::unmerge_page;
    post "/admin/cases/{id}/unmerge" Permission(FeedbackTriage), "Undo a merge" => cases::unmerge;
    post "/admin/cases/{id}/fix" Permission(FeedbackTriage), "Start a fix" => cases::fix;
    get "/admin/cases/{id}/what-changed" Permission(FeedbackTriage), "What to say in public about a fix" => cases::tell_page;
    post "/admin/cases/{id}/what-changed" Permission(FeedbackTriage), "Say in public what was changed" => cases::tell;
    get "/admin/cases/{id}/split" Permission(FeedbackTriage), "Which reports to split off" => cases::split_page;
    post "/admin/cases/{id}/split" Permission(FeedbackTriage), "Split reports off" => cases::split;
    post "/admin/cases/{id}/assign" Permission(FeedbackTriage), "Give a case to somebody" => cases::assign;
    post "/admin/cases/{id}/retitle" Permission(FeedbackTriage), "Give a case another title" => cases::retitle;
    get "/admin/cases/{id}/classify" Permission(FeedbackTriage), "How to classify a case" => cases::classify_page;
    post "/admin/cases/{id}/classify" Permission(FeedbackTriage), "Classify a case" => cases::classify;
    post "/admin/cases/{id}/undo" Permission(FeedbackTriage), "Take back what you did last" => cases::undo;
    post "/admin/cases/{id}/note" Permission(FeedbackTriage), "Leave a note" => cases::note;
    get "/admin/cases/{id}/reply" Permission(FeedbackTriage), "What to answer a visitor" => replies::show_reply;
    post "/admin/cases/{id}/reply" Permission(FeedbackTriage), "Answer a visitor" => replies::reply;
    get "/admin/saved-replies" Permission(FeedbackTriage), "Answers that are kept to be used again" => replies::list;
    get "/admin/saved-replies/new" Permission(FeedbackTriage), "The form of a saved reply" => replies::show_new;
    post "/admin/saved-replies/new" Permission(FeedbackTriage), "Keep an answer" => replies::add;
    get "/admin/saved-replies/{id}" Permission(FeedbackTriage), "A saved reply" => replies::show;
    post "/admin/saved-replies/{id}" Permission(FeedbackTriage), "Change a saved reply" => replies::change;
    get "/admin/saved-replies/{id}/remove" Permission(FeedbackTriage), "Whether to remove a saved reply" => replies::show_remove;
    post "/admin/saved-replies/{id}/remove" Permission(FeedbackTriage), "Remove a saved reply" => replies::remove;

    // Feedback: reports.
    get "/admin/reports" Permission(FeedbackRead), "Reports, and the quarantine" => reports::list;
    get "/admin/cases/export" Permission(FeedbackExport), "Cases as a file" => cases::export;
    get "/admin/reports/export" Permission(FeedbackExport), "Reports as a file" => reports::export;
    post "/admin/reports/bulk" Permission(FeedbackTriage), "One step for several reports" => reports::bulk;
    get "/admin/reports/{id}" Permission(FeedbackRead), "A report" => reports::show;
    post "/admin/reports/{id}/release" Permission(FeedbackTriage), "Take a report out of quarantine" => reports::release;
    get "/admin/reports/{id}/quarantine" Permission(FeedbackTriage), "Whether to put a report into quarantine" => reports::quarantine_page;
    post "/admin/reports/{id}/quarantine" Permission(FeedbackTriage), "Put a report into quarantine" => reports::quarantine;
    get "/admin/reports/{id}/move" Permission(FeedbackTriage), "Where to move a report" => reports::move_page;
    post "/admin/reports/{id}/move" Permission(FeedbackTriage), "Move a report to another case" => reports::move_report;
    get "/admin/reports/{id}/redact" Permission(FeedbackTriage), "Which words to take out" => reports::redact_page;
    post "/admin/reports/{id}/redact" Permission(FeedbackTriage), "Take words out of a report" => reports::redact;
    post "/admin/reports/{id}/put-back" Permission(FeedbackTriage), "Put words back" => reports::put_back;
    get "/admin/reports/{id}/erase" Permission(FeedbackErase), "Whether to erase a report" => reports::erase_page;
    post "/admin/reports/{id}/erase" Permission(FeedbackErase), "Erase the text of a report" => reports::erase;

    // Feedback: the whole.
    get "/admin/accessibility" Permission(FeedbackRead), "Cases about accessibility, and whether their targets are kept" => accessibility::show;
    get "/admin/accessibility/export" Permission(FeedbackExport), "Cases about accessibility as a file" => accessibility::export;
    get "/admin/trends" Permission(FeedbackRead), "Where content is failing, and whether it is getting better" => trends::show;
    get "/admin/trends/download" Permission(FeedbackRead), "A table of the trends, as a file" => trends::file;

    // The media library.
    get "/admin/media" Permission(ContentRead), "The pictures of the library" => media::list;
    get "/admin/media/new" Permission(MediaWrite), "Choose pictures to upload" => media::show_new;
    post "/admin/media/new" Permission(MediaWrite), "Upload pictures" => media::add;
    get "/admin/media/describe" Permission(MediaWrite), "The words of pictures that were just added" => media::show_describe;
    post "/admin/media/describe" Permission(MediaWrite), "Describe several pictures" => media::describe;
    get "/admin/media/{id}" Permission(ContentRead), "A picture" => media::show;
    post "/admin/media/{id}" Permission(MediaWrite), "Change what is said about a picture" => media::change;
    get "/admin/media/{id}/replace" Permission(MediaWrite), "What replacing a picture would do" => media::show_replace;
    post "/admin/media/{id}/replace" Permission(MediaWrite), "Replace a picture" => media::replace;
    get "/admin/media/{id}/delete" Permission(MediaWrite), "Whether a picture can be deleted" => media::show_delete;
    post "/admin/media/{id}/delete" Permission(MediaWrite), "Delete a picture" => media::delete;
    get "/admin/media/{id}/files/{key}" Permission(ContentRead), "A file of a picture" => media::file;

    // Redirects made by hand, and the gallery of components.
    get "/admin/redirects" Permission(ContentRead), "Redirects made by hand" => redirects::list;
    get "/admin/redirects/new" Permission(ContentPublish), "The form of a redirect" => redirects::show_new;
    post "/admin/redirects/new" Permission(ContentPublish), "Make a redirect" => redirects::add;
    get "/admin/redirects/{id}/remove" Permission(ContentPublish), "What removing a redirect would do" => redirects::show_remove;
    post "/admin/redirects/{id}/remove" Permission(ContentPublish), "Remove a redirect" => redirects::remove;
    get "/admin/gallery" SignedIn, "Every component of the panel, in a demo" => gallery::show;

    // Find and replace over many documents.
    get "/admin/replace" Permission(ContentWrite), "Find and replace" => replacing::show;
    post "/admin/replace" Permission(ContentWrite), "What replacing would change" => replacing::choose;
    post "/admin/replace/confirm" Permission(ContentWrite), "Make drafts with the replacement" => replacing::carry_out;

    // Views that people saved.
    get "/admin/views/new" SignedIn, "What to call a view" => views::show_new;
    post "/admin/views/new" SignedIn, "Save a view" => views::add;
    get "/admin/views/{id}" SignedIn, "A view that was saved" => views::show;
    post "/admin/views/{id}" SignedIn, "Change a view" => views::change;
    post "/admin/views/{id}/delete" SignedIn, "Delete a view" => views::delete;

    // Lists, what begins there, search, and the keys.
    get "/admin/help" SignedIn, "What each list is for" => help::show;
    get "/admin/connect" SignedIn, "How a site is connected" => connect::show;
    get "/admin/shortcuts" SignedIn, "The keys of the panel" => shortcuts::show;
    get "/admin/search" Permission(ContentRead), "Search everything" => search::show;
    get "/admin/{collection}" Permission(ContentRead), "List documents" => lists::show;
    get "/admin/{collection}/trash" Permission(ContentRead), "List what is in the trash" => lists::trash;
    get "/admin/{collection}/new" Permission(ContentWrite), "What a new document starts from" => lists::start;
    post "/admin/{collection}/new" Permission(ContentWrite), "Make a document" => lists::create;
    post "/admin/{collection}/bulk" Permission(ContentWrite), "What a step would do to many documents" => lists::choose;
    post "/admin/{collection}/bulk/confirm" Permission(ContentWrite), "Take a step for many documents" => lists::confirm;
}

/// The screens with everything around them.
pub fn panel(app: &App) -> Router<App> {
    layers::around(router(), app)
}

/// What answers at every address of the panel that leads nowhere.
pub fn lost(app: &App) -> Router<App> {
    layers::around(Router::new().fallback(layers::not_found), app)
}
