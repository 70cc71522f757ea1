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

/// An answer that is ready to be sent.
#[derive(Debug)]
pub struct Finished {
    status: StatusCode,
    etag: HeaderValue,
    /// Seconds since 1970.
    modified: i64,
    /// On every answer, also on one without a body.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What tells of the body.
    of_body: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Finished {
    pub fn of(written: Written) -> Self {
        let etag = value(&format!("\"{}\"", digest(&written.body)));
        let mut headers = vec![
            (header::LAST_MODIFIED, value(&http_date(written.last_modified))),
            (header::VARY, HeaderValue::from_static("Accept-Encoding")),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
        ];
        if !written.depends_on.is_empty() {
            headers.push((SURROGATE_KEY, value(&written.depends_on.join(" "))));
        }
        if let Some(location) = &written.location {
            headers.push((header::LOCATION, value(location)));
        }
        let of_body = vec![
            (header::CONTENT_TYPE, value(&written.content_type)),
            (header::CONTENT_LENGTH, HeaderValue::from(written.body.len())),
        ];
        Self {
            status: written.status,
            etag,
            modified: written.last_modified.0.div_euclid(1_000),
            headers,
            of_body,
            body: written.body.into(),
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
        let (Some(body), Some(name)) = (body, encoding.name()) else { return self.copy() };
        let etag = self.etag.to_str().unwrap_or_default().trim_end_matches('"');
        let mut of_body = vec![(header::CONTENT_ENCODING, HeaderValue::from_static(name))];
        of_body.extend(self.of_body.iter().filter(|(name, _)| *name != header::CONTENT_LENGTH).cloned());
        of_body.push((header::CONTENT_LENGTH, HeaderValue::from(body.len())));
        Self { etag: value(&format!("{etag}-{name}\"")), of_body, body: body.into(), ..self.copy() }
    }

    fn copy(&self) -> Self {
        Self {
            status: self.status,
            etag: self.etag.clone(),
            modified: self.modified,
            headers: self.headers.clone(),
            of_body: self.of_body.clone(),
            body: self.body.clone(),
        }
    }

    /// Bytes of the body and of the headers.
    pub fn bytes(&self) -> usize {
        let headers = self.headers.iter().chain(&self.of_body).map(|(_, value)| value.len()).sum::<usize>();
        self.body.len() + headers
    }

    /// The answer to this request: the bytes, or 304 if the caller has them already (RFC 9110, section 13).
    pub fn answer(&self, request: &HeaderMap, is_head: bool, cache_control: HeaderValue) -> Response {
        let known = self.status == StatusCode::OK && self.is_known(request);
        let body = if known || is_head { Body::empty() } else { Body::from(self.body.clone()) };
        let mut response = Response::new(body);
        *response.status_mut() = if known { StatusCode::NOT_MODIFIED } else { self.status };
        let headers = response.headers_mut();
        headers.reserve(self.headers.len() + self.of_body.len() + 2);
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, cache_control);
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        if !known {
            for (name, value) in &self.of_body {
                headers.insert(name.clone(), value.clone());
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
