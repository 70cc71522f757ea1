//! Redirects made by hand: for addresses that never belonged to a document here. A live document at the path beats them.
//!
//! Decision (2026-11-22): when a page that left with a redirect is purged, its addresses get redirects as if made by hand,
//! since somebody linked there and was promised the other page. So the promise is listed, exported, and can be taken back;
//! no row of the purged page is needed for it. Consequence: it leads to where the other page lives at that time, and from
//! there on wherever that moves.
//!
//! Decision (2026-11-22): a redirect is made and removed, never changed. What its removal names as seen is a digest of the
//! address and the target, so that nobody removes by its id what they took for another.

use std::collections::BTreeSet;

use entity::{live_document, live_path, redirect};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Fault, Permission, Result, Timestamp, Transaction, holds, revision},
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Redirect {
    pub id: Uuid,
    pub path: String,
    pub target: String,
    pub created_at: Timestamp,
    /// Its removal names it.
    pub revision: String,
}

const PATH_LIMIT: usize = 1_000;
/// How many redirects are followed at most; more than can be made.
pub const MOST_REDIRECTS: usize = 100;

/// Makes an address of the site lead elsewhere.
///
/// # Errors
/// [`Error::Conflict`] if a live document stands at the path, or there is a redirect already.
pub async fn add_redirect(ctx: &Ctx, path: String, target: String) -> Result<Redirect> {
    ctx.authorise(Permission::ContentPublish)?;
    refuse_wrong(&path, &target)?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let holder = live_document::Entity::find().filter(live_document::Column::Path.eq(&path)).one(&*tx).await?;
    if let Some(row) = holder {
        return Err(taken("path-taken", format!("“{}” stands at this path.", row.title)));
    }
    if redirect::Entity::find().filter(redirect::Column::Path.eq(&path)).one(&*tx).await?.is_some() {
        return Err(taken("already-taken", "There is a redirect from this path already.".to_owned()));
    }
    if leads_back(&tx, &path, &target).await? {
        let detail = "The redirects would lead in a circle, or too far.";
        return Err(Error::invalid("/target", "redirect-loop", detail));
    }
    let (row, event) = insert(&tx, ctx, path, target).await?;
    events::append(&tx, ctx, event).await?;
    tx.commit(read(row)?).await
}

/// Follows redirects made by hand from the target: whether they lead to the path, or too far.
async fn leads_back(tx: &Transaction, path: &str, target: &str) -> Result<bool> {
    let mut next = target.to_owned();
    for _ in 0..20 {
        let row = redirect::Entity::find().filter(redirect::Column::Path.eq(&next)).one(&**tx).await?;
        match row {
            None => return Ok(false),
            Some(row) if row.target == path => return Ok(true),
            Some(row) => next = row.target,
        }
    }
    Ok(true)
}

/// Writes a redirect; its event is the caller's to append, last of all.
async fn insert(tx: &Transaction, ctx: &Ctx, path: String, target: String) -> Result<(redirect::Model, NewEvent)> {
    let row = redirect::Model {
        id: ctx.new_id(),
        path,
        target,
        created_at: ctx.now().0,
        created_by: ctx.actor.user.map(|user| user.0),
    };
    redirect::Entity::insert(redirect::ActiveModel {
        id: Set(row.id),
        path: Set(row.path.clone()),
        target: Set(row.target.clone()),
        created_at: Set(row.created_at),
        created_by: Set(row.created_by),
    })
    .exec_without_returning(&**tx)
    .await?;
    let event = NewEvent::about(EventKind::RedirectAdded, "redirect", row.id)
        .with("path", row.path.clone())
        .with("target", row.target.clone());
    Ok((row, event))
}

