//! Events in plain sentences: who, what they did, and to what. It reads the payloads that commands write.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    content::Kind,
    events::{Event, EventKind},
    feedback::CaseAction,
    kernel::{DocumentId, Role, Timestamp},
    webhooks::PauseReason,
};

use super::super::{
    access, document,
    ui::{
        self,
        time::{self, Zone},
    },
};

/// The setting that says that a demo has been filled.
const DEMO: &str = "demo";

/// What ids are called, for those who may know it.
#[derive(Default)]
pub struct Names {
    pub people: BTreeMap<String, String>,
    pub documents: BTreeMap<DocumentId, (Kind, String)>,
    pub cases: BTreeMap<String, i64>,
    /// The reports that are there.
    pub reports: BTreeSet<String>,
}

/// An event in words: who did what to which object, and what else there is to say.
pub struct Told {
    pub who: String,
    pub did: String,
    pub object: String,
    /// Where the object stands in the panel.
    pub address: Option<String>,
    /// Goes on right behind the object.
    pub rest: String,
}

impl Told {
    /// The sentence without who.
    pub fn text(&self) -> String {
        let gap = if self.object.is_empty() { "" } else { " " };
        format!("{}{gap}{}{}", self.did, self.object, self.rest)
    }
}

impl Names {
    pub fn told(&self, event: &Event, zone: &Zone) -> Told {
        let (did, rest) = did(event, zone);
        let (object, address) = if speaks_for_itself(event.kind) { (String::new(), None) } else { self.object(event) };
        Told { who: who(event), did, object, address, rest }
    }

    /// What an event is about, and where it stands.
    fn object(&self, event: &Event) -> (String, Option<String>) {
        let id = &event.subject.id;
        let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
        match event.subject.kind.as_str() {
            "document" => match event.document.and_then(|id| Some((id, self.documents.get(&id)?))) {
                Some((id, (kind, title))) => {
                    (format!("“{}”", document::titled(title)), Some(document::address(*kind, id, "")))
                }
                None => ("a document that is no longer there".to_owned(), None),
            },
            "user" => match self.people.get(id) {
                Some(name) => (name.clone(), Some(format!("/admin/users/{id}"))),
                None => ("somebody".to_owned(), None),
            },
            "case" => match self.cases.get(id) {
                Some(number) => (format!("case {number}"), Some(format!("/admin/cases/{id}"))),
                // Its number is in the log; the case itself is gone.
                None => match event.payload.get("number").and_then(Value::as_i64) {
                    Some(number) => (format!("case {number}"), None),
                    None => ("a case".to_owned(), None),
                },
            },
            "report" => {
                let words = text("reference").map_or("a report".to_owned(), |reference| format!("report {reference}"));
                (words, self.reports.contains(id).then(|| format!("/admin/reports/{id}")))
            }
            "media" => {
                let words = text("filename").map_or("a picture".to_owned(), |name| format!("the picture {name}"));
                let there = event.kind != EventKind::MediaDeleted;
                (words, there.then(|| format!("/admin/media/{id}")))
            }
            "redirect" => {
                let words = text("path").map_or("a redirect".to_owned(), |path| format!("the redirect {path}"));
                (words, Some("/admin/redirects".to_owned()))
            }
            "api_key" => {
                let words = text("name").map_or("an API key".to_owned(), |name| format!("the API key “{name}”"));
                (words, Some("/admin/api-keys".to_owned()))
            }
            "webhook" => {
                let words = text("name").map_or("a webhook".to_owned(), |name| format!("the webhook “{name}”"));
                let there = event.kind != EventKind::WebhookDeleted;
                (words, there.then(|| format!("/admin/webhooks/{id}")))
            }
            "saved_view" => (text("name").map_or("a view".to_owned(), |name| format!("the view “{name}”")), None),
            "setting" if id == DEMO => ("the demo".to_owned(), None),
            "setting" => ("the settings".to_owned(), Some("/admin/settings".to_owned())),
            _ => (String::new(), None),
        }
    }
}

fn who(event: &Event) -> String {
    match event.actor.kind.as_str() {
        "api_key" => format!("{}, with a key", event.actor.name),
        "visitor" => "A visitor".to_owned(),
        "system" => format!("Rolebook ({})", event.actor.name),
        _ => event.actor.name.clone(),
    }
}

