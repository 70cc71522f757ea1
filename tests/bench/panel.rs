//! The panel as a browser uses it, in process.

use std::time::{Duration, Instant};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use rolebook::{accounts::users, kernel::Role, web::Front};
use tower::ServiceExt;

use crate::{html, support::TestApp};

/// A person in the panel who stays signed in.
pub struct Panel {
    router: Front,
    cookies: String,
}

impl Panel {
    pub async fn of(app: &TestApp, role: Role) -> Self {
        let password = "nine grey herons by the weir";
        let new = users::NewUser {
            email: "ada@rolebook.test".to_owned(),
            name: "Ada".to_owned(),
            roles: vec![role],
            password: Some(password.to_owned()),
        };
        users::add(&app.system(), &app.app.passwords, new).await.unwrap();
        let form = format!("email=ada%40rolebook.test&password={}", password.replace(' ', "+"));
        let request = Request::post("/admin/sign-in").header("content-type", "application/x-www-form-urlencoded");
        let response = app.router.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let cookies = response.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        let cookies: Vec<&str> = cookies.map(|cookie| cookie.split(';').next().unwrap()).collect();
        Self { router: app.router.clone(), cookies: cookies.join("; ") }
    }

    /// As a browser would, that is, compressed.
    pub async fn ask(&self, path: &str) -> Duration {
        let started = Instant::now();
        let request = Request::get(path).header("cookie", &self.cookies).header("accept-encoding", "gzip");
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.into_body().collect().await.unwrap();
        started.elapsed()
    }

    /// Saves an editor's form with another summary, and reads the page that the answer leads to.
    pub async fn save(&self, path: &str, summary: &str) -> Duration {
        let request = Request::get(path).header("cookie", &self.cookies).body(Body::empty()).unwrap();
        let page = self.router.clone().oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
        let fields = html::fields_of(std::str::from_utf8(&page).unwrap(), "id=\"editor\"");
        let fields = html::with(fields, "/content/summary", summary);
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let started = Instant::now();
        let request = Request::post(path)
            .header("cookie", &self.cookies)
            .header("content-type", "application/x-www-form-urlencoded");
        let response = self.router.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
        let after = response.headers()["location"].to_str().unwrap().to_owned();
        self.ask(&after).await;
        started.elapsed()
    }
}
