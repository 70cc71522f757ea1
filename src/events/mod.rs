//! The event log: what happened, in commit order. Every command appends to it in its own transaction; everything else
//! follows it. It knows no kinds of content and reads no documents.
//!
//! Order of locks, always: the publication lock, documents by id, cases, the counter last. Whoever has taken the counter
//! takes nothing more, so commit order is sequence order on both databases, no deadlock is possible, and a reader of the
//! log never skips over a gap.
//!
//! Decision (2026-11-22), changed review dates are public. Context: the date by which to review a page stands in its JSON
//! and can be set without confirming the page, but the contract's list of public events has no name for that. Choice: such
//! an event stands in the feed as `review_date_changed`. Consequence: whoever follows the feed misses no change of a page.

use std::{collections::BTreeMap, ops::RangeInclusive};

use entity::{counter, event};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
    Statement, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kernel::{Ctx, DocumentId, Error, Result, Sequence, Timestamp, Transaction, UserId, insert_all};

named! {
    /// What can happen. The public ones stand in the changes feed under their `public_name`.
    EventKind {
        DocumentCreated = "document_created",
        DocumentSaved = "document_saved",
        VersionKept = "version_kept",
        VersionsThinned = "versions_thinned",
        DocumentSubmitted = "document_submitted",
        DocumentApproved = "document_approved",
        ChangesRequested = "changes_requested",
        DocumentPublished = "document_published",
        DocumentMoved = "document_moved",
        DocumentScheduled = "document_scheduled",
        DocumentUnscheduled = "document_unscheduled",
        ScheduleFailed = "schedule_failed",
        DocumentConfirmed = "document_confirmed",
        DocumentWithdrawn = "document_withdrawn",
        DocumentReinstated = "document_reinstated",
        DocumentUnpublished = "document_unpublished",
        DraftDiscarded = "draft_discarded",
        DocumentRestored = "document_restored",
        DocumentTrashed = "document_trashed",
        DocumentUntrashed = "document_untrashed",
        DocumentPurged = "document_purged",
        DocumentOwned = "document_owned",
        DocumentNoted = "document_noted",
        FindingsLookedAt = "findings_looked_at",
        DocumentImported = "document_imported",
        TextQuarantined = "text_quarantined",
        QuarantinedTextDeleted = "quarantined_text_deleted",
        PublicationSuppressed = "publication_suppressed",
        PreviewLinkMade = "preview_link_made",
        PreviewLinkRevoked = "preview_link_revoked",
        MediaAdded = "media_added",
        MediaChanged = "media_changed",
        MediaDeleted = "media_deleted",
        RedirectAdded = "redirect_added",
        RedirectRemoved = "redirect_removed",
        SettingChanged = "setting_changed",
        UserAdded = "user_added",
        UserChanged = "user_changed",
        UserInvited = "user_invited",
        InvitationAccepted = "invitation_accepted",
        PasswordResetOffered = "password_reset_offered",
        PasswordReset = "password_reset",
        SetUpOffered = "set_up_offered",
        DemoLinkMade = "demo_link_made",
        SignedIn = "signed_in",
        SignedOut = "signed_out",
        SessionEnded = "session_ended",
        SignInLimited = "sign_in_limited",
        ApiKeyAdded = "api_key_added",
        ApiKeyRevoked = "api_key_revoked",
        WebhookAdded = "webhook_added",
        WebhookChanged = "webhook_changed",
        WebhookSecretRotated = "webhook_secret_rotated",
        WebhookPaused = "webhook_paused",
        WebhookResumed = "webhook_resumed",
        WebhookTested = "webhook_tested",
        WebhookSentAgain = "webhook_sent_again",
        WebhookReplayed = "webhook_replayed",
        WebhookDeleted = "webhook_deleted",
        MailTested = "mail_tested",
        MailSentAgain = "mail_sent_again",
        ViewSaved = "view_saved",
        ViewChanged = "view_changed",
        ViewDeleted = "view_deleted",
        ReportReceived = "report_received",
        ReportReleased = "report_released",
        ReportQuarantined = "report_quarantined",
        ReportRedacted = "report_redacted",
        ReportWordsPutBack = "report_words_put_back",
        ReportPurged = "report_purged",
        ReportContactDeleted = "report_contact_deleted",
        FeedbackExported = "feedback_exported",
        ReportMoved = "report_moved",
        CaseChanged = "case_changed",
        CaseResolved = "case_resolved",
        CaseReopened = "case_reopened",
        CaseMerged = "case_merged",
        CaseUnmerged = "case_unmerged",
        CaseSplit = "case_split",
        CaseNoted = "case_noted",
        FixTold = "fix_told",
        FixUntold = "fix_untold",
        ReplySent = "reply_sent",
        SavedReplyAdded = "saved_reply_added",
        SavedReplyChanged = "saved_reply_changed",
        SavedReplyRemoved = "saved_reply_removed",
        ViewsSupplied = "views_supplied",
        ReportRemoved = "report_removed",
        CaseRemoved = "case_removed",
        SamplesMarked = "samples_marked",
        SamplesKept = "samples_kept",
        BackupRestored = "backup_restored",
    }
}