/// Whether the sentence needs no object: it would be the person who acts, or the site.
fn speaks_for_itself(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::SignedIn
            | EventKind::SignedOut
            | EventKind::InvitationAccepted
            | EventKind::PasswordReset
            | EventKind::SetUpOffered
            | EventKind::BackupRestored
            | EventKind::MailTested
            | EventKind::MailSentAgain
            | EventKind::ViewsSupplied
            | EventKind::SavedReplyAdded
            | EventKind::SavedReplyChanged
            | EventKind::SavedReplyRemoved
            | EventKind::SamplesMarked
            | EventKind::SamplesKept
    )
}

/// What follows a colon, if there is anything to follow it.
fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

/// What was done, and what goes on behind the object.
fn did(event: &Event, zone: &Zone) -> (String, String) {
    let text = |key: &str| event.payload.get(key).and_then(Value::as_str).unwrap_or_default();
    let number = |key: &str| event.payload.get(key).and_then(Value::as_i64);
    let version = number("version").map(|version| format!(", version {version}")).unwrap_or_default();
    let when =
        || Timestamp::parse(text("at")).map(|at| format!(" for {}", time::in_full(zone, at))).unwrap_or_default();
    let (did, rest) = match event.kind {
        EventKind::DocumentCreated => ("made", version),
        EventKind::DocumentSaved => ("saved", version),
        EventKind::VersionsThinned => ("thinned the autosaves of", String::new()),
        EventKind::VersionKept => ("kept", version),
        EventKind::DocumentSubmitted => ("submitted for review", version),
        EventKind::DocumentApproved => ("approved", version),
        EventKind::ChangesRequested => ("requested changes of", version),
        EventKind::DocumentPublished if event.payload.contains_key("forced") => ("published without a review", version),
        EventKind::DocumentPublished => ("published", version),
        EventKind::DocumentMoved if text("to").is_empty() => ("moved", String::new()),
        EventKind::DocumentMoved => ("moved", format!(" from {} to {}", text("from"), text("to"))),
        EventKind::DocumentScheduled if text("action") == "unpublish" => ("scheduled the unpublishing of", when()),
        EventKind::DocumentScheduled => ("scheduled", format!("{version}{}", when())),
        EventKind::DocumentUnscheduled => ("took away a schedule of", String::new()),
        EventKind::ScheduleFailed => ("could not do what was scheduled for", String::new()),
        EventKind::DocumentConfirmed => ("confirmed", format!("{version}, as still correct")),
        EventKind::DocumentWithdrawn => ("withdrew", String::new()),
        EventKind::DocumentReinstated => ("reinstated", String::new()),
        EventKind::DocumentUnpublished => ("unpublished", String::new()),
        EventKind::DraftDiscarded => ("discarded the draft of", version),
        EventKind::DocumentRestored => ("restored", version),
        EventKind::DocumentTrashed => ("moved to the trash", String::new()),
        EventKind::DocumentUntrashed => ("took out of the trash", String::new()),
        EventKind::DocumentPurged => ("removed for good", String::new()),
        EventKind::DocumentOwned => ("set owner or review date of", String::new()),
        EventKind::DocumentNoted => ("left a note on", String::new()),
        EventKind::FindingsLookedAt => ("looked at what the checks found in", version),
        EventKind::DocumentImported => ("imported", version),
        EventKind::TextQuarantined => ("sent a damaged text for", after_colon(text("label"))),
        EventKind::QuarantinedTextDeleted => ("deleted a damaged text of", after_colon(text("label"))),
        EventKind::PreviewLinkMade => ("made a preview link for", version),
        EventKind::PreviewLinkRevoked => ("revoked a preview link for", version),
        EventKind::ViewSaved => ("saved", String::new()),
        EventKind::ViewChanged => ("changed", String::new()),
        EventKind::ViewDeleted => ("deleted", String::new()),
        EventKind::PublicationSuppressed => ("hid a past publication of", String::new()),
        EventKind::MediaAdded | EventKind::RedirectAdded => ("added", String::new()),
        EventKind::MediaChanged => ("changed", String::new()),
        EventKind::MediaDeleted => ("deleted", String::new()),
        EventKind::RedirectRemoved => ("removed", String::new()),
        EventKind::SettingChanged if event.subject.id == DEMO => ("filled", String::new()),
        EventKind::SettingChanged => ("changed", settings(event)),
        EventKind::UserAdded => ("added the account of", roles(event.payload.get("roles"), " as ")),
        EventKind::UserChanged => ("changed the account of", account(event)),
        EventKind::UserInvited if event.payload.contains_key("by_mail") => ("sent an invitation to", String::new()),
        EventKind::UserInvited => ("made an invitation link for", String::new()),
        EventKind::InvitationAccepted => ("accepted the invitation", String::new()),
        EventKind::PasswordResetOffered if event.payload.contains_key("by_mail") => (
            "sent a password link to",
            if event.payload.contains_key("asked") { ", who had asked".to_owned() } else { String::new() },
        ),
        EventKind::PasswordResetOffered => ("made a password link for", String::new()),
        EventKind::PasswordReset => ("set a new password with a link", ended(event)),
        EventKind::SetUpOffered => ("printed a link to set the site up", String::new()),
        EventKind::DemoLinkMade => ("made a sign-in link for", String::new()),
        EventKind::SignedIn => (
            "signed in",
            event
                .payload
                .get("browser")
                .and_then(Value::as_str)
                .map(|browser| format!(" with {browser}"))
                .unwrap_or_default(),
        ),
        EventKind::SignedOut => ("signed out", String::new()),
        EventKind::SessionEnded => {
            ("ended sessions of", number("sessions").map(|count| format!(": {count}")).unwrap_or_default())
        }
        EventKind::SignInLimited => {
            let waits = number("minutes").map(|minutes| format!(", and waits {minutes} minutes")).unwrap_or_default();
            let known = event.subject.kind == "user";
            (if known { "failed too often to sign in to the account of" } else { "failed too often to sign in" }, waits)
        }
        EventKind::ApiKeyAdded => ("made", String::new()),
        EventKind::ApiKeyRevoked => ("revoked", String::new()),
        EventKind::WebhookAdded => ("made", String::new()),
        EventKind::WebhookChanged => ("changed", webhook(event)),
        EventKind::WebhookSecretRotated => ("gave another secret to", String::new()),
        EventKind::WebhookPaused => ("paused", pause(text("reason"), text("note"))),
        EventKind::WebhookResumed => ("resumed", String::new()),
        EventKind::WebhookTested => ("sent a test to", String::new()),
        EventKind::WebhookSentAgain => ("sent an event again to", String::new()),
        EventKind::WebhookReplayed => {
            let since = Timestamp::parse(text("since"));
            (
                "sent past events again to",
                since.map(|at| format!(", since {}", time::in_full(zone, at))).unwrap_or_default(),
            )
        }
        EventKind::WebhookDeleted => ("deleted", String::new()),
        EventKind::MailTested => ("sent a test by mail", String::new()),
        EventKind::MailSentAgain => ("sent a letter again", String::new()),
        EventKind::ReportReceived => ("sent", String::new()),
        EventKind::ReportReleased => ("released from quarantine", String::new()),
        EventKind::ReportQuarantined => ("put into quarantine", String::new()),
        EventKind::ReportRedacted if event.payload.contains_key("erased") => ("erased the text of", String::new()),
        EventKind::ReportRedacted => ("took words out of", String::new()),
        EventKind::FeedbackExported => ("took feedback out as a file", exported(&event.payload)),
        EventKind::ReportPurged => ("purged the text of", purged(&event.payload)),
        EventKind::ReportContactDeleted => ("deleted the address that was left with", purged(&event.payload)),
        EventKind::ReportWordsPutBack => ("put words back into", String::new()),
        EventKind::ReportMoved => ("moved to another case", String::new()),
        EventKind::CaseChanged if event.payload.contains_key("undone") => {
            ("took back the start of a fix for", String::new())
        }
        EventKind::CaseChanged if event.payload.contains_key("fix") => ("started a fix for", String::new()),
        EventKind::CaseChanged => (case_step(text("action")), String::new()),
        EventKind::CaseResolved => ("resolved", String::new()),
        EventKind::CaseReopened => ("reopened", String::new()),
        EventKind::CaseMerged => {
            ("merged", number("into_number").map(|into| format!(" into case {into}")).unwrap_or_default())
        }
        EventKind::CaseUnmerged => ("took apart again", String::new()),
        EventKind::CaseSplit if event.payload.contains_key("undone") => ("took a split back in", String::new()),
        EventKind::CaseSplit => match number("into_number") {
            Some(into) => ("moved reports out of", format!(", into case {into}")),
            None => ("moved reports into", String::new()),
        },
        EventKind::CaseNoted => ("left a note on", String::new()),
        EventKind::FixTold => ("said in public what was changed for", String::new()),
        EventKind::FixUntold => ("took back what was said in public about", String::new()),
        EventKind::ReplySent => ("answered the visitor of a report in", String::new()),
        EventKind::ViewsSupplied => ("said how often pages were looked at", String::new()),
        EventKind::SavedReplyAdded => ("wrote a saved reply", String::new()),
        EventKind::SavedReplyChanged => ("changed a saved reply", String::new()),
        EventKind::SavedReplyRemoved => ("removed a saved reply", String::new()),
        EventKind::ReportRemoved | EventKind::CaseRemoved => ("removed for good", String::new()),
        EventKind::SamplesMarked => ("added sample content", samples(event)),
        EventKind::SamplesKept => ("kept sample content as the site's own", samples(event)),
        EventKind::BackupRestored => ("restored a backup", String::new()),
    };
    (did.to_owned(), rest)
}

