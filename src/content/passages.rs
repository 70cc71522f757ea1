//! A passage of a version that somebody saw, compared with what stands in its place now. It looks for ids in contents and
//! leaves it to `compare` to say what is different.

use entity::{publication, version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use crate::kernel::{Ctx, DocumentId, Error, NodeId, Permission, Result, VersionNumber, containing};

use super::{
    compare::{self, Comparison},
    kinds::Kind,
    queries::{self, Rows},
};

/// What became of a passage.
#[derive(Clone, Debug, PartialEq)]
pub enum Since {
    Same,
    Changed(Comparison),
    /// It is gone; with the first published version that lacks it, if there is one.
    Removed {
        in_version: Option<VersionNumber>,
    },
}

/// A passage as it stands now.
#[derive(Clone, Debug)]
pub struct PassageNow {
    pub kind: Kind,
    /// In the version that the public reads; `None` while it can read none.
    pub live: Option<(VersionNumber, Since)>,
    /// In the draft, if there is one in which the passage is not as it is in the live version.
    pub draft: Option<(VersionNumber, Since)>,
}

/// What became of a passage since a version of a document; without a block, of all its content. `None` if there is no such
/// document, version or passage any more.
pub async fn passage_now(
    ctx: &Ctx,
    id: DocumentId,
    seen: VersionNumber,
    block: Option<NodeId>,
) -> Result<Option<PassageNow>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let Some(rows) = Rows::find(&*snapshot, id).await? else { return Ok(None) };
    let kind = rows.kind()?;
    let Some(before) = part(&*snapshot, kind, id, seen, block).await? else { return Ok(None) };
    let live = rows.live_version().filter(|_| rows.live.as_ref().is_some_and(|live| live.path.is_some()));
    let draft = rows.document.draft_version.map(VersionNumber);
    let in_live = match live {
        Some(version) => part(&*snapshot, kind, id, version, block).await?,
        None => None,
    };
    let in_draft = match draft {
        Some(version) => part(&*snapshot, kind, id, version, block).await?,
        None => None,
    };
    let live = match live {
        Some(version) => {
            let since = match &in_live {
                Some(after) => since(&before, after),
                None => Since::Removed { in_version: removed_in(&*snapshot, id, seen, block).await? },
            };
            Some((version, since))
        }
        None => None,
    };
    let differs = live.is_none() || in_draft != in_live;
    let draft = draft.filter(|_| differs).map(|version| {
        let since = in_draft.as_ref().map_or(Since::Removed { in_version: None }, |after| since(&before, after));
        (version, since)
    });
    Ok(Some(PassageNow { kind, live, draft }))
}

fn since(before: &Value, after: &Value) -> Since {
    let comparison = compare::compare(before, after);
    if comparison.changes.is_empty() { Since::Same } else { Since::Changed(comparison) }
}

/// The passage in a version, within an object of its own, so that it is compared as a thing; `None` if it is not there.
async fn part(
    connection: &impl ConnectionTrait,
    kind: Kind,
    id: DocumentId,
    number: VersionNumber,
    block: Option<NodeId>,
) -> Result<Option<Value>> {
    let row = match queries::version_row(connection, id, number).await {
        Ok(row) => row,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let whole = queries::whole(kind, &row)?;
    Ok(match block {
        None => Some(whole),
        Some(block) => find(&whole, &block.to_string()).map(|thing| json!({ "blocks": [thing] })),
    })
}

fn find<'a>(value: &'a Value, id: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) if fields.get("id").and_then(Value::as_str) == Some(id) => Some(value),
        Value::Object(fields) => fields.values().find_map(|field| find(field, id)),
        Value::Array(items) => items.iter().find_map(|item| find(item, id)),
        _ => None,
    }
}

/// The first version published after the one that was seen in which the passage is missing.
async fn removed_in(
    connection: &impl ConnectionTrait,
    id: DocumentId,
    seen: VersionNumber,
    block: Option<NodeId>,
) -> Result<Option<VersionNumber>> {
    let Some(block) = block else { return Ok(None) };
    let published: Vec<i32> = publication::Entity::find()
        .select_only()
        .column(publication::Column::Version)
        .distinct()
        .filter(publication::Column::DocumentId.eq(id.0))
        .filter(publication::Column::Version.gt(seen.0))
        .into_tuple()
        .all(connection)
        .await?;
    let first: Option<i32> = version::Entity::find()
        .select_only()
        .column(version::Column::Number)
        .filter(version::Column::DocumentId.eq(id.0))
        .filter(version::Column::Number.is_in(published))
        .filter(version::Column::Content.not_like(containing(&block.to_string())))
        .order_by_asc(version::Column::Number)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(first.map(VersionNumber))
}
