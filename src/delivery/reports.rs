//! The intake of reports: as JSON, or as the post of an ordinary HTML form, which gets HTML back. What a person typed is
//! never lost: on faults the form comes again with all of it.

use std::net::{IpAddr, Ipv6Addr};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::{
    feedback::{self, NewReport, ReceiptView, ReportKind, spam},
    kernel::{Error, Fault, NodeId, Result, Timestamp, VersionNumber},
    site,
    web::{Answer, App, Fields, Problem, Visit, client_address, form_or_json, json as answer, read_body, see_other},
};

use super::{
    devices,
    report_pages::{self, Typed},
};

/// Bytes of a report: two long answers in any encoding, with room for the rest.
const BODY_LIMIT: usize = 64 * 1024;
/// A field that people don't see; who fills it in is no person.
const HONEYPOT: &str = "website";

/// A visit that brings a body.
pub struct Post {
    visit: Visit,
    body: Bytes,
}

impl FromRequest<App> for Post {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        use axum::extract::FromRequestParts;

        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        Ok(Self { visit, body: read_body(body, BODY_LIMIT).await? })
    }
}

pub async fn receive(Post { mut visit, body }: Post) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let (fields, is_form) = form_or_json(&visit.headers, &body)?;
    if !is_form {
        return receive_json(&visit, fields).await;
    }
    let typed = Typed::of(&fields);
    match receive_form(&visit, fields).await {
        Ok(response) => Ok(response),
        Err(error) => Ok(report_pages::form_again(&typed, &error, Problem::status(&error))),
    }
}

