//! The rows of the live line: publications are opened and closed, review dates and images become public. Called with the
//! publication lock held.

use std::collections::BTreeSet;

use entity::{confirmation, live_document, media, publication, reference};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    events::Stamp,
    kernel::{Ctx, DocumentId, Result, Transaction, VersionNumber},
};

use super::{
    lifecycle::LiveState,
    references::{Reference, ReferenceRole},
};

/// What a publication says beside the content.
pub(super) struct Said<'a> {
    /// major or minor.
    pub change: &'a str,
    pub note: Option<String>,
    pub notice: Option<String>,
}

/// Review dates as they stand from this event on; public reading takes them from here.
pub(super) async fn note_review_dates(
    tx: &Transaction,
    ctx: &Ctx,
    id: DocumentId,
    stamp: Stamp,
    version: Option<VersionNumber>,
    review_by: Option<String>,
    last_reviewed_on: Option<String>,
) -> Result<()> {
    let row = confirmation::ActiveModel {
        document_id: Set(id.0),
        sequence: Set(stamp.sequence.0),
        version: Set(version.map(|version| version.0)),
        review_by: Set(review_by),
        last_reviewed_on: Set(last_reviewed_on),
        at: Set(stamp.at.0),
        actor_id: Set(ctx.actor.user.map(|user| user.0)),
        actor_name: Set(ctx.actor.name.clone()),
    };
    confirmation::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

pub(super) async fn close_publication(
    tx: &Transaction,
    id: DocumentId,
    stamp: Stamp,
) -> Result<Option<publication::Model>> {
    let open = publication::Entity::find()
        .filter(publication::Column::DocumentId.eq(id.0))
        .filter(publication::Column::UntilSequence.is_null())
        .one(&**tx)
        .await?;
    if let Some(row) = &open {
        let mut closed = row.clone().into_active_model();
        closed.until_sequence = Set(Some(stamp.sequence.0));
        closed.until_at = Set(Some(stamp.at.0));
        closed.update(&**tx).await?;
    }
    Ok(open)
}

/// Opens a publication from this event on.
pub(super) async fn open_publication(
    tx: &Transaction,
    ctx: &Ctx,
    id: DocumentId,
    version: VersionNumber,
    state: LiveState,
    said: Said<'_>,
    stamp: Stamp,
) -> Result<()> {
    let row = publication::ActiveModel {
        id: Set(ctx.new_id()),
        document_id: Set(id.0),
        version: Set(version.0),
        state: Set(state.name().to_owned()),
        change: Set(said.change.to_owned()),
        note: Set(said.note),
        notice: Set(said.notice),
        from_sequence: Set(stamp.sequence.0),
        from_at: Set(stamp.at.0),
        until_sequence: Set(None),
        until_at: Set(None),
        suppressed_at: Set(None),
    };
    publication::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

/// An image is public once a publication has used it.
pub(super) async fn make_images_public(tx: &Transaction, references: &[Reference], stamp: Stamp) -> Result<()> {
    let images: BTreeSet<Uuid> = references
        .iter()
        .filter(|reference| reference.role == ReferenceRole::Image)
        .map(|reference| reference.target)
        .collect();
    if images.is_empty() {
        return Ok(());
    }
    media::Entity::update_many()
        .col_expr(media::Column::PublicSince, Expr::value(stamp.sequence.0))
        .filter(media::Column::Id.is_in(images))
        .filter(media::Column::PublicSince.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
}

/// An image is public no longer once every publication that used it has been purged; then it can be deleted, too.
pub(super) async fn hide_images(tx: &Transaction, images: &BTreeSet<Uuid>) -> Result<()> {
    for image in images {
        let uses = reference::Entity::find()
            .filter(reference::Column::TargetId.eq(*image))
            .filter(reference::Column::Line.eq("live"));
        if uses.count(&**tx).await? == 0 {
            media::Entity::update_many()
                .col_expr(media::Column::PublicSince, Expr::value(Option::<i64>::None))
                .filter(media::Column::Id.eq(*image))
                .exec(&**tx)
                .await?;
        }
    }
    Ok(())
}

pub(super) async fn is_public(tx: &Transaction, id: Uuid) -> Result<bool> {
    let row = live_document::Entity::find_by_id(id).one(&**tx).await?;
    Ok(row.is_some_and(|row| row.state != LiveState::Unpublished.name()))
}
