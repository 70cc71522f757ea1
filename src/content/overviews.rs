//! What lists search and show of the version that is shown: its words, and how much the checks found. A row a document,
//! written in the transaction that shows another version.
//!
//! Decision (2026-11-22), words without an index of them: a word is looked for as a part of the words of the shown version
//! (slug, title, summary, text), each kept once, in lower case without accents, so that both databases find the same and
//! neither needs an extension. Consequence: a search reads every such row once; at 10,000 documents that is a few
//! megabytes, and the benchmark watches it.
//!
//! Decision (2026-11-22), findings as they were: lists show what the checks found when the version was saved. The only
//! things around a content that must-fix and look-at findings hang on are documents and images that are there or not, so
//! the trash looks again at what refers to a document; nothing else makes the numbers old.

use std::collections::BTreeSet;

use entity::{document, overview, reference};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Error, Permission, Result, Transaction};

use super::{
    checks::{self, Severity},
    guard,
    kinds::{Content, Part},
    paths,
    queries::{self, Rows},
};

/// How many documents are looked at in one transaction when rows are missing.
const AT_A_TIME: u64 = 200;

/// Writes the row of a document whose shown version is this content.
pub(super) async fn remember(tx: &Transaction, id: DocumentId, slug: &str, content: &Content) -> Result<()> {
    let found = checks::run(content, &checks::surroundings(&**tx, content).await?);
    let count = |severity| i32::try_from(found.iter().filter(|check| check.severity == severity).count());
    let row = overview::ActiveModel {
        document_id: Set(id.0),
        words: Set(words_of(slug, content)),
        must_fix: Set(count(Severity::MustFix).unwrap_or(i32::MAX)),
        look_at: Set(count(Severity::LookAt).unwrap_or(i32::MAX)),
    };
    forget(tx, id).await?;
    overview::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The same for whichever version is shown now.
pub(super) async fn remember_shown(tx: &Transaction, id: DocumentId) -> Result<()> {
    let rows = guard::load(tx, id).await?;
    remember_rows(tx, &rows).await
}

async fn remember_rows(tx: &Transaction, rows: &Rows) -> Result<()> {
    let stored = queries::version_row(&**tx, rows.id(), rows.shown()).await?;
    let content = Content::from_stored(rows.kind()?, stored.format, &stored.content)?;
    remember(tx, rows.id(), &stored.slug, &content).await
}

pub(super) async fn forget(tx: &Transaction, id: DocumentId) -> Result<()> {
    overview::Entity::delete_by_id(id.0).exec(&**tx).await?;
    Ok(())
}

/// Looks again at everything that refers to a document, because it came or went.
pub(super) async fn look_again(tx: &Transaction, target: DocumentId) -> Result<()> {
    let referring: Vec<Uuid> = reference::Entity::find()
        .select_only()
        .column(reference::Column::DocumentId)
        .filter(reference::Column::TargetId.eq(target.0))
        .filter(reference::Column::UntilSequence.is_null())
        .into_tuple()
        .all(&**tx)
        .await?;
    // In the order of their ids, so that two of these never wait for each other.
    for id in referring.into_iter().collect::<BTreeSet<_>>() {
        remember_shown(tx, DocumentId(id)).await?;
    }
    Ok(())
}

/// Makes the rows that are missing: of a database from before there were any.
pub async fn prepare_overviews(ctx: &Ctx) -> Result<()> {
    ctx.authorise(Permission::SettingsManage)?;
    loop {
        let tx = ctx.write().await?;
        let known = overview::Entity::find().select_only().column(overview::Column::DocumentId).into_query();
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
