//! Documents of both kinds: list, make, read, save, history.

use serde_json::Value;

use crate::{
    content::{self, Document, Draft, Kind, Listing, Ownership, Sort},
    events::Filter,
    kernel::{DocumentId, Error, PublicationId, Result, Sequence, UserId, VersionNumber},
    web::{Answer, Call, Cursor, created, idempotent, json, json_with_version, no_content},
};

use super::lists;

/// The kind that a collection in the path holds.
pub(super) fn kind(call: &Call) -> Result<Kind> {
    Kind::of_collection(call.parameter("collection")).ok_or_else(|| Error::not_found("such address"))
}

/// The answer to writes and steps: the document, with its version as the ETag.
pub(super) fn answer(document: &Document) -> Answer {
    json_with_version(document, i64::from(document.standing.version.0))
}

pub async fn list(mut call: Call) -> Answer {
    let kind = kind(&call)?;
    let sort = call.query.choice("sort").unwrap_or(Sort::UpdatedDown);
    let limit = call.query.number("limit", 20, 1, 100);
    let words = call.query.text("q");
    let mut listing = Listing {
        kind,
        draft_state: call.query.choice("draft_state"),
        live_state: call.query.choice("live_state"),
        parent: call.query.id("parent").map(DocumentId),
        owner: call.query.id("owner").map(UserId),
        words: None,
        trashed: call.query.boolean("trashed").unwrap_or(false),
        narrowing: content::Narrowing::default(),
        sort,
        after: call.query.cursor("cursor", sort.name()).map(|cursor| (cursor.key, cursor.id)),
        limit,
    };
    std::mem::take(&mut call.query).finish()?;
    if let Some(words) = &words {
        listing.words = content::holders(&call.ctx, &call.app.work_search, words).await?;
    }
    let page = content::list(&call.ctx, &listing).await?;
    let next = page.next.map(|(key, id)| {
        let cursor = Cursor { order: sort.name().to_owned(), key, id }.encode();
        let parameters = [
            ("sort", Some(sort.name().to_owned())),
            ("limit", Some(limit.to_string())),
            ("draft_state", listing.draft_state.map(|state| state.name().to_owned())),
            ("live_state", listing.live_state.map(|state| state.name().to_owned())),
            ("parent", listing.parent.map(|id| id.to_string())),
            ("owner", listing.owner.map(|id| id.to_string())),
            ("q", words.clone()),
            ("trashed", listing.trashed.then(|| "true".to_owned())),
        ];
        lists::next(&format!("/manage/v1/{}", kind.collection()), &parameters, &cursor)
    });
    lists::answer(&page.rows, next, page.total)
}

pub async fn create(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let kind = kind(&call)?;
    let draft = Draft::read(&call.ctx, kind, call.json()?)?;
    let document: Document = idempotent(&call.ctx, content::create(&call.ctx, kind, draft)).await?;
    call.app.ring();
    let location = format!("/manage/v1/{}/{}", kind.collection(), document.standing.id);
    created(&document, i64::from(document.standing.version.0), &location)
}

pub async fn show(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let kind = kind(&call)?;
    let id = content::find(&call.ctx, kind, call.parameter("id")).await?;
    answer(&content::document(&call.ctx, kind, id).await?)
}

pub async fn save(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (kind, id, seen) = (kind(&call)?, call.id("id")?, call.seen_version()?);
    let draft = Draft::read(&call.ctx, kind, call.json()?)?;
    let document = content::save(&call.ctx, kind, id, seen, draft).await?;
    call.app.ring();
    answer(&document)
}

pub async fn own(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (kind, id, seen) = (kind(&call)?, call.id("id")?, call.seen_version()?);
    let mut fields = call.fields()?;
    let change = Ownership {
        owner: fields.has("owner").then(|| fields.id("owner").map(UserId)),
        review_by: fields.has("review_by").then(|| fields.text("review_by", 10)),
    };
    fields.finish()?;
    let document = content::own(&call.ctx, kind, id, seen, change).await?;
    call.app.ring();
    answer(&document)
}

pub async fn versions(mut call: Call) -> Answer {
    let (kind, id) = (kind(&call)?, call.id("id")?);
    let limit = call.query.number("limit", 20, 1, 100);
    let before = call.query.number("before", 0, 1, u64::from(u32::MAX));
    std::mem::take(&mut call.query).finish()?;
    let before = i32::try_from(before).ok().filter(|before| *before > 0).map(VersionNumber);
    let mut found = content::history(&call.ctx, kind, id, before, limit + 1).await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let path = format!("/manage/v1/{}/{id}/versions", kind.collection());
    let next = found.last().filter(|_| more).map(|last| format!("{path}?limit={limit}&before={}", last.version));
    let total = content::document(&call.ctx, kind, id).await.map(|document| document.latest_version)?;
    lists::answer(&found, next, u64::try_from(total.0).unwrap_or_default())
}

pub async fn version(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let number = call.id::<i32>("version").map(VersionNumber)?;
    json(&content::version(&call.ctx, kind(&call)?, call.id("id")?, number).await?)
}

pub async fn compare(mut call: Call) -> Answer {
    let (kind, id) = (kind(&call)?, call.id("id")?);
    let from = call.query.number("from", 0, 1, 1_000_000_000);
    let to = call.query.number("to", 0, 1, 1_000_000_000);
    if from == 0 || to == 0 {
        call.query.fault("from", "missing-parameter", "Name two versions: ?from=1&to=2.");
    }
    std::mem::take(&mut call.query).finish()?;
    let number = |number: u64| VersionNumber(i32::try_from(number).unwrap_or(i32::MAX));
    json(&content::comparison(&call.ctx, kind, id, number(from), number(to)).await?)
}

pub async fn used_by(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let uses = content::uses(&call.ctx, kind(&call)?, call.id("id")?).await?;
    lists::answer(&uses, None, u64::try_from(uses.len()).unwrap_or_default())
}

pub async fn events(mut call: Call) -> Answer {
    let (kind, id): (Kind, DocumentId) = (kind(&call)?, call.id("id")?);
    let limit = call.query.number("limit", 50, 1, 100);
    let before = call.query.number("before", 0, 1, u64::from(u32::MAX));
    std::mem::take(&mut call.query).finish()?;
    let before = i64::try_from(before).ok().filter(|before| *before > 0).map(Sequence);
    let filter = Filter { document: Some(id), before, ..Filter::default() };
    let (events, total) = content::timeline(&call.ctx, kind, id, filter, limit + 1).await?;
    super::site::events_answer(events, limit, total, &format!("/manage/v1/{}/{id}/events", kind.collection()))
}

pub async fn publications(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let publications = content::publications(&call.ctx, kind(&call)?, call.id("id")?).await?;
    lists::answer(&publications, None, u64::try_from(publications.len()).unwrap_or_default())
}

pub async fn suppress(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (kind, id, seen) = (kind(&call)?, call.id("id")?, call.seen_version()?);
    let publication = call.id("publication").map(PublicationId)?;
    let mut fields = call.fields()?;
    let reason = fields.required_text("reason", 1_000);
    fields.finish()?;
    let _: Value = idempotent(&call.ctx, async {
        content::suppress(&call.ctx, kind, id, seen, publication, reason).await.map(|()| Value::Null)
    })
    .await?;
    call.app.ring();
    no_content()
}
