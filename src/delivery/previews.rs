//! The preview API: one version of one page in the shape of the public JSON, for sites that show drafts in their own dress.
//! Whoever holds the token of a preview link reads that version, and nothing else with it. Nobody keeps the answer.
//!
//! Decision (2026-11-22), one address space. Context: a site fetches a page by slug, id or path, and shall show a draft with
//! the same code. Choice: the addresses are those of the public API under another prefix; a token opens the ones that name
//! its own page, and under all others there is nothing. Consequence: a token that leaks tells of no second page.

use axum::http::{HeaderValue, header};
use serde_json::Value;

use crate::{
    content::Kind,
    kernel::{Error, Result},
    published::{self, view},
    web::{Answer, Visit, client_address, json},
};

pub async fn show(mut visit: Visit) -> Answer {
    let kind = Kind::of_collection(visit.parameter("collection")).ok_or_else(|| Error::not_found("such address"))?;
    let token = token(&mut visit)?;
    let named = visit.parameter("page").to_owned();
    answer(&visit, &token, |page| page.kind == kind && (page.slug == named || page.id.to_string() == named)).await
}

pub async fn at_path(mut visit: Visit) -> Answer {
    let token = token(&mut visit)?;
    let path = format!("/{}", visit.parameter("path"));
    answer(&visit, &token, |page| page.path == path).await
}

/// The token, from `Authorization: Bearer` or from `token` in the query.
fn token(visit: &mut Visit) -> Result<String> {
    let asked = visit.query.text("token");
    std::mem::take(&mut visit.query).finish()?;
    let sent = visit.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token = sent.map(|(_, token)| token.trim().to_owned()).or(asked);
    token.ok_or_else(|| {
        let detail = "Send the token of a preview link as Authorization: Bearer TOKEN, or as ?token=TOKEN.";
        Error::Unauthenticated(detail.to_owned())
    })
}

async fn answer(visit: &Visit, token: &str, is_asked_for: impl Fn(&view::Identity) -> bool) -> Answer {
    let Some(page) = published::drafted(&visit.ctx, token).await? else {
        limit(visit)?;
        let detail = "The preview token shows nothing: it was never given out, has expired or was revoked.";
        return Err(Error::Unauthenticated(detail.to_owned()).into());
    };
    if !is_asked_for(page.identity()) {
        return Err(Error::not_found("such page behind this preview token").into());
    }
    let mut value = serde_json::to_value(&page).map_err(Error::from)?;
    show_files(&mut value, token);
    let mut response = json(&value)?;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow, noarchive"));
    Ok(response)
}

/// Images that are not public yet can be seen with the token alone.
fn show_files(value: &mut Value, token: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| show_files(item, token)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Array(sources) if name == "sources" => {
                        for source in sources {
                            let Some(Value::String(address)) = source.get_mut("src") else { continue };
                            if let Some(key) = address.strip_prefix("/media/") {
                                *address = format!("/preview/{token}/files/{key}");
                            }
                        }
                    }
                    value => show_files(value, token),
                }
            }
        }
        _ => {}
    }
}

/// Guessing is hopeless, but it shall not be cheap either.
fn limit(visit: &Visit) -> Result<()> {
    let app = &visit.app;
    let client = client_address(app, visit.peer, &visit.headers);
    let taken = app.preview_limit.take(&client.to_string(), app.clock.now(), &*app.chance);
    taken.map_err(|retry_after_seconds| Error::TooMany { retry_after_seconds })
}
