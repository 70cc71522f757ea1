//! Unpublishing: a document leaves the public, with a decision about its address and about what stands below it.

use std::collections::BTreeSet;

use entity::{live_document, schedule};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Error, Fault, Result, Transaction, VersionNumber},
};

use super::{
    guard::{self, locked, require_current, step},
    kinds::Kind,
    lifecycle::{Action, LiveState},
    live_line::{close_publication, is_public},
    paths,
    queries::{self, Document, Rows},
    references::{self, Change},
};

named! {
    /// What becomes of the address of an unpublished document.
    Decision {
        /// Its address leads to another.
        Redirect = "redirect",
        /// Its address says that it is gone, and why.
        Gone = "gone",
        /// As if it had never been there.
        Hidden = "hidden",
    }

    /// What becomes of live documents below an unpublished one.
    Children {
        Refuse = "refuse",
        /// They are unpublished with it, with the same decision.
        Unpublish = "unpublish",
    }
}

/// What is said with an unpublication.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Unpublishing {
    pub decision: Option<Decision>,
    /// The id of a document, a path of the site, or an http(s) address.
    pub redirect_to: Option<String>,
    pub explanation: Option<String>,
    pub children: Option<Children>,
}

/// Takes a document away from the public.
///
/// # Errors
/// [`Error::Conflict`] if live pages embed it, or live documents stand below it and nothing was said about those.
pub async fn unpublish(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    unpublishing: Unpublishing,
) -> Result<Document> {
    ctx.authorise(Action::Unpublish.permission())?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let below: BTreeSet<Uuid> = references::descendants(&*tx, &BTreeSet::from([id.0])).await?;
    guard::lock(&tx, &below.iter().copied().chain([id.0]).collect()).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    carry_out_unpublishing(&tx, ctx, rows, below, &unpublishing).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}

pub(super) async fn carry_out_unpublishing(
    tx: &Transaction,
    ctx: &Ctx,
    rows: Rows,
    below: BTreeSet<Uuid>,
    unpublishing: &Unpublishing,
) -> Result<()> {
    let id = rows.id();
    step(rows.state()?, Action::Unpublish, guard::rules(&**tx, rows.kind()?).await?)?;
    let Some(decision) = unpublishing.decision else {
        let detail = "Say what becomes of its address: redirect, gone or hidden.";
        return Err(Error::invalid("/decision", "missing-field", detail));
    };
    let target = redirect_target(tx, id, &below, decision, unpublishing).await?;
    if !below.is_empty() && unpublishing.children != Some(Children::Unpublish) {
        let faults = list_of(tx, &below, "/children", "stands-below-it", "stands below it").await?;
        let detail = format!(
            "{} live documents stand below it; unpublish them with it (\"children\": \"unpublish\"), or move them first.",
            below.len()
        );
        return Err(Error::Conflict { code: "live-children", detail, faults });
    }
    let mut all = below;
    all.insert(id.0);
    refuse_embedded(tx, &all).await?;

    let mut lines = Vec::new();
    for one in &all {
        lines.push(guard::load(tx, DocumentId(*one)).await?);
    }
    let target_path = match target.as_deref().and_then(|target| target.parse::<Uuid>().ok()) {
        Some(document) => live_document::Entity::find_by_id(document).one(&**tx).await?.and_then(|row| row.path),
        None => target.clone(),
    };
    // Before the rows change: afterwards nothing shows any more who showed them.
    let shown = references::shown(&**tx, &all).await?;
    let change = Change { content: all.clone(), cards: shown.clone(), addresses: shown, ..Change::default() };
    let reached = references::reached(&**tx, &change).await?;
    for line in lines {
        let one = line.id();
        let stamp = events::next_stamp(tx, ctx).await?;
        close_publication(tx, one, stamp).await?;
        paths::close(tx, one, stamp).await?;
        references::remember_live(tx, one, &[], stamp).await?;
        let Some(live) = line.live else { continue };
        let path = live.path.clone();
        let mut live = live.into_active_model();
        live.state = Set(LiveState::Unpublished.name().to_owned());
        live.slug = Set(None);
        live.path = Set(None);
        live.notice = Set(None);
        live.unpublish_decision = Set(Some(decision.name().to_owned()));
        live.unpublish_target = Set(target.clone());
        live.unpublish_explanation = Set(unpublishing.explanation.clone());
        live.update(&**tx).await?;
        schedule::Entity::delete_many()
            .filter(schedule::Column::DocumentId.eq(one.0))
            .filter(schedule::Column::Action.eq("unpublish"))
            .exec(&**tx)
            .await?;
        let kind = line.document.kind.clone();
        let mut row = line.document.into_active_model();
        guard::touch(&mut row, ctx);
        row.update(&**tx).await?;
        let affected = if one == id { reached.clone() } else { vec![one] };
        references::mark_changed(tx, &affected, stamp).await?;
        let event = NewEvent::about_document(EventKind::DocumentUnpublished, one)
            .with("kind", kind)
            .with("path", path)
            .with("decision", decision.name())
            .with("redirect_to", target_path.clone())
            .with("explanation", unpublishing.explanation.clone())
            .public(affected);
        events::record(tx, ctx, stamp, event).await?;
    }
    Ok(())
}