/// What a change did to a webhook.
fn webhook(event: &Event) -> String {
    let to = |key: &str| event.payload.get(key).and_then(|change| change.get("to"));
    let mut said = Vec::new();
    if let Some(url) = to("url").and_then(Value::as_str) {
        said.push(format!("the address is now {url}"));
    }
    if let Some(events) = to("events") {
        let names = events.as_array().cloned().unwrap_or_default();
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let which = if names.is_empty() { "all".to_owned() } else { names.join(", ").replace('_', " ") };
        said.push(format!("the events are now {which}"));
    }
    for (key, words) in [("renamed", "another name"), ("owner", "another owner")] {
        if to(key).is_some() {
            said.push(words.to_owned());
        }
    }
    after_colon(&said.join(", "))
}

/// Why a webhook was paused.
fn pause(reason: &str, note: &str) -> String {
    match PauseReason::from_name(reason) {
        Some(PauseReason::Failing) => ", since nothing got through for a day".to_owned(),
        Some(PauseReason::Gone) => ", since its receiver answered that it is gone".to_owned(),
        Some(PauseReason::Restored) => ", since the site was restored from a backup".to_owned(),
        Some(PauseReason::ByHand) | None => after_colon(note),
    }
}

/// How many things of each kind became samples, or ceased to be.
fn samples(event: &Event) -> String {
    let named = [
        ("document", "document", "documents"),
        ("media", "picture", "pictures"),
        ("report", "report", "reports"),
        ("case", "case", "cases"),
    ];
    let counts = named.iter().filter_map(|(key, one, many)| {
        let count = event.payload.get(*key)?.as_array()?.len();
        Some(ui::count(u64::try_from(count).ok()?, one, many))
    });
    after_colon(&counts.collect::<Vec<_>>().join(", "))
}