/// Everything that is wrong with the two addresses themselves.
fn refuse_wrong(path: &str, target: &str) -> Result<()> {
    let mut faults = Vec::new();
    if !is_site_path(path) {
        let detail = "A path begins with one slash, has no slash at the end, and is written in lower case.";
        faults.push(Fault::new("/path", "not-a-path", detail));
    }
    let elsewhere = url::Url::parse(target).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !elsewhere && !is_site_path(target) {
        let detail = "The target is a path of the site or an http(s) address.";
        faults.push(Fault::new("/target", "not-an-address", detail));
    }
    if faults.is_empty() && path == target {
        faults.push(Fault::new("/target", "redirect-loop", "The address would lead to itself."));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn taken(code: &'static str, detail: String) -> Error {
    Error::Conflict { code, faults: vec![Fault::new("/path", code, detail.clone())], detail }
}

/// Keeps what a document promised that left with a redirect and is about to be purged: its addresses, and pages that lead
/// to it, lead on to where it led. Answers the events of the redirects that it made. Called with the publication lock
/// held.
///
/// # Errors
/// [`Error::Conflict`] `redirect-loop` if other redirects made by hand would lead back.
pub(super) async fn keep_promises(tx: &Transaction, ctx: &Ctx, left: &live_document::Model) -> Result<Vec<NewEvent>> {
    let Some(target) = &left.unpublish_target else { return Ok(Vec::new()) };
    live_document::Entity::update_many()
        .col_expr(live_document::Column::UnpublishTarget, Expr::value(target.clone()))
        .filter(live_document::Column::UnpublishTarget.eq(left.document_id.to_string()))
        .exec(&**tx)
        .await?;
    let Some(address) = successor(&**tx, left.document_id).await? else { return Ok(Vec::new()) };
    let mut events = Vec::new();
    for path in own_paths(tx, left.document_id).await? {
        if redirect::Entity::find().filter(redirect::Column::Path.eq(&path)).one(&**tx).await?.is_some() {
            continue;
        }
        if leads_back(tx, &path, &address).await? {
            let detail = format!("Redirects made by hand lead from {address} back to {path}; remove those first.");
            return Err(Error::conflict("redirect-loop", detail));
        }
        events.push(insert(tx, ctx, path, address.clone()).await?.1);
    }
    Ok(events)
}

/// The paths at which nobody has lived since a document did.
async fn own_paths(tx: &Transaction, id: Uuid) -> Result<BTreeSet<String>> {
    let claims = live_path::Entity::find().filter(live_path::Column::DocumentId.eq(id)).all(&**tx).await?;
    let mut paths = BTreeSet::new();
    for path in claims.into_iter().map(|claim| claim.path).collect::<BTreeSet<_>>() {
        let last = live_path::Entity::find()
            .filter(live_path::Column::Path.eq(&path))
            .order_by_desc(live_path::Column::FromSequence)
            .one(&**tx)
            .await?;
        if last.is_some_and(|claim| claim.document_id == id) {
            paths.insert(path);
        }
    }
    Ok(paths)
}

/// The address at which a document is found now: its own, or, if it left with a redirect, that of what took its place.
/// `None` if nothing did. A redirect leads to what was live when it was made, so following them comes to an end.
pub async fn successor(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>> {
    let mut next = id;
    for _ in 0..MOST_REDIRECTS {
        let Some(row) = live_document::Entity::find_by_id(next).one(connection).await? else { return Ok(None) };
        match (row.path, row.unpublish_target) {
            (Some(path), _) => return Ok(Some(path)),
            (None, Some(target)) => match target.parse() {
                Ok(document) => next = document,
                Err(_) => return Ok(Some(target)),
            },
            (None, None) => return Ok(None),
        }
    }
    Ok(None)
}

/// Removes a redirect.
///
/// # Errors
/// [`Error::Stale`] if it is not the one that was seen.
pub async fn remove_redirect(ctx: &Ctx, id: Uuid, seen: &str) -> Result<()> {
    ctx.authorise(Permission::ContentPublish)?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let present = load(&*tx, id).await?;
    if present.revision != seen {
        return Err(Error::stale(&present.revision, &present));
    }
    redirect::Entity::delete_by_id(id).exec(&*tx).await?;
    let event = NewEvent::about(EventKind::RedirectRemoved, "redirect", id).with("path", present.path);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// One redirect.
pub async fn redirect(ctx: &Ctx, id: Uuid) -> Result<Redirect> {
    ctx.authorise(Permission::ContentRead)?;
    load(&*ctx.database.read().await?, id).await
}

async fn load(connection: &impl ConnectionTrait, id: Uuid) -> Result<Redirect> {
    let row = redirect::Entity::find_by_id(id).one(connection).await?;
    read(row.ok_or_else(|| Error::not_found(format!("redirect with the id {id}")))?)
}

/// Redirects by path, after `after`, with `words` in the path or the target; and how many there are in all.
pub async fn redirects(
    ctx: &Ctx,
    words: Option<&str>,
    after: Option<&str>,
    limit: u64,
) -> Result<(Vec<Redirect>, u64)> {
    use sea_orm::PaginatorTrait;

    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let mut query = redirect::Entity::find();
    for word in words.unwrap_or_default().split_whitespace() {
        let (path, target) = ((redirect::Entity, redirect::Column::Path), (redirect::Entity, redirect::Column::Target));
        query = query.filter(Condition::any().add(holds(path, word)).add(holds(target, word)));
    }
    let total = query.clone().count(&*snapshot).await?;
    let mut query = query.order_by_asc(redirect::Column::Path).limit(limit);
    if let Some(after) = after {
        query = query.filter(redirect::Column::Path.gt(after));
    }
    Ok((query.all(&*snapshot).await?.into_iter().map(read).collect::<Result<_>>()?, total))
}

fn read(row: redirect::Model) -> Result<Redirect> {
    Ok(Redirect {
        revision: revision(&(&row.path, &row.target))?,
        id: row.id,
        path: row.path,
        target: row.target,
        created_at: Timestamp(row.created_at),
    })
}

fn is_site_path(text: &str) -> bool {
    text.len() <= PATH_LIMIT
        && text.len() > 1
        && text.starts_with('/')
        && !text.starts_with("//")
        && !text.ends_with('/')
        && text == text.to_lowercase()
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '?' | '#'))
}