/// The target of a redirect, as it is kept: the id of a document, a path or an address.
async fn redirect_target(
    tx: &Transaction,
    id: DocumentId,
    below: &BTreeSet<Uuid>,
    decision: Decision,
    unpublishing: &Unpublishing,
) -> Result<Option<String>> {
    if decision != Decision::Redirect {
        return match &unpublishing.redirect_to {
            None => Ok(None),
            Some(_) => {
                Err(Error::invalid("/redirect_to", "unexpected", "A target belongs to the decision redirect only."))
            }
        };
    }
    let Some(target) = &unpublishing.redirect_to else {
        return Err(Error::invalid("/redirect_to", "missing-field", "Say where the address is to lead."));
    };
    let document = match target.parse::<DocumentId>() {
        Ok(document) => Some(document.0),
        Err(_) if target.starts_with('/') && !target.starts_with("//") => live_document::Entity::find()
            .filter(live_document::Column::Path.eq(target))
            .one(&**tx)
            .await?
            .map(|row| row.document_id),
        Err(_) if target.starts_with("https://") || target.starts_with("http://") => return Ok(Some(target.clone())),
        Err(_) => None,
    };
    match document {
        Some(document) if document == id.0 || below.contains(&document) => {
            Err(Error::invalid("/redirect_to", "redirect-loop", "It would lead to what is being unpublished."))
        }
        Some(document) if is_public(tx, document).await? => Ok(Some(document.to_string())),
        _ => {
            let detail = "The target is a live document (its id or path), or an http(s) address.";
            Err(Error::invalid("/redirect_to", "reference-missing", detail))
        }
    }
}

/// Refuses to take away what live pages outside the set embed.
pub(super) async fn refuse_embedded(tx: &Transaction, leaving: &BTreeSet<Uuid>) -> Result<()> {
    let staying: BTreeSet<Uuid> = references::live_embedders(&**tx, leaving)
        .await?
        .into_iter()
        .map(|(from, _)| from.0)
        .filter(|document| !leaving.contains(document))
        .collect();
    if staying.is_empty() {
        return Ok(());
    }
    let faults = list_of(tx, &staying, "", "embeds-it", "embeds it").await?;
    let detail = format!("{} live documents embed it; change those first, or withdraw it instead.", staying.len());
    Err(Error::Conflict { code: "embedded", detail, faults })
}

async fn list_of(
    tx: &Transaction,
    documents: &BTreeSet<Uuid>,
    pointer: &str,
    code: &str,
    words: &str,
) -> Result<Vec<Fault>> {
    let rows = live_document::Entity::find()
        .filter(live_document::Column::DocumentId.is_in(documents.iter().copied()))
        .order_by_asc(live_document::Column::TitleKey)
        .all(&**tx)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Fault::new(pointer, code, format!("“{}” ({}) {words}.", row.title, row.document_id)))
        .collect())
}
