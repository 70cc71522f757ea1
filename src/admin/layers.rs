//! What stands around every page of the panel: sessions, the refusal of forged posts, headers that let nothing in from
//! outside, compression, and pages for errors.
//!
//! Decision (2026-11-22): pages are sent with `private, no-cache`, not `no-store`: the browser asks again each time, and
//! going back shows the page as it was, typed text included. Signing out clears what the browser kept.
//!
//! Decision (2026-11-22): a request of a script, which says so with `X-Fragment`, is never redirected: it is answered 204
//! with the address in `X-Location`. Context: `fetch` follows redirects by itself, takes the message that the next page
//! says once, and hides the place within that page. Consequence: the script lays the next page over this one if it is the
//! same page, and otherwise lets the browser go there.

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use tower_http::{compression::CompressionLayer, csrf::CsrfLayer};

use crate::{
    kernel::Error,
    web::{Answer, App, Problem, session},
};

use super::{
    errors,
    request::{PanelRequest, Surrounding},
    ui::shell,
};

/// What a page of the panel may load and do. Script comes from our own files alone, and can make markup of text only
/// through the policies that are named: of fragments that this server sent, and of what is pasted into the editor.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; \
                      trusted-types rolebook-html rolebook-paste ProseMirrorClipboard";
/// A page that is shown in a frame of the panel: it may be framed by us, and does even less. It keeps its origin, without
/// which its images would come without the session; nothing in it can make use of that.
const FRAME_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
                            frame-ancestors 'self'; sandbox allow-same-origin";

/// A page that people without an account are shown: the same, and nobody frames it.
const SHARED_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
                             frame-ancestors 'none'; sandbox allow-same-origin";

/// What may be loaded by a file that is no page.
const BYTES_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Marks an answer that is a file of somebody's, not a page of ours.
#[derive(Clone, Copy)]
pub struct Bytes;

/// Marks an answer that is shown in a frame of the panel.
#[derive(Clone, Copy)]
pub struct Framed;

/// Marks an answer that people without an account are shown.
#[derive(Clone, Copy)]
pub struct Shared;

/// Puts the layers around the panel's routes.
pub fn around(router: Router<App>, app: &App) -> Router<App> {
    // An origin that a browser sends has the form that the layer asks for; anything else would trust nobody.
    let origin = url::Url::parse(&app.public_url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let forged = CsrfLayer::new();
    let forged = forged.clone().add_trusted_origin(&origin).unwrap_or(forged);
    router
        .layer(session::session_layer(app))
        .layer(forged)
        .layer(middleware::from_fn(dress))
        .layer(CompressionLayer::new().gzip(true))
}

/// Headers, and a page in place of every error.
async fn dress(mut request: Request, next: Next) -> Response {
    let surrounding = Surrounding::default();
    request.extensions_mut().insert(surrounding.clone());
    let path = request.uri().path().to_owned();
    let scripted = request.headers().contains_key(shell::FRAGMENT);
    let mut response = next.run(request).await;
    let bare = !response.headers().contains_key(header::CONTENT_TYPE);
    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = problem {
        response = errors::page(surrounding.get().as_deref(), &problem, &path);
    } else if response.status() == StatusCode::FORBIDDEN && bare {
        response = errors::forged(surrounding.get().as_deref());
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED && bare {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = errors::wrong_method(surrounding.get().as_deref());
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    if scripted && response.status() == StatusCode::SEE_OTHER {
        *response.status_mut() = StatusCode::NO_CONTENT;
        if let Some(location) = response.headers_mut().remove(header::LOCATION) {
            response.headers_mut().insert("x-location", location);
        }
    }
    let framed = response.extensions().get::<Framed>().is_some();
    let bytes = response.extensions().get::<Bytes>().is_some();
    let shared = response.extensions().get::<Shared>().is_some();
    let headers = response.headers_mut();
    let policy = match (framed, bytes) {
        (true, _) => FRAME_POLICY,
        (false, true) => BYTES_POLICY,
        (false, false) if shared => SHARED_POLICY,
        (false, false) => POLICY,
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static(if framed { "SAMEORIGIN" } else { "DENY" }));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.entry("cross-origin-resource-policy").or_insert(HeaderValue::from_static("same-origin"));
    headers
        .insert("permissions-policy", HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"));
    response
}

/// The answer to an address of the panel that leads nowhere. Strangers are sent to sign in and learn nothing.
pub async fn not_found(_request: PanelRequest) -> Answer {
    Err(Error::not_found("such address").into())
}