impl EventKind {
    /// The name in the public changes feed, for kinds that stand there.
    pub fn public_name(self) -> Option<&'static str> {
        match self {
            Self::DocumentPublished | Self::DocumentImported => Some("published"),
            Self::DocumentWithdrawn => Some("withdrawn"),
            Self::DocumentReinstated => Some("reinstated"),
            Self::DocumentUnpublished => Some("unpublished"),
            Self::DocumentMoved => Some("moved"),
            Self::DocumentConfirmed => Some("confirmed"),
            Self::DocumentOwned => Some("review_date_changed"),
            Self::MediaChanged => Some("media_changed"),
            _ => None,
        }
    }
}

/// An event that is about to be recorded.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub kind: EventKind,
    pub document: Option<DocumentId>,
    /// What it is about, if not a document: ("case", id), ("user", id) …
    pub subject: (&'static str, String),
    pub payload: Map<String, Value>,
    /// The live documents whose public JSON changed; empty for events that the public does not see.
    pub affected: Vec<DocumentId>,
    /// Whether the public changes feed shows it.
    pub public: bool,
}

/// An event as it stands in the log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub sequence: Sequence,
    pub at: Timestamp,
    pub kind: EventKind,
    pub document: Option<DocumentId>,
    pub subject: Subject,
    pub actor: EventActor,
    pub door: String,
    pub payload: Map<String, Value>,
    pub affected: Vec<DocumentId>,
    #[serde(skip)]
    pub public: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subject {
    pub kind: String,
    pub id: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EventActor {
    pub kind: String,
    pub id: Option<uuid::Uuid>,
    pub name: String,
}

/// The place of an event in the log: its number and its time.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    pub sequence: Sequence,
    pub at: Timestamp,
}

impl NewEvent {
    pub fn about_document(kind: EventKind, document: DocumentId) -> Self {
        Self {
            kind,
            document: Some(document),
            subject: ("document", document.to_string()),
            payload: Map::new(),
            affected: Vec::new(),
            public: false,
        }
    }

    pub fn about(kind: EventKind, subject: &'static str, id: impl ToString) -> Self {
        Self {
            kind,
            document: None,
            subject: (subject, id.to_string()),
            payload: Map::new(),
            affected: Vec::new(),
            public: false,
        }
    }

    /// Adds something to the payload; null values are left out.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        if !value.is_null() {
            self.payload.insert(key.to_owned(), value);
        }
        self
    }

    #[must_use]
    pub fn public(mut self, affected: Vec<DocumentId>) -> Self {
        self.public = true;
        self.affected = affected;
        self
    }
}

/// Takes the lock that every command which changes public output holds to its end. First of all locks.
pub async fn lock_publications(tx: &Transaction) -> Result<()> {
    if tx.locks_rows() {
        let row = counter::Entity::find_by_id("publication").lock(LockType::Update).one(&**tx).await?;
        row.ok_or_else(|| Error::bug("the publication lock has no row"))?;
    }
    Ok(())
}

/// Takes the counter and with it the next place in the log. Last of all locks: after it only rows may be touched that
/// the transaction holds already, or that the publication lock guards.
pub async fn next_stamp(tx: &Transaction, ctx: &Ctx) -> Result<Stamp> {
    let sequence = Sequence(next_number(&**tx, "event").await?);
    let before = last_time(&**tx, Sequence(sequence.0 - 1)).await?;
    // The clock of a machine can be set back, or another machine's can be ahead; the log's never goes back.
    Ok(Stamp { sequence, at: ctx.now().max(before) })
}

/// Writes the event at its place.
pub async fn record(tx: &Transaction, ctx: &Ctx, stamp: Stamp, event: NewEvent) -> Result<()> {
    event::Entity::insert(row(ctx, stamp, event)?).exec_without_returning(&**tx).await?;
    tx.announce().await
}

