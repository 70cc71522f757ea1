//! What each kind of event is called in the history of a document, as a sentence. THE list of those sentences: the compiler
//! asks for a new kind's here. What a case or a report says stands nowhere in the log, so it stands nowhere here.

use serde_json::Value;

use crate::{
    content::ScheduledAction,
    events::{Event, EventKind},
    feedback::CaseAction,
    kernel::Timestamp,
};

use super::super::ui::time::{self, Zone};

/// How a version came to be.
pub fn made(kind: EventKind) -> &'static str {
    match kind {
        EventKind::DocumentCreated => "made",
        EventKind::DocumentRestored => "restored",
        EventKind::DocumentImported => "imported",
        _ => "saved",
    }
}

/// What happened, in a sentence.
pub fn what(event: &Event, zone: &Zone) -> String {
    let text = |key: &str| event.payload.get(key).and_then(Value::as_str).unwrap_or_default();
    let number = |key: &str| event.payload.get(key).and_then(Value::as_i64);
    let version = number("version").map_or("It".to_owned(), |version| format!("Version {version}"));
    let when = || Timestamp::parse(text("at")).map(|at| time::in_full(zone, at)).unwrap_or_default();
    match event.kind {
        EventKind::DocumentCreated
        | EventKind::DocumentSaved
        | EventKind::DocumentRestored
        | EventKind::DocumentImported => format!("{version} was {}.", made(event.kind)),
        EventKind::VersionKept => format!("{version}, saved by itself, was kept on purpose."),
        EventKind::VersionsThinned => "Of what was saved by itself in a sitting, the last version stays.".to_owned(),
        EventKind::DocumentSubmitted => format!("{version} was submitted for review."),
        EventKind::DocumentApproved if event.payload.contains_key("retrospective") => {
            format!("{version}, published without a review, was approved afterwards.")
        }
        EventKind::DocumentApproved => format!("{version} was approved."),
        EventKind::ChangesRequested => match number("version") {
            Some(version) => format!("Changes to version {version} were requested."),
            None => "Changes were requested.".to_owned(),
        },
        EventKind::DocumentPublished if event.payload.contains_key("forced") => {
            format!("{version} went live without a review.")
        }
        EventKind::DocumentPublished => format!("{version} went live."),
        EventKind::DocumentMoved if text("to").is_empty() => "Its address changed.".to_owned(),
        EventKind::DocumentMoved => format!("Its address changed from {} to {}.", text("from"), text("to")),
        EventKind::DocumentScheduled if text("action") == ScheduledAction::Unpublish.name() => {
            format!("Unpublishing it was scheduled for {}.", when())
        }
        EventKind::DocumentScheduled => format!("{version} was scheduled to go live on {}.", when()),
        EventKind::DocumentUnscheduled => "A schedule was taken away.".to_owned(),
        EventKind::ScheduleFailed => "A scheduled step could not be carried out.".to_owned(),
        EventKind::DocumentConfirmed => format!("{version} was confirmed as still correct."),
        EventKind::DocumentWithdrawn => "It was withdrawn, with a notice for readers.".to_owned(),
        EventKind::DocumentReinstated => "It was reinstated.".to_owned(),
        EventKind::DocumentUnpublished => "It was unpublished.".to_owned(),
        EventKind::DraftDiscarded => format!("The draft, {}, was discarded.", version.to_lowercase()),
        EventKind::DocumentTrashed => "It was moved to the trash.".to_owned(),
        EventKind::DocumentUntrashed => "It was taken out of the trash.".to_owned(),
        EventKind::DocumentPurged => "It was removed for good.".to_owned(),
        EventKind::DocumentOwned => owned(event),
        EventKind::DocumentNoted => "Note:".to_owned(),
        EventKind::FindingsLookedAt => format!("What the checks found in {} was looked at.", version.to_lowercase()),
        EventKind::PublicationSuppressed => "A past publication was hidden.".to_owned(),
        EventKind::TextQuarantined => format!("A text arrived damaged and was kept apart: {}.", text("label")),
        EventKind::QuarantinedTextDeleted => format!("A damaged text was deleted: {}.", text("label")),
        EventKind::PreviewLinkMade => format!("A preview link was made for {}.", version.to_lowercase()),
        EventKind::PreviewLinkRevoked => format!("A preview link for {} was revoked.", version.to_lowercase()),
        EventKind::ReportReceived => "A visitor sent a report about it.".to_owned(),
        EventKind::ReportReleased => "A report about it was released from quarantine.".to_owned(),
        EventKind::ReportQuarantined => "A report about it was put into quarantine.".to_owned(),
        EventKind::ReportRedacted => "Words were taken out of a report about it.".to_owned(),
        EventKind::ReportPurged => {
            "What a report about it said was deleted, as it had been kept long enough.".to_owned()
        }
        EventKind::ReportContactDeleted => "An address that was left with a report about it was deleted.".to_owned(),
        EventKind::ReportWordsPutBack => "Words were put back into a report about it.".to_owned(),
        EventKind::ReportMoved => "A report about it was moved to another case.".to_owned(),
        EventKind::CaseResolved => "A case about it was resolved.".to_owned(),
        EventKind::CaseReopened => "A case about it was reopened.".to_owned(),
        EventKind::CaseMerged => "A case about it was merged into another.".to_owned(),
        EventKind::CaseUnmerged => "A merge of cases about it was undone.".to_owned(),
        EventKind::CaseSplit if event.payload.contains_key("undone") => {
            "A split of cases about it was undone.".to_owned()
        }
        EventKind::CaseSplit => "Reports about it were moved into another case.".to_owned(),
        EventKind::CaseNoted => "A note was left on a case about it.".to_owned(),
        EventKind::CaseChanged if event.payload.contains_key("undone") => {
            "The start of a fix for a case about it was taken back.".to_owned()
        }
        EventKind::CaseChanged if event.payload.contains_key("fix") => {
            "A fix for a case about it was started.".to_owned()
        }
        EventKind::CaseChanged => case_step(text("action")).to_owned(),
        EventKind::ReportRemoved => "A sample report about it was removed for good.".to_owned(),
        EventKind::CaseRemoved => "A sample case about it was removed for good.".to_owned(),
        EventKind::SamplesMarked | EventKind::SamplesKept => "The sample content of the site changed.".to_owned(),
        EventKind::MediaAdded | EventKind::MediaChanged | EventKind::MediaDeleted => {
            "A picture in it changed.".to_owned()
        }
        EventKind::RedirectAdded | EventKind::RedirectRemoved => "A redirect to it changed.".to_owned(),
        EventKind::FeedbackExported => "Feedback was taken out as a file.".to_owned(),
        EventKind::SettingChanged => "The settings of the site changed.".to_owned(),
        EventKind::BackupRestored => "A backup was restored.".to_owned(),
        EventKind::WebhookAdded
        | EventKind::WebhookChanged
        | EventKind::WebhookSecretRotated
        | EventKind::WebhookPaused
        | EventKind::WebhookResumed
        | EventKind::WebhookTested
        | EventKind::WebhookSentAgain
        | EventKind::WebhookReplayed
        | EventKind::WebhookDeleted => "A webhook was changed.".to_owned(),
        EventKind::MailTested | EventKind::MailSentAgain => "A letter was sent again.".to_owned(),
        EventKind::ViewsSupplied => "A site said how often pages were looked at.".to_owned(),
        EventKind::FixTold => "Visitors were told what was changed in it.".to_owned(),
        EventKind::FixUntold => "Visitors are no longer told of a change in it.".to_owned(),
        EventKind::ReplySent => "A visitor who reported something about it was answered.".to_owned(),
        EventKind::SavedReplyAdded | EventKind::SavedReplyChanged | EventKind::SavedReplyRemoved => {
            "An answer that is kept to be used again was changed.".to_owned()
        }
        EventKind::UserAdded
        | EventKind::UserChanged
        | EventKind::ViewSaved
        | EventKind::ViewChanged
        | EventKind::ViewDeleted
        | EventKind::UserInvited
        | EventKind::InvitationAccepted
        | EventKind::PasswordResetOffered
        | EventKind::PasswordReset
        | EventKind::SetUpOffered
        | EventKind::DemoLinkMade
        | EventKind::SignedIn
        | EventKind::SignedOut
        | EventKind::SessionEnded
        | EventKind::SignInLimited
        | EventKind::ApiKeyAdded
        | EventKind::ApiKeyRevoked => "An account was changed.".to_owned(),
    }
}

