//! What is kept of the version that is shown: its words, by which find and replace looks, and how much the checks found.
//! A row a document, written in the transaction that shows another version.
//!
//! Decision (2026-11-22), words without an index of them: what is to be replaced may be a part of a word, and no place may
//! be missed, so the index of the search is of no use there. A part is looked for in the words of the shown version (slug,
//! title, summary, text), each kept once, in lower case without accents, so that both databases find the same and neither
//! needs an extension. Consequence: find and replace reads every such row once; at 10,000 documents that is a few
//! megabytes, and the benchmark watches it.
//!
//! Decision (2026-11-22), findings as they were: lists show what the checks found when the version was saved. The only
//! things around a content that must-fix and look-at findings hang on are documents and images that are there or not, and
//! a neighbour with the same title. So the trash looks again at what refers to a document, and a title that is taken or
//! given up at the one neighbour for which that changes something; nothing else makes the numbers old.
//!
//! Decision (2026-11-22), counted by which rules: a row names the edition of the rules that it was counted by. When the
//! program starts it counts again what other rules counted, so that an upgrade or an older backup shows no old numbers.

use std::collections::BTreeSet;

use entity::{document, overview, reference};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set, sea_query::OnConflict};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Error, Permission, Result, Transaction};

use super::{
    checks::{self, Check, Severity, Subject},
    guard,
    kinds::{Content, Kind, Part},
    paths,
    queries::{self, Rows},
};

/// How many documents are looked at in one transaction when rows are missing.
const AT_A_TIME: u64 = 200;

/// A place in which a title stands among others: the key of the title, and the document above it.
pub(super) type Among = (String, Option<Uuid>);

/// Writes the row of a document whose shown version is this, and those of the one neighbour that has or had the same
/// title. `left` is where the title stood before.
pub(super) async fn remember_saved(tx: &Transaction, subject: Subject<'_>, left: Option<Among>) -> Result<()> {
    let kind = subject.content.kind();
    let among = (paths::title_key(subject.content.title()), subject.parent);
    let mut others = BTreeSet::new();
    for (key, parent) in left.into_iter().filter(|left| *left != among).chain([among.clone()]) {
        others.extend(only_twin(tx, kind, subject.id, (key, parent)).await?);
    }
    // In the order of their ids, so that two of these never wait for each other.
    for id in others.iter().filter(|id| **id < subject.id.0) {
        remember_shown(tx, DocumentId(*id)).await?;
    }
    remember(tx, subject).await?;
    for id in others.iter().filter(|id| **id > subject.id.0) {
        remember_shown(tx, DocumentId(*id)).await?;
    }
    Ok(())
}

/// The one other document with a title: with more of them, none has become the first or the last.
async fn only_twin(tx: &Transaction, kind: Kind, id: DocumentId, (key, parent): Among) -> Result<Option<Uuid>> {
    let twins = checks::twins(&**tx, kind, id, &key, parent).await?;
    Ok(if let [only] = twins.as_slice() { Some(only.0) } else { None })
}

/// Writes the row of a document whose shown version is this.
pub(super) async fn remember(tx: &Transaction, subject: Subject<'_>) -> Result<()> {
    let found = checks::find(&**tx, subject).await?;
    let row = overview::ActiveModel {
        document_id: Set(subject.id.0),
        words: Set(words_of(subject.slug, subject.content)),
        must_fix: Set(count(&found, Severity::MustFix)),
        look_at: Set(count(&found, Severity::LookAt)),
        checks_edition: Set(checks::EDITION),
    };
    let mut known = OnConflict::column(overview::Column::DocumentId);
    known.update_columns([
        overview::Column::Words,
        overview::Column::MustFix,
        overview::Column::LookAt,
        overview::Column::ChecksEdition,
    ]);
    overview::Entity::insert(row).on_conflict(known).exec_without_returning(&**tx).await?;
    Ok(())
}

/// How many findings are left, without those that somebody has looked at.
fn count(found: &[Check], severity: Severity) -> i32 {
    let left = found.iter().filter(|check| check.severity == severity && check.looked_at.is_none());
    i32::try_from(left.count()).unwrap_or(i32::MAX)
}