fn case_step(action: &str) -> &'static str {
    if action == "add_detail" {
        return "added detail to";
    }
    match CaseAction::from_name(action) {
        Some(CaseAction::Open) => "opened",
        Some(CaseAction::Start) => "started work on",
        Some(CaseAction::Wait) => "let wait",
        Some(CaseAction::Resume) => "went on with",
        Some(CaseAction::Dismiss) => "dismissed",
        Some(CaseAction::Assign) => "assigned",
        Some(CaseAction::Retitle) => "gave another title to",
        Some(CaseAction::Undo) => "undid a step on",
        Some(CaseAction::Classify) => "classified",
        _ => "changed",
    }
}

/// The settings that a change gave another value.
fn settings(event: &Event) -> String {
    let (from, to) = (event.payload.get("from"), event.payload.get("to"));
    let Some(to) = to.and_then(Value::as_object) else { return String::new() };
    let changed = to.iter().filter(|(name, value)| from.and_then(|from| from.get(name.as_str())) != Some(value));
    let said = |(name, value): (&String, &Value)| match (name.replace('_', " "), value) {
        // Who wants to know more looks at the event.
        (name, Value::Array(_) | Value::Object(_)) => format!("{name} have changed"),
        (name, value) => format!("{name} is now {}", plain(value)),
    };
    let changed: Vec<String> = changed.map(said).collect();
    if changed.is_empty() { String::new() } else { format!(": {}", changed.join("; ")) }
}

/// What a change did to an account.
fn account(event: &Event) -> String {
    let change = |key: &str| event.payload.get(key).and_then(|change| change.get("to"));
    let mut said = Vec::new();
    if let Some(name) = change("name").and_then(Value::as_str) {
        said.push(format!("the name is now {name}"));
    }
    if change("roles").is_some() {
        said.push(format!("the roles are now{}", roles(change("roles"), " ")));
    }
    match change("active").and_then(Value::as_bool) {
        Some(true) => said.push("activated".to_owned()),
        Some(false) => said.push("deactivated".to_owned()),
        None => {}
    }
    if event.payload.contains_key("email_changed") {
        said.push("another e-mail address".to_owned());
    }
    if event.payload.contains_key("password_set") {
        said.push("a new password".to_owned());
    }
    if said.is_empty() { String::new() } else { format!(": {}{}", said.join(", "), ended(event)) }
}

