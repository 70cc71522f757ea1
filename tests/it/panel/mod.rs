//! The panel, as a browser without script meets it: pages, forms, cookies, redirects.

mod access;
mod accessibility;
mod autosave;
mod beginning;
mod bulk;
mod case_page;
mod dashboard;
mod desk;
mod destinations;
mod editor;
mod errors;
mod feedback;
mod fragments;
mod gallery;
mod help;
pub mod html;
mod lists;
mod media;
mod moving;
mod permissions;
mod presence;
mod preview_links;
mod publishing;
mod reading;
mod redirects;
mod replacing;
mod rich_text;
mod samples;
mod search;
mod sections;
mod sign_in;
mod steps;
mod telling;
mod trends;
mod triage;
mod views;
mod webhooks;

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use rolebook::{
    accounts::users::{self, NewUser},
    kernel::{Role, UserId},
    web::Front,
};
use tower::ServiceExt;

use crate::support::{Answer, TestApp};

/// A password that nobody would guess.
pub const PASSWORD: &str = "nine grey herons by the weir";

/// Somebody's browser.
#[derive(Clone)]
pub struct Browser {
    router: Front,
    pub cookies: BTreeMap<String, String>,
    pub user: Option<UserId>,
    pub email: String,
}

impl TestApp {
    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), user: None, email: String::new() }
    }

    /// The browser of a new person with these roles, who is signed in.
    pub async fn signed_in(&self, name: &str, roles: &[Role]) -> Browser {
        let email = format!("{}@rolebook.test", name.to_lowercase().replace(' ', "."));
        let new = NewUser {
            email: email.clone(),
            name: name.to_owned(),
            roles: roles.to_vec(),
            password: Some(PASSWORD.to_owned()),
        };
        let user = users::add(&self.system(), &self.app.passwords, new).await.unwrap();
        let mut browser = self.browser();
        browser.user = Some(user.id);
        browser.email = email;
        browser.sign_in().await;
        browser
    }
}

impl Browser {
    pub async fn sign_in(&mut self) {
        let email = self.email.clone();
        let answer = self.post("/admin/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    }

    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() || rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// A page that is there.
    pub async fn page(&mut self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        let page = answer.text();
        well_formed(&page, path);
        page
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = self.send(Method::POST, path, &headers, body).await;
        if answer.headers.get("content-type").is_some_and(|value| value.as_bytes().starts_with(b"text/html")) {
            well_formed(&answer.text(), path);
        }
        answer
    }

    /// Sends a form that is accepted, and answers the page that it leads to.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
        let location = answer.header("location").to_owned();
        self.page(location.split('#').next().unwrap()).await
    }
}

/// What holds of every page: a heading, no script or style of its own, ids that stand once.
#[track_caller]
pub fn well_formed(page: &str, path: &str) {
    assert_eq!(page.matches("<h1").count(), 1, "{path} has one h1");
    for word in [" style=\"", " onclick=", " onload=", "javascript:"] {
        assert!(!page.contains(word), "{path} holds {word}");
    }
    for script in page.split("<script").skip(1) {
        let ours = script.starts_with(" type=\"module\" src=\"/admin/assets/") && script.contains("\"></script>");
        assert!(ours, "{path} holds a script that is none of ours");
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    let twice: Vec<&[&str]> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{path}: ids stand twice: {twice:?}");
    for form in page.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        if form.contains("name=\"op\"") {
            let first = form.split("<button").nth(1).unwrap().split("</button>").next().unwrap();
            assert!(first.contains("Save"), "{path}: the first button of a form with operations saves, not {first}");
        }
    }
}