/// The same for whichever version is shown now.
pub(super) async fn remember_shown(tx: &Transaction, id: DocumentId) -> Result<()> {
    let rows = guard::load(tx, id).await?;
    remember_rows(tx, &rows).await
}

/// The same for a document that came in from elsewhere, whose title a neighbour may have already.
pub(super) async fn remember_arrived(tx: &Transaction, id: DocumentId) -> Result<()> {
    let rows = guard::load(tx, id).await?;
    let stored = queries::version_row(&**tx, rows.id(), rows.shown()).await?;
    let content = Content::from_stored(rows.kind()?, stored.format, &stored.content)?;
    remember_saved(tx, Subject::of(&stored, &content), None).await
}

async fn remember_rows(tx: &Transaction, rows: &Rows) -> Result<()> {
    let stored = queries::version_row(&**tx, rows.id(), rows.shown()).await?;
    let content = Content::from_stored(rows.kind()?, stored.format, &stored.content)?;
    remember(tx, Subject::of(&stored, &content)).await
}

pub(super) async fn forget(tx: &Transaction, id: DocumentId) -> Result<()> {
    overview::Entity::delete_by_id(id.0).exec(&**tx).await?;
    Ok(())
}

/// Looks again at everything that refers to a document, and at the one neighbour with its title, because it came or went.
pub(super) async fn look_again(tx: &Transaction, target: DocumentId) -> Result<()> {
    let rows = guard::load(tx, target).await?;
    let among = (rows.document.title_key.clone(), rows.document.parent_id);
    let twin = only_twin(tx, rows.kind()?, target, among).await?;
    let referring: Vec<Uuid> = reference::Entity::find()
        .select_only()
        .column(reference::Column::DocumentId)
        .filter(reference::Column::TargetId.eq(target.0))
        .filter(reference::Column::UntilSequence.is_null())
        .into_tuple()
        .all(&**tx)
        .await?;
    // In the order of their ids, so that two of these never wait for each other.
    for id in referring.into_iter().chain(twin).collect::<BTreeSet<_>>() {
        remember_shown(tx, DocumentId(id)).await?;
    }
    Ok(())
}

/// Makes the rows that are missing, and those that other rules counted: of a database from before an upgrade.
pub async fn prepare_overviews(ctx: &Ctx) -> Result<()> {
    ctx.authorise(Permission::SettingsManage)?;
    loop {
        let tx = ctx.write().await?;
        let known = overview::Entity::find()
            .select_only()
            .column(overview::Column::DocumentId)
            .filter(overview::Column::ChecksEdition.eq(checks::EDITION))
            .into_query();
        let missing: Vec<Uuid> = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .filter(document::Column::Id.not_in_subquery(known))
            .order_by_asc(document::Column::Id)
            .limit(AT_A_TIME)
            .into_tuple()
            .all(&*tx)
            .await?;
        if missing.is_empty() {
            return Ok(());
        }
        for id in missing {
            let rows = Rows::find(&*tx, DocumentId(id)).await?;
            let rows = rows.ok_or_else(|| Error::bug("a document vanished in its own transaction"))?;
            remember_rows(&tx, &rows).await?;
        }
        tx.commit(()).await?;
    }
}

/// Each word once.
fn words_of(slug: &str, content: &Content) -> String {
    let mut words = BTreeSet::from([slug.to_owned()]);
    content.walk(&mut |_, part| match part {
        Part::Line(text) => words.extend(searched(text)),
        Part::RichText(markdown) if !markdown.is_empty() => words.extend(searched(&markdown.document().to_text())),
        _ => {}
    });
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// The words of a text as they are kept and looked for; signs around a word don't count.
pub(super) fn searched(text: &str) -> Vec<String> {
    let key = paths::title_key(text);
    let bare = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.is_empty() { word.to_owned() } else { bare.to_owned() }
    };
    key.split_whitespace().map(bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_once_without_accents_capitals_and_the_signs_around_them() {
        assert_eq!(searched("Élan, (élan) A-levels!"), ["elan", "elan", "a-levels"]);
        assert_eq!(searched("!? –"), ["!?", "–"]);
    }
}
