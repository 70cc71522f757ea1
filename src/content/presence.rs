//! Who has the editor of a document open, and what their pages have sent. The rows belong to this moment: they are no part of
//! the history and of no backup.
//!
//! Decision (2026-11-22): one row an open page. Context: two tabs of one person are two editors, and a request that was held
//! up on its way must not undo a later one of the same page. Choice: the page makes an id and counts its saves; the row
//! holds the number of the last one, and what it brought. Consequence: a late or repeated save is answered without saving; a
//! page whose answer was lost is not in conflict with itself; after a day the row is gone, and such a save would be merged
//! like anybody's.
//!
//! Decision (2026-11-22): whoever opens an editor without a script is noted under an id made of person and document. Context:
//! nothing tells when such a page is left. Consequence: others are told when it was opened and that nothing was saved
//! since, and not that somebody is there.

use std::collections::BTreeMap;

use entity::{presence, user};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::Expr};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Error, Permission, Result, Timestamp, Transaction, UserId, VersionNumber};

/// A page that has not been heard of for so long has been left, in milliseconds.
const SILENCE: i64 = 60_000;
/// For how long it is told that somebody opened a page and has not saved.
const TOLD: i64 = 8 * 60 * 60 * 1_000;

/// An editor that a person has open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPage {
    pub page: Uuid,
    pub document: DocumentId,
    /// The part of the document in which the person is: an id within the page.
    pub place: Option<String>,
}

/// What is known of a page that is about to save.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// The last version that a save of this page led to, and what the page had sent: it may not have heard of it.
    pub last: Option<(VersionNumber, String)>,
}

/// Notes that a page is about to save, and that this is the number of the save. `None` if it has sent the same or a later
/// one before, or if the page is not this person's page of this document.
pub async fn claim_save(ctx: &Ctx, open: &OpenPage, sequence: i64) -> Result<Option<Claim>> {
    ctx.authorise(Permission::ContentWrite)?;
    let person = person(ctx)?;
    let now = ctx.now().0;
    let tx = ctx.write().await?;
    let row = presence::ActiveModel {
        page: Set(open.page),
        document_id: Set(open.document.0),
        user_id: Set(person.0),
        place: Set(open.place.clone()),
        opened_at: Set(now),
        seen_at: Set(now),
        saved_at: Set(None),
        sequence: Set(sequence - 1),
        version: Set(None),
        sent: Set(None),
    };
    presence::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
    let claimed = presence::Entity::update_many()
        .col_expr(presence::Column::Sequence, Expr::value(sequence))
        .col_expr(presence::Column::SeenAt, Expr::value(now))
        .col_expr(presence::Column::SavedAt, Expr::value(Some(now)))
        .filter(own(open, person))
        .filter(presence::Column::Sequence.lt(sequence))
        .exec(&*tx)
        .await?;
    if claimed.rows_affected == 0 {
        tx.commit(()).await?;
        return Ok(None);
    }
    let row = presence::Entity::find_by_id(open.page).one(&*tx).await?;
    let last = row.and_then(|row| Some((VersionNumber(row.version?), row.sent?)));
    tx.commit(()).await?;
    Ok(Some(Claim { last }))
}

/// Notes to which version a save of a page led, and what the page had sent.
pub async fn note_page_saved(ctx: &Ctx, open: &OpenPage, version: VersionNumber, sent: String) -> Result<()> {
    let person = person(ctx)?;
    let tx = ctx.write().await?;
    presence::Entity::update_many()
        .col_expr(presence::Column::Version, Expr::value(Some(version.0)))
        .col_expr(presence::Column::Sent, Expr::value(Some(sent)))
        .filter(own(open, person))
        .exec(&*tx)
        .await?;
    tx.commit(()).await
}

/// Notes that a person has opened the editor of a document, which is all that is known of a page without a script.
pub async fn note_opened(ctx: &Ctx, document: DocumentId) -> Result<()> {
    ctx.authorise(Permission::ContentWrite)?;
    let open = OpenPage { page: opening(person(ctx)?, document), document, place: None };
    let tx = ctx.write().await?;
    put(&tx, ctx, &open, 0, true).await?;
    tx.commit(()).await
}

/// Notes that a person has saved by a form.
pub async fn note_saved(ctx: &Ctx, document: DocumentId) -> Result<()> {
    ctx.authorise(Permission::ContentWrite)?;
    let tx = ctx.write().await?;
    presence::Entity::update_many()
        .col_expr(presence::Column::SavedAt, Expr::value(Some(ctx.now().0)))
        .filter(presence::Column::DocumentId.eq(document.0))
        .filter(presence::Column::UserId.eq(person(ctx)?.0))
        .exec(&*tx)
        .await?;
    tx.commit(()).await
}

/// Notes that a page is open, and where its person is. Said again and again while it is so.
pub async fn arrive(ctx: &Ctx, open: &OpenPage) -> Result<()> {
    ctx.authorise(Permission::ContentWrite)?;
    let tx = ctx.write().await?;
    put(&tx, ctx, open, ctx.now().0, false).await?;
    tx.commit(()).await
}

/// Notes that a page has been left. What it has sent is still known.
pub async fn depart(ctx: &Ctx, open: &OpenPage) -> Result<()> {
    let person = person(ctx)?;
    let tx = ctx.write().await?;
    presence::Entity::update_many()
        .col_expr(presence::Column::SeenAt, Expr::value(0_i64))
        .filter(own(open, person))
        .exec(&*tx)
        .await?;
    // Somebody with a script is known to have gone.
    presence::Entity::delete_by_id(opening(person, open.document)).exec(&*tx).await?;
    tx.commit(()).await
}

