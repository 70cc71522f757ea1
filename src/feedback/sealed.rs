//! What people take out of a report, kept for ten minutes so that a slip can be taken back, and then gone for good.
//!
//! Decision (2026-11-22): the words are kept sealed, and the key is nowhere here. Context: whoever marks the wrong line must
//! be able to undo it, on any instance and after a restart; but what has been taken out may not come to light again from the
//! database, its log, a replica or a backup. Choice: what stood there is encrypted (ChaCha20-Poly1305, RFC 8439) with a key
//! made from something that only the asker has: the id of the session, or the secret of the API key, of which the tables
//! hold a digest alone. Every row has a key of its own. Consequence: only who took the words out can put them back, in the
//! same session; nobody can read them meanwhile; no backup carries the row (`entity::MOMENTARY`), the followers delete it
//! after ten minutes, or at the next start, and SQLite overwrites what it deletes.

use base64::{Engine, engine::general_purpose::STANDARD};
use entity::sealed_words;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::kernel::{Ctx, Error, Permission, Result, Timestamp, Transaction};

use super::redactions::Field;

/// How long words can be put back.
pub const UNDO: i64 = 10 * Timestamp::MINUTE;

/// What only the asker has. It can't be printed.
#[derive(Clone)]
pub struct Seal([u8; 32]);

impl Seal {
    /// Of the id of a session, or the secret of an API key.
    pub fn of(secret: &str) -> Result<Self> {
        Ok(Self(keyed(b"words that were taken out of a report", secret.as_bytes())?))
    }

    /// A key is used once, so the nonce may stand still.
    fn key(&self, row: Uuid) -> Result<LessSafeKey> {
        let key = keyed(&self.0, row.as_bytes())?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| Error::bug("a key of the wrong length"))?;
        Ok(LessSafeKey::new(key))
    }

    fn close(&self, row: Uuid, words: &[u8]) -> Result<String> {
        let mut bytes = words.to_vec();
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        self.key(row)?
            .seal_in_place_append_tag(nonce, Aad::from(row.as_bytes()), &mut bytes)
            .map_err(|_| Error::bug("words could not be sealed"))?;
        Ok(STANDARD.encode(bytes))
    }

    /// `None` for words that another seal closed.
    fn open(&self, row: Uuid, sealed: &str) -> Result<Option<Vec<u8>>> {
        let Ok(mut bytes) = STANDARD.decode(sealed) else { return Ok(None) };
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        let opened = self.key(row)?.open_in_place(nonce, Aad::from(row.as_bytes()), &mut bytes);
        Ok(opened.ok().map(|words| words.to_vec()))
    }
}

fn keyed(key: &[u8], message: &[u8]) -> Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(Error::bug)?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().into())
}

/// A text, or a title, as it was and as it is since.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Rewritten {
    pub id: Uuid,
    pub before: String,
    pub after: String,
    /// What was counted as removed from it before; of a title nothing is counted.
    pub removed: String,
}

/// All that a redaction changed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Undoing {
    pub field: Field,
    pub text: Rewritten,
    pub titles: Vec<Rewritten>,
    pub notes: Vec<Rewritten>,
}

/// Words that were taken out a moment ago. What they are is not said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOut {
    pub id: Uuid,
    pub at: Timestamp,
    /// Until then whoever did it can put them back.
    pub until: Timestamp,
    pub by: String,
}

pub(super) async fn keep(tx: &Transaction, ctx: &Ctx, report: Uuid, undoing: &Undoing, seal: &Seal) -> Result<()> {
    let id = ctx.new_id();
    let row = sealed_words::ActiveModel {
        id: Set(id),
        report_id: Set(report),
        sealed: Set(seal.close(id, &serde_json::to_vec(undoing)?)?),
        actor_name: Set(ctx.actor.name.clone()),
        made_at: Set(ctx.now().0),
        until: Set(ctx.now().plus(UNDO).0),
    };
    sealed_words::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

/// What was sealed, which is gone from here with this.
///
/// # Errors
/// [`Error::Conflict`] once the time is over, or if somebody else sealed it.
pub(super) async fn take(tx: &Transaction, ctx: &Ctx, report: Uuid, id: Uuid, seal: &Seal) -> Result<Undoing> {
    let row = sealed_words::Entity::find_by_id(id).filter(sealed_words::Column::ReportId.eq(report)).one(&**tx).await?;
    let row = row.filter(|row| row.until > ctx.now().0);
    let gone =
        || Error::conflict("gone-for-good", "The words are gone for good; they could be put back for ten minutes.");
    let row = row.ok_or_else(gone)?;
    let foreign = || {
        let detail = "Only the person who took the words out can put them back, without having signed out since.";
        Error::conflict("sealed-by-another", detail)
    };
    let words = seal.open(id, &row.sealed)?.ok_or_else(foreign)?;
    sealed_words::Entity::delete_by_id(id).exec(&**tx).await?;
    Ok(serde_json::from_slice(&words)?)
}

/// Makes what was taken out of a report unreadable for good.
pub(super) async fn forget(tx: &Transaction, report: Uuid) -> Result<()> {
    sealed_words::Entity::delete_many().filter(sealed_words::Column::ReportId.eq(report)).exec(&**tx).await?;
    Ok(())
}

/// What was taken out of these reports and is not yet deleted, the last first.
pub(super) async fn taken_out(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<(Uuid, TakenOut)>> {
    use sea_orm::QueryOrder;

    let rows = sealed_words::Entity::find()
        .filter(sealed_words::Column::ReportId.is_in(reports.iter().copied()))
        .order_by_desc(sealed_words::Column::MadeAt)
        .order_by_desc(sealed_words::Column::Id)
        .all(connection)
        .await?;
    let each = rows.into_iter().map(|row| {
        let (at, until) = (Timestamp(row.made_at), Timestamp(row.until));
        (row.report_id, TakenOut { id: row.id, at, until, by: row.actor_name })
    });
    Ok(each.collect())
}

/// Deletes what can't be put back any more; says how much.
pub async fn forget_sealed(ctx: &Ctx) -> Result<usize> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let over = || sealed_words::Entity::find().filter(sealed_words::Column::Until.lte(ctx.now().0));
    let snapshot = ctx.database.read().await?;
    if over().count(&*snapshot).await? == 0 {
        return Ok(0);
    }
    drop(snapshot);
    let tx = ctx.write().await?;
    let deleted =
        sealed_words::Entity::delete_many().filter(sealed_words::Column::Until.lte(ctx.now().0)).exec(&*tx).await?;
    tx.commit(()).await?;
    ctx.database.settle().await?;
    Ok(usize::try_from(deleted.rows_affected).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_open_with_the_seal_that_closed_them_in_their_own_row_and_show_nothing_otherwise() {
        let (mine, theirs) = (Seal::of("a session").unwrap(), Seal::of("another session").unwrap());
        let (row, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = mine.close(row, b"Jane Doe").unwrap();
        assert_eq!(mine.open(row, &sealed).unwrap().as_deref(), Some(&b"Jane Doe"[..]));
        for opened in [theirs.open(row, &sealed), mine.open(other, &sealed), mine.open(row, "no base64!")] {
            assert_eq!(opened.unwrap(), None);
        }
        assert!(!STANDARD.decode(&sealed).unwrap().windows(4).any(|part| part == b"Jane"));
        assert_ne!(sealed, mine.close(other, b"Jane Doe").unwrap());
    }
}
