//! Images: uploads come as a form with the file, everything else is JSON.

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Multipart},
    http::{Request, StatusCode, header},
    response::IntoResponse,
};
use bytes::Bytes;
use serde_json::{Value, json as value};

use crate::{
    content,
    kernel::{DocumentId, Error, Fault, MediaId, Result, VersionNumber},
    media::{self, FocalPoint, Listing, Media, MediaChange, NewImage, Replaced},
    web::{Answer, Call, Cursor, Fields, created, idempotent, json_with_version, no_content},
};

use super::lists;

pub async fn list(mut call: Call) -> Answer {
    let limit = call.query.number("limit", 20, 1, 100);
    let words = call.query.text("q");
    let sha256 = call.query.text("sha256");
    let cursor = call.query.cursor("cursor", "-created_at");
    std::mem::take(&mut call.query).finish()?;
    let after = cursor.map(|cursor| (cursor.key, MediaId(cursor.id)));
    let listing = Listing { words: words.clone(), sha256: sha256.clone(), after, limit, ..Listing::default() };
    let page = media::list(&call.ctx, &listing).await?;
    let next = page.next.map(|(key, id)| {
        let cursor = Cursor { order: "-created_at".to_owned(), key, id: id.0 }.encode();
        let parameters = [("limit", Some(limit.to_string())), ("q", words), ("sha256", sha256)];
        lists::next("/manage/v1/media", &parameters, &cursor)
    });
    let rows: Vec<Value> = page.rows.iter().map(view).collect::<Result<_>>()?;
    lists::answer(&rows, next, page.total)
}

pub async fn add(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let new = upload(&call).await?;
    let media: Media = idempotent(&call.ctx, media::add(&call.ctx, &call.app.store, new)).await?;
    call.app.ring();
    created(&view(&media)?, i64::from(media.version.0), &format!("/manage/v1/media/{}", media.id))
}

pub async fn show(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    answer(&media::get(&call.ctx, call.id("id")?).await?)
}

pub async fn change(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (MediaId, VersionNumber) = (call.id("id")?, call.seen_version()?);
    let mut fields = call.fields()?;
    let change = MediaChange {
        filename: fields.text("filename", 255),
        alt: fields.has("alt").then(|| fields.text("alt", 1_000)),
        caption: fields.has("caption").then(|| fields.text("caption", 1_000)),
        credit: fields.has("credit").then(|| fields.text("credit", 1_000)),
        focal_point: fields.has("focal_point").then(|| focal_point(&mut fields)),
    };
    fields.finish()?;
    let media = media::change(&call.ctx, id, seen, change).await.map_err(shown)?;
    call.app.ring();
    answer(&media)
}

fn focal_point(fields: &mut Fields) -> Option<FocalPoint> {
    let point = serde_json::from_value(fields.part("focal_point")?).ok();
    if point.is_none() {
        fields.fault("focal_point", "wrong-type", "x and y, numbers from 0 to 1, were expected here.");
    }
    point
}

pub async fn remove(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (MediaId, VersionNumber) = (call.id("id")?, call.seen_version()?);
    media::delete(&call.ctx, &call.app.store, id, seen).await.map_err(shown)?;
    no_content()
}

/// Adds a new image in place of an old one and makes drafts of the documents that use the old one.
pub async fn replace(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (MediaId, VersionNumber) = (call.id("id")?, call.seen_version()?);
    let new = upload(&call).await?;
    let command = media::replace(&call.ctx, &call.app.store, id, seen, new);
    let replaced: Replaced = idempotent(&call.ctx, command).await.map_err(shown)?;
    let ctx = crate::kernel::Ctx { idempotency: None, ..call.ctx.clone() };
    let documents: Vec<DocumentId> = replaced.uses.iter().map(|used| used.id).collect();
    let outcomes = content::replace_image_in(&ctx, &documents, id, replaced.media.id).await;
    let mut drafts = Vec::new();
    for (used, outcome) in replaced.uses.iter().zip(outcomes) {
        drafts.push(match outcome {
            Ok(document) => {
                value!({ "id": used.id, "title": used.title, "version": document.standing.version, "failure": null })
            }
            Err(error) => value!({ "id": used.id, "title": used.title, "version": null, "failure": error.to_string() }),
        });
    }
    call.app.ring();
    let mut body = view(&replaced.media)?;
    if let Value::Object(body) = &mut body {
        body.insert("drafts".to_owned(), value!(drafts));
    }
    created(&body, i64::from(replaced.media.version.0), &format!("/manage/v1/media/{}", replaced.media.id))
}