/// Somebody else who has the editor of a document open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    pub user: UserId,
    pub name: String,
    pub place: Option<String>,
    pub since: Timestamp,
    /// Whether the page is known to be open at this moment; otherwise it was opened, and nothing was saved since.
    pub here: bool,
}

/// Who has the editor of a document open, but for the page that asks: who is there now, and who opened it in the last hours
/// and has not saved since. In the order of their names; another tab of the person who asks counts as well.
pub async fn present(ctx: &Ctx, document: DocumentId, but: Option<Uuid>) -> Result<Vec<Present>> {
    ctx.authorise(Permission::ContentRead)?;
    let now = ctx.now().0;
    let snapshot = ctx.database.read().await?;
    let rows = presence::Entity::find()
        .filter(presence::Column::DocumentId.eq(document.0))
        .filter(
            Condition::any()
                .add(presence::Column::SeenAt.gt(now - SILENCE))
                .add(presence::Column::OpenedAt.gt(now - TOLD)),
        )
        .order_by_asc(presence::Column::OpenedAt)
        .order_by_asc(presence::Column::Page)
        .all(&*snapshot)
        .await?;
    let people = user::Entity::find().filter(user::Column::Id.is_in(rows.iter().map(|row| row.user_id)));
    let people: BTreeMap<Uuid, String> =
        people.all(&*snapshot).await?.into_iter().map(|person| (person.id, person.name)).collect();
    let me = ctx.actor.user;
    let mut found: Vec<Present> = Vec::new();
    for row in rows.into_iter().filter(|row| Some(row.page) != but) {
        let person = UserId(row.user_id);
        let Some(name) = people.get(&row.user_id).cloned() else { continue };
        let here = row.seen_at > now - SILENCE;
        let forgotten = row.saved_at.is_some_and(|at| at >= row.opened_at) || row.opened_at < now - TOLD;
        let is_opening = row.page == opening(person, document);
        if (!here && (forgotten || !is_opening)) || (is_opening && me == Some(person)) {
            continue;
        }
        let one = Present { user: person, name, place: row.place, since: Timestamp(row.opened_at), here };
        match found.iter_mut().find(|other| other.user == one.user) {
            Some(other) if one.here && !other.here => *other = one,
            Some(_) => {}
            None => found.push(one),
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Removes pages that were open long ago; answers how many.
pub async fn tidy(ctx: &Ctx) -> Result<usize> {
    let long_ago = ctx.now().plus(-Timestamp::DAY).0;
    let old = Condition::all()
        .add(presence::Column::SeenAt.lt(long_ago))
        .add(presence::Column::OpenedAt.lt(long_ago))
        .add(Condition::any().add(presence::Column::SavedAt.is_null()).add(presence::Column::SavedAt.lt(long_ago)));
    let any = presence::Entity::find().select_only().column(presence::Column::Page).filter(old.clone());
    if any.into_tuple::<Uuid>().one(&*ctx.database.read().await?).await?.is_none() {
        return Ok(0);
    }
    let tx = ctx.write().await?;
    let removed = presence::Entity::delete_many().filter(old).exec(&*tx).await?;
    tx.commit(usize::try_from(removed.rows_affected).unwrap_or(usize::MAX)).await
}

/// Writes the row of a page; one that is there already keeps when it was opened, unless it is `opened` again.
async fn put(tx: &Transaction, ctx: &Ctx, open: &OpenPage, seen_at: i64, opened: bool) -> Result<()> {
    let row = presence::ActiveModel {
        page: Set(open.page),
        document_id: Set(open.document.0),
        user_id: Set(person(ctx)?.0),
        place: Set(open.place.clone()),
        opened_at: Set(ctx.now().0),
        seen_at: Set(seen_at),
        saved_at: Set(None),
        sequence: Set(0),
        version: Set(None),
        sent: Set(None),
    };
    let inserted = presence::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&**tx).await?;
    if matches!(inserted, sea_orm::TryInsertResult::Inserted(1)) {
        return Ok(());
    }
    let mut update = presence::Entity::update_many()
        .col_expr(presence::Column::SeenAt, Expr::value(seen_at))
        .filter(own(open, person(ctx)?));
    if open.place.is_some() {
        update = update.col_expr(presence::Column::Place, Expr::value(open.place.clone()));
    }
    if opened {
        update = update
            .col_expr(presence::Column::OpenedAt, Expr::value(ctx.now().0))
            .col_expr(presence::Column::SavedAt, Expr::value(None::<i64>));
    }
    update.exec(&**tx).await?;
    Ok(())
}

/// The id under which it is noted that a person opened a document.
fn opening(person: UserId, document: DocumentId) -> Uuid {
    let digest = Sha256::new().chain_update(person.0.as_bytes()).chain_update(document.0.as_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, chosen)| *byte = chosen);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The row of this page, and nobody else's.
fn own(open: &OpenPage, person: UserId) -> Condition {
    Condition::all()
        .add(presence::Column::Page.eq(open.page))
        .add(presence::Column::DocumentId.eq(open.document.0))
        .add(presence::Column::UserId.eq(person.0))
}

fn person(ctx: &Ctx) -> Result<UserId> {
    ctx.actor.user.ok_or_else(|| Error::bug("an editor is open and nobody sits before it"))
}
