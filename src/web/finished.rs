//! A finished answer: bytes with every header that does not hang on the request, ready to be given out again and again.

use std::{borrow::Cow, io::Write};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use uuid::Uuid;

use crate::kernel::Timestamp;

const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
/// Bodies of fewer bytes are sent as they are: an encoded one would hardly be smaller.
const WORTH_ENCODING: usize = 512;
/// Of 11. It is made once and sent often, but somebody waits for it the first time: 6 ms for 100 KB.
const BROTLI_QUALITY: i32 = 5;
/// The base-two logarithm of brotli's window: 4 MB, more than the largest answer has.
const BROTLI_WINDOW: i32 = 22;

/// How a body is encoded on its way (RFC 9110, section 8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// The best that the caller accepts; the smaller one of two that are accepted alike.
    pub fn accepted(request: &HeaderMap) -> Self {
        let mut gzip = None;
        let mut brotli = None;
        let mut others = None;
        let accepted = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        for choice in accepted.flat_map(|value| value.split(',')) {
            let mut parts = choice.split(';');
            let name = parts.next().unwrap_or_default().trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
            let weight: f32 = weight.unwrap_or(0.0);
            match name {
                _ if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => gzip = Some(weight),
                _ if name.eq_ignore_ascii_case("br") => brotli = Some(weight),
                "*" => others = Some(weight),
                _ => {}
            }
        }
        let gzip = gzip.or(others).unwrap_or(0.0);
        let brotli = brotli.or(others).unwrap_or(0.0);
        match () {
            () if brotli > 0.0 && brotli >= gzip => Self::Brotli,
            () if gzip > 0.0 => Self::Gzip,
            () => Self::Identity,
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// What an answer is made of.
#[derive(Debug)]
pub struct Written {
    pub body: Vec<u8>,
    pub content_type: Cow<'static, str>,
    pub last_modified: Timestamp,
    /// The document that it shows; `None` for anything but one document.
    pub document: Option<Uuid>,
    /// The ids of everything that the answer depends on.
    pub depends_on: Vec<String>,
    pub status: StatusCode,
    pub location: Option<String>,
}

impl Written {
    /// An answer that hangs on nothing.
    pub fn new(body: Vec<u8>, content_type: impl Into<Cow<'static, str>>, last_modified: Timestamp) -> Self {
        let content_type = content_type.into();
        let (document, depends_on, status, location) = (None, Vec::new(), StatusCode::OK, None);
        Self { body, content_type, last_modified, document, depends_on, status, location }
    }
}

/// An answer that is ready to be sent.
///
/// Its texts lie in one piece of memory with its body, and it holds no lists: an answer that nobody has asked for in a
/// while is far from the processor, and each further place to fetch from costs as much as sending a kilobyte.
#[derive(Debug)]
pub struct Finished {
    status: StatusCode,
    /// Seconds since 1970.
    modified: i64,
    etag: HeaderValue,
    last_modified: HeaderValue,
    surrogate_key: Option<HeaderValue>,
    location: Option<HeaderValue>,
    content_type: HeaderValue,
    content_encoding: Option<HeaderValue>,
    content_length: HeaderValue,
    body: Bytes,
}

impl Finished {
    pub fn of(written: Written) -> Self {
        let etag = format!("\"{}\"", digest(&written.body));
        let last_modified = http_date(written.last_modified);
        let keys = written.depends_on.join(" ");
        let location = written.location.unwrap_or_default();
        let length = written.body.len().to_string();
        let texts = [etag.as_str(), &last_modified, &keys, &location, &length];
        let ([etag, last_modified, surrogate_key, location, content_length], body) = in_one_piece(texts, &written.body);
        Self {
            status: written.status,
            modified: written.last_modified.0.div_euclid(1_000),
            etag,
            last_modified,
            surrogate_key: said(surrogate_key),
            location: said(location),
            content_type: match written.content_type {
                Cow::Borrowed(name) => HeaderValue::from_static(name),
                Cow::Owned(name) => value(&name),
            },
            content_encoding: None,
            content_length,
            body,
        }
    }

    /// The same answer in another encoding, with a validator of its own.
    pub fn encoded(&self, encoding: Encoding) -> Self {
        let body = match encoding {
            _ if self.body.len() < WORTH_ENCODING => None,
            Encoding::Identity => None,
            Encoding::Gzip => gzip(&self.body),
            Encoding::Brotli => brotli(&self.body),
        };
        let (Some(encoded), Some(name)) = (body, encoding.name()) else { return self.copy() };
        let etag = format!("{}-{name}\"", text(&self.etag).trim_end_matches('"'));
        let length = encoded.len().to_string();
        let kept = |value: &Option<HeaderValue>| value.as_ref().map(text).unwrap_or_default().to_owned();
        let (keys, location) = (kept(&self.surrogate_key), kept(&self.location));
        let texts = [etag.as_str(), text(&self.last_modified), &keys, &location, &length];
        let ([etag, last_modified, surrogate_key, location, content_length], body) = in_one_piece(texts, &encoded);
        Self {
            etag,
            last_modified,
            surrogate_key: said(surrogate_key),
            location: said(location),
            content_encoding: Some(HeaderValue::from_static(name)),
            content_length,
            body,
            ..self.copy()
        }
    }

    fn copy(&self) -> Self {
        Self {
            status: self.status,
            modified: self.modified,
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
            surrogate_key: self.surrogate_key.clone(),
            location: self.location.clone(),
            content_type: self.content_type.clone(),
            content_encoding: self.content_encoding.clone(),
            content_length: self.content_length.clone(),
            body: self.body.clone(),
        }
    }

    /// Bytes of the body and of what is said of it.
    pub fn bytes(&self) -> usize {
        let further = [&self.surrogate_key, &self.location].into_iter().flatten().map(HeaderValue::len).sum::<usize>();
        self.body.len() + self.etag.len() + self.last_modified.len() + self.content_length.len() + further
    }

    /// The answer to this request: the bytes, or 304 if the caller has them already (RFC 9110, section 13).
    pub fn answer(&self, request: &HeaderMap, is_head: bool, cache_control: HeaderValue) -> Response {
        let known = self.status == StatusCode::OK && self.is_known(request);
        let body = if known || is_head { Body::empty() } else { Body::from(self.body.clone()) };
        let mut response = Response::new(body);
        *response.status_mut() = if known { StatusCode::NOT_MODIFIED } else { self.status };
        let headers = response.headers_mut();
        headers.reserve(12);
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, cache_control);
        headers.insert(header::LAST_MODIFIED, self.last_modified.clone());
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
        for (name, value) in [(SURROGATE_KEY, &self.surrogate_key), (header::LOCATION, &self.location)] {
            if let Some(value) = value {
                headers.insert(name, value.clone());
            }
        }
        if !known {
            headers.insert(header::CONTENT_TYPE, self.content_type.clone());
            headers.insert(header::CONTENT_LENGTH, self.content_length.clone());
            if let Some(encoding) = &self.content_encoding {
                headers.insert(header::CONTENT_ENCODING, encoding.clone());
            }
        }
        response
    }

    fn is_known(&self, request: &HeaderMap) -> bool {
        let mut asked = false;
        for value in request.get_all(header::IF_NONE_MATCH) {
            asked = true;
            if *value == self.etag {
                return true;
            }
            let tags = value.to_str().unwrap_or_default().split(',');
            if tags.map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == "*" || tag == self.etag) {
                return true;
            }
        }
        if asked {
            return false;
        }
        let since = request.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok()).and_then(parse_date);
        since.is_some_and(|since| self.modified <= since)
    }
}

