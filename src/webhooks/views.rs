//! A webhook as people and programs see it: without its secrets. What a new one or a change brings is checked here.

use std::collections::BTreeMap;

use entity::{user, webhook};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType};
use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;

use crate::{
    events::EventKind,
    kernel::{Ctx, Error, Fault, Named, Permission, Result, Timestamp, Transaction, UserId, WebhookId, revision},
    outbound::Targets,
};

/// The longest name, in characters.
const NAME_LIMIT: usize = 100;
/// How many webhooks a site can have.
pub const MOST: usize = 50;
/// How long the previous secret can go on signing beside a new one, in hours.
pub const LONGEST_OVERLAP: i64 = 168;

/// A type of event as the public changes feed names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EventType(&'static str);

impl EventType {
    pub fn name(self) -> &'static str {
        self.0
    }

    /// Every type, in the order of the list of events.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for name in EventKind::ALL.iter().filter_map(|kind| kind.public_name()) {
            if !all.contains(&Self(name)) {
                all.push(Self(name));
            }
        }
        all
    }
}

impl Named for EventType {
    fn names() -> Vec<&'static str> {
        Self::all().into_iter().map(Self::name).collect()
    }

    fn of_name(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|one| one.0 == name)
    }
}

impl<'de> Deserialize<'de> for EventType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::of_name(&name).ok_or_else(|| de::Error::custom("no type of event"))
    }
}

named! {
    /// Whether a webhook is sent anything.
    WebhookState {
        Active = "active",
        /// Nothing has got through since a time; it is still tried.
        Failing = "failing",
        Paused = "paused",
    }

    /// Why a webhook is paused.
    PauseReason {
        ByHand = "by_hand",
        /// Nothing got through for a day.
        Failing = "failing",
        /// Its receiver answered that it is gone for good.
        Gone = "gone",
        /// The site was restored from a backup.
        Restored = "restored",
    }
}

/// A webhook, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    pub owner: Owner,
    /// The types of events that are sent; `None`: all.
    pub events: Option<Vec<EventType>>,
    pub state: WebhookState,
    pub paused: Option<Paused>,
    /// Since when nothing has got through.
    pub failing_since: Option<Timestamp>,
    /// When the next try is made while nothing gets through.
    pub retry_at: Option<Timestamp>,
    /// Whether past events are still to be sent again.
    pub replaying: bool,
    pub created_at: Timestamp,
    /// Until when the previous secret signs too.
    pub previous_secret_until: Option<Timestamp>,
    pub last_attempt: Option<LastAttempt>,
    pub last_success_at: Option<Timestamp>,
    /// Of what people decide about it; the next step names it.
    pub revision: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub id: UserId,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    pub at: Timestamp,
    pub reason: PauseReason,
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastAttempt {
    pub at: Timestamp,
    /// `None` if nothing was answered.
    pub status: Option<i32>,
    /// In words, if it did not get through.
    pub error: Option<String>,
}

#[derive(Clone, Debug)]
pub struct NewWebhook {
    pub name: String,
    pub url: String,
    pub owner: UserId,
    /// `None`: all types of events.
    pub events: Option<Vec<EventType>>,
}

/// What is to change; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct WebhookChange {
    pub name: Option<String>,
    pub url: Option<String>,
    pub owner: Option<UserId>,
    /// `Some(None)`: all types of events.
    pub events: Option<Option<Vec<EventType>>>,
}

/// A webhook with a secret that has just been made. Neither printable nor serialisable: it is shown once.
pub struct Added {
    pub webhook: Webhook,
    pub secret: String,
}

/// All of them, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Webhook>> {
    ctx.authorise(Permission::WebhooksManage)?;
    let snapshot = ctx.database.read().await?;
    let rows = webhook::Entity::find()
        .order_by_asc(webhook::Column::CreatedAt)
        .order_by_asc(webhook::Column::Id)
        .all(&*snapshot)
        .await?;
    let owners: Vec<Uuid> = rows.iter().map(|row| row.owner_id).collect();
    let owners = user::Entity::find().filter(user::Column::Id.is_in(owners)).all(&*snapshot).await?;
    let owners: BTreeMap<Uuid, String> = owners.into_iter().map(|row| (row.id, row.name)).collect();
    let named = |row: webhook::Model| {
        let owner = owners.get(&row.owner_id).cloned().unwrap_or_default();
        view(row, owner)
    };
    let mut webhooks = rows.into_iter().map(named).collect::<Result<Vec<_>>>()?;
    webhooks.sort_by_key(|webhook| webhook.name.to_lowercase());
    Ok(webhooks)
}

pub async fn get(ctx: &Ctx, id: WebhookId) -> Result<Webhook> {
    ctx.authorise(Permission::WebhooksManage)?;
    load(&*ctx.database.read().await?, id).await
}

pub(super) async fn load(connection: &impl ConnectionTrait, id: WebhookId) -> Result<Webhook> {
    let row = webhook::Entity::find_by_id(id.0).one(connection).await?.ok_or_else(|| unknown(id))?;
    let owner = user::Entity::find_by_id(row.owner_id).one(connection).await?;
    view(row, owner.map(|owner| owner.name).unwrap_or_default())
}

