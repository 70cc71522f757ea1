//! People who are named in notes, `@Amina Khan` or `@Amina`: they are told of it until they have seen it.
//!
//! Decisions (2026-11-22):
//! - A person is named by the name that others see, in any case of letters; by the first word of it where that is one
//!   person's alone. The longest name that fits is meant. Nobody is told of what they wrote themselves.
//! - The event of the note says who was named, by ids and without any words, for whoever follows the log. A
//!   letter to those who want one is put into the outbox with the note (`notices.rs`).

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, case_note, mention};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::Expr};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{Event, EventKind},
    kernel::{CaseId, Ctx, Permission, Result, Timestamp, Transaction, UserId},
};

use super::{
    notices,
    queries::{Person, people_who_may},
};

/// How many mentions of one person are listed.
const LISTED: u64 = 50;

/// A note in which somebody was named and that they have not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mention {
    pub case: CaseId,
    pub number: i64,
    pub title: String,
    pub note: Uuid,
    /// Who wrote the note.
    pub by: String,
    pub at: Timestamp,
}

/// The notes in which the actor is named and that they have not seen, newest first.
pub async fn mentions(ctx: &Ctx) -> Result<Vec<Mention>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let Some(me) = ctx.actor.user else { return Ok(Vec::new()) };
    let snapshot = ctx.database.read().await?;
    let rows = mention::Entity::find()
        .filter(mention::Column::UserId.eq(me.0))
        .filter(mention::Column::SeenAt.is_null())
        .order_by_desc(mention::Column::At)
        .order_by_desc(mention::Column::NoteId)
        .limit(LISTED)
        .all(&*snapshot)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let cases = case::Entity::find().filter(case::Column::Id.is_in(rows.iter().map(|row| row.case_id)));
    let cases: BTreeMap<Uuid, case::Model> =
        cases.all(&*snapshot).await?.into_iter().map(|row| (row.id, row)).collect();
    let authors: Vec<(Uuid, String)> = case_note::Entity::find()
        .select_only()
        .columns([case_note::Column::Id, case_note::Column::AuthorName])
        .filter(case_note::Column::Id.is_in(rows.iter().map(|row| row.note_id)))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let authors: BTreeMap<Uuid, String> = authors.into_iter().collect();
    let mention = |row: mention::Model| {
        let case = cases.get(&row.case_id)?;
        Some(Mention {
            case: CaseId(case.id),
            number: case.number,
            title: case.title.clone(),
            note: row.note_id,
            by: authors.get(&row.note_id).cloned().unwrap_or_default(),
            at: Timestamp(row.at),
        })
    };
    Ok(rows.into_iter().filter_map(mention).collect())
}

/// Remembers that the actor has seen the notes of a case in which they are named. It is no step of the case and makes no
/// event: nobody else is concerned.
pub async fn mentions_seen(ctx: &Ctx, id: CaseId) -> Result<()> {
    ctx.authorise(Permission::FeedbackRead)?;
    let Some(me) = ctx.actor.user else { return Ok(()) };
    let tx = ctx.write().await?;
    mention::Entity::update_many()
        .col_expr(mention::Column::SeenAt, Expr::value(ctx.now().0))
        .filter(mention::Column::UserId.eq(me.0))
        .filter(mention::Column::CaseId.eq(id.0))
        .filter(mention::Column::SeenAt.is_null())
        .exec(&*tx)
        .await?;
    tx.commit(()).await
}

/// Whom an event says to have been named in a note, for whoever tells them.
pub fn mentioned_in(event: &Event) -> Vec<UserId> {
    if event.kind != EventKind::CaseNoted {
        return Vec::new();
    }
    let named = event.payload.get("mentioned").and_then(Value::as_array);
    named.into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok().map(UserId)).collect()
}

/// The active people who may read feedback, by name: those who can be named.
pub async fn readers(ctx: &Ctx) -> Result<Vec<Person>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    people_who_may(&*snapshot, Permission::FeedbackRead).await
}

/// Records whom a note names, and answers their ids.
pub(super) async fn record(tx: &Transaction, ctx: &Ctx, case: CaseId, note: Uuid, text: &str) -> Result<Vec<UserId>> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let people = people_who_may(&**tx, Permission::FeedbackRead).await?;
    let named: Vec<UserId> = named(text, &people).into_iter().filter(|id| Some(*id) != ctx.actor.user).collect();
    for id in &named {
        let row = mention::ActiveModel {
            note_id: Set(note),
            user_id: Set(id.0),
            case_id: Set(case.0),
            at: Set(ctx.now().0),
            seen_at: Set(None),
        };
        mention::Entity::insert(row).exec_without_returning(&**tx).await?;
    }
    notices::tell_named(tx, ctx, note, &named).await?;
    Ok(named)
}

/// Forgets whom the notes of a case named.
pub(super) async fn forget(tx: &Transaction, case: Uuid) -> Result<()> {
    mention::Entity::delete_many().filter(mention::Column::CaseId.eq(case)).exec(&**tx).await?;
    Ok(())
}

/// The people whom a text names, each once, in the order of the text.
fn named(text: &str, people: &[Person]) -> Vec<UserId> {
    let lower = text.to_lowercase();
    let mut before = None;
    let mut found: Vec<UserId> = Vec::new();
    for (place, character) in lower.char_indices() {
        // Within a word it is part of an address.
        let begins = character == '@' && before.is_none_or(|before: char| !before.is_alphanumeric());
        before = Some(character);
        let Some(rest) = lower.get(place..).and_then(|rest| rest.strip_prefix('@')).filter(|_| begins) else {
            continue;
        };
        for id in meant(rest, people) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found
}

/// Everybody with the longest name that a text begins with, else the one person whose first name it begins with.
fn meant(rest: &str, people: &[Person]) -> Vec<UserId> {
    let whole = |name: &str| {
        let after = rest.strip_prefix(name)?;
        (!name.is_empty() && !after.starts_with(char::is_alphanumeric)).then_some(name.len())
    };
    let fits = |person: &Person| whole(&person.name.to_lowercase());
    if let Some(longest) = people.iter().filter_map(fits).max() {
        return people.iter().filter(|person| fits(person) == Some(longest)).map(|person| person.id).collect();
    }
    let first = |person: &&Person| {
        let name = person.name.to_lowercase();
        name.split_whitespace().next().is_some_and(|first| whole(first).is_some())
    };
    let called: BTreeSet<UserId> = people.iter().filter(first).map(|person| person.id).collect();
    if called.len() == 1 { called.into_iter().collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Person> {
        ["Amina", "Amina Khan", "Bob Stone", "Bob Strand", "Zoë O'Neil"]
            .into_iter()
            .zip(1..)
            .map(|(name, id)| Person { id: UserId(Uuid::from_u128(id)), name: name.to_owned() })
            .collect()
    }

    #[test]
    fn people_are_named_by_their_longest_name_or_by_a_first_name_that_is_theirs_alone() {
        for (text, ids) in [
            ("@Amina Khan, please look", vec![2]),
            ("@amina: this is yours. @BOB STONE too", vec![1, 3]),
            ("@Bob what do you think?", vec![]),
            ("(@Zoë) and @Zoë O'Neil", vec![5]),
            ("write to amina@example.org", vec![]),
            ("@Aminata", vec![]),
            ("@", vec![]),
            ("@Bob Strand @Bob Strand @Bob Strands", vec![4]),
        ] {
            let ids: Vec<UserId> = ids.into_iter().map(|id| UserId(Uuid::from_u128(id))).collect();
            assert_eq!(named(text, &people()), ids, "{text}");
        }
    }
}