fn owned(event: &Event) -> String {
    let review_by = event.payload.get("review_by").and_then(Value::as_str);
    let owner = if event.payload.contains_key("owner") { "has an owner" } else { "has no owner" };
    match review_by {
        Some(date) => format!("Ownership was set: it {owner} and is to be reviewed by {}.", time::day(date)),
        None => format!("Ownership was set: it {owner} and no date of review."),
    }
}

fn case_step(action: &str) -> &'static str {
    if action == "add_detail" {
        return "A visitor added detail to a report about it.";
    }
    match CaseAction::from_name(action) {
        Some(CaseAction::Open) => "A case about it was opened.",
        Some(CaseAction::Start) => "Work on a case about it was started.",
        Some(CaseAction::Wait) => "A case about it waits.",
        Some(CaseAction::Resume) => "Work on a case about it went on.",
        Some(CaseAction::Dismiss) => "A case about it was dismissed.",
        Some(CaseAction::Assign) => "A case about it was assigned.",
        Some(CaseAction::Retitle) => "A case about it got another title.",
        Some(CaseAction::Undo) => "A step on a case about it was undone.",
        Some(CaseAction::Classify) => "A case about it was classified.",
        _ => "A case about it changed.",
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        events::{EventActor, Subject},
        kernel::Sequence,
    };

    use super::*;

    #[test]
    fn every_kind_of_event_is_a_sentence_without_names_of_programs() {
        for kind in EventKind::ALL {
            let event = Event {
                sequence: Sequence(1),
                at: Timestamp(0),
                kind: *kind,
                document: None,
                subject: Subject { kind: "document".to_owned(), id: String::new() },
                actor: EventActor { kind: "user".to_owned(), id: None, name: "Ada".to_owned() },
                door: "admin".to_owned(),
                payload: serde_json::Map::new(),
                affected: Vec::new(),
                public: false,
            };
            let said = what(&event, &Zone::named("UTC"));
            assert!(
                said.ends_with(['.', ':'])
                    && !said.contains('_')
                    && said.contains(' ') | (*kind == EventKind::DocumentNoted),
                "{said}"
            );
        }
    }
}
