//! The door for programs: everything that the panel can do, as JSON. Handlers read a request, call one command, and answer;
//! nothing is decided here. THE list of its routes stands below.

mod access;
mod documents;
mod feedback;
mod lists;
mod mail;
mod media;
mod replies;
mod site;
mod steps;
mod trends;
mod webhooks;

use crate::{
    kernel::Permission::{
        AuditRead, ContentForcePublish, ContentPublish, ContentPurge, ContentRead, ContentReview, ContentSuppress,
        ContentTrash, ContentWrite, FeedbackErase, FeedbackExport, FeedbackRead, FeedbackTriage, MediaWrite,
        SettingsManage, UsersManage, WebhooksManage,
    },
    web::Access::{Key, Permission},
};

crate::routes! {
    get "/manage/v1/me" Key, "Who the key acts for and what it may do" => access::me;

    get "/manage/v1/{collection}" Permission(ContentRead), "List documents of a kind" => documents::list;
    post "/manage/v1/{collection}" Permission(ContentWrite), "Make a document with its first version" => documents::create;
    get "/manage/v1/{collection}/{id}" Permission(ContentRead), "One document with content and checks" => documents::show;
    put "/manage/v1/{collection}/{id}" Permission(ContentWrite), "Save a new version" => documents::save;
    patch "/manage/v1/{collection}/{id}" Permission(ContentWrite), "Set owner and review date" => documents::own;
    get "/manage/v1/{collection}/{id}/versions" Permission(ContentRead), "The versions, newest first" => documents::versions;
    get "/manage/v1/{collection}/{id}/versions/{version}" Permission(ContentRead), "One version" => documents::version;
    get "/manage/v1/{collection}/{id}/compare" Permission(ContentRead), "Compare two versions" => documents::compare;
    get "/manage/v1/{collection}/{id}/used-by" Permission(ContentRead), "Who refers to it" => documents::used_by;
    get "/manage/v1/{collection}/{id}/events" Permission(ContentRead), "Its timeline" => documents::events;
    get "/manage/v1/{collection}/{id}/publications" Permission(ContentRead), "Its publications" => documents::publications;
    post "/manage/v1/{collection}/{id}/publications/{publication}/suppress" Permission(ContentSuppress),
        "Hide a past publication from as_of" => documents::suppress;
    post "/manage/v1/{collection}/{id}/look-at" Permission(ContentWrite), "Note that findings were looked at" => steps::look_at;
    post "/manage/v1/{collection}/{id}/submit" Permission(ContentWrite), "Ask for a review" => steps::submit;
    post "/manage/v1/{collection}/{id}/approve" Permission(ContentReview), "Approve the version" => steps::approve;
    post "/manage/v1/{collection}/{id}/request-changes" Permission(ContentReview), "Send it back" => steps::request_changes;
    post "/manage/v1/{collection}/{id}/publish" Permission(ContentPublish), "Publish the version" => steps::publish;
    post "/manage/v1/{collection}/{id}/force-publish" Permission(ContentForcePublish),
        "Publish without a review, with a reason" => steps::force_publish;
    post "/manage/v1/{collection}/{id}/schedule" Permission(ContentPublish), "Publish or unpublish later" => steps::schedule;
    post "/manage/v1/{collection}/{id}/unschedule" Permission(ContentPublish), "Take a schedule away" => steps::unschedule;
    post "/manage/v1/{collection}/{id}/confirm" Permission(ContentPublish), "Still correct" => steps::confirm;
    post "/manage/v1/{collection}/{id}/withdraw" Permission(ContentPublish), "Keep it, with a notice" => steps::withdraw;
    post "/manage/v1/{collection}/{id}/reinstate" Permission(ContentPublish), "Take the notice away" => steps::reinstate;
    post "/manage/v1/{collection}/{id}/unpublish" Permission(ContentPublish), "Take it away from the public" => steps::unpublish;
    post "/manage/v1/{collection}/{id}/discard" Permission(ContentWrite), "Give up the draft" => steps::discard;
    post "/manage/v1/{collection}/{id}/restore" Permission(ContentWrite), "Make an old version the draft" => steps::restore;
    post "/manage/v1/{collection}/{id}/trash" Permission(ContentTrash), "Put it into the trash" => steps::trash;
    post "/manage/v1/{collection}/{id}/untrash" Permission(ContentTrash), "Take it out of the trash" => steps::untrash;
    post "/manage/v1/{collection}/{id}/purge" Permission(ContentPurge), "Remove it for good" => steps::purge;
    post "/manage/v1/publish" Permission(ContentPublish), "Publish several documents together" => steps::publish_together;

    get "/manage/v1/media" Permission(ContentRead), "List images" => media::list;
    post "/manage/v1/media" Permission(MediaWrite), "Add an image" => media::add;
    get "/manage/v1/media/{id}" Permission(ContentRead), "One image" => media::show;
    patch "/manage/v1/media/{id}" Permission(MediaWrite), "Describe an image" => media::change;
    delete "/manage/v1/media/{id}" Permission(MediaWrite), "Remove an image that nothing uses" => media::remove;
    post "/manage/v1/media/{id}/replace" Permission(MediaWrite), "Put another image in its place, in drafts" => media::replace;
    get "/manage/v1/media/{id}/used-by" Permission(ContentRead), "Who uses the image" => media::used_by;
    get "/manage/v1/media/{id}/files/{key}" Permission(ContentRead), "One stored file, public or not" => media::file;

    get "/manage/v1/reports" Permission(FeedbackRead), "List reports" => feedback::reports;
    get "/manage/v1/reports/export" Permission(FeedbackExport), "Reports as a file" => feedback::export_reports;
    get "/manage/v1/reports/{id}" Permission(FeedbackRead), "One report" => feedback::report;
    post "/manage/v1/reports/{id}/release" Permission(FeedbackTriage), "Out of quarantine" => feedback::release;
    post "/manage/v1/reports/{id}/quarantine" Permission(FeedbackTriage), "Into quarantine" => feedback::quarantine;
    post "/manage/v1/reports/{id}/move" Permission(FeedbackTriage), "To another case, or a new one" => feedback::move_report;
    post "/manage/v1/reports/{id}/redact" Permission(FeedbackTriage), "Remove a passage" => feedback::redact;
    post "/manage/v1/reports/{id}/put-back" Permission(FeedbackTriage), "Undo that within ten minutes" => feedback::put_back;
    post "/manage/v1/reports/{id}/erase" Permission(FeedbackErase), "Remove all of its text" => feedback::erase;

    get "/manage/v1/retention" Permission(SettingsManage), "What would be purged now" => feedback::retention;

    get "/manage/v1/cases" Permission(FeedbackRead), "List cases" => feedback::cases;
    get "/manage/v1/cases/export" Permission(FeedbackExport), "Cases as a file" => feedback::export_cases;
    get "/manage/v1/cases/{id}" Permission(FeedbackRead), "One case with reports, notes and suggestions" => feedback::case;
    patch "/manage/v1/cases/{id}" Permission(FeedbackTriage), "Assign or retitle" => feedback::change;
    get "/manage/v1/cases/{id}/events" Permission(FeedbackRead), "Its timeline" => feedback::events;
    post "/manage/v1/cases/{id}/open" Permission(FeedbackTriage), "Accept it" => feedback::open;
    post "/manage/v1/cases/{id}/start" Permission(FeedbackTriage), "Begin work" => feedback::start;
    post "/manage/v1/cases/{id}/fix" Permission(FeedbackTriage), "Start a fix: it is yours and in progress" => feedback::start_fix;
    post "/manage/v1/cases/{id}/wait" Permission(FeedbackTriage), "Wait until a time" => feedback::wait;
    post "/manage/v1/cases/{id}/resume" Permission(FeedbackTriage), "Go on" => feedback::resume;
    post "/manage/v1/cases/{id}/resolve" Permission(FeedbackTriage), "Close it as resolved" => feedback::resolve;
    post "/manage/v1/cases/{id}/dismiss" Permission(FeedbackTriage), "Close it without doing anything" => feedback::dismiss;
    post "/manage/v1/cases/{id}/reopen" Permission(FeedbackTriage), "Open it again" => feedback::reopen;
    post "/manage/v1/cases/{id}/merge" Permission(FeedbackTriage), "Merge it into another" => feedback::merge;
    post "/manage/v1/cases/{id}/unmerge" Permission(FeedbackTriage), "Undo a merge" => feedback::unmerge;
    post "/manage/v1/cases/{id}/split" Permission(FeedbackTriage), "Take reports out, into another case or a new one" => feedback::split;
    post "/manage/v1/cases/{id}/undo" Permission(FeedbackTriage), "Take back what you did last" => feedback::undo;
    put "/manage/v1/cases/{id}/what-changed" Permission(FeedbackTriage), "Say in public what was changed" => feedback::tell;
    post "/manage/v1/cases/{id}/notes" Permission(FeedbackTriage), "Leave a note" => feedback::note;

    get "/manage/v1/accessibility" Permission(FeedbackRead), "How it stands with cases about accessibility" => feedback::accessibility;

    get "/manage/v1/cases/{id}/replies" Permission(FeedbackTriage), "What its visitors were answered" => replies::list;
    post "/manage/v1/cases/{id}/replies" Permission(FeedbackTriage), "Answer the visitor of a report" => replies::write;
    post "/manage/v1/cases/{id}/mentions-seen" Permission(FeedbackRead), "Say that you have read where you are named"
        => trends::mentions_seen;
    get "/manage/v1/mentions" Permission(FeedbackRead), "Notes in which you are named and that you have not read"
        => trends::mentions;

    get "/manage/v1/saved-replies" Permission(FeedbackTriage), "Answers that are kept" => replies::saved;
    post "/manage/v1/saved-replies" Permission(FeedbackTriage), "Keep an answer" => replies::add_saved;
    get "/manage/v1/saved-replies/{id}" Permission(FeedbackTriage), "One answer that is kept" => replies::show_saved;
    put "/manage/v1/saved-replies/{id}" Permission(FeedbackTriage), "Change it" => replies::change_saved;
    delete "/manage/v1/saved-replies/{id}" Permission(FeedbackTriage), "Keep it no longer" => replies::remove_saved;

    get "/manage/v1/mail" Permission(SettingsManage), "What was sent to people and visitors" => mail::list;
    post "/manage/v1/mail/test" Permission(SettingsManage), "Send a test to yourself" => mail::test;
    get "/manage/v1/mail/{id}" Permission(SettingsManage), "One letter, without its words" => mail::show;
    get "/manage/v1/mail/{id}/attempts" Permission(SettingsManage), "How often it was tried" => mail::attempts;
    post "/manage/v1/mail/{id}/send-again" Permission(SettingsManage), "Send it again, or now" => mail::send_again;

    get "/manage/v1/trends" Permission(FeedbackRead), "The figures of the trends" => trends::trends;
    put "/manage/v1/views" Permission(FeedbackTriage), "Say how often pages were looked at" => feedback::supply_views;

    get "/manage/v1/users" Permission(UsersManage), "List people" => access::users;
    post "/manage/v1/users" Permission(UsersManage), "Add a person" => access::add_user;
    get "/manage/v1/users/{id}" Permission(UsersManage), "One person" => access::user;
    patch "/manage/v1/users/{id}" Permission(UsersManage), "Change name, roles or whether active" => access::change_user;
    post "/manage/v1/users/{id}/password" Permission(UsersManage), "Set a password" => access::set_password;

    get "/manage/v1/api-keys" Key, "List keys: all, or one's own" => access::keys;
    post "/manage/v1/api-keys" Key, "Make a key; its secret is shown once" => access::add_key;
    get "/manage/v1/api-keys/{id}" Key, "One key" => access::key;
    post "/manage/v1/api-keys/{id}/revoke" Key, "End a key" => access::revoke_key;

    get "/manage/v1/webhooks" Permission(WebhooksManage), "List webhooks" => webhooks::list;
    post "/manage/v1/webhooks" Permission(WebhooksManage), "Make a webhook; its secret is shown once" => webhooks::add;
    get "/manage/v1/webhooks/{id}" Permission(WebhooksManage), "One webhook" => webhooks::show;
    patch "/manage/v1/webhooks/{id}" Permission(WebhooksManage), "Change name, address, owner or types of events" => webhooks::change;
    delete "/manage/v1/webhooks/{id}" Permission(WebhooksManage), "Delete a webhook" => webhooks::delete;
    post "/manage/v1/webhooks/{id}/rotate" Permission(WebhooksManage), "Give it another secret, shown once" => webhooks::rotate;
    post "/manage/v1/webhooks/{id}/pause" Permission(WebhooksManage), "Send nothing until it is resumed" => webhooks::pause;
    post "/manage/v1/webhooks/{id}/resume" Permission(WebhooksManage), "Go on sending" => webhooks::resume;
    post "/manage/v1/webhooks/{id}/test" Permission(WebhooksManage), "Send a test" => webhooks::test;
    post "/manage/v1/webhooks/{id}/replay" Permission(WebhooksManage), "Send past events again" => webhooks::replay;
    get "/manage/v1/webhooks/{id}/attempts" Permission(WebhooksManage), "What was sent and what came back" => webhooks::attempts;
    get "/manage/v1/webhooks/{id}/deliveries" Permission(WebhooksManage), "What was sent or is on its way" => webhooks::deliveries;
    get "/manage/v1/webhooks/{id}/deliveries/{delivery}" Permission(WebhooksManage), "One delivery" => webhooks::delivery;
    post "/manage/v1/webhooks/{id}/deliveries/{delivery}/send-again" Permission(WebhooksManage),
        "Send it again, or now" => webhooks::send_again;

    get "/manage/v1/redirects" Permission(ContentRead), "List redirects made by hand" => site::redirects;
    post "/manage/v1/redirects" Permission(ContentPublish), "Make a redirect" => site::add_redirect;
    get "/manage/v1/redirects/{id}" Permission(ContentRead), "One redirect" => site::redirect;
    delete "/manage/v1/redirects/{id}" Permission(ContentPublish), "Remove a redirect" => site::remove_redirect;
    get "/manage/v1/settings" Permission(SettingsManage), "The settings of the site" => site::settings;
    put "/manage/v1/settings" Permission(SettingsManage), "Replace the settings" => site::replace_settings;
    patch "/manage/v1/settings" Permission(SettingsManage), "Change some settings" => site::change_settings;
    get "/manage/v1/events" Permission(AuditRead), "The event log" => site::events;
}