/// Values of headers, and a body, in one piece of memory.
fn in_one_piece<const COUNT: usize>(texts: [&str; COUNT], body: &[u8]) -> ([HeaderValue; COUNT], Bytes) {
    let mut piece = Vec::with_capacity(texts.iter().map(|text| text.len()).sum::<usize>() + body.len());
    let ends = texts.map(|text| {
        piece.extend_from_slice(text.as_bytes());
        piece.len()
    });
    let head = piece.len();
    piece.extend_from_slice(body);
    let piece = Bytes::from(piece);
    let mut from = 0;
    let values = ends.map(|end| {
        let value = HeaderValue::from_maybe_shared(piece.slice(from..end));
        from = end;
        value.unwrap_or_else(|_| HeaderValue::from_static(""))
    });
    (values, piece.slice(head..))
}

fn said(value: HeaderValue) -> Option<HeaderValue> {
    (!value.is_empty()).then_some(value)
}

fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or_default()
}

/// A strong validator: the hash of the bytes, the same on every instance.
fn digest(body: &[u8]) -> String {
    Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::default());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

fn brotli(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoded = Vec::with_capacity(body.len() / 2);
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, lgwin: BROTLI_WINDOW, ..Default::default() };
    brotli::BrotliCompress(&mut &*body, &mut encoded, &parameters).ok()?;
    Some(encoded)
}

/// The date format of HTTP (RFC 9110, section 5.6.7).
fn http_date(time: Timestamp) -> String {
    use time::macros::format_description;

    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    time.moment().format(format).unwrap_or_default()
}

/// Seconds since 1970 of a date in HTTP's format.
fn parse_date(text: &str) -> Option<i64> {
    let text = text.strip_suffix("GMT").map(|head| format!("{head}+0000"))?;
    OffsetDateTime::parse(&text, &Rfc2822).ok().map(OffsetDateTime::unix_timestamp)
}

/// A header's value; what can't stand in one is left out.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
