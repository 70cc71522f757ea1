//! What the holder of a link for a preview meets: one version of one page in our plain reading style, and nothing else.
//! Nobody is signed in, nothing runs, no link leads anywhere, and no search engine is to keep it.

use axum::{
    Extension,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::html;

use crate::{
    kernel::{Error, Result},
    media, published, site,
    web::{Answer, client_address},
};

use super::{
    layers::{Bytes, Shared},
    reader::reader_view_with,
    sign_in::StrangerRequest,
    ui::{
        shell,
        time::{self, Zone},
    },
};

/// Where a secret leads.
pub fn address(secret: &str) -> String {
    format!("/preview/{secret}")
}

pub async fn show(mut request: StrangerRequest) -> Answer {
    std::mem::take(&mut request.visit.query).finish()?;
    limit(&request)?;
    let secret = request.visit.parameter("secret").to_owned();
    let Some(shared) = published::shared(&request.visit.ctx, &secret).await? else {
        return Ok(lost(&request).await?);
    };
    let settings = site::settings(&*request.visit.app.database.read().await?).await?;
    let zone = Zone::named(&settings.time_zone);
    let files = |_, key: &str| format!("{}/files/{key}", address(&secret));
    let linked = shared.linked;
    let body = html! {
        div.prose.as-read role="note" {
            p.document-note {
                "A preview of version " (linked.version) ", shown to you by " (settings.site_name) ". It may not be public, and may change before it is. "
                "This link works until " (time::in_full(&zone, linked.expires_at)) "."
            }
        }
        (reader_view_with(&shared.page, None, &files))
    };
    let mut response = shell::frame(None, &format!("Preview – {}", settings.site_name), body, StatusCode::OK);
    response.extensions_mut().insert(Shared);
    Ok(unkept(response))
}

/// A picture that stands in the page.
pub async fn file(mut request: StrangerRequest) -> Answer {
    std::mem::take(&mut request.visit.query).finish()?;
    limit(&request)?;
    let (secret, key) = (request.visit.parameter("secret"), request.visit.parameter("key"));
    let nothing = || Error::not_found("such image");
    if !published::shares_image(&request.visit.ctx, secret, key).await? {
        return Err(nothing().into());
    }
    let app = &request.visit.app;
    let file = media::file(&app.store, &*app.database.read().await?, key, false).await?.ok_or_else(nothing)?;
    let headers = [(header::CONTENT_TYPE, file.media_type)];
    Ok(unkept((StatusCode::OK, Extension(Bytes), headers, file.bytes).into_response()))
}

/// Guessing is hopeless, but it shall not be cheap either.
fn limit(request: &StrangerRequest) -> Result<()> {
    let app = &request.visit.app;
    let client = client_address(app, request.visit.peer, &request.visit.headers);
    let taken = app.preview_limit.take(&client.to_string(), app.clock.now(), &*app.chance);
    taken.map_err(|retry_after_seconds| Error::TooMany { retry_after_seconds })
}

/// The same for a link that was never made, has expired or was revoked: nobody learns which.
async fn lost(request: &StrangerRequest) -> Result<Response> {
    let main = html! {
        h1 { "This link leads nowhere" }
        p { "A link for a preview works for some days, and can be ended before. It may also have been cut when it was copied." }
        p { "Ask whoever sent it to you for a new one." }
    };
    Ok(unkept(request.page(StatusCode::NOT_FOUND, "This link leads nowhere", main).await?))
}

/// Nobody keeps it: no cache, no index.
fn unkept(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow, noarchive"));
    response
}
