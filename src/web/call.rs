//! What a request brings, read once and in one way: parameters of the path, query, body, precondition, and who calls.

use std::net::SocketAddr;

use axum::{
    body::Bytes,
    extract::{ConnectInfo, FromRequest, FromRequestParts, RawPathParams, Request},
    http::{HeaderMap, Method, header, request::Parts},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    accounts,
    content::limits::CONTENT_LIMIT,
    kernel::{Actor, Ctx, Door, Error, Fault, IdempotencyClaim, Result, VersionNumber},
};

use super::{App, Fields, Problem, Query, layers::RequestId};

/// Bytes of a JSON body: the largest content and its envelope, written out generously.
const BODY_LIMIT: usize = 2 * CONTENT_LIMIT;
/// Bytes of an upload with its form.
pub const UPLOAD_LIMIT: usize = 21 * 1024 * 1024;

/// A request of nobody in particular.
pub struct Visit {
    pub app: App,
    pub ctx: Ctx,
    pub method: Method,
    pub path: String,
    /// The path with the query, as it was asked for.
    pub address: String,
    pub headers: HeaderMap,
    pub query: Query,
    pub peer: SocketAddr,
    parameters: Vec<(String, String)>,
}

/// A request of a program with a key.
pub struct Call {
    pub app: App,
    pub ctx: Ctx,
    pub query: Query,
    pub headers: HeaderMap,
    pub body: Bytes,
    parameters: Vec<(String, String)>,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let parameters = parameters(parts, app).await?;
        let mut ctx = app.ctx(Actor::visitor(), Door::Public);
        ctx.request_id = request_id(parts);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        Ok(Self {
            app: app.clone(),
            ctx,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            address: parts.uri.path_and_query().map_or_else(String::new, |address| address.as_str().to_owned()),
            headers: parts.headers.clone(),
            query: Query::parse(parts.uri.query()),
            peer: peer.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0))),
            parameters,
        })
    }
}

impl Visit {
    pub fn parameter(&self, name: &str) -> &str {
        parameter(&self.parameters, name)
    }
}

impl FromRequest<App> for Call {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let parameters = parameters(&mut parts, app).await?;
        let actor = authenticate(app, &parts.headers).await?;
        let limit = if is_multipart(&parts.headers) { UPLOAD_LIMIT } else { BODY_LIMIT };
        let body = read_body(body, limit).await?;
        let mut ctx = app.ctx(actor, Door::Api);
        ctx.request_id = request_id(&parts);
        ctx.idempotency = claim(&parts, &body)?;
        Ok(Self {
            app: app.clone(),
            ctx,
            query: Query::parse(parts.uri.query()),
            headers: parts.headers,
            body,
            parameters,
        })
    }
}

impl Call {
    pub fn parameter(&self, name: &str) -> &str {
        parameter(&self.parameters, name)
    }

    /// An id in the path; anything that is none leads nowhere.
    pub fn id<T: std::str::FromStr>(&self, name: &str) -> Result<T> {
        self.parameter(name).parse().map_err(|_| Error::not_found("such address"))
    }

    /// The key itself, as it was sent.
    pub fn secret(&self) -> &str {
        presented(&self.headers).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        json(&self.headers, &self.body)
    }

    /// The body as the fields of a step; an empty body is an empty object.
    pub fn fields(&self) -> Result<Fields> {
        if self.body.is_empty() { Fields::of(Value::Object(serde_json::Map::new())) } else { Fields::of(self.json()?) }
    }

    /// The one ETag in `If-Match`, without its quotes.
    ///
    /// # Errors
    /// [`Error::PreconditionRequired`] if there is none.
    pub fn seen_etag(&self) -> Result<String> {
        let Some(value) = self.headers.get(header::IF_MATCH) else { return Err(Error::PreconditionRequired) };
        let etag = value.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'));
        etag.map(str::to_owned).ok_or_else(bad_etag)
    }

    /// The version that the caller saw, from `If-Match`.
    ///
    /// # Errors
    /// [`Error::PreconditionRequired`] if there is none.
    pub fn seen(&self) -> Result<i64> {
        self.seen_etag()?.parse().map_err(|_| bad_etag())
    }

    pub fn seen_version(&self) -> Result<VersionNumber> {
        i32::try_from(self.seen()?).map(VersionNumber).map_err(|_| bad_etag())
    }
}

fn bad_etag() -> Error {
    let detail = "If-Match holds the one ETag of the version that was seen, such as \"3\".";
    Error::Malformed(vec![Fault::new("If-Match", "bad-etag", detail)])
}