pub async fn used_by(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let id: MediaId = call.id("id")?;
    media::get(&call.ctx, id).await?;
    let uses = content::uses_of_image(&call.ctx, id).await?;
    lists::answer(&uses, None, u64::try_from(uses.len()).unwrap_or_default())
}

/// A stored file, also of an image that is not public yet.
pub async fn file(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let media = media::get(&call.ctx, call.id("id")?).await?;
    let key = call.parameter("key");
    if !media.renditions.iter().any(|rendition| rendition.key == key) {
        return Err(Error::not_found("such image").into());
    }
    let snapshot = call.app.database.read().await?;
    let file = media::file(&call.app.store, &*snapshot, key, false).await?;
    let file = file.ok_or_else(|| Error::not_found("such image"))?;
    let headers = [(header::CONTENT_TYPE, file.media_type), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((StatusCode::OK, headers, file.bytes).into_response())
}

fn answer(media: &Media) -> Answer {
    json_with_version(&view(media)?, i64::from(media.version.0))
}

/// An image as it is answered.
fn view(media: &Media) -> Result<Value> {
    Ok(with_addresses(serde_json::to_value(media)?))
}

/// What is there now, in the answer to a stale write, looks as it does everywhere else.
fn shown(error: Error) -> Error {
    match error {
        Error::Stale(mut stale) => {
            stale.current = stale.current.map(with_addresses);
            Error::Stale(stale)
        }
        other => other,
    }
}

/// An image with the addresses of its files.
fn with_addresses(mut view: Value) -> Value {
    let id = view.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_public = view.get("public").and_then(Value::as_bool).unwrap_or_default();
    if let Some(renditions) = view.get_mut("renditions").and_then(Value::as_array_mut) {
        for rendition in renditions {
            let Some(key) = rendition.get("key").and_then(Value::as_str).map(str::to_owned) else { continue };
            let src = if is_public { format!("/media/{key}") } else { format!("/manage/v1/media/{id}/files/{key}") };
            if let Value::Object(rendition) = rendition {
                rendition.insert("src".to_owned(), src.into());
            }
        }
    }
    view
}

/// Reads a form with one file (`file`) and what is said about it (`alt`, `caption`, `credit`, `focal_x`, `focal_y`).
async fn upload(call: &Call) -> Result<NewImage> {
    let content_type = call.headers.get(header::CONTENT_TYPE).cloned();
    let mut request = Request::new(Body::from(call.body.clone()));
    if let Some(content_type) = content_type {
        request.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    // The body was read within its limit; the framework's own, of two megabytes, is not ours.
    DefaultBodyLimit::disable().apply(&mut request);
    let expected = "Send the image as multipart/form-data with the file in the field \"file\".";
    let mut form =
        Multipart::from_request(request, &()).await.map_err(|_| Error::UnsupportedMediaType(expected.to_owned()))?;
    let broken = |_| Error::Malformed(vec![Fault::new("", "malformed-form", "The form is not readable.")]);
    let mut file: Option<(String, Bytes)> = None;
    let mut fields = serde_json::Map::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let filename = field.file_name().unwrap_or("image").to_owned();
            file = Some((filename, field.bytes().await.map_err(broken)?));
        } else {
            fields.insert(name, field.text().await.map_err(broken)?.into());
        }
    }
    let mut fields = Fields::of(Value::Object(fields))?;
    let focal_point = match (coordinate(&mut fields, "focal_x"), coordinate(&mut fields, "focal_y")) {
        (Some(x), Some(y)) => Some(FocalPoint { x, y }),
        _ => None,
    };
    let (alt, caption, credit) =
        (fields.text("alt", 1_000), fields.text("caption", 1_000), fields.text("credit", 1_000));
    if file.is_none() {
        fields.fault("file", "missing-field", expected);
    }
    fields.finish()?;
    let (filename, bytes) = file.unwrap_or_default();
    Ok(NewImage { filename, bytes, alt, caption, credit, focal_point })
}

fn coordinate(fields: &mut Fields, name: &str) -> Option<f64> {
    let text = fields.text(name, 20)?;
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    if number.is_none() {
        fields.fault(name, "out-of-range", "A number from 0 to 1 was expected here.");
    }
    number
}
