//! Signing in: sessions through the layer that the panel has, and the limits and links behind it.

mod layer;
mod links;
mod passwords;

use axum::{
    Form, Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Method, Request, StatusCode, header},
    routing::{get, post},
};
use entity::{event, session};
use http_body_util::BodyExt;
use rolebook::{
    accounts::{self, User, users, users::NewUser},
    kernel::{Actor, Ctx, Door, Error, Role},
    web::{
        Problem,
        session::{self as sessions, Flash, Session, Tone, Unsent},
    },
};
use sea_orm::{EntityTrait, QueryOrder};
use tower::ServiceExt;

use crate::support::TestApp;

const GOOD: &str = "wet paint on the stairs";
const ADDRESS: [u8; 4] = [192, 0, 2, 1];
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

type App = rolebook::web::App;
type Reply = Result<(StatusCode, String), Problem>;

/// A panel without pages: what screens will do with sessions.
fn panel(app: &App) -> Router {
    Router::new()
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/me", get(me))
        .route("/flash", post(leave_flash).get(show_flash))
        .route("/unsent", post(keep).get(show_unsent))
        .layer(sessions::session_layer(app))
        .with_state(app.clone())
}

type Fields = Form<Vec<(String, String)>>;

fn field(fields: &[(String, String)], name: &str) -> String {
    fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

async fn sign_in(State(app): State<App>, session: Session, headers: HeaderMap, Form(fields): Fields) -> Reply {
    let ctx = app.ctx(Actor::visitor(), Door::Admin);
    let (email, password) = (field(&fields, "email"), field(&fields, "password"));
    let user = accounts::sign_in(&ctx, &app.passwords, &email, &password, ADDRESS.into()).await?;
    sessions::begin(&session, &app, &user, &headers).await?;
    Ok((StatusCode::OK, user.name))
}

async fn sign_out(session: Session) -> Reply {
    sessions::end(&session).await?;
    Ok((StatusCode::OK, String::new()))
}

async fn me(State(app): State<App>, session: Session) -> Reply {
    match sessions::signed_in(&session, &app).await? {
        Some(actor) => {
            let may: Vec<&str> = rolebook::kernel::Permission::ALL
                .iter()
                .filter(|permission| actor.may(**permission))
                .map(|permission| permission.name())
                .collect();
            Ok((StatusCode::OK, format!("{} {}", actor.name, may.join(" "))))
        }
        None => Ok((StatusCode::UNAUTHORIZED, String::new())),
    }
}

async fn leave_flash(session: Session) -> Reply {
    sessions::flash(&session, Flash { tone: Tone::Done, text: "Saved.".to_owned(), links: Vec::new(), undo: None })
        .await?;
    Ok((StatusCode::OK, String::new()))
}

async fn show_flash(session: Session) -> Reply {
    let flash = sessions::take_flash(&session).await?;
    Ok((StatusCode::OK, flash.map(|flash| flash.text).unwrap_or_default()))
}

async fn keep(State(app): State<App>, session: Session, Form(fields): Fields) -> Reply {
    let unsent = Unsent { path: "/admin/x".to_owned(), fields, kept_at: app.clock.now() };
    let kept = sessions::keep(&session, &app, ADDRESS.into(), unsent).await?;
    Ok((StatusCode::OK, kept.to_string()))
}

async fn show_unsent(State(app): State<App>, session: Session) -> Reply {
    let unsent = sessions::take_unsent(&session, &app).await?;
    Ok((StatusCode::OK, unsent.map(|unsent| format!("{:?}", unsent.fields)).unwrap_or_default()))
}

/// A browser with at most one cookie.
#[derive(Clone)]
struct Browser {
    router: Router,
    cookie: Option<String>,
}

struct Seen {
    status: StatusCode,
    body: String,
    set_cookie: Option<String>,
}

impl Browser {
    fn of(app: &TestApp) -> Self {
        Self { router: panel(&app.app), cookie: None }
    }

    async fn ask(&mut self, method: Method, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::USER_AGENT, FIREFOX)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let set_cookie = parts.headers.get(header::SET_COOKIE).map(|value| value.to_str().unwrap().to_owned());
        if let Some(text) = &set_cookie {
            let (pair, rest) = text.split_once(';').unwrap();
            self.cookie = (!rest.contains("Max-Age=0")).then(|| pair.to_owned());
        }
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Seen { status: parts.status, body, set_cookie }
    }

    async fn get(&mut self, path: &str) -> Seen {
        self.ask(Method::GET, path, &[]).await
    }

    async fn post(&mut self, path: &str) -> Seen {
        self.ask(Method::POST, path, &[]).await
    }

    async fn sign_in(&mut self, email: &str, password: &str) -> Seen {
        self.ask(Method::POST, "/sign-in", &[("email", email), ("password", password)]).await
    }

    /// A browser in which this person has just signed in.
    async fn signed_in(app: &TestApp, user: &User) -> Self {
        let mut browser = Self::of(app);
        assert_eq!(browser.sign_in(&user.email, GOOD).await.status, StatusCode::OK);
        browser
    }

    async fn is_signed_in(&mut self) -> bool {
        self.get("/me").await.status == StatusCode::OK
    }
}

impl Seen {
    fn cookie(&self) -> &str {
        self.set_cookie.as_deref().unwrap()
    }
}

async fn add(app: &TestApp, name: &str, roles: &[Role], password: Option<&str>) -> User {
    let new = NewUser {
        email: format!("{name}@rolebook.test"),
        name: name.to_owned(),
        roles: roles.to_vec(),
        password: password.map(str::to_owned),
    };
    users::add(&app.system(), &app.app.passwords, new).await.unwrap()
}

fn visitor(app: &TestApp) -> Ctx {
    app.app.ctx(Actor::visitor(), Door::Admin)
}

/// What a person is given who acts in person.
async fn acting(app: &TestApp, user: &User) -> Ctx {
    let actor = accounts::sessions::person(&visitor(app), user.id).await.unwrap().unwrap();
    app.app.ctx(actor, Door::Admin)
}

async fn rows(app: &TestApp) -> Vec<session::Model> {
    let snapshot = app.app.database.read().await.unwrap();
    session::Entity::find().order_by_asc(session::Column::CreatedAt).all(&*snapshot).await.unwrap()
}

async fn log(app: &TestApp) -> Vec<event::Model> {
    let snapshot = app.app.database.read().await.unwrap();
    event::Entity::find().order_by_asc(event::Column::Sequence).all(&*snapshot).await.unwrap()
}

async fn kinds(app: &TestApp) -> Vec<String> {
    log(app).await.into_iter().map(|event| event.kind).collect()
}

#[track_caller]
fn faults(error: Error) -> Vec<(String, String)> {
    match error {
        Error::Invalid(faults) => faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}