/// Carries out a command once for an idempotency key: the same request again gets the outcome of the first.
pub async fn idempotent<T, F>(ctx: &Ctx, command: F) -> Result<T>
where
    T: Serialize + DeserializeOwned,
    F: Future<Output = Result<T>>,
{
    if let Some(outcome) = ctx.earlier_outcome().await? {
        return Ok(serde_json::from_value(outcome)?);
    }
    match command.await {
        Err(Error::AlreadyDone) => match ctx.earlier_outcome().await? {
            Some(outcome) => Ok(serde_json::from_value(outcome)?),
            None => Err(Error::AlreadyDone),
        },
        other => other,
    }
}

/// A JSON body, strictly: the media type, the encoding and the syntax are named where they are wrong.
pub(super) fn json(headers: &HeaderMap, body: &Bytes) -> Result<Value> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence != "application/json" && !essence.ends_with("+json") {
        return Err(Error::UnsupportedMediaType("The body has to be application/json.".to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| {
        let code = if error.to_string().contains("recursion limit") { "too-deep" } else { "malformed-json" };
        let detail = format!("The body is not readable as JSON at line {}, column {}.", error.line(), error.column());
        Error::Malformed(vec![Fault::new("", code, detail)])
    })
}

/// A body that is JSON or the post of an HTML form, as named values; whether it was a form.
///
/// # Errors
/// [`Error::UnsupportedMediaType`] for anything else.
pub fn form_or_json(headers: &HeaderMap, body: &Bytes) -> Result<(Map<String, Value>, bool)> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/x-www-form-urlencoded" {
        if std::str::from_utf8(body).is_err() {
            return Err(Error::Malformed(vec![Fault::new("", "not-utf-8", "The form is not UTF-8.")]));
        }
        let fields = url::form_urlencoded::parse(body);
        return Ok((fields.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect(), true));
    }
    match json(headers, body)? {
        Value::Object(fields) => Ok((fields, false)),
        _ => Err(Error::invalid("", "wrong-type", "A JSON object was expected.")),
    }
}

/// Reads a body to its end, unless it is longer than `limit` bytes.
pub async fn read_body(body: axum::body::Body, limit: usize) -> Result<Bytes> {
    use http_body_util::{BodyExt, LengthLimitError, Limited};

    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(Error::TooLarge { limit }),
        Err(_) => Err(Error::Malformed(vec![Fault::new("", "broken-body", "The body ended before it was complete.")])),
    }
}

fn presented(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, key) = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))?;
    Some(key.trim())
}

async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Actor> {
    let Some(presented) = presented(headers) else {
        return Err(Error::Unauthenticated("Send an API key as Authorization: Bearer KEY.".to_owned()));
    };
    accounts::authenticate(&app.ctx(Actor::visitor(), Door::Api), presented).await
}

/// An idempotency key counts for POST only; it is bound to the address and the body that it came with.
fn claim(parts: &Parts, body: &Bytes) -> Result<Option<IdempotencyClaim>> {
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    if parts.method != Method::POST {
        return Ok(None);
    }
    let key = value.to_str().ok().map(str::trim).filter(|key| (1..=255).contains(&key.len()));
    let Some(key) = key else {
        let detail = "An Idempotency-Key has 1 to 255 visible ASCII characters.";
        return Err(Error::Malformed(vec![Fault::new("Idempotency-Key", "bad-key", detail)]));
    };
    let if_match = parts.headers.get(header::IF_MATCH).map(|value| value.as_bytes().to_vec()).unwrap_or_default();
    let digest = Sha256::new()
        .chain_update(parts.uri.to_string())
        .chain_update([0])
        .chain_update(if_match)
        .chain_update([0])
        .chain_update(body)
        .finalize();
    let request_digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some(IdempotencyClaim { key: key.to_owned(), request_digest }))
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|text| text.to_ascii_lowercase().starts_with("multipart/form-data"))
}

fn request_id(parts: &Parts) -> Option<String> {
    parts.extensions.get::<RequestId>().map(|id| id.0.clone())
}

async fn parameters(parts: &mut Parts, app: &App) -> Result<Vec<(String, String)>> {
    let raw = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::not_found("such address"))?;
    let parameters: Vec<(String, String)> =
        raw.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if parameters.iter().any(|(_, value)| value.contains('\0')) {
        return Err(Error::not_found("such address"));
    }
    Ok(parameters)
}

fn parameter<'a>(parameters: &'a [(String, String)], name: &str) -> &'a str {
    parameters.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
}