fn row(ctx: &Ctx, stamp: Stamp, event: NewEvent) -> Result<event::ActiveModel> {
    let mut payload = event.payload;
    if let Some(key) = ctx.actor.key {
        payload.insert("api_key".to_owned(), key.to_string().into());
    }
    Ok(event::ActiveModel {
        sequence: Set(stamp.sequence.0),
        at: Set(stamp.at.0),
        kind: Set(event.kind.name().to_owned()),
        document_id: Set(event.document.map(|document| document.0)),
        subject_kind: Set(event.subject.0.to_owned()),
        subject_id: Set(event.subject.1),
        actor_kind: Set(ctx.actor.kind.name().to_owned()),
        actor_id: Set(ctx.actor.user.map(|user| user.0)),
        actor_name: Set(ctx.actor.name.clone()),
        door: Set(ctx.door.name().to_owned()),
        public: Set(event.public),
        payload: Set(serde_json::to_string(&payload)?),
        affected: Set(serde_json::to_string(&event.affected)?),
        request_id: Set(ctx.request_id.clone()),
    })
}

/// Takes the next place and writes the event there; for commands that write nothing numbered themselves.
pub async fn append(tx: &Transaction, ctx: &Ctx, event: NewEvent) -> Result<Stamp> {
    let stamp = next_stamp(tx, ctx).await?;
    record(tx, ctx, stamp, event).await?;
    Ok(stamp)
}

/// Takes as many places as there are events and writes them there, in order, with few statements.
pub async fn append_all(tx: &Transaction, events: Vec<(&Ctx, NewEvent)>) -> Result<()> {
    let places = next_numbers(&**tx, "event", events.len()).await?;
    let mut at = last_time(&**tx, Sequence(places.start() - 1)).await?;
    let mut rows = Vec::new();
    for (sequence, (ctx, event)) in places.zip(events) {
        at = at.max(ctx.now());
        rows.push(row(ctx, Stamp { sequence: Sequence(sequence), at }, event)?);
    }
    insert_all(tx, rows).await?;
    tx.announce().await
}

/// The next number of a counter.
pub async fn next_number(connection: &impl ConnectionTrait, name: &str) -> Result<i64> {
    take_numbers(connection, name, 1).await
}

/// The next numbers of a counter, so many.
pub async fn next_numbers(connection: &impl ConnectionTrait, name: &str, count: usize) -> Result<RangeInclusive<i64>> {
    let count = i64::try_from(count).map_err(Error::bug)?;
    let last = take_numbers(connection, name, count).await?;
    Ok(last - count + 1..=last)
}

/// Takes the next numbers of a counter, and gives the last of them.
async fn take_numbers(connection: &impl ConnectionTrait, name: &str, count: i64) -> Result<i64> {
    let statement = match connection.get_database_backend() {
        DatabaseBackend::Postgres => "UPDATE counter SET value = value + $1 WHERE name = $2 RETURNING value",
        _ => "UPDATE counter SET value = value + ? WHERE name = ? RETURNING value",
    };
    let values = [count.into(), name.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), statement, values);
    let row = connection.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| Error::bug(format!("the counter {name} has no row")))?;
    Ok(row.try_get("", "value")?)
}

/// The number of the last event.
pub async fn last_sequence(connection: &impl ConnectionTrait) -> Result<Sequence> {
    let row = counter::Entity::find_by_id("event").one(connection).await?;
    Ok(Sequence(row.map_or(0, |row| row.value)))
}

async fn last_time(connection: &impl ConnectionTrait, sequence: Sequence) -> Result<Timestamp> {
    let at: Option<i64> = event::Entity::find()
        .select_only()
        .column(event::Column::At)
        .filter(event::Column::Sequence.lte(sequence.0))
        .order_by_desc(event::Column::Sequence)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(Timestamp(at.unwrap_or_default()))
}

/// What whoever keeps something that was read before has to know of an event.
#[derive(Clone, Debug)]
pub struct Trace {
    pub sequence: Sequence,
    pub kind: EventKind,
    pub subject: String,
    pub document: Option<DocumentId>,
    pub affected: Vec<DocumentId>,
    pub public: bool,
}