fn ended(event: &Event) -> String {
    let ended = event.payload.get("sessions_ended").and_then(Value::as_i64);
    ended.map(|count| format!("; sessions ended: {count}")).unwrap_or_default()
}

/// Roles by their names in a payload.
fn roles(value: Option<&Value>, before: &str) -> String {
    let names = value.and_then(Value::as_array).cloned().unwrap_or_default();
    let roles = names.iter().filter_map(Value::as_str).filter_map(Role::from_name);
    let line = access::role_names(roles);
    if line.is_empty() { String::new() } else { format!("{before}{line}") }
}

/// What was taken out, in which form and with which filter.
fn exported(payload: &serde_json::Map<String, Value>) -> String {
    let text = |key: &str| payload.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("what").is_empty() {
        return String::new();
    }
    let filter = payload.get("filter").and_then(Value::as_object).cloned().unwrap_or_default();
    let filter: Vec<String> =
        filter.iter().map(|(key, value)| format!("{} {}", key.replace('_', " "), plain(value))).collect();
    let filter =
        if filter.is_empty() { "without a filter".to_owned() } else { format!("filtered by {}", filter.join(", ")) };
    format!(": {} as {}, {filter}", text("what"), text("format").to_uppercase())
}

/// For how long something was kept.
fn purged(payload: &serde_json::Map<String, Value>) -> String {
    payload.get("days").and_then(Value::as_i64).map(|days| format!(", kept for {days} days")).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        other => other.to_string(),
    }
}

/// A kind of event as an option of a filter: "Document published".
pub fn kind_in_words(kind: EventKind) -> String {
    let words = kind.name().replace('_', " ").replace("api key", "API key");
    let mut characters = words.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        events::{EventActor, Subject},
        kernel::Sequence,
    };

    use super::*;

    fn event(kind: EventKind, subject: (&str, &str), payload: &Value) -> Event {
        Event {
            sequence: Sequence(1),
            at: Timestamp(0),
            kind,
            document: None,
            subject: Subject { kind: subject.0.to_owned(), id: subject.1.to_owned() },
            actor: EventActor { kind: "user".to_owned(), id: None, name: "Ada".to_owned() },
            door: "admin".to_owned(),
            payload: payload.as_object().cloned().unwrap_or_default(),
            affected: Vec::new(),
            public: false,
        }
    }

    fn said(kind: EventKind, subject: (&str, &str), payload: &Value) -> String {
        Names::default().told(&event(kind, subject, payload), &Zone::named("UTC")).text()
    }

    #[test]
    fn every_kind_of_event_is_a_sentence_with_words_and_without_names_of_programs() {
        for kind in EventKind::ALL {
            let text = said(*kind, ("user", "x"), &json!({}));
            assert!(text.len() > 5 && !text.contains('_') && text == text.trim(), "{}: {text:?}", kind.name());
        }
    }

    #[test]
    fn samples_are_counted_by_what_they_are() {
        let some = json!({ "document": ["a", "b"], "media": ["c"] });
        let said = |kind| said(kind, ("sample", "content"), &some);
        assert_eq!(said(EventKind::SamplesMarked), "added sample content: 2 documents, 1 picture");
        assert_eq!(said(EventKind::SamplesKept), "kept sample content as the site's own: 2 documents, 1 picture");
    }

    #[test]
    fn what_a_change_did_is_said() {
        let roles = json!({ "roles": { "from": ["editor"], "to": ["editor", "publisher"] }, "sessions_ended": 2 });
        assert_eq!(
            said(EventKind::UserChanged, ("user", "x"), &roles),
            "changed the account of somebody: the roles are now Editor, Publisher; sessions ended: 2"
        );
        let settings = json!({ "from": { "site_name": "A", "contact_email": false }, "to": { "site_name": "B", "contact_email": false } });
        assert_eq!(
            said(EventKind::SettingChanged, ("setting", "site"), &settings),
            "changed the settings: site name is now B"
        );
        let complete = json!({ "to": { "complete": true } });
        assert_eq!(said(EventKind::SettingChanged, ("setting", "demo"), &complete), "filled the demo");
        let detail = json!({ "action": "add_detail", "reference": "RB-1234-5678" });
        assert_eq!(said(EventKind::CaseChanged, ("case", "x"), &detail), "added detail to a case");
        assert_eq!(said(EventKind::CaseChanged, ("report", "x"), &detail), "added detail to report RB-1234-5678");
    }
}