async fn receive_json(visit: &Visit, fields: Map<String, Value>) -> Answer {
    let mut fields = Fields::of(Value::Object(fields))?;
    let report = read(&mut fields, spam::Door::Json, visit);
    fields.finish()?;
    let accepted = limited(visit, report).await?;
    let mut response = answer(&accepted)?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

async fn receive_form(visit: &Visit, fields: Map<String, Value>) -> Result<Response> {
    let mut fields = Fields::of_form(fields);
    let asked = fields.text("return_to", 2_000);
    let return_to = asked.as_deref().and_then(|address| of_a_site(visit, address));
    if asked.is_some() && return_to.is_none() {
        let detail = "The address to return to does not belong to a site that this server knows.";
        fields.fault("return_to", "unknown-origin", detail);
    }
    let report = read(&mut fields, spam::Door::Form, visit);
    fields.finish()?;
    let accepted = limited(visit, report).await?;
    match return_to {
        Some(address) => see_other(address.as_str()).map_err(|problem| Error::bug(problem.0)),
        None => Ok(report_pages::thanks(&accepted)),
    }
}

fn read(fields: &mut Fields, door: spam::Door, visit: &Visit) -> NewReport {
    let now = visit.ctx.now();
    let honeypot_filled = fields.text(HONEYPOT, 10_000).is_some();
    let version = match door {
        spam::Door::Json => fields.whole_number("version"),
        spam::Door::Form => fields.text("version", 10).map(|text| text.parse().unwrap_or(-1)),
    };
    let kind = fields.choice("kind");
    if kind.is_none() && !fields.has_fault("kind") {
        fields.fault("kind", "missing-field", "Say what kind of report this is.");
    }
    let shown_at = fields.time("shown_at");
    NewReport {
        page_token: fields.text("page_token", 500),
        document: fields.text("document", 255),
        version: version.map(|version| VersionNumber(i32::try_from(version).unwrap_or(-1))),
        block: fields.id("block").map(NodeId),
        kind: kind.unwrap_or(ReportKind::Problem),
        doing: fields.raw_text("doing"),
        wrong: fields.raw_text("wrong"),
        contact_email: fields.text("contact_email", 254),
        honeypot_filled,
        seconds_on_form: shown_at.map(|shown| u64::try_from((now.0 - shown.0) / Timestamp::SECOND).unwrap_or(0)),
        door,
        device: devices::device(&visit.headers),
    }
}

/// What the sender is told: the same whether or not the report was put aside.
#[derive(serde::Serialize)]
pub struct Accepted {
    pub reference: String,
    pub received_at: Timestamp,
    pub receipt_url: String,
}

/// Receives a report of a sender who has not sent too many. What could not be accepted does not count.
async fn limited(visit: &Visit, report: NewReport) -> Result<Accepted> {
    let app = &visit.app;
    let sender = sender(visit);
    app.report_limit
        .take(&sender, visit.ctx.now(), &*app.chance)
        .map_err(|retry_after_seconds| Error::TooMany { retry_after_seconds })?;
    match feedback::receive(&visit.ctx, &app.inbox_limits, report).await {
        Ok(receipt) => {
            app.ring();
            let receipt_url = format!("{}/api/v1/reports/{}/{}", app.public_url, receipt.reference, receipt.receipt);
            Ok(Accepted { reference: receipt.reference, received_at: receipt.received_at, receipt_url })
        }
        Err(error) => {
            app.report_limit.give_back(&sender);
            Err(error)
        }
    }
}

/// Who counts as one sender. A household or a server has 2^64 addresses of version 6, which count as one (RFC 6177); so does
/// a school behind one address of version 4, which is why several reports at once pass.
fn sender(visit: &Visit) -> String {
    match client_address(&visit.app, visit.peer, &visit.headers) {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
    }
}

/// The address as it was understood, if it is a page of a site that this server knows.
fn of_a_site(visit: &Visit, address: &str) -> Option<url::Url> {
    let address = url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    visit.app.site_origins.contains(&address.origin().ascii_serialization()).then_some(address)
}

/// The receipt of a report: a page for people, JSON for programs.
pub async fn receipt(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let (reference, secret) = (visit.parameter("reference"), visit.parameter("secret"));
    match feedback::receipt(&visit.app.database, reference, secret).await {
        Ok(view) => show(&visit, &view).await,
        Err(Error::NotFound(_)) if wants_html(&visit.headers) => Ok(report_pages::lost()),
        Err(error) => Err(error.into()),
    }
}

pub async fn add_detail(Post { mut visit, body }: Post) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let (fields, _) = form_or_json(&visit.headers, &body)?;
    let mut fields = Fields::of(Value::Object(fields))?;
    let text = fields.raw_text("text").unwrap_or_default();
    fields.finish()?;
    let (reference, secret) = (visit.parameter("reference"), visit.parameter("secret"));
    let sender = sender(&visit);
    visit
        .app
        .report_limit
        .take(&sender, visit.ctx.now(), &*visit.app.chance)
        .map_err(|retry_after_seconds| Error::TooMany { retry_after_seconds })?;
    match feedback::add_detail(&visit.ctx, reference, secret, &text).await {
        Ok(view) => show(&visit, &view).await,
        Err(error) => {
            visit.app.report_limit.give_back(&sender);
            if wants_html(&visit.headers) && matches!(error, Error::Invalid(_)) {
                let view = feedback::receipt(&visit.app.database, reference, secret).await?;
                return Ok(report_pages::receipt_again(&view, &visit.path, &zone(&visit).await?, &text, &error));
            }
            Err(error.into())
        }
    }
}

async fn show(visit: &Visit, view: &ReceiptView) -> Answer {
    if !wants_html(&visit.headers) {
        return answer(view);
    }
    Ok(report_pages::receipt(view, &visit.path, &zone(visit).await?))
}

/// In which zone the people of the site count days.
async fn zone(visit: &Visit) -> Result<TimeZone> {
    let settings = site::settings(&*visit.app.database.read().await?).await?;
    Ok(TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC))
}

fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("text/html")
}

/// Tells browsers how reports are sent; the layers say from which sites (Fetch standard, CORS protocol).
pub async fn preflight(_: Visit) -> Answer {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    headers.insert(header::ALLOW, HeaderValue::from_static("POST, OPTIONS"));
    Ok(response)
}

/// The faults of an error by the name of the field, for a form.
pub(super) fn faults_of(error: &Error) -> Vec<Fault> {
    match error {
        Error::Invalid(faults) | Error::Malformed(faults) => faults.clone(),
        other => vec![Fault::new("", "failed", other.to_string())],
    }
}