/// The row as it stands, kept from others until the transaction ends, if it is as it was seen.
///
/// # Errors
/// [`Error::Stale`] if it is not.
pub(super) async fn seen_row(tx: &Transaction, id: WebhookId, seen: &str) -> Result<webhook::Model> {
    let row = locked_row(tx, id).await?.ok_or_else(|| unknown(id))?;
    let present = load(&**tx, id).await?;
    if present.revision != seen {
        return Err(Error::stale(&present.revision, &present));
    }
    Ok(row)
}

pub(super) async fn locked_row(tx: &Transaction, id: WebhookId) -> Result<Option<webhook::Model>> {
    let mut query = webhook::Entity::find_by_id(id.0);
    if tx.locks_rows() {
        query = query.lock(LockType::Update);
    }
    Ok(query.one(&**tx).await?)
}

pub(super) fn unknown(id: WebhookId) -> Error {
    Error::not_found(format!("webhook with the id {id}"))
}

fn view(row: webhook::Model, owner: String) -> Result<Webhook> {
    let events = events_of(&row)?;
    let decided = (&row.name, &row.url, row.owner_id, &events, row.paused_at, &row.secret, row.previous_until);
    let revision = revision(&decided)?;
    let paused = row.paused_at.map(|at| Paused {
        at: Timestamp(at),
        reason: row.pause_reason.as_deref().and_then(PauseReason::from_name).unwrap_or(PauseReason::ByHand),
        note: row.pause_note,
    });
    let state = match (&paused, row.failing_since) {
        (Some(_), _) => WebhookState::Paused,
        (None, Some(_)) => WebhookState::Failing,
        (None, None) => WebhookState::Active,
    };
    let (status, error) = (row.last_status, row.last_error);
    Ok(Webhook {
        id: WebhookId(row.id),
        name: row.name,
        url: row.url,
        owner: Owner { id: UserId(row.owner_id), name: owner },
        events,
        state,
        paused,
        failing_since: row.failing_since.map(Timestamp),
        retry_at: row.retry_at.map(Timestamp),
        replaying: row.replay_after.is_some(),
        created_at: Timestamp(row.created_at),
        previous_secret_until: row.previous_until.map(Timestamp),
        last_attempt: row.last_attempt_at.map(|at| LastAttempt { at: Timestamp(at), status, error }),
        last_success_at: row.last_success_at.map(Timestamp),
        revision,
    })
}

/// A name that this program doesn't know is a type that never comes.
pub(super) fn events_of(row: &webhook::Model) -> Result<Option<Vec<EventType>>> {
    let Some(text) = &row.events else { return Ok(None) };
    let names: Vec<String> = serde_json::from_str(text)?;
    Ok(Some(names.iter().filter_map(|name| EventType::of_name(name)).collect()))
}

/// One line of 1 to 100 characters; white space becomes single spaces.
pub(super) fn checked_name(text: &str, faults: &mut Vec<Fault>) -> String {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = name.chars().count();
    if name.is_empty() {
        faults.push(Fault::new("/name", "missing-field", "The name is missing."));
    } else if length > NAME_LIMIT {
        let detail = format!("The name has {length} characters; at most {NAME_LIMIT} are possible.");
        faults.push(Fault::new("/name", "too-long", detail));
    } else if name.chars().any(char::is_control) {
        faults.push(Fault::new("/name", "control-character", "Control characters can't stand in a name."));
    }
    name
}

/// The address in its normal form, if it may be posted to as far as can be said without asking for its name.
pub(super) fn checked_url(targets: &Targets, text: &str, faults: &mut Vec<Fault>) -> String {
    match targets.read(text) {
        Ok(target) => target.url,
        Err(_) if text.trim().is_empty() => {
            faults.push(Fault::new("/url", "missing-field", "The address is missing."));
            String::new()
        }
        Err(refusal) => {
            faults.push(Fault::new("/url", refusal.code, refusal.detail));
            String::new()
        }
    }
}

/// The types as they are stored: each once, in one order; `None` for all.
pub(super) fn checked_events(events: Option<Vec<EventType>>, faults: &mut Vec<Fault>) -> Result<Option<String>> {
    let Some(chosen) = events else { return Ok(None) };
    if chosen.is_empty() {
        faults.push(Fault::new("/events", "missing-field", "Choose at least one type of event, or all."));
    }
    let ordered: Vec<EventType> = EventType::all().into_iter().filter(|one| chosen.contains(one)).collect();
    Ok(Some(serde_json::to_string(&ordered)?))
}

pub(super) async fn checked_owner(tx: &Transaction, owner: UserId, faults: &mut Vec<Fault>) -> Result<()> {
    let row = user::Entity::find_by_id(owner.0).one(&**tx).await?;
    if row.is_none_or(|row| !row.active) {
        faults.push(Fault::new("/owner", "reference-missing", "There is no such active user."));
    }
    Ok(())
}
