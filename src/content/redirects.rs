//! Redirects made by hand: for addresses that never belonged to a document here. A live document at the path beats them.

use entity::{live_document, redirect};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Permission, Result, Timestamp},
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Redirect {
    pub id: Uuid,
    pub path: String,
    pub target: String,
    pub created_at: Timestamp,
}

const PATH_LIMIT: usize = 1_000;

/// Makes an address of the site lead elsewhere.
///
/// # Errors
/// [`Error::Conflict`] if a live document stands at the path, or there is a redirect already.
pub async fn add_redirect(ctx: &Ctx, path: String, target: String) -> Result<Redirect> {
    ctx.authorise(Permission::ContentPublish)?;
    if !is_site_path(&path) {
        let detail = "A path begins with one slash, has no slash at the end, and is written in lower case.";
        return Err(Error::invalid("/path", "not-a-path", detail));
    }
    let elsewhere = url::Url::parse(&target).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !elsewhere && !is_site_path(&target) {
        return Err(Error::invalid(
            "/target",
            "not-an-address",
            "The target is a path of the site or an http(s) address.",
        ));
    }
    if path == target {
        return Err(Error::invalid("/target", "redirect-loop", "The address would lead to itself."));
    }
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let holder = live_document::Entity::find().filter(live_document::Column::Path.eq(&path)).one(&*tx).await?;
    if let Some(row) = holder {
        return Err(Error::conflict("path-taken", format!("“{}” stands at this path.", row.title)));
    }
    if redirect::Entity::find().filter(redirect::Column::Path.eq(&path)).one(&*tx).await?.is_some() {
        return Err(Error::conflict("already-taken", "There is a redirect from this path already."));
    }
    refuse_loop(&tx, &path, &target).await?;
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
    .exec_without_returning(&*tx)
    .await?;
    let event = NewEvent::about(EventKind::RedirectAdded, "redirect", row.id)
        .with("path", row.path.clone())
        .with("target", row.target.clone());
    events::append(&tx, ctx, event).await?;
    tx.commit(read(row)).await
}

/// Follows redirects made by hand from the target; none may lead back.
async fn refuse_loop(tx: &crate::kernel::Transaction, path: &str, target: &str) -> Result<()> {
    let mut next = target.to_owned();
    for _ in 0..20 {
        let row = redirect::Entity::find().filter(redirect::Column::Path.eq(&next)).one(&**tx).await?;
        match row {
            None => return Ok(()),
            Some(row) if row.target == path => break,
            Some(row) => next = row.target,
        }
    }
    Err(Error::invalid("/target", "redirect-loop", "The redirects would lead in a circle, or too far."))
}

pub async fn remove_redirect(ctx: &Ctx, id: Uuid) -> Result<()> {
    ctx.authorise(Permission::ContentPublish)?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let row = redirect::Entity::find_by_id(id).one(&*tx).await?;
    let row = row.ok_or_else(|| Error::not_found(format!("redirect with the id {id}")))?;
    redirect::Entity::delete_by_id(id).exec(&*tx).await?;
    let event = NewEvent::about(EventKind::RedirectRemoved, "redirect", id).with("path", row.path);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// Redirects by path, after `after`.
pub async fn redirects(ctx: &Ctx, after: Option<&str>, limit: u64) -> Result<(Vec<Redirect>, u64)> {
    use sea_orm::PaginatorTrait;

    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let total = redirect::Entity::find().count(&*snapshot).await?;
    let mut query = redirect::Entity::find().order_by_asc(redirect::Column::Path).limit(limit);
    if let Some(after) = after {
        query = query.filter(redirect::Column::Path.gt(after));
    }
    Ok((query.all(&*snapshot).await?.into_iter().map(read).collect(), total))
}

fn read(row: redirect::Model) -> Redirect {
    Redirect { id: row.id, path: row.path, target: row.target, created_at: Timestamp(row.created_at) }
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
