//! The contract as it is served: for programs and, page by page, for people. What stands in it is `openapi`'s; here it is made
//! of the list of all routes, which no door knows, and given out.

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::get,
};

use crate::{
    kernel::{Error, Timestamp},
    openapi::{self, page},
    web::{self, Answer, App, Contract, Visit},
};

pub fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/openapi.json", get(json))
        .route(page::ADDRESS, get(overview))
        .route("/api/docs/{group}", get(group))
        .route("/api/docs/try", get(try_out))
        .route(page::STYLE_ADDRESS, get(style))
}

/// Made when somebody asks for the first time: it changes only with the program.
fn contract(app: &App) -> &Contract {
    app.contract.get_or_init(|| {
        let document = openapi::document(&app.public_url, &super::routes());
        Contract { json: document.to_string().into_bytes(), document }
    })
}

async fn json(visit: Visit) -> Answer {
    visit.query.finish()?;
    Ok(lasting(&visit.headers, contract(&visit.app).json.clone(), "application/json"))
}

async fn overview(visit: Visit) -> Answer {
    visit.query.finish()?;
    Ok(shown(&visit.headers, page::overview(&contract(&visit.app).document)))
}

async fn group(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let group = page::group(&contract(&visit.app).document, visit.parameter("group"));
    let group = group.ok_or_else(|| Error::not_found("such group of operations"))?;
    Ok(shown(&visit.headers, group))
}

async fn try_out(mut visit: Visit) -> Answer {
    let address = page::address(&contract(&visit.app).document, &mut visit.query);
    visit.query.finish()?;
    web::see_other(&address.ok_or_else(|| Error::not_found("such operation to try"))?)
}

async fn style(visit: Visit) -> Answer {
    visit.query.finish()?;
    Ok(lasting(&visit.headers, page::STYLE.to_vec(), "text/css; charset=utf-8"))
}

/// A page of the contract: nothing from outside, no script, and its forms lead to this server.
fn shown(request: &HeaderMap, page: String) -> Response {
    let mut response = lasting(request, page.into_bytes(), "text/html; charset=utf-8");
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// What changes only with the program, for an hour.
fn lasting(request: &HeaderMap, body: Vec<u8>, content_type: &'static str) -> Response {
    web::lasting(request, web::Written::new(body, content_type, Timestamp(0)), 3_600)
}