/// The traces of the events after a place, in order; without the words of their payloads.
pub async fn traces(connection: &impl ConnectionTrait, after: Sequence, limit: u64) -> Result<Vec<Trace>> {
    type Row = (i64, String, String, Option<uuid::Uuid>, String, bool);
    let rows: Vec<Row> = event::Entity::find()
        .select_only()
        .columns([
            event::Column::Sequence,
            event::Column::Kind,
            event::Column::SubjectId,
            event::Column::DocumentId,
            event::Column::Affected,
            event::Column::Public,
        ])
        .filter(event::Column::Sequence.gt(after.0))
        .order_by_asc(event::Column::Sequence)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?;
    let trace = |(sequence, kind, subject, document, affected, public): Row| {
        Ok(Trace {
            sequence: Sequence(sequence),
            kind: EventKind::from_name(&kind).ok_or_else(|| Error::bug(format!("unknown event {kind}")))?,
            subject,
            document: document.map(DocumentId),
            affected: serde_json::from_str(&affected)?,
            public,
        })
    };
    rows.into_iter().map(trace).collect()
}

/// Which events to read.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub after: Option<Sequence>,
    pub before: Option<Sequence>,
    /// Who acted, through a key or not.
    pub actor: Option<UserId>,
    /// No earlier than this.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub until: Option<Timestamp>,
    pub document: Option<DocumentId>,
    pub subject: Option<(String, String)>,
    /// One of these, all of one kind; a few.
    pub subjects: Option<(String, Vec<String>)>,
    pub kind: Option<EventKind>,
    /// Any of these; all if it is empty.
    pub kinds: Vec<EventKind>,
    pub public_only: bool,
}

/// Events in order, oldest first; with `newest_first` the other way round.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    newest_first: bool,
    limit: u64,
) -> Result<Vec<Event>> {
    let query = select(filter);
    let query = if newest_first {
        query.order_by_desc(event::Column::Sequence)
    } else {
        query.order_by_asc(event::Column::Sequence)
    };
    query.limit(limit).all(connection).await?.into_iter().map(read).collect()
}

/// How many events the filter lets through, wherever a page of them begins.
pub async fn count(connection: &impl ConnectionTrait, filter: &Filter) -> Result<u64> {
    use sea_orm::PaginatorTrait;

    Ok(select(&Filter { after: None, before: None, ..filter.clone() }).count(connection).await?)
}

/// When an event of a kind last happened to each of the things that such events are about, by their ids.
pub async fn last_of_each(connection: &impl ConnectionTrait, kind: EventKind) -> Result<BTreeMap<String, Timestamp>> {
    let rows: Vec<(String, i64)> = event::Entity::find()
        .select_only()
        .column(event::Column::SubjectId)
        .column_as(event::Column::At.max(), "last")
        .filter(event::Column::Kind.eq(kind.name()))
        .group_by(event::Column::SubjectId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(id, at)| (id, Timestamp(at))).collect())
}

fn select(filter: &Filter) -> Select<event::Entity> {
    let mut query = event::Entity::find();
    if let Some(after) = filter.after {
        query = query.filter(event::Column::Sequence.gt(after.0));
    }
    if let Some(before) = filter.before {
        query = query.filter(event::Column::Sequence.lt(before.0));
    }
    if let Some(actor) = filter.actor {
        query = query.filter(event::Column::ActorId.eq(actor.0));
    }
    if let Some(from) = filter.from {
        query = query.filter(event::Column::At.gte(from.0));
    }
    if let Some(until) = filter.until {
        query = query.filter(event::Column::At.lt(until.0));
    }
    if let Some(document) = filter.document {
        query = query.filter(event::Column::DocumentId.eq(document.0));
    }
    if let Some((kind, id)) = &filter.subject {
        query = query.filter(event::Column::SubjectKind.eq(kind)).filter(event::Column::SubjectId.eq(id));
    }
    if let Some((kind, ids)) = &filter.subjects {
        query = query.filter(event::Column::SubjectKind.eq(kind)).filter(event::Column::SubjectId.is_in(ids));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(event::Column::Kind.eq(kind.name()));
    }
    if !filter.kinds.is_empty() {
        query = query.filter(event::Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.name())));
    }
    if filter.public_only {
        query = query.filter(event::Column::Public.eq(true));
    }
    query
}

fn read(row: event::Model) -> Result<Event> {
    let kind = EventKind::from_name(&row.kind).ok_or_else(|| Error::bug(format!("unknown event {}", row.kind)))?;
    Ok(Event {
        sequence: Sequence(row.sequence),
        at: Timestamp(row.at),
        kind,
        document: row.document_id.map(DocumentId),
        subject: Subject { kind: row.subject_kind, id: row.subject_id },
        actor: EventActor { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
        door: row.door,
        payload: serde_json::from_str(&row.payload)?,
        affected: serde_json::from_str(&row.affected)?,
        public: row.public,
    })
}
