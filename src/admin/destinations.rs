//! What a link in a text can lead to: documents by words, and the sections of one. A program's answer within the panel, for
//! the dialog in which people choose; it says nothing that lists and editors don't.

use axum::{Json, response::IntoResponse};
use serde_json::{Value, json};

use crate::{
    content::{self, Kind, Listed},
    kernel::{Error, Permission, Result},
    web::Answer,
};

use super::{
    lists,
    request::PanelRequest,
    ui::{Badge, words},
};

/// How many of each kind are offered at once.
const OFFERED: usize = 10;
const WORDS_LIMIT: usize = 200;

/// With `q` the documents that answer these words best, else the first by title; with `id` one document and those of its sections that have a
/// heading. Limits: 200 characters. Errors: a document that does not exist.
pub async fn list(mut request: PanelRequest) -> Answer {
    let sought = request.query.text("q").unwrap_or_default();
    let id = request.query.id("id");
    if sought.chars().count() > WORDS_LIMIT {
        request.query.fault("q", "too-long", format!("At most {WORDS_LIMIT} characters can be searched for."));
    }
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentRead)?;
    let documents = match id {
        Some(id) => vec![one(&request, id).await?],
        None => found(&request, sought.trim()).await?,
    };
    Ok(Json(json!({ "documents": documents })).into_response())
}

async fn found(request: &PanelRequest, sought: &str) -> Result<Vec<Value>> {
    if !sought.is_empty() {
        let best = request.best(sought, OFFERED).await?;
        return Ok(best.iter().flat_map(|best| &best.found).map(|found| offered(&found.listed)).collect());
    }
    let mut documents = Vec::new();
    for kind in Kind::ALL {
        let page =
            content::list(&request.ctx, &lists::first(*kind, u64::try_from(OFFERED).unwrap_or(u64::MAX))).await?;
        documents.extend(page.rows.iter().map(offered));
    }
    Ok(documents)
}

fn offered(row: &Listed) -> Value {
    let path = row.path.as_deref().unwrap_or_default();
    let state = Badge::live(row.live_state).words;
    let about = [words::kind(row.kind), &state, path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    json!({ "id": row.id, "title": lists::title(row), "about": about.join(", ") })
}

async fn one(request: &PanelRequest, id: uuid::Uuid) -> Result<Value> {
    let known = content::known(&request.ctx, &std::collections::BTreeSet::from([id])).await?;
    let known = known.get(&id).ok_or_else(|| Error::not_found("such document"))?;
    let document = content::document(&request.ctx, known.kind, known.id).await?;
    let sections = document.content.get("sections").and_then(Value::as_array);
    let headed = sections.into_iter().flatten().filter_map(|section| {
        let heading = section.get("heading")?.as_str().filter(|heading| !heading.trim().is_empty())?;
        Some(json!({ "id": section.get("id")?, "heading": heading }))
    });
    Ok(json!({ "id": id, "title": known.title, "sections": headed.collect::<Vec<_>>() }))
}
